"""`flask --app wsgi serve`: the whole product on this machine, in the foreground. `make run` is this.

It brings what is not set: a secret and an embedded database with the demo, both kept in the data folder.
"""

import fcntl
import secrets
import shutil
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy import make_url

from config import PRODUCT, Settings, WrongSettings, environment_with, read_settings
from models.database import Database
from models.programme import Programme
from web.commands.audit import bring_key
from web.commands.needs import CannotStart, at_the_database, check_files, check_schema
from web.commands.supervisor import Part, run_together
from web.demo.loading import load_demo
from web.demo.sign_ins import DEMO_PASSWORD, SIGN_INS
from web.services import file_store
from workflow.clock import SystemClock
from workflow.passwords import Passwords

HOST = "127.0.0.1"
SECRET_FILE = "secret-key"
LOCK_FILE = "running"
GUNICORN = (
    *("--worker-class", "gthread", "--workers", "1", "--threads", "8"),
    *("--forwarder-headers", ""),
    *("--no-control-socket", "--graceful-timeout", "5", "--log-level", "warning"),
)


@click.command("serve")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="The port to serve on."
)
def serve(port: int) -> None:
    """Serve the product on this machine with its scheduler and worker, until Ctrl-C."""
    settings = local_settings(port)
    with _alone_in(settings.data_dir), _listener(port) as listener:
        _prepare(settings)
        environment = environment_with(
            SECRET_KEY=settings.secret_key.get_secret_value(), BASE_URL=settings.base_url
        )
        line = run_together(_parts(listener), listener, environment, PRODUCT, lambda: _greet(settings))
    if line is not None:
        raise click.ClickException(line)
    click.echo("Cofund has stopped.")


@click.command("demo-reset")
def demo_reset() -> None:
    """Throw the demo away and load it afresh."""
    settings = local_settings()
    if not settings.is_embedded:
        raise click.ClickException("DATABASE_URL is set: the demo lives in the embedded database only.")
    with _alone_in(settings.data_dir):
        _refuse_to_lose_real_data(settings)
        for file in settings.data_dir.glob("cofund.db*"):
            file.unlink()
        if "checkpoint_dir" not in settings.model_fields_set:
            shutil.rmtree(settings.checkpoint_dir, ignore_errors=True)
        if "files_dir" not in settings.model_fields_set:
            shutil.rmtree(settings.files_dir, ignore_errors=True)
        _prepare(settings)
    click.echo("The demo is as on its first day.")


def local_settings(port: int = 8000) -> Settings:
    """Return the environment's settings; a secret that is not set is made once and kept."""
    address = f"http://{HOST}:{port}"
    fresh = secrets.token_urlsafe(48)
    try:
        settings = read_settings(secret_key=fresh, base_url=address)
        if settings.secret_key.get_secret_value() != fresh:
            return settings
        return read_settings(secret_key=_kept_secret(settings.data_dir, fresh), base_url=address)
    except WrongSettings as wrong:
        raise CannotStart(str(wrong)) from None


def _kept_secret(folder: Path, fresh: str) -> str:
    """Return the secret that the data folder keeps, which is the fresh one where it keeps none yet."""
    file = folder / SECRET_FILE
    if not file.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(fresh)
    return file.read_text()


def _prepare(settings: Settings) -> None:
    """Bring the embedded database to this product's schema, a new one with the demo. Others must be ready."""
    if settings.is_embedded and not _embedded(settings).exists():
        _make_demo(settings)
    database = Database(settings.database_url)
    if settings.is_embedded:
        with at_the_database(database):
            database.migrate()
        bring_key(database, settings)
    check_schema(database)


def _make_demo(settings: Settings) -> None:
    """Make the embedded database with the demo in it; half a demo never gets its name."""
    files = file_store(settings)
    check_files(files)
    click.echo("Loading the demo programme …")
    unfinished = settings.data_dir / "unfinished.db"
    for left in settings.data_dir.glob(f"{unfinished.name}*"):
        left.unlink()
    database = Database(f"sqlite:///{unfinished}")
    database.migrate()
    passwords = Passwords(time_cost=settings.argon2_rounds, memory_kib=settings.argon2_memory_kib)
    hashed = passwords.hash(DEMO_PASSWORD)
    load_demo(database, files, SystemClock().now(), hashed)
    database.dispose()
    unfinished.rename(_embedded(settings))


def _refuse_to_lose_real_data(settings: Settings) -> None:
    if _embedded(settings).exists() and _holds_demo(settings) is False:
        raise click.ClickException(f"{_embedded(settings)} holds a real programme. It is left as it is.")


def _holds_demo(settings: Settings) -> bool | None:
    """Return whether the programme is a demo, or None where there is no programme."""
    database = Database(settings.database_url)
    try:
        with database.reading_session() as session:
            programme = session.get(Programme, 1)
    finally:
        database.dispose()
    return programme.is_demo if programme else None


def _embedded(settings: Settings) -> Path:
    return Path(make_url(settings.database_url).database or "")


def _parts(listener: socket.socket) -> tuple[Part, ...]:
    flask = (sys.executable, "-m", "flask", "--app", "wsgi")
    return (
        Part(
            "server",
            (sys.executable, "-m", "gunicorn", *GUNICORN, "--bind", f"fd://{listener.fileno()}", "wsgi:app"),
        ),
        Part("scheduler", (*flask, "scheduler")),
        Part("notification worker", (*flask, "worker")),
    )


def _greet(settings: Settings) -> None:
    click.echo(f"Cofund is at {settings.base_url}. Ctrl-C ends it.")
    if not _holds_demo(settings):
        return
    click.echo(f"It is a demo. The password of all of these is “{DEMO_PASSWORD}”:")
    for person in SIGN_INS:
        click.echo(f"  {person.email:<26}{person.name}, {person.role.value}: {person.what}")


@contextmanager
def _listener(port: int) -> Iterator[socket.socket]:
    """Give a listening socket on this machine. A busy port is one line."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
            listener.listen()
        except OSError as error:
            raise click.ClickException(
                f"Port {port} is not to be had ({error.strerror}). Another: `make run PORT={port + 1}`."
            ) from None
        yield listener


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Hold the data folder for this process alone, until it ends in any way."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / LOCK_FILE).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise click.ClickException(f"Cofund is running already with the data in {folder}.") from None
        yield
