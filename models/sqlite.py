"""What is particular to SQLite: how transactions begin, and the one connection that writes."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.exc import TimeoutError


class OnlyWriter:
    """The connection that writes to SQLite for all threads of this process, one after the other.

    SQLite has one writer at a time. Threads that queue for it here are served at once; at the file each
    would have to ask again and again. What fails is closed, and the next writer gets a new connection.
    """

    def __init__(self, engine: Engine, patience: float) -> None:
        self._engine, self._patience, self._turn = engine, patience, Lock()
        self._kept: Connection | None = None

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """Give the connection once it is this thread's turn; raise TimeoutError where that takes too long."""
        if not self._turn.acquire(timeout=self._patience):
            raise TimeoutError("The database is busy: another write takes too long.")
        try:
            connection, self._kept = self._kept or self._engine.connect(), None
            try:
                yield connection
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


class Reads(SQLiteDialect_pysqlite):
    """Begins transactions that see one state of the database, and make no writer wait."""

    supports_statement_cache = True
    begin = "BEGIN"

    def do_begin(self, dbapi_connection: Any) -> None:
        """Begin at once: the driver's own transaction handling begins too late for a locking read."""
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
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL"):
            dbapi_connection.execute(f"PRAGMA {pragma}")

    return engine
