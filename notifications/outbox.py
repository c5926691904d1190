"""The outbox as the worker uses it: what is due is taken for a while, then marked with what became of it.

A worker that dies between sending and marking leaves the mail to the next one: all is sent at least once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, exists, null, or_, select, update

from models.messages import LINK_KINDS, Message
from models.people import User
from models.vocabulary import Delivery, MailPreference
from notifications.timetable import LEASE, digest_for, last_digest, next_attempt


@dataclass(frozen=True, slots=True)
class Parcel:
    """What one mail tells: one message, or those of a digest. It is this worker's until `taken_until`."""

    messages: tuple[Row[Any], ...]
    reader_name: str
    reader_address: str
    is_digest: bool
    taken_until: datetime
    attempts: int


def anything_due(connection: Connection, now: datetime) -> bool:
    """Return whether a waiting message is due, whatever its reader prefers."""
    return bool(connection.scalar(select(exists().where(_due(now)))))


def put_aside(connection: Connection, now: datetime, zone: ZoneInfo) -> None:
    """Settle what is due but not to be mailed now: its reader left, reads on the page or gets a digest."""
    goes_by_preference = Message.kind.not_in(LINK_KINDS)
    _close(connection, and_(_due(now), _reader(User.deactivated_at.is_not(None))), {"delivery": Delivery.off})
    _close(
        connection,
        and_(_due(now), _reader(User.mail_preference == MailPreference.in_app), goes_by_preference),
        {"delivery": Delivery.in_app},
    )
    waits_for_digest = and_(
        _due(now),
        _reader(User.mail_preference == MailPreference.daily),
        goes_by_preference,
        Message.created_at > last_digest(now, zone),
    )
    connection.execute(update(Message).where(waits_for_digest).values(due_at=digest_for(now, zone)))


def switch_off(connection: Connection) -> int:
    """Settle every waiting message as not mailed, because mail is off; return how many there were."""
    return _close(connection, Message.delivery == Delivery.waiting, {"delivery": Delivery.off})


def take(connection: Connection, now: datetime, zone: ZoneInfo) -> Parcel | None:
    """Take over the next mail to send; None where nothing is due, or others take it.

    On PostgreSQL the reader's row is the lock, so that one digest is never taken in two halves; what was seen
    before the lock was had is read again. On SQLite writers queue anyway.
    """
    next_reader = (
        _sendable(now, zone)
        .order_by(Message.due_at, Message.id)
        .limit(1)
        .with_for_update(skip_locked=True, key_share=True, of=User)
    )
    while (first := connection.execute(next_reader).first()) is not None:
        is_digest = first.mail_preference is MailPreference.daily and first.kind not in LINK_KINDS
        rows = _of_digest(connection, first, now, zone) if is_digest else [first]
        taken_until = now + LEASE
        taken = set(
            connection.scalars(
                update(Message)
                .where(Message.id.in_([row.id for row in rows]), _due(now))
                .values(taken_until=taken_until, attempts=Message.attempts + 1)
                .returning(Message.id)
            )
        )
        ours = tuple(row for row in rows if row.id in taken)
        if ours:
            attempts = max(row.attempts for row in ours) + 1
            return Parcel(ours, first.reader_name, first.reader_address, is_digest, taken_until, attempts)
    return None


def mark_sent(connection: Connection, parcel: Parcel, now: datetime) -> None:
    """Mark a parcel as sent, unless another worker took it over since."""
    _close(connection, _ours(parcel), {"delivery": Delivery.sent, "sent_at": now, "last_error": null()})


def mark_failed(connection: Connection, parcel: Parcel, why: str) -> None:
    """Mark a parcel as one that will not arrive, with the reason that the programme manager reads."""
    _close(connection, _ours(parcel), {"delivery": Delivery.failed, "last_error": why})


def mark_delayed(connection: Connection, parcel: Parcel, why: str, now: datetime) -> bool:
    """Put a parcel back for a later attempt; after the last one it has failed. Return whether it goes on."""
    due_at = next_attempt(parcel.attempts, now)
    if due_at is None:
        mark_failed(connection, parcel, why)
        return False
    connection.execute(
        update(Message).where(_ours(parcel)).values(due_at=due_at, last_error=why, taken_until=null())
    )
    return True


def _due(now: datetime) -> ColumnElement[bool]:
    return and_(
        Message.delivery == Delivery.waiting,
        Message.due_at <= now,
        or_(Message.taken_until.is_(None), Message.taken_until <= now),
    )


def _reader(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return Message.user_id.in_(select(User.id).where(condition))


def _sendable(now: datetime, zone: ZoneInfo) -> Select[Any]:
    return (
        select(
            Message.id,
            Message.key,
            Message.user_id,
            Message.kind,
            Message.claim_id,
            Message.figures,
            Message.created_at,
            Message.attempts,
            User.name.label("reader_name"),
            User.email.label("reader_address"),
            User.mail_preference,
        )
        .join(User, User.id == Message.user_id)
        .where(
            _due(now),
            User.deactivated_at.is_(None),
            or_(
                Message.kind.in_(LINK_KINDS),
                User.mail_preference == MailPreference.at_once,
                and_(
                    User.mail_preference == MailPreference.daily,
                    Message.created_at <= last_digest(now, zone),
                ),
            ),
        )
    )


def _of_digest(connection: Connection, first: Row[Any], now: datetime, zone: ZoneInfo) -> Sequence[Row[Any]]:
    """Return the reader's messages that belong to the same digest as the first one."""
    rows = connection.execute(
        _sendable(now, zone)
        .where(Message.user_id == first.user_id, Message.kind.not_in(LINK_KINDS))
        .order_by(Message.id)
    ).all()
    digest = digest_for(first.created_at, zone)
    return [row for row in rows if digest_for(row.created_at, zone) == digest]


def _ours(parcel: Parcel) -> ColumnElement[bool]:
    return and_(
        Message.id.in_([row.id for row in parcel.messages]),
        Message.delivery == Delivery.waiting,
        Message.taken_until == parcel.taken_until,
    )


def _close(connection: Connection, which: ColumnElement[bool], values: dict[str, Any]) -> int:
    """Write what finally became of messages, forget the links in them, and return how many they were."""
    closed = connection.execute(
        update(Message)
        .where(which)
        .values(**values, taken_until=null())
        .returning(Message.id, Message.kind, Message.figures)
    ).all()
    for row in closed:
        if row.kind in LINK_KINDS:
            blank = {**row.figures, "path": None}
            connection.execute(update(Message).where(Message.id == row.id).values(figures=blank))
    return len(closed)
