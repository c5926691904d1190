"""Counting what rules did as a job: over the days that were asked for, chunk by chunk, the counts kept."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from heapq import merge
from itertools import groupby
from operator import attrgetter
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, case, func, null, select
from sqlalchemy.orm import InstrumentedAttribute

from models.history import Move, RefusedAttempt
from models.programme import Programme
from models.vocabulary import JobKind, Role, Trigger
from workflow.actors import Actor
from workflow.assignment import roles_now
from workflow.dossier import AnyRow
from workflow.jobs import Item, start
from workflow.refusals import Problem, Refused
from workflow.rule_counts.counting import Counts, count
from workflow.what_if.chosen import chunks_of
from workflow.what_if.running import policies

READERS = frozenset({Role.manager, Role.auditor})
"""Who asks."""


def ask(
    connection: Connection, actor: Actor, now: datetime, first: date | None, last: date | None, key: str
) -> int:
    """Ask what rules did on programme days, both inclusive, or ever; return the job's id.

    Refused attempts are kept for some time only: the job says since when there were any. Raises Refused for
    who is neither an auditor nor a programme manager.
    """
    if actor.user_id is None or not READERS & roles_now(connection, actor.user_id):
        raise Refused(Problem("not_yours"))
    zone = ZoneInfo(connection.scalars(select(Programme.time_zone)).one())
    since = connection.scalar(select(func.min(RefusedAttempt.at)))
    shared = {
        "first": first.isoformat() if first else None,
        "last": last.isoformat() if last else None,
        "from": _start_of(first, zone),
        "until": _start_of(last + timedelta(days=1) if last else None, zone) or now.isoformat(),
        "attempts_since": since.isoformat() if since else None,
    }
    items = [Item(chunk) for chunk in chunks_of(connection)]
    return start(connection, actor, now, JobKind.count_rules, shared, items, key)


def count_chunk(connection: Connection, job: AnyRow, item: AnyRow, _now: datetime) -> dict[str, Any]:
    """Count what rules did to the claims of one chunk."""
    policy_of, counts = policies(connection), Counts()
    for events in _lives(connection, item.input, job.input):
        counts += count(events, policy_of)
    return {
        "outcome": "done",
        "counts": [[rule, did.value, number] for (rule, did), number in counts.items()],
    }


def _start_of(day: date | None, zone: ZoneInfo) -> str | None:
    return datetime.combine(day, time(), zone).isoformat() if day else None


def _lives(
    connection: Connection, chunk: Mapping[str, int], span: Mapping[str, Any]
) -> Iterator[Sequence[AnyRow]]:
    """Yield what happened to each claim of a chunk within a span: moves and refused attempts, in order."""
    moves = connection.execute(
        select(
            Move.claim_id,
            Move.at,
            Move.number,
            Move.trigger,
            Move.source,
            Move.role,
            Move.policy_version_id,
            Move.verdicts,
            case((Move.trigger.in_((Trigger.reject, Trigger.return_)), Move.document)).label("document"),
        )
        .where(Move.claim_id.between(chunk["first"], chunk["last"]), *_within(Move.at, span))
        .order_by(Move.claim_id, Move.at, Move.number)
    )
    attempts = connection.execute(
        select(
            RefusedAttempt.claim_id,
            RefusedAttempt.at,
            null().label("number"),
            RefusedAttempt.trigger,
            RefusedAttempt.verdicts,
        )
        .where(
            RefusedAttempt.claim_id.between(chunk["first"], chunk["last"]),
            *_within(RefusedAttempt.at, span),
        )
        .order_by(RefusedAttempt.claim_id, RefusedAttempt.at, RefusedAttempt.id)
    )
    # An attempt comes before a move of the same moment: it was refused, and then it was not.
    together = merge(attempts, moves, key=attrgetter("claim_id", "at"))
    for _claim_id, events in groupby(together, key=attrgetter("claim_id")):
        yield list(events)


def _within(
    column: InstrumentedAttribute[datetime], span: Mapping[str, Any]
) -> Iterator[ColumnElement[bool]]:
    if span["from"]:
        yield column >= datetime.fromisoformat(span["from"])
    yield column < datetime.fromisoformat(span["until"])
