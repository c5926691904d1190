"""Reads a file into rows of cells: CSV with commas, semicolons or tabs, or the first sheet of a workbook.

What is no table of these columns is refused as a whole, with what would put it right. No cell is taken for
more than text here.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from pathlib import Path
from typing import NamedTuple

from workflow.harmless import as_it_was
from workflow.imports.cells import Cells, Column
from workflow.imports.sheets import sheet_lines
from workflow.refusals import Problem, Refused

LARGEST = 50_000_000
"""Bytes of a file."""

MOST_ROWS = 100_000
LONGEST_CELL = 2_000

MOST_NAMED = 5
"""How many unknown columns are named at once."""

_DELIMITERS = (",", ";", "\t")
_BYTE_ORDER = (b"\xff\xfe", b"\xfe\xff")


class Row(NamedTuple):
    """A row of a file: the line it stands in, and its cells that hold something or could."""

    line: int
    cells: Cells


Lines = Iterable[tuple[int, Sequence[str]]]
"""The cells of each line with something in it, with its number."""


def read_rows(path: Path, columns: Sequence[Column]) -> list[Row]:
    """Return the rows of a file. Raises Refused where it is no table of these columns."""
    if path.stat().st_size > LARGEST:
        raise _refused("file_large", most=str(LARGEST // 1_000_000))
    with path.open("rb") as file:
        is_workbook = file.read(4) == b"PK\x03\x04"
    return list(
        _rows(sheet_lines(path, MOST_ROWS + 2) if is_workbook else _csv_lines(path, columns), columns)
    )


def _rows(lines: Lines, columns: Sequence[Column]) -> Iterator[Row]:
    """Yield each row below the line of headings."""
    left = iter(lines)
    _first, headings = next(left, (1, ()))
    names = _names(headings, columns)
    for number, (line, cells) in enumerate(left):
        if number >= MOST_ROWS:
            raise _refused("file_long", most=f"{MOST_ROWS:,}")
        if any(cell.strip() for cell in cells[len(names) :]):
            raise _refused("row_wide", line=str(line), columns=str(len(names)))
        if any(len(cell) > LONGEST_CELL for cell in cells):
            raise _refused("row_long", line=str(line), most=f"{LONGEST_CELL:,}")
        padded = [*cells, *[""] * (len(names) - len(cells))]
        yield Row(line, {name: cell.strip() for name, cell in zip(names, padded, strict=False) if name})


def _names(headings: Sequence[str], columns: Sequence[Column]) -> list[str]:
    """Return the name of the column under each heading; empty where there is neither."""
    known = {column.name for column in columns}
    names = [_name_of(heading) for heading in headings]
    while names and not names[-1]:
        names.pop()
    if not known & set(names):
        raise _refused("file_headings", columns=", ".join(column.name for column in columns))
    if unknown := [heading for heading, name in zip(headings, names, strict=False) if name not in known]:
        columns_known = ", ".join(column.name for column in columns)
        named = ", ".join(heading.strip()[:60] or "–" for heading in unknown[:MOST_NAMED])
        raise _refused("column_unknown", column=named, columns=columns_known)
    if repeated := [name for name in names if names.count(name) > 1]:
        raise _refused("column_twice", column=repeated[0])
    if missing := [column.name for column in columns if column.needed and column.name not in names]:
        raise _refused("column_missing", column=missing[0])
    return names


def _name_of(heading: str) -> str:
    return "_".join(heading.strip().lower().replace("-", " ").replace("_", " ").split())


def _csv_lines(path: Path, columns: Sequence[Column]) -> Iterator[tuple[int, list[str]]]:
    text = _decoded(path.read_bytes())
    first = text.split("\n", 1)[0]
    known = {column.name for column in columns}

    def fitting(delimiter: str) -> int:
        return sum(_name_of(heading.strip('"\r ')) in known for heading in first.split(delimiter))

    reader = csv.reader(StringIO(text, newline=""), delimiter=max(_DELIMITERS, key=fitting), strict=True)
    before = 0
    try:
        for cells in reader:
            line, before = before + 1, reader.line_num
            if any(cell.strip() for cell in cells):
                yield line, [as_it_was(cell.strip()) for cell in cells]
    except csv.Error:
        raise _refused("csv_broken", line=str(before + 1)) from None


def _decoded(content: bytes) -> str:
    try:
        if content.startswith(_BYTE_ORDER):
            return content.decode("utf-16")
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _refused("file_encoding", line=str(line)) from None


def _refused(code: str, **figures: str) -> Refused:
    return Refused(Problem(code, figures=figures))
