"""What is particular to SQLite: how transactions begin, and the one connection that writes."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from threading import Lock
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.exc import TimeoutError

from models.driver import wrapped

PRAGMAS = ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL", "secure_delete=ON")
"""How each connection works. What is deleted is overwritten too: it would stay in free pages of the file."""


class OnlyWriter:
    """The connection that writes to SQLite for all threads of this process, one after the other.

    SQLite has one writer at a time. Threads that queue for it here are served at once; at the file each
    would have to ask again and again. What fails is closed, and the next writer gets a new connection.
    """

    def __init__(self, engine: Engine, patience: float) -> None:
        self._engine, self._patience, self._turn = engine, patience, Lock()
        self._kept: Connection | None = None

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Give the connection in a transaction of its own, once it is this thread's turn.

        Raises TimeoutError where that takes too long. The driver itself begins and commits: what SQLAlchemy
        holds for its transaction is one that spans the life of the connection, and is none of the database's.
        """
        if not self._turn.acquire(timeout=self._patience):
            raise TimeoutError("The database is busy: another write takes too long.")
        try:
            connection, self._kept = self._kept or self._engine.connect(), None
            try:
                driver: Any = connection.connection.driver_connection
                _settled(connection, driver.execute, Writes.begin)
                yield connection
                _settled(connection, driver.commit)
            except BaseException:
                connection.close()
                raise
            self._kept = connection
        finally:
            self._turn.release()

    def close(self) -> None:
        """Close the connection, if there is one."""
        with self._turn:
            if self._kept:
                self._kept.close()
            self._kept = None


def _settled(connection: Connection, work: Callable[..., object], *values: str) -> None:
    """Do what begins or ends a transaction; its error is SQLAlchemy's, as any statement's is."""
    try:
        work(*values)
    except sqlite3.Error as error:
        raise wrapped(connection, values[0] if values else "COMMIT", error) from error


class Reads(SQLiteDialect_pysqlite):
    """Begins transactions that see one state of the database, and make no writer wait."""

    supports_statement_cache = True
    begin = "BEGIN"

    def do_begin(self, dbapi_connection: Any) -> None:
        """Begin at once: the driver's own transaction handling begins too late for a locking read."""
        if not dbapi_connection.in_transaction:
            dbapi_connection.execute(self.begin)


class Writes(Reads):
    """Begins transactions as the only writer, so that two queue and none fails half way."""

    supports_statement_cache = True
    begin = "BEGIN IMMEDIATE"


for _dialect in (Reads, Writes):
    registry.register(f"sqlite.{_dialect.__name__}", __name__, _dialect.__name__)


def sqlite_engine(url: URL, dialect: type[Reads], busy_seconds: float) -> Engine:
    """Return an engine whose transactions begin as the dialect has it. Commits are durable at once."""
    engine = create_engine(
        url.set(drivername=f"sqlite+{dialect.__name__}"),
        connect_args={"timeout": busy_seconds},
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def _on_connect(dbapi_connection: sqlite3.Connection, _record: object) -> None:
        dbapi_connection.isolation_level = None
        for pragma in PRAGMAS:
            dbapi_connection.execute(f"PRAGMA {pragma}")

    return engine


def empty_log(path: str) -> None:
    """Move what the write-ahead log of a database holds into its file, and empty it.

    Whoever reads or writes for longer than a second is not waited for: then it stays until the next time.
    """
    with closing(sqlite3.connect(path, timeout=1.0)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
