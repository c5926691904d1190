"""What a user was told: what the page of notifications reads and writes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, select, update

from models.messages import LINK_KINDS, Message
from notifications.wording import Telling, Translate, tell_anyhow

MOST_COUNTED = 100
"""Unread messages are counted no further: the page shows `99+`."""


@dataclass(frozen=True, slots=True)
class Notification:
    """One message on its reader's page."""

    id: int
    telling: Telling
    created_at: datetime
    is_read: bool


def unread_count(connection: Connection, user_id: int) -> int:
    """Return how many messages a user has not read, at most MOST_COUNTED."""
    unread = select(Message.id).where(_of(user_id), Message.read_at.is_(None)).limit(MOST_COUNTED).subquery()
    return connection.scalar(select(func.count()).select_from(unread)) or 0


def messages_of(user_id: int) -> Select[Any]:
    """Return the query of a user's messages, to be sorted and cut by whoever shows them."""
    return select(
        Message.id, Message.kind, Message.claim_id, Message.figures, Message.created_at, Message.read_at
    ).where(_of(user_id))


def notification(row: Row[Any], zone: ZoneInfo, translate: Translate = str) -> Notification:
    """Return a row of `messages_of` in words."""
    telling = tell_anyhow(row.kind, row.claim_id, row.figures, zone, translate)
    return Notification(row.id, telling, row.created_at, row.read_at is not None)


def read_message(connection: Connection, user_id: int, message_id: int, now: datetime) -> Row[Any] | None:
    """Mark one of a user's own messages as read and return it; None where it is not theirs."""
    found = connection.execute(messages_of(user_id).where(Message.id == message_id)).first()
    if found is not None and found.read_at is None:
        connection.execute(update(Message).where(Message.id == message_id).values(read_at=now))
    return found


def read_all(connection: Connection, user_id: int, upto: int, now: datetime) -> None:
    """Mark a user's messages up to an id as read: those they saw, not what came in since."""
    connection.execute(
        update(Message).where(_of(user_id), Message.read_at.is_(None), Message.id <= upto).values(read_at=now)
    )


def _of(user_id: int) -> ColumnElement[bool]:
    return and_(Message.user_id == user_id, Message.kind.not_in(LINK_KINDS))
