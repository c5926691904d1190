"""Counts tries against an address, so that guessing ends early; unknown addresses count alike."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, case, delete, select

from models.database import insert_into
from models.people import SignInLock

SIGN_IN = "sign-in"
RESET = "reset"
PRESENT = "present password"


@dataclass(frozen=True, slots=True)
class Limit:
    """After `tries` within `pause` of each other, none is admitted until `pause` has passed."""

    tries: int
    pause: timedelta


RESETS = Limit(tries=3, pause=timedelta(hours=1))
"""How many mails with a reset link one address can be sent."""


def admit(connection: Connection, purpose: str, limit: Limit, email: str, now: datetime) -> datetime | None:
    """Count a try and return None, or return until when no try is admitted.

    Counted before the password is looked at, so that many tries at once gain nothing.
    """
    row = SignInLock.__table__.c
    key = _key(purpose, email)
    fresh = row.last_failed_at <= now - limit.pause
    counted = case((fresh, 1), else_=row.failures + 1)
    connection.execute(
        insert_into(connection, SignInLock)
        .values(email_hash=key, failures=1, last_failed_at=now, locked_until=None)
        .on_conflict_do_update(
            index_elements=[row.email_hash],
            set_={
                "failures": counted,
                "last_failed_at": now,
                "locked_until": case((counted > limit.tries, now + limit.pause), else_=None),
            },
            where=(row.locked_until.is_(None)) | (row.locked_until <= now),
        )
    )
    until = connection.scalar(select(row.locked_until).where(row.email_hash == key))
    return until if until is not None and until > now else None


def clear(connection: Connection, purpose: str, email: str) -> None:
    """Forget the tries against an address."""
    connection.execute(delete(SignInLock).where(SignInLock.email_hash == _key(purpose, email)))


def locked_until(connection: Connection, email: str, now: datetime) -> datetime | None:
    """Return until when an address cannot sign in, or None."""
    until = connection.scalar(
        select(SignInLock.locked_until).where(SignInLock.email_hash == _key(SIGN_IN, email))
    )
    return until if until is not None and until > now else None


def _key(purpose: str, email: str) -> str:
    return hashlib.sha256(f"{purpose}:{email.strip().lower()}".encode()).hexdigest()
