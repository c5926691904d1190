"""Who is signed in: one row per browser. Its token is known to the browser alone; the row keeps a hash."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from models.people import User, UserSession

TOUCH_EVERY = timedelta(minutes=5)
"""A session's last use is written at most this often, so that reading a page seldom writes."""


def new_token() -> str:
    """Return a random token of 256 bits for an address or a cookie."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """Return what is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def open_session(connection: Connection, user_id: int, now: datetime, idle: timedelta) -> str:
    """Sign a browser in and return its token."""
    token = new_token()
    connection.execute(
        insert(UserSession).values(
            token_hash=digest(token), user_id=user_id, created_at=now, seen_at=now, expires_at=now + idle
        )
    )
    return token


def find_session(session: Session, token: str, now: datetime) -> UserSession | None:
    """Return the live session of a token, or None if it ended or was never there."""
    return session.scalar(
        select(UserSession).where(UserSession.token_hash == digest(token), UserSession.expires_at > now)
    )


def session_user(session: Session, user_id: int) -> User | None:
    """Return an active user with organisation and roles, or None."""
    return session.scalar(
        select(User)
        .where(User.id == user_id, User.deactivated_at.is_(None))
        .options(joinedload(User.partner), selectinload(User.role_rows))
    )


def touch_session(connection: Connection, token: str, now: datetime, idle: timedelta) -> None:
    """Note that the session was used; it ends when it was not used for `idle`."""
    connection.execute(
        update(UserSession)
        .where(UserSession.token_hash == digest(token))
        .values(seen_at=now, expires_at=now + idle)
    )


def end_session(connection: Connection, token: str) -> None:
    """Sign one browser out."""
    connection.execute(delete(UserSession).where(UserSession.token_hash == digest(token)))


def end_all_sessions(connection: Connection, user_id: int, keep: str | None = None) -> None:
    """Sign a user out of every browser, save the one that holds the token `keep`."""
    rows = delete(UserSession).where(UserSession.user_id == user_id)
    if keep is not None:
        rows = rows.where(UserSession.token_hash != digest(keep))
    connection.execute(rows)
