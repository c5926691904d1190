"""What every test may ask for: a clock that stands still, settings, a fresh database on each engine.

A test that needs one engine only says `@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)`.
"""

import gc
import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings
from pydantic import SecretStr

from config import Settings
from models.database import Database
from tests.support.databases import Postgres, Sqlite, own_server, share_compiled_statements
from tests.support.object_store import ObjectStore
from tests.support.world import MIDDAY, Beginning, World, founded, nothing_happened, world_in
from workflow.clock import SettableClock

hypothesis_settings.register_profile("cofund", deadline=None, derandomize=True)
hypothesis_settings.load_profile("cofund")
share_compiled_statements()

ENGINES = ("sqlite", "postgresql")


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Look for garbage among what tests make, not again and again among all modules: a sixth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let nothing be skipped silently: a test that cannot run has failed."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{report.longrepr}: bring what the test needs, or take it out"
    return report


@pytest.fixture
def clock() -> SettableClock:
    """A clock that stands at MIDDAY until the test moves it."""
    return SettableClock(MIDDAY)


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Sqlite:
    """The embedded database: files to copy."""
    return Sqlite(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres(testrun_uid: str) -> Iterator[Postgres]:
    """A real PostgreSQL server: the one TEST_DATABASE_URL names, else one that this run brings."""
    postgres = Postgres(os.environ.get("TEST_DATABASE_URL") or own_server(testrun_uid))
    yield postgres
    postgres.close()


@pytest.fixture
def beginning() -> Beginning:
    """What happened in the world before a test; done once, for all tests whose file says the same."""
    return nothing_happened


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path, beginning: Beginning) -> Iterator[str]:
    """The address of a fresh, migrated database: the test runs once on SQLite and once on PostgreSQL.

    Where the test asks for the world, it is in there.
    """
    engine = _engine(request, request.param)
    template = founded(engine, beginning).template if "world" in request.fixturenames else None
    with engine.copy(tmp_path, template) as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh, migrated database: the test runs once on SQLite and once on PostgreSQL."""
    database = Database(database_url)
    yield database
    database.dispose()


@pytest.fixture
def world(
    request: pytest.FixtureRequest, database: Database, clock: SettableClock, beginning: Beginning
) -> World:
    """A programme with somebody in every role and one partner that may claim."""
    return world_in(database, clock, founded(_engine(request, database.engine.dialect.name), beginning))


@pytest.fixture(scope="session")
def s3() -> Iterator[ObjectStore]:
    """A real S3 server; a test asks for `object_store` instead."""
    store = ObjectStore()
    yield store
    store.stop()


@pytest.fixture
def object_store(s3: ObjectStore) -> ObjectStore:
    """A real S3 server with one empty bucket."""
    s3.begin()
    return s3


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings of an installation on the test's database, with passwords that are cheap to hash."""
    return Settings(
        secret_key=SecretStr("a secret that only the tests know, and nobody else"),
        data_dir=tmp_path,
        database_url=database_url,
        argon2_memory_kib=8,
    )


def _engine(request: pytest.FixtureRequest, dialect: str) -> Sqlite | Postgres:
    found: Sqlite | Postgres = request.getfixturevalue(
        {"sqlite": "sqlite", "postgresql": "postgres"}[dialect]
    )
    return found
