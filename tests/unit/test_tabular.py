"""Tables as files: what is written, read back, is what it was, and nothing in it is a formula."""

import csv
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from io import BytesIO, StringIO
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from xlsxwriter import Workbook

from models.base import canonical
from models.money import plain
from workflow.harmless import as_it_was
from workflow.tabular import LONGEST_TEXT, Cell, Whole, csv_of, jsonl_of, write_sheet

SIGNS = "=+-@\t\r|%'"
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40),
    st.builds(lambda sign, rest: sign + rest, st.sampled_from(SIGNS), st.text("=A1'\"\n,;é中", max_size=8)),
    st.just("_x0041_"),
)
NAMES = ["text", "cents", "number", "day", "moment"]
ROWS = st.lists(
    st.tuples(
        st.none() | TEXTS,
        st.none() | st.integers(-(10**12), 10**12),
        st.none() | st.integers(0, 10**9).map(Whole),
        st.none() | st.dates(date(1990, 1, 1), date(2100, 1, 1)),
        st.none() | st.integers(0, 4 * 10**9).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    ),
    max_size=6,
)


def workbook(rows: Sequence[Sequence[Cell]]) -> list[Any]:
    """Write rows into a workbook, and return the rows of cells of its sheet."""
    content = BytesIO()
    with Workbook(content, {"constant_memory": True}) as book:
        write_sheet(book, "found", NAMES, rows)
    (sheet,) = load_workbook(content).worksheets
    return list(sheet.iter_rows(min_row=2))


def in_words(cell: Cell) -> str:
    """Return a cell as CSV and JSON lines have it."""
    if cell is None or isinstance(cell, str):
        return cell or ""
    if isinstance(cell, dict):
        return canonical(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    return str(int(cell)) if isinstance(cell, Whole) else plain(cell)


def decoded(text: Any) -> Any:
    """Return a text of a workbook as a spreadsheet shows it."""
    if not isinstance(text, str):
        return text
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text)


@given(ROWS)
def test_csv_gives_back_what_was_written_and_no_cell_begins_a_formula(rows: list[tuple[Cell, ...]]) -> None:
    text = b"".join(csv_of([NAMES, *rows])).decode()
    head, *found = csv.reader(StringIO(text, newline=""))
    assert head == NAMES
    assert [[as_it_was(row[0]), *row[1:]] for row in found] == [list(map(in_words, row)) for row in rows]
    assert not [row for row in found if row[0].startswith(("=", "+", "-", "@", "\t", "\r"))]


@given(ROWS)
def test_json_lines_give_back_what_was_written(rows: list[tuple[Cell, ...]]) -> None:
    found = [orjson.loads(line) for line in b"".join(jsonl_of(NAMES, rows)).splitlines()]
    wanted = [
        [cell if cell is None or isinstance(cell, Whole) else in_words(cell) for cell in row] for row in rows
    ]
    assert [[row[name] for name in NAMES] for row in found] == wanted


@given(ROWS)
def test_a_workbook_gives_back_what_was_written_and_holds_no_formula(rows: list[tuple[Cell, ...]]) -> None:
    for cells, row in zip(workbook(rows), rows, strict=False):
        text, cents, number, day, moment = cells
        assert all(cell.data_type != "f" for cell in cells)
        assert (decoded(text.value) or "") == (row[0] or "")
        assert round((cents.value or 0) * 100) == (row[1] or 0)
        assert (number.value, day.value and day.value.date()) == (row[2], row[3])
        assert moment.value == (row[4].replace(tzinfo=None) if isinstance(row[4], datetime) else None)


def test_a_text_that_no_cell_can_hold_ends_in_an_ellipsis() -> None:
    (row,) = workbook([("x" * (LONGEST_TEXT + 1), None, None, None, None)])
    assert row[0].value == "x" * (LONGEST_TEXT - 1) + "…"


def test_figures_are_an_object_in_json_lines_and_their_text_elsewhere() -> None:
    figures: dict[str, Cell] = {"after": {"roles": ["finance"]}, "contact": False}
    (line,) = jsonl_of(["act", "figures"], [["user_changed", figures]])
    assert orjson.loads(line) == {"act": "user_changed", "figures": figures}

    (row,) = csv.reader(StringIO(b"".join(csv_of([["user_changed", figures]])).decode()))
    assert orjson.loads(row[1]) == figures
    (cells,) = workbook([["user_changed", figures]])
    assert orjson.loads(cells[1].value) == figures
