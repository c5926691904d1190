"""The outbox as the programme manager sees it: what went to whom, what failed and why, and trying again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, Select, func, null, select, update

from models.history import Reason
from models.messages import LINK_KINDS, Message
from models.people import User
from models.vocabulary import Delivery
from notifications.inbox import MOST_COUNTED
from notifications.sentences import ERASED
from notifications.wording import Telling, Translate, tell_anyhow


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message of the outbox. `telling` never leads to a single-use link: that is its reader's alone.

    `due_at` is the next attempt while it waits; `last_error` is why the last attempt did not succeed.
    """

    id: int
    reader_name: str
    reader_address: str
    telling: Telling
    reason: str
    delivery: Delivery
    created_at: datetime
    due_at: datetime
    sent_at: datetime | None
    attempts: int
    last_error: str | None
    may_retry: bool


def messages_sent(delivery: Delivery | None = None) -> Select[Any]:
    """Return the query of the outbox, or of one delivery in it, to be sorted and cut by whoever shows it."""
    query = select(
        Message.id,
        Message.kind,
        Message.claim_id,
        Message.figures,
        Message.delivery,
        Message.created_at,
        Message.due_at,
        Message.sent_at,
        Message.attempts,
        Message.last_error,
        User.name.label("reader_name"),
        User.email.label("reader_address"),
    ).join(User, User.id == Message.user_id)
    return query if delivery is None else query.where(Message.delivery == delivery)


def outgoing(row: Row[Any], zone: ZoneInfo, translate: Translate = str, reason: str = "") -> Outgoing:
    """Return a row of `messages_sent` in words."""
    figures = {**row.figures, "path": None}
    return Outgoing(
        id=row.id,
        reader_name=row.reader_name,
        reader_address=row.reader_address,
        telling=tell_anyhow(row.kind, row.claim_id, figures, zone, translate),
        reason=reason,
        delivery=row.delivery,
        created_at=row.created_at,
        due_at=row.due_at,
        sent_at=row.sent_at,
        attempts=row.attempts,
        last_error=row.last_error,
        may_retry=row.delivery is Delivery.failed and row.kind not in LINK_KINDS,
    )


def outgoing_message(
    connection: Connection, message_id: int, zone: ZoneInfo, translate: Translate = str
) -> Outgoing | None:
    """Return one message with the reason that went with it, or None where there is none."""
    row = connection.execute(messages_sent().where(Message.id == message_id)).first()
    if row is None:
        return None
    reason_hash = row.figures.get("reason_hash")
    kept = connection.scalar(select(Reason.text).where(Reason.hash == reason_hash)) if reason_hash else None
    return outgoing(row, zone, translate, translate(ERASED) if reason_hash and not kept else kept or "")


def failure_count(connection: Connection) -> int:
    """Return how many messages have failed, at most MOST_COUNTED."""
    failed = select(Message.id).where(Message.delivery == Delivery.failed).limit(MOST_COUNTED).subquery()
    return connection.scalar(select(func.count()).select_from(failed)) or 0


def retry(connection: Connection, now: datetime, message_id: int | None = None) -> int:
    """Put a failed message back to be sent now, or all of them; return how many.

    Mails that held a single-use link are not among them: the link is forgotten, a new one has to be made.
    """
    again = update(Message).where(Message.delivery == Delivery.failed, Message.kind.not_in(LINK_KINDS))
    if message_id is not None:
        again = again.where(Message.id == message_id)
    put_back = connection.execute(
        again.values(delivery=Delivery.waiting, due_at=now, attempts=0, taken_until=null()).returning(
            Message.id
        )
    )
    return len(put_back.all())
