"""`flask --app wsgi audit …`: the key, a checkpoint now, verifying history, and the audit package."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from config import Settings
from models.database import Database
from models.vocabulary import Role
from web.commands.needs import CannotStart
from web.services import services
from workflow.actors import INSTALLER
from workflow.proof.asking import record_package
from workflow.proof.checkpoints import CutOff, Differs, make_checkpoint, newest, write_outside
from workflow.proof.package import write_package
from workflow.proof.signing import NoKey, SigningKey, make_key, read_key
from workflow.proof.verify import report
from workflow.proof.verifying import Seal, count_links, last_verified, verify_history


@click.group("audit")
def audit() -> None:
    """Prove history: the public key, checkpoints, verification, the audit package."""


@audit.command("key")
@with_appcontext
def key() -> None:
    """Print the public key. Give it to auditors by another way than packages."""
    click.echo(signing_key(services().settings).public)


@audit.command("checkpoint")
@with_appcontext
def checkpoint() -> None:
    """Sign the heads of all chains now, and write checkpoints outside the database."""
    shared = services()
    number = _sealed(shared.database, shared.settings)
    click.echo(f"Checkpoint {number} is signed." if number else "Nothing is new since the last checkpoint.")


@audit.command("verify")
@click.option("--all", "whole", is_flag=True, help="Everything, not only what is new since the last time.")
@with_appcontext
def verify(whole: bool) -> None:
    """Verify history in the database. Ends with 1 where something does not agree."""
    shared = services()
    seal = seal_of(shared.settings)
    with shared.database.read() as connection:
        since = 0 if whole else last_verified(connection)
        total = count_links(connection, since)
    if since:
        click.echo(f"From checkpoint {since} on, which was verified before. --all verifies everything.")
    with click.progressbar(length=total, label="Verifying") as bar:
        history, found = verify_history(
            shared.database,
            seal,
            shared.clock.now(),
            since=since,
            tell=lambda done: bar.update(done - bar.pos),
        )
    report(history, found, click.echo)
    if found:
        raise click.exceptions.Exit(1)


@audit.command("package")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def package(file: Path) -> None:
    """Write the audit package, a ZIP, into a file that is not there yet."""
    shared = services()
    signing, now = signing_key(shared.settings), shared.clock.now()
    if file.exists():
        raise click.ClickException(f"{file} is there already.")
    with shared.database.write() as connection:
        record_package(connection, INSTALLER, now, Role.manager)
    _sealed(shared.database, shared.settings)
    try:
        with file.open("xb") as into, shared.database.snapshot() as connection:
            write_package(connection, signing, now, into)
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written ({error.strerror}).") from None
    click.echo(f"{file} holds all of history. The public key goes another way: {signing.public}")


def signing_key(settings: Settings) -> SigningKey:
    """Return the key that signs checkpoints. Raises CannotStart."""
    try:
        return read_key(settings.signing_key_file)
    except NoKey as missing:
        raise CannotStart(
            f"SIGNING_KEY_FILE: {missing} `flask --app wsgi migrate` makes one for a new installation."
        ) from None


def seal_of(settings: Settings) -> Seal:
    """Return what verifies checkpoints. Raises CannotStart where there is no key."""
    keys = (signing_key(settings).public, *settings.earlier_public_keys)
    return Seal([bytes.fromhex(key) for key in keys], settings.checkpoint_dir)


def bring_key(database: Database, settings: Settings) -> SigningKey:
    """Return the key, made now where an installation never signed anything. Raises CannotStart.

    Where something was signed a lost key is not replaced in silence: its signatures would seem forged.
    """
    with database.read() as connection:
        has_signed = newest(connection) is not None
    if has_signed or settings.signing_key_file.exists():
        return signing_key(settings)
    try:
        return make_key(settings.signing_key_file)
    except OSError as error:
        file = settings.signing_key_file
        raise CannotStart(f"SIGNING_KEY_FILE: {file} cannot be written ({error.strerror}).") from None


def _sealed(database: Database, settings: Settings) -> int | None:
    try:
        number = make_checkpoint(database, signing_key(settings), services().clock.now())
        write_outside(database, settings.checkpoint_dir)
    except (CutOff, Differs) as broken:
        raise click.ClickException(f"{broken} `audit verify --all` tells more.") from None
    except OSError as error:
        folder = settings.checkpoint_dir
        raise click.ClickException(
            f"CHECKPOINT_DIR: {folder} cannot be written ({error.strerror})."
        ) from None
    return number
