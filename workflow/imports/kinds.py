"""What an importable kind is: its columns, how its rows are judged and written, and what an export holds."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from models.database import Database
from models.vocabulary import RowVerdict
from workflow.actors import Actor
from workflow.imports.cells import Cells, Column, Unread, Values
from workflow.imports.reading import Row
from workflow.imports.verdicts import Judged, wrong
from workflow.refusals import Problem

Exported = str | int | date | None
"""What an export puts into a cell: text, cents of an amount, a day, or nothing."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Who imports, when, on which programme day, and how long the links of new users last.

    `lock` keeps what is found from changing before it is written.
    """

    actor: Actor
    now: datetime
    today: date
    link_life: timedelta
    lock: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of data that is imported and exported.

    `facts` gathers what is on file about some rows, with a few statements. `judge` knows nothing but that.
    `write` stores rows that are new or changed, as the acts of the pages do, under keys that `key_of` makes
    of their lines. `export` yields the rows of an export, read piece by piece.
    """

    columns: tuple[Column, ...]
    facts: Callable[[Connection, Sequence[Values], Asking], Any]
    judge: Callable[[Any, int, Values], Judged]
    write: Callable[[Connection, Asking, Sequence[Judged], Callable[[int], str]], None]
    export: Callable[[Database], Iterator[Sequence[Exported]]]


def judged(connection: Connection, kind: Kind, rows: Sequence[Row], asking: Asking) -> list[Judged]:
    """Return the verdict on each row by what is on file, whatever else is in the file."""
    read = [(row, *_read(kind, row.cells)) for row in rows]
    facts = kind.facts(connection, [values for _row, values, problems in read if not problems], asking)
    return [
        wrong(row.line, _name(kind, row.cells), problems) if problems else kind.judge(facts, row.line, values)
        for row, values, problems in read
    ]


def _read(kind: Kind, cells: Cells) -> tuple[Values, list[Problem]]:
    """Return what the cells of a row mean, and what is wrong with them."""
    values, problems = Values(), list[Problem]()
    for column in kind.columns:
        cell = cells.get(column.name)
        try:
            value = column.read(cell) if cell else None
        except Unread as unread:
            problems.append(Problem(unread.code, column.name, unread.figures))
            continue
        if column.needed and value in (None, ""):
            problems.append(Problem("field_missing", column.name))
        elif cell is not None:
            values[column.name] = None if value == "" else value
    return values, problems


def _name(kind: Kind, cells: Cells) -> str:
    """Return what a row that cannot be read is about: the first of its cells with something in it."""
    return next((cells[one.name][:200] for one in kind.columns if cells.get(one.name)), "–")


def to_write(rows: Sequence[Judged], verdict: RowVerdict) -> list[Judged]:
    """Return the rows of a verdict."""
    return [row for row in rows if row.verdict is verdict]
