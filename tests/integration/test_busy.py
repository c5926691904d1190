"""SQLite has one writer at a time: who waits too long for it is told to come back, and nothing breaks."""

import logging
from collections.abc import Iterator
from threading import Event, Thread

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from models.database import Database
from models.failures import log_failure, silence_of
from tests.support.world import World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def impatient(world: World) -> Iterator[Database]:
    """The same database, which is waited for a moment only."""
    database = Database(world.database.url.render_as_string(), busy_seconds=0.02)
    yield database
    database.dispose()


def delete_and_fail(connection: Connection) -> None:
    connection.execute(text("DELETE FROM message"))
    connection.execute(text("SELECT nothing"))


def silence(database: Database) -> str | None:
    """Return what is said of a write that waited too long."""
    with pytest.raises(SQLAlchemyError) as failed, database.write():
        pass
    return silence_of(failed.value)


def test_a_write_behind_another_process_says_that_the_database_is_busy(
    world: World, impatient: Database
) -> None:
    with world.database.write():
        assert silence(impatient) == "database is locked"
    with impatient.write() as connection:
        assert connection.scalar(text("SELECT count(*) FROM partner")) == 1


def test_a_write_behind_another_thread_says_that_the_database_is_busy(impatient: Database) -> None:
    holds, release = Event(), Event()

    def hold() -> None:
        with impatient.write():
            holds.set()
            release.wait(30)

    holder = Thread(target=hold)
    holder.start()
    assert holds.wait(30)
    assert silence(impatient) == "The database is busy: another write takes too long."
    release.set()
    holder.join()
    with impatient.write() as connection:
        assert connection.scalar(text("SELECT count(*) FROM partner")) == 1


def test_a_writer_that_failed_leaves_the_next_a_connection_that_works(world: World) -> None:
    with pytest.raises(DBAPIError) as failed, world.database.write() as connection:
        delete_and_fail(connection)
    assert silence_of(failed.value) is None
    with world.database.write() as connection:
        assert connection.scalar(text("SELECT count(*) FROM partner")) == 1


def test_what_is_busy_is_logged_in_one_line_and_what_is_broken_with_its_trace(
    world: World, impatient: Database, caplog: pytest.LogCaptureFixture
) -> None:
    log = logging.getLogger("tests")
    with world.database.write():
        try:
            with impatient.write():
                pass
        except DBAPIError as error:
            log_failure(log, "The sweep failed", error)
    log_failure(log, "The sweep failed", KeyError("odd"))
    busy, broken = caplog.records
    assert busy.getMessage() == "The sweep failed: database is locked"
    assert (busy.exc_info, broken.exc_info is None) == (None, False)


def test_readers_never_wait_for_a_writer(world: World, impatient: Database) -> None:
    with world.database.write() as connection:
        connection.execute(text("DELETE FROM message"))
        with impatient.read() as reading:
            assert reading.scalar(text("SELECT count(*) FROM partner")) == 1
