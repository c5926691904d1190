"""Speaks to the database's driver directly: statements compiled once, sent together where that is possible.

On PostgreSQL they go in one round trip, through psycopg's pipeline. SQLAlchemy still writes the text,
converts the values, keeps the transaction and gives the errors.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Dialect, Select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

Command = tuple[str, Any]
"""A statement and its values; on SQLite a list of tuples of values does it for each of them."""

Question = tuple[Select[*tuple[Any, ...]], Mapping[str, Sequence[Any]]]
"""A select with the values of its expanding parameters, by their names."""

Cursor = Any


def send(connection: Connection, commands: Sequence[Command]) -> list[Cursor]:
    """Run statements in order in the connection's transaction; return a cursor of the driver for each.

    Raises the error of the first that fails, as SQLAlchemy would. Later ones then had no effect.
    """
    driver: Any = connection.connection.driver_connection
    for text, values in commands:
        connection.dispatch.before_cursor_execute(
            connection, None, text, values, None, isinstance(values, list)
        )
    try:
        if connection.dialect.name == "postgresql" and len(commands) > 1:
            with driver.pipeline():
                return [driver.execute(text, values) for text, values in commands]
        return [
            driver.executemany(text, values) if isinstance(values, list) else driver.execute(text, values)
            for text, values in commands
        ]
    except connection.dialect.loaded_dbapi.Error as error:
        raise DBAPIError.instance(
            "; ".join(text for text, _ in commands),
            None,
            error,
            connection.dialect.loaded_dbapi.Error,
            dialect=connection.dialect,
        ) from error


def ask(connection: Connection, questions: Sequence[Question]) -> list[list[Any]]:
    """Return what each select finds, as named tuples: rules read them ten times faster than rows."""
    dialect = connection.dialect
    cursors = send(connection, [_command(dialect, statement, values) for statement, values in questions])
    return [
        list(map(_reader(dialect, statement), cursor.fetchall()))
        for (statement, _), cursor in zip(questions, cursors, strict=True)
    ]


def _command(dialect: Dialect, statement: Select[Any], values: Mapping[str, Sequence[Any]]) -> Command:
    sole = {name: several[0] for name, several in values.items() if len(several) == 1}
    if len(sole) == len(values):
        widths = tuple((name, len(value) if isinstance(value, tuple) else 0) for name, value in sole.items())
        text, places = _for_one(dialect, statement, widths)
        found = {
            place: (sole[of.name] if of.member is None else sole[of.name][of.member])
            if isinstance(of, _Mark)
            else of
            for place, of in places.items()
        }
        return text, found if dialect.name == "postgresql" else tuple(found.values())
    return _expanded(dialect, statement, values)


class _Mark(NamedTuple):
    """Stands for a value that is not known yet: the whole of a parameter, or one member of its tuple."""

    name: str
    member: int | None = None


@lru_cache(maxsize=128)
def _for_one(
    dialect: Dialect, statement: Select[Any], widths: tuple[tuple[str, int], ...]
) -> tuple[str, dict[str, Any]]:
    """Return the text of a select where every parameter has one value, and what stands at its places."""
    marks = {
        name: [tuple(_Mark(name, index) for index in range(width)) if width else _Mark(name)]
        for name, width in widths
    }
    state = _compiled(dialect, statement).construct_expanded_state(marks)
    places = state.positiontup or list(state.parameters)
    return state.statement, {place: state.parameters[place] for place in places}


def _expanded(dialect: Dialect, statement: Select[Any], values: Mapping[str, Sequence[Any]]) -> Command:
    state = _compiled(dialect, statement).construct_expanded_state(dict(values))
    if state.positiontup is None:
        return state.statement, state.parameters
    return state.statement, tuple(state.parameters[name] for name in state.positiontup)


@lru_cache(maxsize=128)
def _compiled(dialect: Dialect, statement: Select[Any]) -> SQLCompiler:
    return statement.compile(dialect=dialect)


@lru_cache(maxsize=128)
def _reader(dialect: Dialect, statement: Select[Any]) -> Callable[[Iterable[Any]], Any]:
    """Return what makes a record of a row as the driver gives it."""
    columns = list(statement.selected_columns)
    names = [str(column.key) for column in columns]
    make: Callable[[Iterable[Any]], Any] = namedtuple("Record", names)._make  # type: ignore[attr-defined]
    convert = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
    if not any(convert):
        return make
    return lambda row: make(
        [value if process is None else process(value) for value, process in zip(row, convert, strict=True)]
    )
