"""The way to the database: transactions that read or write, and the schema's own version.

On SQLite writers and readers begin their transactions differently, so each have an engine.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models.base import Base
from models.sqlite import OnlyWriter, Reads, Writes, empty_log, sqlite_engine

MIGRATIONS = Path(__file__).parent / "migrations"


class SchemaMismatch(Exception):
    """The database's schema is not the one this product was made for."""


class Database:
    """One database, PostgreSQL (`postgresql+psycopg://`) or SQLite (`sqlite:///file`)."""

    def __init__(self, url: str, *, busy_seconds: float = 30.0) -> None:
        self.url = make_url(url)
        if self.url.drivername in ("postgresql", "postgres"):
            self.url = self.url.set(drivername="postgresql+psycopg")
        if self.is_sqlite:
            self.engine = sqlite_engine(self.url, Writes, busy_seconds)
            self.reader = sqlite_engine(self.url, Reads, busy_seconds)
        else:
            self.engine = self.reader = _postgres_engine(self.url)
        self._only_writer = OnlyWriter(self.engine, busy_seconds) if self.is_sqlite else None

    @property
    def is_sqlite(self) -> bool:
        """Return whether this is the embedded database."""
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection in a write transaction: committed at the end, rolled back by any exception."""
        if self._only_writer:
            with self._only_writer.transaction() as connection:
                yield connection
            return
        with self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection that only reads; on SQLite it never makes a writer wait."""
        with self.reader.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Give a connection that only reads, and sees one state of the database however long it takes."""
        with self.reader.connect() as connection:
            if not self.is_sqlite:
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Give an ORM session in a write transaction: committed at the end, rolled back by any exception."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    def reading_session(self) -> Session:
        """Return an ORM session that only reads. The caller closes it."""
        return Session(self.reader, expire_on_commit=False)

    def scrub(self) -> None:
        """Let what was erased leave SQLite's write-ahead log too, as far as nobody reads there just now.

        On PostgreSQL that is the work of its own vacuum.
        """
        if self.is_sqlite:
            empty_log(str(self.url.database))

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
        """Return if the schema is the product's own; raise SchemaMismatch with what to do otherwise.

        A database that is not there yet is not made: SQLite would leave an empty file behind.
        """
        if self.is_sqlite and not Path(self.url.database or "").exists():
            raise SchemaMismatch(
                f"There is no database in {self.url.database} yet: run `flask --app wsgi migrate` first."
            )
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


def insert_into(connection: Connection, model: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """Return an INSERT that can say what becomes of a row that is there already, as each database has it."""
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    return make(model)


def _postgres_engine(url: URL) -> Engine:
    return create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=10, hide_parameters=True)
