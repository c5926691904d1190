"""What a user was told, newest first: the page of notifications, and how many are unread."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, and_, func, select, update

from models.messages import LINK_KINDS, Message
from notifications.wording import Telling, Translate, tell_anyhow

T = TypeVar("T")

MOST_COUNTED = 100
"""Unread messages are counted no further: the page shows `99+`."""


@dataclass(frozen=True, slots=True)
class Notification:
    """One message on its reader's page."""

    id: int
    telling: Telling
    created_at: datetime
    is_read: bool


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A page of a list that is read from the newest on. `older` asks for the next one, if there is one."""

    rows: Sequence[T]
    older: int | None


def unread_count(connection: Connection, user_id: int) -> int:
    """Return how many messages a user has not read, at most MOST_COUNTED."""
    unread = select(Message.id).where(_of(user_id), Message.read_at.is_(None)).limit(MOST_COUNTED).subquery()
    return connection.scalar(select(func.count()).select_from(unread)) or 0


def notifications(
    connection: Connection,
    user_id: int,
    zone: ZoneInfo,
    *,
    before: int | None = None,
    size: int = 25,
    translate: Translate = str,
) -> Page[Notification]:
    """Return a user's messages in words, those before an id or the newest ones."""
    query = (
        select(
            Message.id, Message.kind, Message.claim_id, Message.figures, Message.created_at, Message.read_at
        )
        .where(_of(user_id))
        .order_by(Message.id.desc())
        .limit(size + 1)
    )
    if before is not None:
        query = query.where(Message.id < before)
    found = connection.execute(query).all()
    rows = [
        Notification(
            row.id,
            tell_anyhow(row.kind, row.claim_id, row.figures, zone, translate),
            row.created_at,
            row.read_at is not None,
        )
        for row in found[:size]
    ]
    return Page(rows, rows[-1].id if len(found) > size else None)


def mark_read(connection: Connection, user_id: int, message_id: int, now: datetime) -> bool:
    """Mark one of a user's own messages as read; return False where there is no such message of theirs."""
    mine = and_(_of(user_id), Message.id == message_id)
    if connection.scalar(select(Message.id).where(mine)) is None:
        return False
    connection.execute(update(Message).where(mine, Message.read_at.is_(None)).values(read_at=now))
    return True


def mark_all_read(connection: Connection, user_id: int, upto: int, now: datetime) -> None:
    """Mark a user's messages up to an id as read: those on the page, not what came in since."""
    connection.execute(
        update(Message).where(_of(user_id), Message.read_at.is_(None), Message.id <= upto).values(read_at=now)
    )


def mark_claim_read(connection: Connection, user_id: int, claim_id: int, now: datetime) -> None:
    """Mark all that a user was told of a claim as read, because its page was opened."""
    connection.execute(
        update(Message)
        .where(_of(user_id), Message.claim_id == claim_id, Message.read_at.is_(None))
        .values(read_at=now)
    )


def _of(user_id: int) -> ColumnElement[bool]:
    return and_(Message.user_id == user_id, Message.kind.not_in(LINK_KINDS))
