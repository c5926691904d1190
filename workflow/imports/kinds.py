"""What an importable kind is: its columns, how its rows are judged and written, and what an export holds."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import Connection

from models.database import Database
from models.vocabulary import RowVerdict
from workflow.actors import Actor
from workflow.imports.cells import Cells, Column, Unread, Values
from workflow.imports.reading import Row
from workflow.imports.verdicts import Judged, compared, wrong
from workflow.refusals import Problem

T = TypeVar("T")

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
class Finding(Generic[T]):
    """What the facts say of a row: `find` is asked where all cells that it `needs` mean something."""

    needs: tuple[str, ...]
    find: Callable[[Any, Values], Iterable[T]]


class Becomes(NamedTuple):
    """What becomes of a row with which nothing is wrong: as for `compared`."""

    before: Mapping[str, str | None] | None
    after: Mapping[str, str | None]
    plan: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of data that is imported and exported.

    `facts` gathers what is on file about some rows, with a few statements; nothing else is known when they
    are judged. `called` says what people call what a row is about, `keys` what no two rows may share.
    A problem of the `meanings` leaves its cell without one, like a cell that cannot be read; a problem of
    the `guards` holds nothing back. `becomes` is asked of rows without problems alone.
    `write` stores rows that are new or changed, as the acts of the pages do, under keys that `key_of` makes
    of their lines. `export` yields the rows of an export, read piece by piece.
    """

    columns: tuple[Column, ...]
    facts: Callable[[Connection, Sequence[Values], Asking], Any]
    called: Finding[str]
    keys: tuple[Finding[str], ...]
    meanings: tuple[Finding[Problem], ...] = ()
    guards: tuple[Finding[Problem], ...]
    becomes: Callable[[Any, Values], Becomes]
    write: Callable[[Connection, Asking, Sequence[Judged], Callable[[int], str]], None]
    export: Callable[[Database], Iterator[Sequence[Exported]]]


def judged(connection: Connection, kind: Kind, rows: Sequence[Row], asking: Asking) -> list[Judged]:
    """Return the verdict on each row by what is on file, whatever else is in the file."""
    read = [(row, *_read(kind, row.cells)) for row in rows]
    facts = kind.facts(connection, [values for _row, values, _problems in read], asking)
    return [_judged(kind, facts, row, values, problems) for row, values, problems in read]


def _judged(kind: Kind, facts: Any, row: Row, values: Values, unread: Sequence[Problem]) -> Judged:
    """Return the verdict on a row with everything that is wrong with it, as far as its cells tell."""
    dark = {one.field for one in unread}
    problems = [*unread, *_found(kind.meanings, facts, values, dark)]
    dark |= {one.field for one in problems}
    problems += _found(kind.guards, facts, values, dark)
    name = next(_found((kind.called,), facts, values, dark), None) or _first(kind, row.cells)
    keys = tuple(dict.fromkeys(_found(kind.keys, facts, values, dark)))
    if problems:
        return wrong(row.line, name, _in_order(kind, problems), keys)
    return compared(row.line, name, keys, *kind.becomes(facts, values))


def _found(findings: Iterable[Finding[T]], facts: Any, values: Values, dark: Set[str]) -> Iterator[T]:
    """Yield what is found without the cells that are dark: those that mean nothing."""
    return (one for each in findings if dark.isdisjoint(each.needs) for one in each.find(facts, values))


def _in_order(kind: Kind, problems: Iterable[Problem]) -> list[Problem]:
    """Return each problem once, in the order of the columns, those of no column last."""
    places = {column.name: place for place, column in enumerate(kind.columns)}
    once = {(one.field, one.code): one for one in problems}
    return sorted(once.values(), key=lambda one: places.get(one.field, len(places)))


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


def _first(kind: Kind, cells: Cells) -> str:
    """Return what a row is about where that cannot be told: the first of its cells with something in it."""
    return next((cells[one.name][:200] for one in kind.columns if cells.get(one.name)), "–")


def to_write(rows: Sequence[Judged], verdict: RowVerdict) -> list[Judged]:
    """Return the rows of a verdict."""
    return [row for row in rows if row.verdict is verdict]
