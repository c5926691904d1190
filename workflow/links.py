"""Single-use links: each lets its user set a password once, until it ends."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, insert, select
from sqlalchemy.orm import Session

from models.messages import Message
from models.people import SingleUseLink, User
from models.vocabulary import MessageKind
from workflow.announcements import message_row
from workflow.sessions import digest, new_token


class LinkSpent(Exception):
    """A link that was used, has ended, or never was."""


def send_link(connection: Connection, user_id: int, kind: MessageKind, now: datetime, life: timedelta) -> str:
    """Make a link for a user, put it in the outbox as `kind`, and return its token.

    It is the path `/set-password/<token>`.
    """
    token, ends_at = new_token(), now + life
    connection.execute(
        insert(SingleUseLink).values(
            token_hash=digest(token), user_id=user_id, created_at=now, expires_at=ends_at
        )
    )
    figures = {"path": f"/set-password/{token}", "ends_at": ends_at.isoformat()}
    row = message_row(kind, f"link:{digest(token)[:32]}", user_id, figures, now)
    connection.execute(insert(Message).values(**row, read_at=now))
    return token


def end_links(connection: Connection, user_id: int) -> None:
    """Let no link of a user work any more."""
    connection.execute(
        delete(SingleUseLink).where(SingleUseLink.user_id == user_id, SingleUseLink.used_at.is_(None))
    )


def link_owner(session: Session, token: str, now: datetime) -> User:
    """Return the active user whom a link lets set a password. Raise LinkSpent."""
    owner = session.scalar(
        select(User)
        .join(SingleUseLink, SingleUseLink.user_id == User.id)
        .where(*live(token, now), User.deactivated_at.is_(None))
    )
    if owner is None:
        raise LinkSpent
    return owner


def live(token: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return what holds of a link that still works."""
    return (
        SingleUseLink.token_hash == digest(token),
        SingleUseLink.used_at.is_(None),
        SingleUseLink.expires_at > now,
    )
