"""`flask --app wsgi scheduler` does all timed work; `flask --app wsgi expire` does the sweep alone, now."""

import logging
import signal
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Event

import click
from flask.cli import with_appcontext

from config import Settings
from models.database import Database
from models.file_store import FileStore
from web.commands.audit import seal_of, signing_key
from web.services import services
from workflow import accounts, refused_attempts
from workflow.acts.absences import settle
from workflow.certificate_warnings import warn
from workflow.chasing import chase
from workflow.erasure.due import erase_due, finish
from workflow.expiry import Due, dry_run, sweep
from workflow.heartbeats import beat
from workflow.imports.folder import import_folder
from workflow.imports.forgetting import forget_imports
from workflow.proof.checkpoints import CutOff, Differs, make_checkpoint, write_outside
from workflow.proof.forgetting import forget_packages
from workflow.proof.signing import SigningKey
from workflow.proof.verifying import alarm, verify_nightly
from workflow.scheduler import Duty, run
from workflow.searches.exports import forget_exports
from workflow.uploads import forget_uploads

BECAUSE = {
    "certification": "not certified on {day}",
    "report_within_days": "the report was due on {day}",
}


def duties(settings: Settings, files: FileStore) -> tuple[Duty, ...]:
    """Return all timed work.

    Zones differ from UTC by whole quarters of an hour, so expiry and warnings come a minute after each.
    Raises CannotStart where there is no key to sign checkpoints with.
    """
    key = signing_key(settings)
    return (
        *_imports(settings, files),
        Duty("heartbeat", partial(beat, part="scheduler"), {"minute": "*"}),
        Duty("expiry", sweep, {"minute": "1,16,31,46"}),
        Duty("absences", settle, {"minute": "0,15,30,45"}),
        Duty("warnings", partial(warn, warn_days=settings.warn_days), {"minute": "2,17,32,47"}),
        Duty("reminders", chase, {"minute": "3,18,33,48"}),
        Duty("checkpoint", partial(_seal, key=key, folder=settings.checkpoint_dir), {"minute": "5"}),
        Duty("verification", partial(verify_nightly, seal=seal_of(settings)), {"hour": "2", "minute": "20"}),
        Duty("erasure", partial(erase_due, files=files), {"hour": "1", "minute": "30"}),
        Duty("refused attempts", partial(_prune, days=settings.refused_attempts_days), {"minute": "40"}),
        Duty("sign-ins", accounts.prune, {"minute": "50"}),
        Duty("old imports", forget_imports, {"minute": "52", "hour": "3"}),
        Duty("old exports", forget_exports, {"minute": "53"}),
        Duty("old packages", forget_packages, {"minute": "53"}),
        Duty("uploads", forget_uploads, {"minute": "54"}),
        Duty("loose files", partial(finish, files=files), {"minute": "55"}),
    )


def _imports(settings: Settings, files: FileStore) -> tuple[Duty, ...]:
    """Return the nightly import, where a folder is set."""
    if settings.import_dir is None:
        return ()
    life = timedelta(hours=settings.link_hours)
    work = partial(import_folder, folder=settings.import_dir, files=files, link_life=life)
    return (Duty("imports", work, {"minute": "20", "hour": "2"}),)


@click.command("scheduler")
@with_appcontext
def scheduler() -> None:
    """Do timed work until SIGTERM or Ctrl-C. Start it on any number of nodes: one leads, others stand by."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    logging.getLogger("transitions").setLevel(logging.WARNING)
    shared, ending = services(), Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ending.set())
    run(shared.database, duties(shared.settings, shared.files), shared.clock, ending)


@click.command("expire")
@click.option("--dry-run", "dry", is_flag=True, help="Change nothing: list what tonight will expire.")
@with_appcontext
def expire(dry: bool) -> None:
    """Expire every claim whose partner's certification has lapsed or whose report is overdue."""
    shared = services()
    if dry:
        due = dry_run(shared.database, shared.clock.now())
        click.echo("\n".join(map(_line, due)) or "Nothing expires tonight.")
        return
    done = sweep(shared.database, shared.clock.now())
    click.echo(f"Expired {done.expired}, failed {done.failed}.")
    if done.failed:
        raise click.exceptions.Exit(1)


def _seal(database: Database, now: datetime, key: SigningKey, folder: Path) -> None:
    """Make a checkpoint and write it outside; what must not be signed alarms auditors and managers."""
    try:
        make_checkpoint(database, key, now)
        write_outside(database, folder)
    except (CutOff, Differs) as broken:
        alarm(database, str(broken), now)
        raise


def _line(due: Due) -> str:
    return f"{due.number}  {due.state:<10} {BECAUSE[due.because].format(day=due.day)}"


def _prune(database: Database, now: datetime, days: int) -> None:
    refused_attempts.prune(database, now - timedelta(days=days))
