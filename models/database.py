"""The way to the database: transactions that read or write, and the schema's own version.

On SQLite writers and readers begin their transactions differently, so each have an engine.
"""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.exc import DBAPIError, OperationalError, TimeoutError
from sqlalchemy.orm import Session

MIGRATIONS = Path(__file__).parent / "migrations"


GONE = ("08", "57P", "53300")
"""How SQLSTATE begins where a server is not there for us: no connection, shutting down, too many clients."""


def silence_of(error: BaseException) -> str | None:
    """Return one line if an error says that the database server does not answer; None for any other error."""
    if not isinstance(error, OperationalError) or isinstance(error.orig, sqlite3.Error):
        return None
    state = getattr(error.orig, "sqlstate", None)
    return first_line(error) if state is None or state.startswith(GONE) else None


def log_failure(log: logging.Logger, what: str, error: Exception) -> None:
    """Log an error: in one line where the database server does not answer, with its traceback otherwise."""
    silence = silence_of(error)
    log.error("%s: %s", what, silence or type(error).__name__, exc_info=None if silence else error)


def first_line(error: DBAPIError) -> str:
    """Return the first line of what the driver says, without the statement and its values."""
    return (str(error.orig).strip() or type(error.orig).__name__).splitlines()[0]


class SchemaMismatch(Exception):
    """The database's schema is not the one this product was made for."""


class Database:
    """One database, PostgreSQL (`postgresql+psycopg://`) or SQLite (`sqlite:///file`)."""

    def __init__(self, url: str, *, busy_seconds: float = 30.0) -> None:
        self.url = make_url(url)
        if self.url.drivername in ("postgresql", "postgres"):
            self.url = self.url.set(drivername="postgresql+psycopg")
        if self.is_sqlite:
            self.engine = _sqlite_engine(self.url, _Writes, busy_seconds)
            self.reader = _sqlite_engine(self.url, _Reads, busy_seconds)
        else:
            self.engine = self.reader = _postgres_engine(self.url)
        self._only_writer = _OnlyWriter(self.engine, busy_seconds) if self.is_sqlite else None

    @property
    def is_sqlite(self) -> bool:
        """Return whether this is the embedded database."""
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection in a write transaction: committed at the end, rolled back by any exception."""
        writer = self._only_writer.connection() if self._only_writer else self.engine.connect()
        with writer as connection, connection.begin():
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection that only reads; on SQLite it never makes a writer wait."""
        with self.reader.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Give an ORM session in a write transaction: committed at the end, rolled back by any exception."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    def reading_session(self) -> Session:
        """Return an ORM session that only reads. The caller closes it."""
        return Session(self.reader, expire_on_commit=False)

    def migrate(self) -> None:
        """Bring the schema to the version of this product. Raise SchemaMismatch for one it does not know."""
        self._refuse_unknown_schema()
        with self.engine.connect() as connection, connection.begin():
            command.upgrade(self._alembic(connection), "head")

    def downgrade(self, revision: str) -> None:
        """Take the schema back to a revision (`base` for nothing)."""
        with self.engine.connect() as connection, connection.begin():
            command.downgrade(self._alembic(connection), revision)

    def check_schema(self) -> None:
        """Return if the schema is the product's own; raise SchemaMismatch with what to do otherwise."""
        head = ScriptDirectory(str(MIGRATIONS)).get_current_head()
        found = self._refuse_unknown_schema()
        if found != head:
            raise SchemaMismatch(
                f"The database's schema is {found or 'empty'}, this product needs {head}: "
                "run `flask --app wsgi migrate` (after a backup)."
            )

    def _refuse_unknown_schema(self) -> str | None:
        with self.read() as connection:
            found = MigrationContext.configure(connection).get_current_revision()
        known = {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}
        if found is not None and found not in known:
            raise SchemaMismatch(
                f"The database's schema is {found}, which this product does not know: "
                "start the version of the product that made it."
            )
        return found

    def dispose(self) -> None:
        """Close every pooled connection."""
        if self._only_writer:
            self._only_writer.close()
        for engine in {self.engine, self.reader}:
            engine.dispose()

    @staticmethod
    def _alembic(connection: Connection) -> Config:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        return config


def _postgres_engine(url: URL) -> Engine:
    return create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=10, hide_parameters=True)


class _OnlyWriter:
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


class _Reads(SQLiteDialect_pysqlite):
    """Begins transactions that see one state of the database, and make no writer wait."""

    supports_statement_cache = True
    begin = "BEGIN"

    def do_begin(self, dbapi_connection: Any) -> None:
        """Begin at once: the driver's own transaction handling begins too late for a locking read."""
        dbapi_connection.execute(self.begin)


class _Writes(_Reads):
    """Begins transactions as the only writer, so that two queue and none fails half way."""

    supports_statement_cache = True
    begin = "BEGIN IMMEDIATE"


for _dialect in (_Reads, _Writes):
    registry.register(f"sqlite.{_dialect.__name__}", __name__, _dialect.__name__)


def _sqlite_engine(url: URL, dialect: type[_Reads], busy_seconds: float) -> Engine:
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
