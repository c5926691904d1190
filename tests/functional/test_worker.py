"""`flask --app wsgi worker` sends what is due and ends when it is asked to."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select, update

from config import PRODUCT, Settings
from models.database import Database
from models.messages import Message
from models.vocabulary import Delivery, MessageKind, Role
from tests.functional.conftest import OtherApp
from tests.support.databases import Postgres
from tests.support.factories import Factory
from tests.support.mail import RunningServer, mail_server
from web.commands.worker import heard_of
from workflow.clock import SettableClock
from workflow.heartbeats import silent_parts

LINK = {"path": "/set-password/secret-token", "ends_at": "2999-01-01T00:00:00+00:00"}


@pytest.fixture
def message(make: Factory, clock: SettableClock) -> int:
    """The id of an invitation that is due."""
    row = {
        "key": "link",
        "user_id": make.user("Bob", Role.approver).id,
        "kind": MessageKind.invitation,
        "figures": LINK,
        "created_at": clock.now(),
        "delivery": Delivery.waiting,
        "due_at": clock.now(),
        "attempts": 0,
    }
    with make.database.write() as connection:
        return int(connection.execute(insert(Message).values(**row).returning(Message.id)).scalar_one())


def row_of(database: Database, message: int) -> Any:
    with database.read() as connection:
        return connection.execute(select(Message.__table__).where(Message.id == message)).one()


def mail_settings(server: RunningServer) -> dict[str, Any]:
    return {
        "smtp_host": "127.0.0.1",
        "smtp_port": server.port,
        "smtp_tls": "none",
        "mail_from": "fund@vendor.example",
    }


def test_once_sends_what_is_due_and_ends(other_app: OtherApp, database: Database, message: int) -> None:
    with mail_server() as server:
        ran = other_app(**mail_settings(server)).test_cli_runner().invoke(args=["worker", "--once"])
        assert (ran.exit_code, ran.output) == (0, "Sent 1, to be tried again 0, failed 0, off 0.\n")
        (mail,) = server.letterbox.mails
        assert mail["To"] == "Bob <bob@vendor.example>"
    assert row_of(database, message).delivery is Delivery.sent


def test_once_with_nothing_due_says_nothing(other_app: OtherApp, make: Factory) -> None:
    with mail_server() as server:
        ran = other_app(**mail_settings(server)).test_cli_runner().invoke(args=["worker", "--once"])
    assert (ran.exit_code, ran.output) == (0, "")


def test_without_a_mail_server_mail_is_off(other_app: OtherApp, database: Database, message: int) -> None:
    ran = other_app().test_cli_runner().invoke(args=["worker", "--once"])
    assert (ran.exit_code, ran.output) == (0, "Sent 0, to be tried again 0, failed 0, off 1.\n")
    assert row_of(database, message).delivery is Delivery.off


@contextmanager
def started(settings: Settings, server: RunningServer) -> Iterator["subprocess.Popen[str]"]:
    """A worker of its own process on the test's database, killed at the end."""
    ours = {name.upper() for name in Settings.model_fields}
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    environment |= {name.upper(): str(value) for name, value in mail_settings(server).items()}
    environment |= {
        "SECRET_KEY": "k2Jv9sQx7RmL4tWz8NbY3hGf6DcP1aEu",
        "DATABASE_URL": settings.database_url,
        "DATA_DIR": str(settings.data_dir),
    }
    worker = subprocess.Popen(
        (sys.executable, "-m", "flask", "--app", "wsgi", "worker"),
        cwd=PRODUCT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield worker
    finally:
        worker.kill()
        worker.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_worker_runs_until_it_is_asked_to_end(
    settings: Settings, database: Database, message: int, number: signal.Signals
) -> None:
    with mail_server() as server, started(settings, server) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "Sent 1, to be tried again 0, failed 0, off 0.\n"
        worker.send_signal(number)
        out, err = worker.communicate(timeout=60)
    assert (worker.returncode, out, err) == (0, "", "")
    assert row_of(database, message).delivery is Delivery.sent
    with database.read() as connection:
        assert "worker" not in silent_parts(connection, datetime.now(UTC)), "it leaves word that it lives"


def test_a_worker_leaves_word_while_it_does_what_takes_long(
    app: Flask, database: Database, clock: SettableClock
) -> None:
    """Whatever takes long asks again and again whether to stop."""
    shared, ending = app.extensions["cofund"], Event()
    stopping = heard_of(shared, ending)
    for _minute in range(10):
        assert not stopping()
        clock.advance(timedelta(minutes=1))
    with database.read() as connection:
        assert "worker" not in silent_parts(connection, clock.now())
    ending.set()
    assert stopping()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_worker_outlives_its_database_and_says_so_in_a_line(
    settings: Settings, database: Database, message: int, postgres: Postgres
) -> None:
    name = str(database.url.database)
    with mail_server() as server, started(settings, server) as worker:
        assert worker.stdout is not None
        assert worker.stderr is not None
        assert worker.stdout.readline().startswith("Sent 1")
        postgres.shut(name)
        assert worker.stderr.readline().startswith("What waits cannot be read now: ")
        postgres.open(name)
        with database.write() as connection:
            waiting = {"delivery": Delivery.waiting, "due_at": Message.created_at}
            connection.execute(update(Message).values(waiting))
        assert worker.stdout.readline().startswith("Sent 1")
        worker.send_signal(signal.SIGTERM)
        _, err = worker.communicate(timeout=60)
    assert "Traceback" not in err
    assert worker.returncode == 0
