"""What a request works with: the services of the app, and what was read of the programme."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from flask import Flask, current_app, g
from sqlalchemy.orm import Session

from config import Settings
from models.database import Database
from models.file_store import FileStore
from models.file_store.local import LocalFiles
from models.programme import Programme
from web.virus_scan import Scanner
from workflow.accounts import DoorPolicy
from workflow.clock import Clock, programme_day
from workflow.passwords import Passwords

_EXTENSION = "cofund"


@dataclass(frozen=True, slots=True)
class Services:
    """The parts every page shares. Made once by `create_app`."""

    settings: Settings
    database: Database
    files: FileStore
    scanner: Scanner | None
    clock: Clock
    passwords: Passwords
    door: DoorPolicy


def provide(app: Flask, offered: Services) -> None:
    """Give an app its services."""
    app.extensions[_EXTENSION] = offered


def file_store(settings: Settings) -> FileStore:
    """Return where an installation keeps its files: in a bucket where one is set, else in a folder."""
    if not settings.s3_bucket:
        return LocalFiles(settings.files_dir)
    # Only here: what speaks S3 takes its time to load, which most installations need not wait for.
    from models.file_store.s3 import S3Files

    return S3Files(
        settings.s3_bucket,
        endpoint_url=settings.s3_endpoint_url,
        region=settings.s3_region,
        access_key_id=settings.s3_access_key_id,
        secret_access_key=settings.s3_secret_access_key.get_secret_value(),
    )


def services() -> Services:
    """Return the services of the present app."""
    return cast(Services, current_app.extensions[_EXTENSION])


def reading() -> Session:
    """Return the request's own session for reading pages. Whatever writes has a transaction of its own."""
    if "reading" not in g:
        g.reading = services().database.reading_session()
    return cast(Session, g.reading)


def read_afresh() -> None:
    """Forget what the request has read so far, so that a page after a write shows what is there now."""
    close_reading()
    g.pop("programme", None)


def programme() -> Programme | None:
    """Return the programme, or None before the installation was set up."""
    if "programme" not in g:
        g.programme = reading().get(Programme, 1)
    return cast(Programme | None, g.programme)


def zone() -> str:
    """Return the name of the programme's time zone; UTC before the installation was set up."""
    running = programme()
    return running.time_zone if running else "UTC"


def now() -> datetime:
    """Return the moment of this request: the same however often it is asked."""
    if "now" not in g:
        g.now = services().clock.now()
    return cast(datetime, g.now)


def today() -> date:
    """Return the calendar day of this request in the programme's zone."""
    return programme_day(now(), zone())


def close_reading(_error: BaseException | None = None) -> None:
    """Close what the request opened for reading."""
    session = g.pop("reading", None)
    if session is not None:
        session.close()
