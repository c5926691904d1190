"""Writes the statements that store rows: one for any number of rows, and equal values prepared only once.

So a batch of thousands costs little more than the database's own work. A row gives every value that must be
there (defaults of the mapped classes do not apply), and all rows of a call have the same names.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any, cast

from sqlalchemy import Column, Connection, Dialect, Table, func, select
from sqlalchemy.types import TypeEngine

from models.base import Base, UtcTime
from models.driver import Command

Rows = Sequence[Mapping[str, Any]]

WAS = "was_"
"""How the name of a value begins that a stored row must still have to be updated: `was_version`."""

PLUS = "plus_"
"""How the name of a value begins that is added to what is stored, but never takes it below 0."""


def inserting(dialect: Dialect, model: type[Base], rows: Rows) -> Command:
    """Return what inserts the rows, one at least, of a mapped class."""
    return _command(_insert, dialect, model, rows)


def updating(dialect: Dialect, model: type[Base], rows: Rows) -> Command:
    """Return what updates, for each of the rows, the stored ones that still have every `was_` value given."""
    return _command(_update, dialect, model, rows)


def new_ids(connection: Connection, model: type[Base], number: int) -> list[int]:
    """Return so many ids for new rows of a mapped class, which nobody else is given.

    On SQLite that holds because only one transaction writes at a time.
    """
    table = cast(Table, model.__table__)
    if connection.dialect.name == "sqlite":
        last = connection.scalar(select(func.max(table.c.id))) or 0
        return list(range(last + 1, last + 1 + number))
    sequence = func.pg_get_serial_sequence(connection.dialect.identifier_preparer.quote(table.name), "id")
    return list(
        connection.scalars(select(func.nextval(sequence)).select_from(func.generate_series(1, number)))
    )


Prepare = Callable[[Any], Any]
"""What makes of a value what the driver takes."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """A statement's text, and the values that it takes in their order, with what prepares them if needed."""

    text: str
    fields: tuple[tuple[str, Prepare | None], ...]


def _command(
    plan_for: Callable[[Dialect, Table, tuple[str, ...], bool], _Plan],
    dialect: Dialect,
    model: type[Base],
    rows: Rows,
) -> Command:
    as_arrays = dialect.name == "postgresql" and len(rows) > 1
    plan = plan_for(dialect, cast(Table, model.__table__), tuple(rows[0]), as_arrays)
    if len(rows) == 1:
        (row,) = rows
        values = [prepare(row[name]) if prepare else row[name] for name, prepare in plan.fields]
        return plan.text, tuple(values)
    columns = tuple(_prepared(prepare, list(map(itemgetter(name), rows))) for name, prepare in plan.fields)
    return plan.text, columns if as_arrays else list(zip(*columns, strict=True))


def _prepared(prepare: Prepare | None, values: list[Any]) -> list[Any]:
    """Return the values of a column as the driver takes them."""
    if prepare is None:
        return values
    first = values[0]
    if all(value is first for value in values):
        return [prepare(first)] * len(values)
    ready = {id(value): prepare(value) for value in dict(zip(map(id, values), values, strict=True)).values()}
    return [ready[id(value)] for value in values]


_remembered = lru_cache(maxsize=1024)


@_remembered
def _insert(dialect: Dialect, table: Table, names: tuple[str, ...], as_arrays: bool) -> _Plan:
    quote = dialect.identifier_preparer.quote
    into = f"INSERT INTO {quote(table.name)} ({', '.join(map(quote, names))})"
    if as_arrays:
        text = f"{into} SELECT * FROM unnest({_arrays(dialect, table, names)})"
    else:
        text = f"{into} VALUES ({', '.join(_PLACE[dialect.name] for _ in names)})"
    return _Plan(text, _fields(dialect, table, names))


@_remembered
def _update(dialect: Dialect, table: Table, names: tuple[str, ...], as_arrays: bool) -> _Plan:
    own, quote = table.name, dialect.identifier_preparer.quote
    given = {name: f"given.{name}" if as_arrays else _PLACE[dialect.name] for name in names}
    changed = [name for name in names if not name.startswith(WAS)]
    added = [name for name in names if name.startswith(PLUS)]
    kept = [name for name in names if name.startswith(WAS)]
    column = {name: quote(_column(table, name).name) for name in names}
    changes = [
        f"{column[name]} = {f'{quote(own)}.{column[name]} + ' if name in added else ''}{given[name]}"
        for name in changed
    ]
    conditions = [
        *(f"{quote(own)}.{column[name]} + {given[name]} >= 0" for name in added),
        *(f"{quote(own)}.{column[name]} = {given[name]}" for name in kept),
    ]
    source = f" FROM unnest({_arrays(dialect, table, names)}) AS given ({', '.join(names)})"
    return _Plan(
        f"UPDATE {quote(own)} SET {', '.join(changes)}{source if as_arrays else ''} "
        f"WHERE {' AND '.join(conditions)}",
        _fields(dialect, table, names if as_arrays else (*changed, *added, *kept)),
    )


_PLACE = {"postgresql": "%s", "sqlite": "?"}


def _arrays(dialect: Dialect, table: Table, names: tuple[str, ...]) -> str:
    """Return one array for each column, in binary: as text psycopg would take long to quote each item."""
    return ", ".join(f"%b::{_column(table, name).type.compile(dialect)}[]" for name in names)


def _fields(dialect: Dialect, table: Table, names: tuple[str, ...]) -> tuple[tuple[str, Prepare | None], ...]:
    return tuple((name, _preparer(dialect, _column(table, name).type)) for name in names)


def _preparer(dialect: Dialect, kind: TypeEngine[Any]) -> Prepare | None:
    if isinstance(kind, UtcTime):
        return _moment_preparer(dialect)
    return kind.dialect_impl(dialect).bind_processor(dialect)


@_remembered
def _moment_preparer(dialect: Dialect) -> Prepare | None:
    """Return what prepares moments, and remembers the last ones: a move writes one into many columns."""
    prepare = UtcTime().dialect_impl(dialect).bind_processor(dialect)
    return prepare and lru_cache(maxsize=16)(prepare)


def _column(table: Table, name: str) -> Column[Any]:
    return table.c[name.removeprefix(WAS).removeprefix(PLUS)]
