"""Timed work from the command line: the sweep by hand, and schedulers as real processes."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from config import PRODUCT
from models.database import Database
from models.vocabulary import State
from tests.functional.test_start import FLASK, SECONDS, SECRET, environment
from tests.support.world import World, make_world
from web.commands import timed_work
from workflow.clock import SettableClock


@pytest.fixture
def lapsing(database: Database, clock: SettableClock) -> tuple[World, int]:
    """A world with one submitted claim, a day before its partner's certification ends for good."""
    world = make_world(database, clock)
    claim_id = world.draft()
    world.move(claim_id, "submit", "anna")
    clock.set(clock.now().replace(month=12, day=31))
    return world, claim_id


def test_the_dry_run_lists_and_the_sweep_expires(
    app: Flask, lapsing: tuple[World, int], clock: SettableClock
) -> None:
    world, claim_id = lapsing
    expire = app.test_cli_runner().invoke
    listed = expire(args=["expire", "--dry-run"])
    assert (listed.exit_code, listed.output) == (0, "2026H1-00001  submitted  not certified on 2027-01-01\n")
    assert expire(args=["expire"]).output == "Expired 0, failed 0.\n"

    clock.advance(timedelta(days=1))
    assert expire(args=["expire"]).output == "Expired 1, failed 0.\n"
    assert world.claim(claim_id).state is State.expired
    assert expire(args=["expire", "--dry-run"]).output == ""


def test_a_sweep_with_failures_ends_with_an_error(
    app: Flask, lapsing: tuple[World, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("no")

    lapsing[0].clock.advance(timedelta(days=1))
    monkeypatch.setattr("workflow.expiry.write", fails)
    ran = app.test_cli_runner().invoke(args=["expire"])
    assert (ran.exit_code, ran.output.splitlines()[-1]) == (1, "Expired 0, failed 1.")


def test_the_jobs_do_their_work(app: Flask, lapsing: tuple[World, int], clock: SettableClock) -> None:
    world, claim_id = lapsing
    for job in timed_work.jobs(app.extensions["cofund"].settings):
        job.work(world.database, clock.now())
    assert world.claim(claim_id).state is State.submitted
    clock.advance(timedelta(days=1))
    for job in timed_work.jobs(app.extensions["cofund"].settings):
        job.work(world.database, clock.now())
    assert world.claim(claim_id).state is State.expired


@contextmanager
def scheduler(url: str, folder: Path) -> Iterator["subprocess.Popen[str]"]:
    """A scheduler in a process of its own, killed at the end if it still runs."""
    process = subprocess.Popen(
        [*FLASK, "scheduler"],
        cwd=PRODUCT,
        env=environment(folder, DATABASE_URL=url, SECRET_KEY=SECRET),
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        yield process
        process.kill()


def says(process: "subprocess.Popen[str]", words: str) -> bool:
    """Read what a process logs until a line holds these words; return whether one did."""
    assert process.stderr is not None
    return any(words in line for line in process.stderr)


def test_when_the_leading_scheduler_is_killed_the_one_that_stood_by_takes_over(
    database: Database, database_url: str, clock: SettableClock, tmp_path: Path
) -> None:
    make_world(database, clock)
    with scheduler(database_url, tmp_path) as first:
        assert says(first, "This scheduler leads")
        with scheduler(database_url, tmp_path) as second:
            assert says(second, "standing by")
            first.kill()
            assert says(second, "This scheduler leads")
            second.send_signal(signal.SIGTERM)
            assert second.wait(SECONDS) == 0
