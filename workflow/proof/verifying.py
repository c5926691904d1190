"""History is verified in the database: each night what is new, each Sunday all of it, or when asked."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, insert, select, true

from models.database import Database
from models.links import Link, Verification
from models.vocabulary import MessageKind, Role
from workflow.announcements import message_row
from workflow.assignment import holders
from workflow.outbox import announce
from workflow.proof.checkpoints import newest, outside
from workflow.proof.live import Live, Starts, reading
from workflow.proof.signing import is_signed
from workflow.proof.verify import TROUBLE, Findings, History, Mark, Tell, ordinal, read_marks

MOST_KEPT = 100
"""How many findings are remembered: one is too many, and a thousand say no more."""

SUNDAY = 6


@dataclass(frozen=True, slots=True)
class Seal:
    """What verifies checkpoints: the public keys, and the folder outside the database that has them too."""

    keys: Sequence[bytes]
    folder: Path


def verify_history(
    database: Database, seal: Seal, now: datetime, *, since: int, tell: Tell = lambda _: None
) -> tuple[History, Findings]:
    """Verify history from a checkpoint on, 0 for all of it; remember the result, and raise the alarm.

    Rows before that checkpoint are held to it by its root alone. Returns what was verified and found.
    """
    history = look_through(database, seal, since=since, tell=tell)
    with database.write() as connection:
        remember(connection, history, since, now)
    return history, history.found


def look_through(database: Database, seal: Seal, *, since: int, tell: Tell = lambda _: None) -> History:
    """Return history as it was verified from a checkpoint on, with what was found; nothing is written.

    What is stored and cannot be read is found like all else. Raises what the database does where it fails.
    """
    unread = Findings()
    marks = _outside(seal.folder, unread)
    with database.snapshot() as connection:
        _read_earlier_looks(Live(connection), unread)
        source, starts = _begun(connection, since, unread)
        begins = max(source.since, 1)
        history = History(source, seal.keys, marks, starts=starts, since=begins, tell=tell, signed=is_signed)
        history.found.extend(unread)
        history.verify()
    return history


def _read_earlier_looks(source: Live, unread: Findings) -> None:
    """Find an earlier look that cannot be read: when the next is due, and where it begins, it says."""
    try:
        with source.apart():
            for look in source.rows(Verification.__tablename__):
                with reading(Verification):
                    for told in ("since", "checkpoint", "found"):
                        ordinal(look[told])
    except TROUBLE as error:
        unread.unread("history", error)


def _begun(connection: Connection, since: int, unread: Findings) -> tuple[Live, Starts]:
    """Return history from a checkpoint on, and its chains there; all of it where those cannot be read."""
    source = Live(connection, since)
    try:
        with source.apart():
            return source, source.starts()
    except TROUBLE as error:
        unread.unread("history", error)
        return Live(connection), {}


def _outside(folder: Path, unread: Findings) -> list[Mark]:
    """Return the checkpoints of a folder. A file that holds none is found: what it covered is in doubt."""
    marks = list[Mark]()
    for file in outside(folder):
        if not file.is_file():  # reading a pipe would not end
            unread.add(file.name, "is no file any more")
            continue
        try:
            marks += read_marks([str(file)])
        except OSError as error:
            unread.add(file.name, f"cannot be read ({error.strerror})")
        except ValueError:
            unread.add(file.name, "holds no checkpoint any more")
    return marks


def last_verified(connection: Connection) -> int:
    """Return the newest checkpoint up to which everything agreed at the last time, else 0.

    0 too where that cannot be read, which the look that begins there finds.
    """
    query = select(Verification.checkpoint, Verification.found).order_by(Verification.id.desc()).limit(1)
    last = connection.execute(query).one_or_none()
    try:
        return ordinal(last.checkpoint) if last and not last.found else 0
    except ValueError:
        return 0


def count_links(connection: Connection, since: int) -> int:
    """Return about how many links there are to verify from a checkpoint on."""
    total = connection.scalar(select(func.count()).select_from(Link)) or 0
    starts = _begun(connection, since, Findings())[1]
    return int(total - sum(length for length, _ in starts.values()))


def verify_nightly(database: Database, now: datetime, seal: Seal) -> None:
    """Verify what is new since the last time, on Sundays everything; send auditors the newest checkpoint.

    Each once a day, by UTC, however often it is asked. What somebody verified by hand before is not verified
    again, on Sundays only if it was everything. The checkpoint goes out only where everything agreed.
    """
    whole = now.weekday() == SUNDAY
    with database.read() as connection:
        last, since = _last_time(connection, whole)
    if last is None or last.date() != now.date():
        verify_history(database, seal, now, since=since)
    with database.write() as connection:
        newest_found = select(Verification.found).order_by(Verification.id.desc()).limit(1)
        if connection.scalar(newest_found) == 0:
            announce(connection, _checkpoints(connection, now))


def _last_time(connection: Connection, whole: bool) -> tuple[datetime | None, int]:
    """Return when history was verified last, and from where on to go on: nothing where that is spoiled."""
    query = select(func.max(Verification.at)).where(Verification.since == 0 if whole else true())
    try:
        with reading(Verification):
            return connection.scalar(query), 0 if whole else last_verified(connection)
    except ValueError:
        return None, 0


def alarm(database: Database, what: str, now: datetime) -> None:
    """Tell auditors and programme managers that something of history does not agree, once a day."""
    found = Findings()
    found.add("history", what)
    with database.write() as connection:
        announce(connection, _alarms(connection, found, now))


def remember(connection: Connection, history: History, since: int, now: datetime) -> int:
    """Remember what was verified from a checkpoint on, raise the alarm for what was found; return its id."""
    found = history.found
    verification_id = connection.execute(
        insert(Verification)
        .values(
            at=now,
            since=since,
            checkpoint=max(history.marks, default=0),
            rows=sum(history.lengths.values()),
            unsigned=history.unsigned(),
            unproved=history.unproved(),
            found=len(found),
            findings=[list(one) for one in found[:MOST_KEPT]],
        )
        .returning(Verification.id)
    ).scalar_one()
    if found:
        announce(connection, _alarms(connection, found, now))
    return int(verification_id)


def _alarms(connection: Connection, found: Findings, now: datetime) -> Iterator[dict[str, Any]]:
    figures = {"found": len(found), "first": ": ".join(found[0])}
    key = f"history:{now:%Y-%m-%d}:{found[0][0]}"[:100]
    for user_id in sorted({*holders(connection, Role.auditor), *holders(connection, Role.manager)}):
        yield message_row(MessageKind.history_alarm, key, user_id, figures, now)


def _checkpoints(connection: Connection, now: datetime) -> Iterator[dict[str, Any]]:
    last = newest(connection)
    if last is None:
        return
    figures = {
        "checkpoint": last.number,
        "made_at": json.loads(last.text)["at"],
        "signed": last.text,
        "signature": last.signature,
    }
    for user_id in holders(connection, Role.auditor):
        yield message_row(MessageKind.checkpoint, f"checkpoint:{now:%Y-%m-%d}", user_id, figures, now)
