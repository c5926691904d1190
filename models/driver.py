"""Speaks to the database's driver directly: statements compiled once, sent together where that is possible.

On PostgreSQL they go in one round trip, through psycopg's pipeline. SQLAlchemy still writes the text,
converts the values, keeps the transaction and gives the errors.
"""

from collections import namedtuple
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Connection, Dialect, Select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TupleType

Command = tuple[str, Any]
"""A statement and its values; on SQLite a list of tuples of values does it for each of them."""

Question = tuple[Select[*tuple[Any, ...]], Mapping[str, Any]]
"""A select with the values of its parameters by their names: a sequence of them where it is expanding."""

Cursor = Any


def send(connection: Connection, commands: Sequence[Command]) -> list[Cursor]:
    """Run statements in order in the connection's transaction; return a cursor of the driver for each.

    Raises the error of the first that fails, as SQLAlchemy would. Later ones then had no effect.
    """
    driver: Any = connection.connection.driver_connection
    listeners = connection.dispatch.before_cursor_execute
    if listeners:
        for text, values in commands:
            listeners(connection, None, text, values, None, isinstance(values, list))
    try:
        if connection.dialect.name == "postgresql" and len(commands) > 1:
            with driver.pipeline():
                return [driver.execute(text, values) for text, values in commands]
        return [
            driver.executemany(text, values) if isinstance(values, list) else driver.execute(text, values)
            for text, values in commands
        ]
    except connection.dialect.loaded_dbapi.Error as error:
        raise wrapped(connection, "; ".join(text for text, _ in commands), error) from error


def wrapped(connection: Connection, text: str, error: Exception) -> BaseException:
    """Return a driver's error as SQLAlchemy gives it."""
    raw = connection.dialect.loaded_dbapi.Error
    return DBAPIError.instance(text, None, error, raw, dialect=connection.dialect)


def ask(connection: Connection, questions: Sequence[Question]) -> list[list[Any]]:
    """Return what each select finds, as named tuples: rules read them ten times faster than rows."""
    dialect = connection.dialect
    forms = [_form(dialect, statement) for statement, _ in questions]
    commands = [_command(form, values) for form, (_, values) in zip(forms, questions, strict=True)]
    return [
        list(map(form.read, cursor.fetchall()))
        for form, cursor in zip(forms, send(connection, commands), strict=True)
    ]


class _Form(NamedTuple):
    """A select, ready to be asked: what reads its rows, and its text where every parameter has one value.

    `takes` give what stands at the text's places, and `names` are those of the places, where they bear any.
    """

    compiled: SQLCompiler
    read: Callable[[Iterable[Any]], Any]
    text: str
    expanding: tuple[str, ...]
    takes: tuple[Callable[[Mapping[str, Any]], Any], ...]
    names: tuple[str, ...] | None


def _command(form: _Form, values: Mapping[str, Any]) -> Command:
    for name in form.expanding:
        if len(values[name]) != 1:
            return _expanded(form, values)
    found = tuple([take(values) for take in form.takes])
    return form.text, found if form.names is None else dict(zip(form.names, found, strict=True))


def _expanded(form: _Form, values: Mapping[str, Any]) -> Command:
    state = form.compiled.construct_expanded_state(dict(values))
    return state.statement, state.parameters if state.positiontup is None else state.positional_parameters


class _Mark(NamedTuple):
    """Stands for a value that is not known yet: the whole of a parameter, or one member of its tuple."""

    name: str
    member: int | None = None


@lru_cache(maxsize=128)
def _form(dialect: Dialect, statement: Select[Any]) -> _Form:
    compiled = statement.compile(dialect=dialect)
    asked = [parameter for parameter in compiled.binds.values() if parameter.required]
    expanding = frozenset(parameter.key for parameter in asked if parameter.expanding)
    state = compiled.construct_expanded_state({parameter.key: _marks(parameter) for parameter in asked})
    places = state.positiontup or list(state.parameters)
    return _Form(
        compiled,
        _reader(dialect, statement),
        state.statement,
        tuple(expanding),
        tuple(_take(state.parameters[place], expanding) for place in places),
        tuple(places) if state.positiontup is None else None,
    )


def _marks(parameter: BindParameter[Any]) -> Any:
    """Return what stands for a parameter's value or, where it is expanding, for its only one."""
    if not parameter.expanding:
        return _Mark(parameter.key)
    if isinstance(parameter.type, TupleType):
        return [tuple(_Mark(parameter.key, index) for index in range(len(parameter.type.types)))]
    return [_Mark(parameter.key)]


def _take(found: Any, expanding: Container[str]) -> Callable[[Mapping[str, Any]], Any]:
    """Return what takes a place's value out of those of the parameters; a constant stays what it is."""
    if not isinstance(found, _Mark):
        return lambda _: found
    name, member = found
    if name not in expanding:
        return itemgetter(name)
    return (lambda values: values[name][0]) if member is None else (lambda values: values[name][0][member])


def _reader(dialect: Dialect, statement: Select[Any]) -> Callable[[Iterable[Any]], Any]:
    """Return what makes a record of a row as the driver gives it."""
    columns = list(statement.selected_columns)
    names = [str(column.key) for column in columns]
    make: Callable[[Iterable[Any]], Any] = namedtuple("Record", names)._make  # type: ignore[attr-defined] # mypy knows names that are written out alone
    all_converts = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
    converts = [(index, convert) for index, convert in enumerate(all_converts) if convert]
    if not converts:
        return make

    def read(row: Iterable[Any]) -> Any:
        values = list(row)
        for index, convert in converts:
            values[index] = convert(values[index])
        return make(values)

    return read
