"""What is on file as a file, row after row: imported again, it changes nothing."""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import IO

from xlsxwriter import Workbook

from models.database import Database
from models.vocabulary import ImportKind
from workflow import tabular
from workflow.imports.registry import KINDS


def csv_of(database: Database, kind: ImportKind) -> Iterator[bytes]:
    """Yield a kind of data as CSV in UTF-8, piece by piece. No text in it is taken for a formula."""
    return tabular.csv_of(chain([_headings(kind)], KINDS[kind].export(database)))


def write_xlsx(database: Database, kind: ImportKind, target: IO[bytes]) -> None:
    """Write a kind of data into a workbook: text as text, days as days, amounts as numbers."""
    with Workbook(target, {"constant_memory": True}) as book:
        tabular.write_sheet(book, kind.value, _headings(kind), KINDS[kind].export(database))


def _headings(kind: ImportKind) -> Sequence[str]:
    return [column.name for column in KINDS[kind].columns]
