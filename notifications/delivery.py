"""Sends what is due in the outbox, one mail at a time: taken over before, marked after, in no transaction."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from models.database import Database
from models.history import Reason
from models.messages import LINK_KINDS
from notifications import outbox
from notifications.letters import Item, Letter, Letterhead, letterhead, write_letter
from notifications.mail import Mail, MailDelayed, Mailer, MailRefused, MailServerDown, message_id
from notifications.outbox import Parcel
from notifications.wording import tell

BATCH = 100
"""The most mails of one call: one connection to the mail server carries no more."""

LINK_ENDED = "The link ended before the mail could be sent."

UNWORDABLE = "It cannot be put into words ({error})."
UNSENDABLE = "It cannot be sent ({error})."

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Summary:
    """What one call did, in mails; `off` in messages. `more` says that the batch was full."""

    sent: int = 0
    delayed: int = 0
    failed: int = 0
    off: int = 0
    more: bool = False

    @property
    def did_anything(self) -> bool:
        """Return whether anything became of any message."""
        return any((self.sent, self.delayed, self.failed, self.off))

    def plus(self, later: "Summary") -> "Summary":
        """Return what this call and a later one did together."""
        return Summary(
            self.sent + later.sent,
            self.delayed + later.delayed,
            self.failed + later.failed,
            self.off + later.off,
            later.more,
        )


def never() -> bool:
    """Return that nobody asks to stop."""
    return False


def deliver_due(
    database: Database,
    mailer: Mailer | None,
    base_url: str,
    now: Callable[[], datetime],
    stopping: Callable[[], bool] = never,
) -> Summary:
    """Send the mails that are due, at least once each, and return what became of them.

    Without a mailer mail is off, and nothing waits any longer. Any number of workers may run at once. A mail
    that cannot be sent never stops the others; a mail server that is down ends the call. So does
    `stopping`, which is asked between two mails.
    """
    summary = Summary()
    with database.read() as connection:
        head = letterhead(connection, base_url)
        due = outbox.anything_due(connection, now())
    if head is None or not due:
        return summary
    if mailer is None:
        with database.write() as connection:
            summary.off = outbox.switch_off(connection)
        return summary
    with database.write() as connection:
        outbox.put_aside(connection, now(), head.zone)
    try:
        for _ in range(BATCH):
            if stopping():
                return summary
            with database.write() as connection:
                parcel = outbox.take(connection, now(), head.zone)
            if parcel is None or not _deliver(database, mailer, head, parcel, now, summary):
                return summary
        summary.more = True
    finally:
        mailer.close()
    return summary


def _deliver(
    database: Database,
    mailer: Mailer,
    head: Letterhead,
    parcel: Parcel,
    now: Callable[[], datetime],
    summary: Summary,
) -> bool:
    """Send one parcel and mark it. Return whether the mail server can be used."""
    parcel, items = _worded(database, head, parcel, now(), summary)
    if not items:
        return True
    try:
        mailer.send(_mail(head, parcel, items, now()))
    except MailDelayed as error:
        with database.write() as connection:
            goes_on = outbox.mark_delayed(connection, parcel, str(error), now())
        summary.delayed += goes_on
        summary.failed += not goes_on
        log.warning("Mail %s is delayed: %s", parcel.messages[0].id, error)
        return not isinstance(error, MailServerDown)
    except MailRefused as error:
        _fail(database, parcel, str(error), summary)
    except Exception as error:
        log.exception("Mail %s cannot be sent", parcel.messages[0].id)
        _fail(database, parcel, UNSENDABLE.format(error=_named(error)), summary)
    else:
        with database.write() as connection:
            outbox.mark_sent(connection, parcel, now())
        summary.sent += 1
    return True


def _worded(
    database: Database, head: Letterhead, parcel: Parcel, now: datetime, summary: Summary
) -> tuple[Parcel, list[Item]]:
    """Return the parcel with the messages that can be told, in words; the others fail on their own."""
    reasons = _reasons(database, parcel)
    told: list[Row[Any]] = []
    items: list[Item] = []
    for row in parcel.messages:
        try:
            if row.kind in LINK_KINDS and datetime.fromisoformat(row.figures["ends_at"]) <= now:
                raise MailRefused(LINK_ENDED)
            telling = tell(row.kind, row.claim_id, row.figures, head.zone)
        except Exception as error:
            why = str(error) if isinstance(error, MailRefused) else UNWORDABLE.format(error=_named(error))
            _fail(database, replace(parcel, messages=(row,)), why, summary)
        else:
            told.append(row)
            items.append(Item(telling, reasons.get(row.figures.get("reason_hash"), "")))
    return replace(parcel, messages=tuple(told)), items


def _reasons(database: Database, parcel: Parcel) -> dict[str | None, str]:
    hashes = [row.figures["reason_hash"] for row in parcel.messages if row.figures.get("reason_hash")]
    if not hashes:
        return {}
    with database.read() as connection:
        rows = connection.execute(select(Reason.hash, Reason.text).where(Reason.hash.in_(hashes)))
        return {row.hash: row.text for row in rows}


def _mail(head: Letterhead, parcel: Parcel, items: list[Item], now: datetime) -> Mail:
    first = parcel.messages[0]
    letter: Letter = write_letter(
        head,
        parcel.reader_name,
        items,
        is_digest=parcel.is_digest,
        can_choose=first.kind not in LINK_KINDS,
    )
    prefix = "digest" if parcel.is_digest else "message"
    return Mail(
        message_id=message_id(prefix, first.key, first.created_at, head.host),
        sender_name=head.programme,
        reader_name=parcel.reader_name,
        reader_address=parcel.reader_address,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        written_at=now.astimezone(head.zone),
    )


def _named(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _fail(database: Database, parcel: Parcel, why: str, summary: Summary) -> None:
    log.warning("Mail %s has failed: %s", parcel.messages[0].id, why)
    with database.write() as connection:
        outbox.mark_failed(connection, parcel, why)
    summary.failed += 1
