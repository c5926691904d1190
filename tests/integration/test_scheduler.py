"""Timed work is done by one scheduler of many, by the next one when it goes, and whatever a duty does."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from threading import Event

import pytest
from sqlalchemy import text

from models.database import Database
from workflow.clock import SettableClock
from workflow.scheduler import Duty, run

SECONDS = 60.0
NEVER = {"year": "2000"}


class Ending(Event):
    """Ends a scheduler; until then it makes its pauses short, and tells when one begins."""

    def __init__(self) -> None:
        super().__init__()
        self.pauses = Event()

    def wait(self, timeout: float | None = None) -> bool:
        self.pauses.set()
        return super().wait(0.01)


class Recorder:
    """A duty that notes each moment it was given, and tells that it ran."""

    def __init__(self) -> None:
        self.moments: list[datetime] = []
        self.ran = Event()

    def __call__(self, database: Database, now: datetime) -> None:
        self.moments.append(now)
        self.ran.set()

    def duty(self, **at: str) -> Duty:
        return Duty("recorder", self, at or NEVER)


@contextmanager
def scheduler(
    database: Database, clock: SettableClock, *duties: Duty
) -> Iterator[tuple[Ending, Future[None]]]:
    """A scheduler in a thread, which is ended and waited for."""
    ending = Ending()
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(run, database, duties, clock, ending)
        try:
            yield ending, running
        finally:
            ending.set()
            running.result(SECONDS)


def test_every_job_runs_at_the_start_with_the_time_of_the_clock(
    database: Database, clock: SettableClock
) -> None:
    recorder = Recorder()
    with scheduler(database, clock, recorder.duty()):
        assert recorder.ran.wait(SECONDS)
    assert recorder.moments == [clock.now()]


def test_a_job_runs_again_when_its_time_comes(database: Database, clock: SettableClock) -> None:
    recorder = Recorder()
    with scheduler(database, clock, recorder.duty(second="*")):
        for _ in range(2):
            assert recorder.ran.wait(SECONDS)
            recorder.ran.clear()


def test_a_job_that_fails_is_logged_and_stops_no_other(
    database: Database, clock: SettableClock, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(database: Database, now: datetime) -> None:
        raise RuntimeError("not today")

    recorder = Recorder()
    with scheduler(database, clock, Duty("failing", fails, NEVER), recorder.duty()):
        assert recorder.ran.wait(SECONDS)
    assert "The duty failing failed" in caplog.text


def test_of_two_schedulers_one_works_and_the_other_takes_over(
    database: Database, clock: SettableClock
) -> None:
    first, second = Recorder(), Recorder()
    with scheduler(database, clock, first.duty()) as (leading, led):
        assert first.ran.wait(SECONDS)
        with scheduler(database, clock, second.duty()) as (standing_by, _):
            assert standing_by.pauses.wait(SECONDS)
            standing_by.pauses.clear()
            assert standing_by.pauses.wait(SECONDS)
            assert second.moments == []
            leading.set()
            led.result(SECONDS)
            assert second.ran.wait(SECONDS)
    assert (len(first.moments), len(second.moments)) == (1, 1)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_leader_that_lost_its_lock_steps_down_and_asks_again(
    database: Database, clock: SettableClock
) -> None:
    recorder = Recorder()
    with scheduler(database, clock, recorder.duty()):
        assert recorder.ran.wait(SECONDS)
        recorder.ran.clear()
        with database.write() as connection:
            ended = connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database d ON database = d.oid "
                    "WHERE locktype = 'advisory' AND datname = current_database()"
                )
            ).all()
        assert len(ended) == 1
        assert recorder.ran.wait(SECONDS)


def test_a_database_that_does_not_answer_is_a_line_and_asked_again(
    clock: SettableClock, caplog: pytest.LogCaptureFixture
) -> None:
    with scheduler(Database("postgresql://nobody@127.0.0.1:1/nothing"), clock) as (ending, _):
        for _ in range(2):
            assert ending.pauses.wait(SECONDS)
            ending.pauses.clear()
    assert {record.exc_info for record in caplog.records} == {None}
    assert {record.getMessage().partition(":")[0] for record in caplog.records} == {
        "The database does not answer"
    }
