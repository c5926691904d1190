"""Which claims hold what is past its time, and erasing it: each night, claim by claim."""

import calendar
import logging
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, case, exists, or_, select

from models.claims import Claim
from models.database import Database
from models.failures import log_failure
from models.file_store import FileStore
from models.history import Reason
from models.payments import ClawBack
from models.people import Partner
from models.programme import Period, Programme
from models.threads import Post
from models.vocabulary import Personal, State
from workflow.actors import SCHEDULER
from workflow.clock import day_begins, programme_day
from workflow.deadlines import dispute_deadline
from workflow.dossier import AnyRow, Query
from workflow.erasure.erasing import erase, locked, remarks_of
from workflow.erasure.held import held
from workflow.erasure.retention import months_at
from workflow.loose_files import remove_loose
from workflow.moves import in_transaction
from workflow.policy_shelf import policy_version

ENDED = (State.reimbursed, State.withdrawn, State.rejected, State.expired)
"""States in which a claim is over; its time runs from there."""

_CLAW_BACK = exists().where(ClawBack.claim_id == Claim.id, ClawBack.closed_at.is_(None))
"""The condition that somebody proposed to take back what was paid for a claim, and nobody decided yet."""

AT_A_TIME = 100

log = logging.getLogger(__name__)


class Due(NamedTuple):
    """A claim that holds what is past its time: the kinds, and the day on which its time began."""

    claim_id: int
    number: str | None
    title: str
    partner: str
    ended_on: date
    kinds: tuple[Personal, ...]


def is_over(connection: Connection, claim_id: int, now: datetime) -> bool:
    """Return whether nothing is to come of a claim: it has ended, or is a draft that was never sent.

    A rejection that its partner may still dispute is no end.
    """
    unsent = and_(Claim.state == State.draft, Claim.moves == 0)
    over = or_(unsent, and_(Claim.state.in_(ENDED), ~_CLAW_BACK))
    row = connection.execute(
        select(Claim.state, Claim.state_since, Claim.policy_version_id).where(Claim.id == claim_id, over)
    ).one_or_none()
    zone = connection.scalar(select(Programme.time_zone)) or "UTC"
    return row is not None and not _disputable(connection, row, now, zone)


def months_before(day: date, months: int) -> date:
    """Return the same day so many months earlier, or the last of its month where it has none."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def due(
    connection: Connection,
    now: datetime,
    *,
    after: int = 0,
    limit: int = AT_A_TIME,
    claim_id: int | None = None,
) -> tuple[list[Due], int | None]:
    """Return what is past its time at a moment, by claim id, and the id to go on after; None at the end.

    Numbers of months that are not in force yet count where they are by then.
    """
    months, zone = months_at(connection, now), connection.scalar(select(Programme.time_zone)) or "UTC"
    if not months:
        return [], None
    query = _query(months, now, zone).where(Claim.id > after).order_by(Claim.id).limit(limit)
    if claim_id is not None:
        query = query.where(Claim.id == claim_id)
    rows = connection.execute(query).all()
    found = [_due(row, months, zone) for row in rows if not _disputable(connection, row, now, zone)]
    return found, rows[-1].id if len(rows) == limit else None


def erase_due(database: Database, now: datetime, *, files: FileStore) -> int:
    """Erase all that is past its time; return of how many claims. Files that are away go another time."""
    done, after = 0, 0
    while True:
        with database.read() as connection:
            found, last = due(connection, now, after=after)
        for one in found:
            try:
                erased = in_transaction(database, partial(_erase_one, claim_id=one.claim_id, now=now))
            except Exception as error:
                log_failure(log, f"Claim {one.claim_id} could not be erased", error)
            else:
                done += erased
        if last is None:
            break
        after = last
    finish(database, now, files=files)
    return done


def finish(database: Database, now: datetime, *, files: FileStore) -> None:
    """Remove the bytes of what was erased, and what the database itself still keeps of it aside."""
    while remove_loose(database, now, files=files):
        pass
    database.scrub()


def _erase_one(connection: Connection, claim_id: int, now: datetime) -> bool:
    """Erase what is due of a claim, as it stands once nobody else changes it; return whether anything was."""
    claim = locked(connection, claim_id)
    found, _last = due(connection, now, claim_id=claim_id)
    if not found:
        return False
    (one,), months = found, months_at(connection, now)
    why = {
        "why": "retention",
        "ended_on": one.ended_on.isoformat(),
        "months": {kind.value: months[kind] for kind in one.kinds},
    }
    return erase(connection, SCHEDULER, now, claim, one.kinds, why) is not None


def _query(months: Mapping[Personal, int], now: datetime, zone: str) -> Query:
    past = {kind: and_(_ended(kind, number, now, zone), _holds(kind)) for kind, number in months.items()}
    free = ~held(Claim.id, Claim.partner_id)
    return (
        select(
            Claim.id,
            Claim.number,
            Claim.title,
            Claim.state,
            Claim.state_since,
            Claim.policy_version_id,
            Period.last_day,
            Partner.name.label("partner"),
            *[case((condition, 1), else_=0).label(kind.value) for kind, condition in past.items()],
        )
        .join(Partner, Partner.id == Claim.partner_id)
        .outerjoin(Period, Period.id == Claim.period_id)
        .where(Claim.state.in_(ENDED), ~_CLAW_BACK, free, or_(*past.values()))
    )


def _ended(kind: Personal, months: int, now: datetime, zone: str) -> ColumnElement[bool]:
    """Return the condition that a claim, and its JMF period, ended so many months ago.

    Where somebody wrote on it later, its thread has its time from there.
    """
    day = months_before(programme_day(now, zone), months)
    by = day_begins(day + timedelta(days=1), zone)
    ended = and_(Claim.state_since < by, or_(Period.last_day.is_(None), Period.last_day <= day))
    later = exists().where(Post.claim_id == Claim.id, Post.at >= by)
    return and_(ended, ~later) if kind is Personal.thread else ended


def _holds(kind: Personal) -> ColumnElement[bool]:
    """Return the condition that something of a kind is left of a claim."""
    if kind is Personal.thread:
        return exists().where(Post.claim_id == Claim.id, Post.erased_by.is_(None))
    bound = exists().where(Reason.claim_id == Claim.id, Reason.kind == kind, Reason.erased_by.is_(None))
    if kind is Personal.reasons:
        return or_(bound, *(exists().where(remarked) for remarked in remarks_of(Claim.id)))
    written = or_(Claim.audience != "", Claim.objective != "", Claim.contact != "")
    return or_(bound, written) if kind is Personal.texts else bound


def _due(row: AnyRow, months: Mapping[Personal, int], zone: str) -> Due:
    ended = programme_day(row.state_since, zone)
    ended_on = max(ended, row.last_day) if row.last_day else ended
    kinds = tuple(kind for kind in months if getattr(row, kind.value))
    return Due(row.id, row.number, row.title, row.partner, ended_on, kinds)


def _disputable(connection: Connection, row: AnyRow, now: datetime, zone: str) -> bool:
    """Return whether a rejected claim's partner may still dispute that, for longer than it is kept."""
    if row.state is not State.rejected:
        return False
    version = policy_version(connection, row.policy_version_id)
    if version is None:
        return False
    deadline = dispute_deadline(programme_day(row.state_since, zone), version.policy)
    return deadline is not None and deadline >= programme_day(now, zone)
