"""Rows as files, one after the other: CSV, a workbook, JSON lines. No text is taken for a formula."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from io import StringIO
from typing import Any

from xlsxwriter import Workbook

from models.base import canonical
from models.money import plain
from workflow.harmless import harmless


class Whole(int):
    """A whole number that is no amount: an id, how many."""


Cell = str | int | date | datetime | dict[str, Any] | None
"""What stands in a cell: text, cents of an amount or a Whole number, a day, a moment in UTC, figures as JSON
has them, or nothing."""

Cells = Sequence[Cell]

LONGEST_TEXT = 32_767
"""Characters that a cell of a workbook holds."""

_LINES = 1_000
"""Rows that are given together."""


def csv_of(rows: Iterable[Cells]) -> Iterator[bytes]:
    """Yield rows as CSV in UTF-8, piece by piece; amounts as `4000.00`, days and moments by ISO 8601."""
    text = StringIO()
    writer = csv.writer(text)
    for number, row in enumerate(rows, start=1):
        writer.writerow([harmless(cell) if isinstance(cell, str) else _written(cell) for cell in row])
        if number % _LINES == 0:
            yield _emptied(text)
    yield _emptied(text)


def jsonl_of(headings: Sequence[str], rows: Iterable[Cells]) -> Iterator[bytes]:
    """Yield a table as JSON lines, an object for each row. Amounts are text, `"4000.00"`, figures objects."""
    for row in rows:
        values = (cell if isinstance(cell, str | Whole | dict) else _written(cell) or None for cell in row)
        yield canonical(dict(zip(headings, values, strict=True))).encode() + b"\n"


def write_sheet(book: Workbook, name: str, headings: Sequence[str], rows: Iterable[Cells]) -> Any:
    """Write a table into a workbook and return its sheet: text as text, days as days, amounts as numbers.

    Of text that is too long for a cell the beginning stands there, with an ellipsis.
    """
    formats = _Formats(book)
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading, formats.bold)
    for line, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            formats.write(sheet, line, column, cell)
    return sheet


class _Formats:
    """Writes cells of a workbook as they look."""

    def __init__(self, book: Workbook) -> None:
        self.bold = book.add_format({"bold": True})
        self.money = book.add_format({"num_format": "#,##0.00"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})

    def write(self, sheet: Any, line: int, column: int, cell: Cell) -> None:
        """Write a cell. `write_string` makes no formula, whatever the text."""
        match cell:
            case datetime():
                sheet.write_datetime(line, column, cell.astimezone(UTC).replace(tzinfo=None), self.moment)
            case date():
                sheet.write_datetime(line, column, cell, self.day)
            case Whole():
                sheet.write_number(line, column, cell)
            case int():
                sheet.write_number(line, column, cell / 100, self.money)
            case str() | dict():
                sheet.write_string(line, column, _fitting(cell if isinstance(cell, str) else canonical(cell)))


def _fitting(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"


def _written(cell: int | date | datetime | dict[str, Any] | None) -> str:
    match cell:
        case None:
            return ""
        case datetime():
            return cell.astimezone(UTC).isoformat()
        case date():
            return cell.isoformat()
        case dict():
            return canonical(cell)
        case Whole():
            return str(int(cell))
        case _:
            return plain(cell)


def _emptied(text: StringIO) -> bytes:
    """Return what was written so far, and begin anew."""
    written = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return written
