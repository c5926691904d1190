"""Timed work from the command line: the sweep by hand, and schedulers as real processes."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from config import PRODUCT, Settings
from models.database import Database
from models.history import RefusedAttempt
from models.messages import Message
from models.people import Partner, SignInLock, SingleUseLink, UserSession
from models.vocabulary import MessageKind, State, Trigger
from tests.functional.conftest import SignIn
from tests.functional.test_start import FLASK, SECONDS, SECRET, environment
from tests.support.pages import Browser
from tests.support.world import World, make_world
from web.commands import timed_work
from web.services import file_store
from workflow.acts.users import invite
from workflow.attempt import Command
from workflow.clock import SettableClock
from workflow.heartbeats import silent_parts
from workflow.proof.signing import SigningKey, make_key
from workflow.refusals import Problem, Refused
from workflow.refused_attempts import remember

SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def key(settings: Settings) -> SigningKey:
    return make_key(settings.signing_key_file)


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
    assert expire(args=["expire", "--dry-run"]).output == "Nothing expires tonight.\n"


def test_a_sweep_with_failures_ends_with_an_error(
    app: Flask, lapsing: tuple[World, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("no")

    lapsing[0].clock.advance(timedelta(days=1))
    monkeypatch.setattr("workflow.expiry.write", fails)
    ran = app.test_cli_runner().invoke(args=["expire"])
    assert (ran.exit_code, ran.output.splitlines()[-1]) == (1, "Expired 0, failed 1.")


def test_the_jobs_do_their_work(settings: Settings, lapsing: tuple[World, int], clock: SettableClock) -> None:
    world, claim_id = lapsing
    do_all(settings, world.database, clock.now())
    assert world.claim(claim_id).state is State.submitted
    clock.advance(timedelta(days=1))
    do_all(settings, world.database, clock.now())
    assert world.claim(claim_id).state is State.expired
    with world.database.read() as connection:
        assert "scheduler" not in silent_parts(connection, clock.now())


def test_contacts_are_warned_on_the_days_of_the_setting(
    settings: Settings, lapsing: tuple[World, int], clock: SettableClock
) -> None:
    world, _ = lapsing
    last_day = clock.now()
    chosen = settings.model_copy(update={"warn_days": (45, 3)})
    for days in (90, 46, 45, 30, 14, 4, 3, 1):
        do_all(chosen, world.database, last_day - timedelta(days=days))
    with world.database.read() as connection:
        figures = connection.scalars(
            select(Message.figures)
            .where(Message.kind == MessageKind.certificate_warning)
            .order_by(Message.id)
        ).all()
    assert [one["days"] for one in figures] == [45, 3]


def test_what_has_ended_is_pruned_and_what_lasts_is_kept(
    app: Flask, settings: Settings, world: World, sign_in: SignIn, clock: SettableClock
) -> None:
    began = clock.now()
    early = sign_in(world.people["anna"])
    link = invited(world, "bob", began)
    Browser(app.test_client()).open("/sign-in").submit("/sign-in", email="who@else.example", password="x")
    clock.advance(timedelta(hours=6))
    late = sign_in(world.people["dan"])
    assert kept(world.database) == (2, 1, 1)

    do_all(settings, world.database, began + timedelta(hours=12) - SECOND)
    assert kept(world.database) == (2, 1, 1)
    do_all(settings, world.database, began + timedelta(hours=12))
    assert kept(world.database) == (1, 1, 1)
    assert late.open("/account").status == 200
    assert early.open("/account").location.startswith("/sign-in")

    do_all(settings, world.database, began + timedelta(days=1))
    assert kept(world.database) == (0, 1, 0)
    do_all(settings, world.database, link + timedelta(days=30) - SECOND)
    assert kept(world.database) == (0, 1, 0)
    do_all(settings, world.database, link + timedelta(days=30))
    assert kept(world.database) == (0, 0, 0)


def do_all(settings: Settings, database: Database, moment: datetime) -> None:
    for duty in timed_work.duties(settings, file_store(settings)):
        duty.work(database, moment)


def invited(world: World, name: str, now: datetime) -> datetime:
    """Send somebody a link, and return when it ends."""
    user_id, life = world.people[name].user_id, timedelta(days=3)
    assert user_id is not None
    with world.database.write() as connection:
        invite(connection, world.people["mia"], now, user_id, life)
    return now + life


def kept(database: Database) -> tuple[int, ...]:
    """Return how many sessions, links and counts of failures are stored."""
    with database.read() as connection:
        return tuple(
            len(connection.execute(select(kind.__table__)).all())
            for kind in (UserSession, SingleUseLink, SignInLock)
        )


@pytest.mark.parametrize("days", [30, 90])
def test_refused_attempts_are_kept_for_the_days_of_the_setting(
    world: World, settings: Settings, days: int
) -> None:
    claim_id = world.draft()
    for ago in (days + 1, days - 1):
        command = Command(claim_id, Trigger.approve, world.people["eve"], f"key-{ago}")
        remember(
            world.database, command, Refused(Problem("not_yours")), world.clock.now() - timedelta(days=ago)
        )
    do_all(settings.model_copy(update={"refused_attempts_days": days}), world.database, world.clock.now())
    with world.database.read() as connection:
        [at] = connection.scalars(select(RefusedAttempt.at))
    assert at == world.clock.now() - timedelta(days=days - 1)


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


def test_the_import_folder_is_looked_at_each_night_where_one_is_set(
    settings: Settings, world: World, tmp_path: Path
) -> None:
    (tmp_path / "partners.csv").write_text("name,type,country\nWeser,vap,NL\n")
    do_all(settings, world.database, datetime.now(UTC) + timedelta(minutes=2))
    with world.database.read() as connection:
        assert connection.scalar(select(func.count(Partner.id))) == 1
    chosen = settings.model_copy(update={"import_dir": tmp_path})
    do_all(chosen, world.database, datetime.now(UTC) + timedelta(minutes=2))
    with world.database.read() as connection:
        assert connection.scalar(select(func.count(Partner.id))) == 2
