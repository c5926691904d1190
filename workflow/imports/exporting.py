"""What is on file as a file, row after row: imported again, it changes nothing."""

import csv
from collections.abc import Iterator, Sequence
from datetime import date
from io import StringIO
from typing import IO

from xlsxwriter import Workbook

from models.database import Database
from models.money import plain
from models.vocabulary import ImportKind
from workflow.imports.harmless import harmless
from workflow.imports.kinds import Exported, Kind
from workflow.imports.registry import KINDS

_LINES = 1_000
"""Rows that are sent together."""


def csv_of(database: Database, kind: ImportKind) -> Iterator[bytes]:
    """Yield a kind of data as CSV in UTF-8, piece by piece. No text in it is taken for a formula."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(_headings(KINDS[kind]))
    for number, row in enumerate(KINDS[kind].export(database), start=1):
        writer.writerow([_text(cell) for cell in row])
        if number % _LINES == 0:
            yield _emptied(text)
    yield _emptied(text)


def write_xlsx(database: Database, kind: ImportKind, target: IO[bytes]) -> None:
    """Write a kind of data into a workbook: text as text, days as days, amounts as numbers."""
    with Workbook(target, {"constant_memory": True}) as book:
        sheet = book.add_worksheet(kind.value)
        bold, days = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        money = book.add_format({"num_format": "#,##0.00"})
        sheet.freeze_panes(1, 0)
        for column, heading in enumerate(_headings(KINDS[kind])):
            sheet.write_string(0, column, heading, bold)
        for line, row in enumerate(KINDS[kind].export(database), start=1):
            for column, cell in enumerate(row):
                match cell:
                    case date():
                        sheet.write_datetime(line, column, cell, days)
                    case int():
                        sheet.write_number(line, column, cell / 100, money)
                    case str():
                        sheet.write_string(line, column, cell)


def _headings(kind: Kind) -> Sequence[str]:
    return [column.name for column in kind.columns]


def _text(cell: Exported) -> str:
    match cell:
        case None:
            return ""
        case date():
            return cell.isoformat()
        case int():
            return plain(cell)
        case _:
            return harmless(cell)


def _emptied(text: StringIO) -> bytes:
    """Return what was written so far, and begin anew."""
    written = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return written
