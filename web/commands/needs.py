"""What must be there before a command or a server may run: whole settings, and the product's own schema."""

import copy
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from typing import Any, NoReturn

import click
from flask import Flask
from sqlalchemy.exc import DBAPIError

from models.database import Database, SchemaMismatch
from models.failures import first_line, silence_of
from models.file_store import FilesAway, FileStore, Unusable
from web.services import services

NOT_AGAIN = 3
"""The exit status that says: starting again would not help. Gunicorn and the service units heed it."""


class Need(IntEnum):
    """What a command needs; each includes the ones before it."""

    nothing = 0
    settings = 1
    schema = 2


class CannotStart(click.ClickException):
    """The product must not run as things are. The text is one line that says why."""

    exit_code = NOT_AGAIN


class NoAnswer(CannotStart):
    """The database or the files do not answer. They may soon, so the exit status asks to be started again."""

    exit_code = 1


def check_schema(database: Database) -> None:
    """Return if a database has the product's own schema. Raise CannotStart."""
    with at_the_database(database):
        database.check_schema()


def check_files(files: FileStore) -> None:
    """Return if uploaded files can be kept. Raise CannotStart."""
    try:
        files.prepare()
    except Unusable as error:
        raise CannotStart(str(error)) from None
    except FilesAway as error:
        raise NoAnswer(str(error)) from None


@contextmanager
def at_the_database(database: Database) -> Iterator[None]:
    """Turn a schema that is foreign, and a database that does not answer, into CannotStart."""
    try:
        yield
    except SchemaMismatch as mismatch:
        raise CannotStart(str(mismatch)) from None
    except DBAPIError as error:
        refusal = NoAnswer if silence_of(error) else CannotStart
        raise refusal(f"DATABASE_URL: no answer from the database ({first_line(error)}).") from None
    finally:
        # A server may fork after this, and its children must not share a connection.
        database.dispose()


def gated(
    app: Flask, command: click.Command, need: Need, refusal: CannotStart | None = None
) -> click.Command:
    """Return a command that looks for what it needs before it asks for anything. Its help is always free.

    `refusal` says why there are no whole settings.
    """

    def gate(context: click.Context, _option: click.Parameter, _value: Any) -> None:
        if context.resilient_parsing or need is Need.nothing:
            return
        if refusal is not None:
            raise refusal
        if need is Need.schema:
            with app.app_context():
                database = services().database
            check_schema(database)

    with_gate = copy.copy(command)
    first = click.Option(["--gate"], callback=gate, is_eager=True, expose_value=False, hidden=True)
    with_gate.params = [first, *command.params]
    return with_gate


def is_command_wanted() -> bool:
    """Return whether `flask` imports the app to find one of its commands in it, rather than to serve it."""
    context = click.get_current_context(silent=True)
    return context is not None and context.parent is None


def stop(refusal: CannotStart) -> NoReturn:
    """End a server that must not start, with one line."""
    click.echo(f"Cofund does not start. {refusal}", err=True)
    sys.exit(refusal.exit_code)
