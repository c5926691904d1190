"""Long work of any kind: asked for once, done by a worker item by item, each whole or not at all.

A worker takes a job for a while (workflow/leases.py), and for longer before each item. What an item does and
what came of it are stored in one transaction, so a worker that dies leaves nothing to be done twice: another
goes on with the next item once the lease has run out.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from models.database import Database
from models.failures import log_failure
from models.jobs import Job, JobItem
from models.people import User
from models.vocabulary import JobKind
from workflow.actors import Actor
from workflow.dossier import AnyRow
from workflow.leases import LEASE, Interrupted, Lease, Tell, let_go, take
from workflow.moves import in_transaction
from workflow.refusals import Problem, Refused
from workflow.verdicts import verdict_to_row

MOST_ATTEMPTS = 3
"""How often an item is begun; one that ends its worker each time has failed."""

MOST_AT_ONCE = 5
"""How many jobs of a kind one person may have that have not ended: the worker is there for others too."""

log = logging.getLogger(__name__)


class Item(NamedTuple):
    """One thing to do: what it is to be done with, and the claim that it is about, if any."""

    input: Mapping[str, Any]
    claim_id: int | None = None


@dataclass(frozen=True, slots=True)
class Doer:
    """How the items of a kind of job are done.

    `do` does one within a transaction and returns its result; it raises Refused where it may not be done.
    `refused` is told afterwards, in a transaction of its own making. `ended` is told once, in the transaction
    that ends the job, with its items as they came out. What takes its time and writes nothing that shows is
    done by `ready`, before the transaction begins: `do` is given what it found. What may take longer than a
    lease has to `tell` how far it is.
    """

    do: Callable[..., dict[str, Any]]
    refused: Callable[[Database, AnyRow, AnyRow, Refused, datetime], None] | None = None
    ended: Callable[[Connection, AnyRow, Sequence[AnyRow], datetime], None] | None = None
    ready: Callable[[Database, AnyRow, AnyRow, datetime, Tell], Any] | None = None


Doers = Mapping[JobKind, Doer]


def start(
    connection: Connection,
    actor: Actor,
    now: datetime,
    kind: JobKind,
    shared: Mapping[str, Any],
    items: Sequence[Item],
    key: str,
) -> int:
    """Ask for a job and return its id: the same for a request that is sent twice under one key.

    Raises Refused where `admitted` does.
    """
    before = admitted(connection, actor, kind, key)
    if before is not None:
        return before
    job_id = connection.execute(
        insert(Job)
        .values(kind=kind, actor_id=actor.user_id, key=key, input=dict(shared), created_at=now)
        .returning(Job.id)
    ).scalar_one()
    add_items(connection, job_id, items)
    return int(job_id)


def admitted(connection: Connection, actor: Actor, kind: JobKind, key: str) -> int | None:
    """Return the job that somebody asked for under a key; None where they did not, and may ask now.

    Raises Refused where MOST_AT_ONCE jobs of this kind and this person have not ended, or where they asked
    for another kind under this key. The person's row is locked, so that of two requests at once the later
    one sees the first.
    """
    connection.execute(select(User.id).where(User.id == actor.user_id).with_for_update(key_share=True))
    theirs = Job.actor_id == actor.user_id
    before = connection.execute(select(Job.id, Job.kind).where(theirs, Job.key == key)).one_or_none()
    if before is not None:
        if before.kind is not kind:
            raise Refused(Problem("sent_before"))
        return int(before.id)
    still = select(func.count(Job.id)).where(theirs, Job.kind == kind, Job.ended_at.is_(None))
    number = connection.scalar(still) or 0
    if number >= MOST_AT_ONCE:
        raise Refused(Problem("jobs_full", figures={"number": str(number)}))
    return None


def add_items(connection: Connection, job_id: int, items: Sequence[Item], first: int = 0) -> None:
    """Give a job items, from position `first` on: an item may find out what more there is to do."""
    rows = [
        {
            "job_id": job_id,
            "position": position,
            "claim_id": item.claim_id,
            "input": dict(item.input),
            "attempts": 0,
        }
        for position, item in enumerate(items, first)
    ]
    if rows:
        connection.execute(insert(JobItem), rows)


def cancel(connection: Connection, actor: Actor, now: datetime, job_id: int) -> None:
    """Ask that no further item of one's own job is begun; those that were done stay done."""
    connection.execute(
        update(Job)
        .where(
            Job.id == job_id,
            Job.actor_id == actor.user_id,
            Job.ended_at.is_(None),
            Job.cancel_asked_at.is_(None),
        )
        .values(cancel_asked_at=now)
    )


def work_off(
    database: Database, doers: Doers, clock: Callable[[], datetime], stopping: Callable[[], bool] = bool
) -> int:
    """Do what waits, oldest job first, until nothing does or `stopping`; return how many items were done."""
    done = 0
    while not stopping():
        job = in_transaction(database, partial(take, now=clock()))
        if job is None:
            return done
        done += _work_on(database, job, doers[job.kind], clock, stopping)
    return done


