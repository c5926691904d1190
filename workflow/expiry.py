"""Expires claims on the first day that certification lapses, or once a report is overdue.

Facts are read in bulk; each claim is decided by the same machine, and written by the same writer, as a move
that a person makes. What passed while nothing was running is found too.
"""

import gc
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from models.claims import Claim
from models.database import Database
from models.programme import PolicyVersion, Programme
from models.vocabulary import State, Trigger
from workflow.actors import SCHEDULER
from workflow.attempt import Attempt, Command
from workflow.certification import gaps
from workflow.clock import next_day_begins, programme_day
from workflow.consequences import NO_STAFF, consequences
from workflow.dossier import Dossier
from workflow.gathering import certificates_of, gather_for_expiry
from workflow.machine import decide
from workflow.moves import attempt_of, in_transaction
from workflow.policy_shelf import policy_version
from workflow.refusals import Refused
from workflow.table import MOVES, MoveRow
from workflow.writer import write

EXPIRABLE = tuple(row.source for row in MOVES if row.trigger is Trigger.expire)
"""The states that a claim may expire from; its policy may leave some out."""

BATCH = 5000
"""How many claims expire in one transaction. On SQLite every other writer waits that fraction of a second."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Due:
    """A claim that expires from `state`.

    `because` is `certification`, and `day` the first that is missing; or the policy's name of a deadline, and
    `day` the last that it gave.
    """

    claim_id: int
    number: str
    state: State
    because: str
    day: date


@dataclass(slots=True)
class Summary:
    """What one sweep did, in claims. `failed` could not be written; the log says why."""

    expired: int = 0
    failed: int = 0


def sweep(database: Database, now: datetime, *, batch: int = BATCH) -> Summary:
    """Expire every claim that is due, a batch at a time, each in one transaction. Any number may run at once.

    A batch that fails is done again claim by claim, so that one bad claim stops nobody.
    """
    with database.read() as connection:
        found = candidates(connection, now)
    summary = Summary()
    for claim_ids in _batches(found, batch):
        try:
            with _no_collector():
                summary.expired += _in_one(database, claim_ids, now)
        except Exception:
            log.warning("%s claims could not expire together: each goes alone", len(claim_ids), exc_info=True)
            for claim_id in claim_ids:
                _alone(database, claim_id, now, summary)
    if found:
        log.info("%s claims expired, %s failed", summary.expired, summary.failed)
    return summary


def dry_run(database: Database, now: datetime) -> list[Due]:
    """Return what tonight will expire: all that is due once the programme's next day has begun.

    In the order of the claims' ids. Changes nothing.
    """
    due: list[Due] = []
    with database.read() as connection:
        zone = programme_zone(connection)
        if zone is None:
            return due
        tonight = next_day_begins(now, zone)
        for claim_ids in _batches(candidates(connection, tonight), BATCH):
            dossiers = gather_for_expiry(connection, claim_ids, lock=False)
            due += [_due(attempt) for attempt, _ in _decided(connection, dossiers, tonight)]
    return due


def candidates(connection: Connection, now: datetime) -> list[int]:
    """Return the ids of all claims that may be due: a cheap look without locks that misses none."""
    zone = programme_zone(connection)
    if zone is None:
        return []
    today = programme_day(now, zone)
    return sorted({*_lapsed(connection, today), *_overdue(connection, today)})


def programme_zone(connection: Connection) -> str | None:
    """Return the name of the programme's time zone, or None before the installation was set up."""
    return connection.scalar(select(Programme.time_zone))


@contextmanager
def _no_collector() -> Iterator[None]:
    """Keep the garbage collector from going through a batch's thousands of rows, which hold no cycle."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _in_one(database: Database, claim_ids: Sequence[int], now: datetime) -> int:
    return in_transaction(database, partial(_expire, claim_ids=claim_ids, now=now))


def _alone(database: Database, claim_id: int, now: datetime, summary: Summary) -> None:
    try:
        summary.expired += _in_one(database, [claim_id], now)
    except Exception:
        summary.failed += 1
        log.exception("Claim %s is due, but could not expire", claim_id)


def _expire(connection: Connection, claim_ids: Sequence[int], now: datetime) -> int:
    """Expire those of the claims that are still due, once they are locked; return how many they were."""
    dossiers = gather_for_expiry(connection, claim_ids, lock=True)
    batch = [consequences(attempt, row, NO_STAFF) for attempt, row in _decided(connection, dossiers, now)]
    write(connection, batch)
    return len(batch)


def _decided(
    connection: Connection, dossiers: dict[int, Dossier], now: datetime
) -> Iterator[tuple[Attempt, MoveRow]]:
    """Yield each claim that expires. One that moved since it was found is left alone."""
    for claim_id, dossier in dossiers.items():
        key = f"expire:{claim_id}:{dossier.claim.version}"
        attempt = attempt_of(connection, dossier, Command(claim_id, Trigger.expire, SCHEDULER, key), now)
        try:
            row = decide(attempt)
        except Refused:
            continue
        yield attempt, row


def _due(attempt: Attempt) -> Due:
    claim, figures = attempt.dossier.claim, attempt.figures or {}
    day = date.fromisoformat(figures.get("missing_from") or figures["deadline"])
    return Due(claim.id, claim.number, claim.state, figures["expired_by"], day)


def _lapsed(connection: Connection, today: date) -> list[int]:
    """Return the claims whose partner was not certified on some day from the submission to today."""
    expirable = and_(Claim.state.in_(EXPIRABLE), Claim.submitted_on.is_not(None), Claim.accepted_on.is_(None))
    submissions: Sequence[Any] = connection.execute(
        select(Claim.partner_id, func.min(Claim.submitted_on).label("first"))
        .where(expirable)
        .group_by(Claim.partner_id)
    ).all()
    certificates = certificates_of(connection, [row.partner_id for row in submissions])
    missing = {row.partner_id: gaps(certificates[row.partner_id], row.first, today) for row in submissions}
    last_missing = {partner_id: found[-1][1] for partner_id, found in missing.items() if found}
    claims = connection.execute(
        select(Claim.id, Claim.partner_id, Claim.submitted_on).where(
            expirable, Claim.partner_id.in_(last_missing)
        )
    )
    return [row.id for row in claims if row.submitted_on <= last_missing[row.partner_id]]


def _overdue(connection: Connection, today: date) -> Sequence[int]:
    """Return the approved claims whose report is overdue, by their own deadline or by their policy's."""
    late: list[ColumnElement[bool]] = [Claim.report_by < today]
    for version_id in connection.scalars(select(PolicyVersion.id)).all():
        version = policy_version(connection, version_id)
        days = version.policy.report_within_days if version else None
        if days is not None:
            ended = Claim.ends_on < today - timedelta(days=days)
            late.append(and_(Claim.report_by.is_(None), Claim.policy_version_id == version_id, ended))
    may_expire = and_(Claim.state == State.approved, Claim.accepted_on.is_(None))
    return connection.scalars(select(Claim.id).where(may_expire, or_(*late))).all()


def _batches(claim_ids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    for first in range(0, len(claim_ids), size):
        yield claim_ids[first : first + size]
