"""Writes rows column by column: one statement for any number of rows, and equal values prepared only once.

So a batch of thousands costs little more than the database's own work. A row gives every value that must be
there (defaults of the mapped classes do not apply), and all rows of a call have the same names.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any, cast

from sqlalchemy import Column, Connection, Dialect, Table

from models.base import Base
from models.driver import send

Rows = Sequence[Mapping[str, Any]]

WAS = "was_"
"""How the name of a value begins that a stored row must still have to be updated: `was_version`."""

_remembered = lru_cache(maxsize=1024)


def insert_rows(connection: Connection, model: type[Base], rows: Rows) -> None:
    """Insert rows of a mapped class; there may be none."""
    if rows:
        _send(connection, _insert, model, rows)


def update_rows(connection: Connection, model: type[Base], rows: Rows) -> int:
    """Update the stored rows that still have every `was_` value given; return how many they were."""
    return _send(connection, _update, model, rows) if rows else 0


Statement = Callable[[Dialect, Table, tuple[str, ...], bool], str]


def _send(connection: Connection, statement: Statement, model: type[Base], rows: Rows) -> int:
    dialect, table = connection.dialect, cast(Table, model.__table__)
    names = tuple(sorted(rows[0], key=_is_condition))  # conditions stand last in the statement
    as_arrays = dialect.name == "postgresql" and len(rows) > 1
    given = zip(*map(itemgetter(*names), rows), strict=True)
    columns = tuple(
        _prepared(dialect, _column(table, name), values) for name, values in zip(names, given, strict=True)
    )
    text = statement(dialect, table, names, as_arrays)
    values: Any = columns if as_arrays else list(zip(*columns, strict=True))
    command = (text, values if as_arrays or len(rows) > 1 else values[0])
    return int(send(connection, [command])[0].rowcount)


def _prepared(dialect: Dialect, column: Column[Any], values: Sequence[Any]) -> list[Any]:
    """Return the values of a column as the driver takes them."""
    prepare = _preparer(dialect, column)
    if prepare is None:
        return list(values)
    ready = {id(value): prepare(value) for value in dict(zip(map(id, values), values, strict=True)).values()}
    return [ready[id(value)] for value in values]


@_remembered
def _preparer(dialect: Dialect, column: Column[Any]) -> Callable[[Any], Any] | None:
    return column.type.dialect_impl(dialect).bind_processor(dialect)


@_remembered
def _insert(dialect: Dialect, table: Table, names: tuple[str, ...], as_arrays: bool) -> str:
    quote = dialect.identifier_preparer.quote
    into = f"INSERT INTO {quote(table.name)} ({', '.join(map(quote, names))})"
    if as_arrays:
        return f"{into} SELECT * FROM unnest({_arrays(dialect, table, names)})"
    return f"{into} VALUES ({', '.join(_PLACE[dialect.name] for _ in names)})"


@_remembered
def _update(dialect: Dialect, table: Table, names: tuple[str, ...], as_arrays: bool) -> str:
    quote = dialect.identifier_preparer.quote
    given = {name: f"given.{name}" if as_arrays else _PLACE[dialect.name] for name in names}
    changes = ", ".join(f"{quote(name)} = {given[name]}" for name in names if not _is_condition(name))
    conditions = " AND ".join(
        f"{quote(table.name)}.{quote(name.removeprefix(WAS))} = {given[name]}"
        for name in filter(_is_condition, names)
    )
    source = (
        f" FROM unnest({_arrays(dialect, table, names)}) AS given ({', '.join(names)})" if as_arrays else ""
    )
    return f"UPDATE {quote(table.name)} SET {changes}{source} WHERE {conditions}"


_PLACE = {"postgresql": "%s", "sqlite": "?"}


def _arrays(dialect: Dialect, table: Table, names: tuple[str, ...]) -> str:
    """Return one array for each column, in binary: as text psycopg would take long to quote each item."""
    return ", ".join(f"%b::{_column(table, name).type.compile(dialect)}[]" for name in names)


def _is_condition(name: str) -> bool:
    return name.startswith(WAS)


def _column(table: Table, name: str) -> Column[Any]:
    return table.c[name.removeprefix(WAS)]