def _work_on(
    database: Database, job: AnyRow, doer: Doer, clock: Callable[[], datetime], stopping: Callable[[], bool]
) -> int:
    """Do a job's items until it ends, somebody else has it, or this worker is to stop."""
    done, ours = 0, job.taken_until
    while not stopping():
        moment = clock()
        begun = in_transaction(database, partial(_begin, job=job, doer=doer, ours=ours, now=moment))
        if begun is None:
            return done
        item, ours = begun
        lease = Lease(database, item, ours, clock, stopping)
        try:
            _do(database, job, item, doer, moment, lease)
            done += 1
        except Interrupted as why:
            log.info("Item %s of job %s goes no further here: %s", item.position, job.id, why)
        ours = lease.until
    in_transaction(database, partial(let_go, job_id=job.id, ours=ours))
    return done


def _do(database: Database, job: AnyRow, item: AnyRow, doer: Doer, now: datetime, lease: Lease) -> None:
    """Do one item and keep what came of it. An error of our own fails the item and stops no other."""

    def whole(connection: Connection, *found: Any) -> None:
        _keep(connection, item.id, doer.do(connection, job, item, now, *found), now)

    if item.attempts > MOST_ATTEMPTS:
        result: dict[str, Any] = {"outcome": "failed"}
    else:
        try:
            found = () if doer.ready is None else (doer.ready(database, job, item, now, lease.tell),)
            in_transaction(database, lambda connection: whole(connection, *found))
            return
        except Refused as refused:
            result = refusal(refused)
            if doer.refused is not None:
                doer.refused(database, job, item, refused, now)
        except (SQLAlchemyError, Interrupted):
            raise  # the database is not there, or says no: the lease runs out, and the item is begun again
        except Exception as error:
            log_failure(log, f"Item {item.position} of job {job.id} failed", error)
            result = {"outcome": "failed"}
    in_transaction(database, partial(_keep, item_id=item.id, result=result, now=now))


def refusal(refused: Refused) -> dict[str, Any]:
    """Return a refusal as the result of an item."""
    return {
        "outcome": "refused",
        "problems": [{"code": one.code, "figures": dict(one.figures)} for one in refused.problems],
        "verdicts": [verdict_to_row(one) for one in refused.verdicts if one.broken],
    }


def problem_of(row: Mapping[str, Any]) -> Problem:
    """Return the problem that a refusal's result holds."""
    return Problem(row["code"], figures=row["figures"])


def _begin(
    connection: Connection, job: AnyRow, doer: Doer, ours: datetime, now: datetime
) -> tuple[AnyRow, datetime] | None:
    """Return the next item and until when the job is ours; None once the job has ended or is another's."""
    stands = connection.execute(
        select(Job.taken_until, Job.cancel_asked_at, Job.ended_at).where(Job.id == job.id).with_for_update()
    ).one()
    if stands.ended_at is not None or stands.taken_until != ours:
        return None
    if stands.cancel_asked_at is not None:
        _cancel_rest(connection, job.id, now)
    item = connection.execute(
        select(JobItem.__table__)
        .where(JobItem.job_id == job.id, JobItem.done_at.is_(None))
        .order_by(JobItem.position)
        .limit(1)
    ).one_or_none()
    if item is None:
        _end(connection, job, doer, now)
        return None
    begun = connection.execute(
        update(JobItem)
        .where(JobItem.id == item.id)
        .values(attempts=JobItem.attempts + 1)
        .returning(*JobItem.__table__.columns)
    ).one()
    connection.execute(update(Job).where(Job.id == job.id).values(taken_until=now + LEASE))
    return begun, now + LEASE


def _end(connection: Connection, job: AnyRow, doer: Doer, now: datetime) -> None:
    # What people gave as their reason stands in history, from where it can be erased.
    kept = {name: value for name, value in job.input.items() if name != "reason"}
    connection.execute(update(Job).where(Job.id == job.id).values(ended_at=now, taken_until=None, input=kept))
    if doer.ended is not None:
        items = select(JobItem.__table__).where(JobItem.job_id == job.id).order_by(JobItem.position)
        doer.ended(connection, job, connection.execute(items).all(), now)


def _cancel_rest(connection: Connection, job_id: int, now: datetime) -> None:
    connection.execute(
        update(JobItem)
        .where(JobItem.job_id == job_id, JobItem.done_at.is_(None))
        .values(result={"outcome": "cancelled"}, done_at=now)
    )


def _keep(connection: Connection, item_id: int, result: dict[str, Any], now: datetime) -> None:
    """Keep what came of an item. Raises Interrupted where another worker was faster, or it was cancelled."""
    waits = (JobItem.id == item_id) & JobItem.done_at.is_(None)
    if not connection.execute(update(JobItem).where(waits).values(result=result, done_at=now)).rowcount:
        raise Interrupted("the item is done already")
