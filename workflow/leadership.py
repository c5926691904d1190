"""One leader in an installation, however many nodes ask: a lock that ends with whoever holds it.

On PostgreSQL an advisory lock on a connection of its own, on SQLite a lock on a file beside the database. It
saves work; it makes no duty correct.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, NullPool, create_engine, func, select
from sqlalchemy.exc import DBAPIError

from models.database import Database

LOCK = 0x636F66756E64
"""The number of the advisory lock in PostgreSQL, which keeps them by database."""


class Leadership(Protocol):
    """What a leader holds."""

    def holds(self) -> bool:
        """Return whether this is still the leader."""
        ...


@contextmanager
def leadership(database: Database) -> Iterator[Leadership | None]:
    """Give the leadership to the first who asks and None to the others, who may ask again later."""
    with (_of_file if database.is_sqlite else _of_connection)(database) as held:
        yield held


class _ByFile:
    def holds(self) -> bool:
        """Return True: the system takes a file lock away only when the process ends."""
        return True


class _ByConnection:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def holds(self) -> bool:
        """Return whether the connection still answers, for the lock goes with it."""
        try:
            self.connection.execute(select(1))
        except DBAPIError:
            return False
        return True


@contextmanager
def _of_file(database: Database) -> Iterator[_ByFile | None]:
    with Path(f"{database.url.database}.scheduler").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
        else:
            yield _ByFile()


@contextmanager
def _of_connection(database: Database) -> Iterator[_ByConnection | None]:
    engine = create_engine(database.url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        ours = connection.scalar(select(func.pg_try_advisory_lock(LOCK)))
        yield _ByConnection(connection) if ours else None
