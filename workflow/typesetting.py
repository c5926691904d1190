"""A document of facts, paragraphs and tables as a PDF, set in a process that is given up if it takes long."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from workflow.bounded import read_bounded

SETTER = Path(__file__).with_name("typesetting_child.py")


class Table(NamedTuple):
    """A table: its columns with their relative widths, and rows of text. `figures` are columns of numbers."""

    columns: Sequence[tuple[str, float]]
    rows: Sequence[Sequence[str]]
    figures: Collection[int] = ()


class Section(NamedTuple):
    """A part of a document under a heading of level 1 or 2."""

    heading: str
    level: int = 1
    facts: Sequence[tuple[str, str]] = ()
    paragraphs: Sequence[str] = ()
    tables: Sequence[Table] = ()


class Sheet(NamedTuple):
    """A document. `lead` stands below its title, `foot` on every page, `not_shown` if a font lacks letters.

    `language` is that of its words, as `en`.
    """

    title: str
    lead: Sequence[str]
    foot: str
    not_shown: str
    language: str
    sections: Sequence[Section]


def typeset(sheet: Sheet, made_at: datetime) -> bytes | None:
    """Return a document as a tagged PDF; None for what is too large to be set within bounds."""
    with TemporaryDirectory() as folder:
        file, root = Path(folder) / "sheet.json", Path(folder) / "empty"
        root.mkdir()
        file.write_text(json.dumps(_as_data(sheet)))
        return read_bounded(SETTER, file, made_at.isoformat(), str(root))


def _as_data(sheet: Sheet) -> dict[str, object]:
    """Return a document as its template reads it."""
    sections = [{**one._asdict(), "tables": [_table(each) for each in one.tables]} for one in sheet.sections]
    return {**sheet._asdict(), "sections": sections}


def _table(table: Table) -> dict[str, object]:
    return {
        "columns": [name for name, _width in table.columns],
        "widths": [width for _name, width in table.columns],
        "rows": [list(row) for row in table.rows],
        "figures": list(table.figures),
    }
