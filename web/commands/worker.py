"""`flask --app wsgi worker`: sends what waits in the outbox and does the jobs, until it is asked to stop."""

import logging
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Event

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from config import Settings
from models.failures import log_failure
from notifications.delivery import Summary, deliver_due
from notifications.mail import Mailer
from notifications.smtp import Security, SmtpMailer, SmtpServer
from web.services import Services, services
from workflow.bulk import DOERS
from workflow.heartbeats import EVERY as BEAT_EVERY
from workflow.heartbeats import beat
from workflow.imports.doing import import_doers
from workflow.jobs import Doers, work_off
from workflow.proof.doing import Signer, proof_doers
from workflow.sampling.doing import sampling_doers
from workflow.searches.making import export_doers

EVERY = 2.0
"""Seconds between two looks at what waits."""

log = logging.getLogger(__name__)


@click.command("worker")
@click.option("--once", is_flag=True, help="Do what is due now, and end.")
@with_appcontext
def worker(once: bool) -> None:
    """Send the mail and do the jobs that wait, until SIGTERM or Ctrl-C. Any number may run."""
    shared, ending = services(), Event()
    mailer = mailer_of(shared.settings)
    if once:
        _work(shared, mailer, ending.is_set)
        return
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ending.set())
    stopping = heard_of(shared, ending)
    while not ending.is_set():
        try:
            stopping()
            _work(shared, mailer, stopping)
        except SQLAlchemyError as error:
            log_failure(log, "What waits cannot be read now", error)
        ending.wait(EVERY)


def mailer_of(settings: Settings) -> Mailer | None:
    """Return what sends mail by these settings, or None where mail is off."""
    if not settings.smtp_host:
        return None
    return SmtpMailer(
        SmtpServer(
            host=settings.smtp_host,
            port=settings.smtp_port,
            sender=settings.mail_from,
            security=Security(settings.smtp_tls),
            username=settings.smtp_user,
            password=settings.smtp_password.get_secret_value(),
        )
    )


def heard_of(shared: Services, ending: Event) -> Callable[[], bool]:
    """Return what says whether to stop, and leaves word that this worker lives as it is asked that."""
    seen_at = datetime.min.replace(tzinfo=UTC)

    def stopping() -> bool:
        nonlocal seen_at
        if shared.clock.now() - seen_at >= BEAT_EVERY:
            seen_at = shared.clock.now()
            beat(shared.database, seen_at, part="worker")
        return ending.is_set()

    return stopping


def _work(shared: Services, mailer: Mailer | None, stopping: Callable[[], bool]) -> None:
    _tell(_deliver_all(shared, mailer, stopping))
    work_off(shared.database, doers_of(shared), shared.clock.now, stopping)


def doers_of(shared: Services) -> Doers:
    """Return how every kind of job is done with the services of an installation."""
    chosen = shared.settings
    signer = Signer(chosen.signing_key_file, chosen.checkpoint_dir, chosen.earlier_public_keys)
    return {
        **DOERS,
        **import_doers(shared.files, shared.door.link_life),
        **proof_doers(signer, shared.files),
        **sampling_doers(signer),
        **export_doers(shared.files),
    }


def _deliver_all(shared: Services, mailer: Mailer | None, stopping: Callable[[], bool]) -> Summary:
    total, more = Summary(), True
    while more and not stopping():
        part = deliver_due(
            shared.database, mailer, shared.settings.base_url, shared.clock.now, stopping=stopping
        )
        total, more = total.plus(part), part.more
    return total


def _tell(done: Summary) -> None:
    if done.did_anything:
        click.echo(
            f"Sent {done.sent}, to be tried again {done.delayed}, failed {done.failed}, off {done.off}."
        )
