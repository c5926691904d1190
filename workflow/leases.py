"""A worker has a job for a while, its lease, and for longer with each word that it gives.

Most items are done before a lease runs out. One that takes longer is made ready by what is handed `tell`, and
says with it how far it is: that renews the lease, is shown, and ends the work where it is to go no further.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection, or_, select, update

from models.database import Database
from models.jobs import Job, JobItem
from workflow.dossier import AnyRow
from workflow.moves import in_transaction

LEASE = timedelta(minutes=2)
"""How long a worker keeps a job without a word: far longer than it goes without one."""

EVERY = timedelta(seconds=2)
"""How often word is given, however often `tell` is called."""

Tell = Callable[[int, int], None]
"""Takes how much of an item is done, and of how much. Raises Interrupted where it is to go no further."""


class Interrupted(Exception):
    """An item goes no further here: its job was cancelled or taken over, it was done, or its worker stops.

    Nothing of it is kept. It is nothing that whoever makes an item ready may swallow.
    """


class Lease:
    """A worker's hold on a job while it does an item."""

    def __init__(
        self,
        database: Database,
        item: AnyRow,
        until: datetime,
        clock: Callable[[], datetime],
        stopping: Callable[[], bool],
    ) -> None:
        self.database, self.item, self.until = database, item, until
        self.clock, self.stopping = clock, stopping
        self.told_at = until - LEASE

    def tell(self, done: int, total: int) -> None:
        """Say how far the item is, and keep the job for longer. Raises Interrupted."""
        if self.stopping():
            in_transaction(self.database, self._not_begun)
            raise Interrupted("the worker stops")
        now = self.clock()
        if now - self.told_at < EVERY:
            return
        percent = min(100 * done // max(total, 1), 100)
        self.until = in_transaction(self.database, partial(self._renew, now=now, percent=percent))
        self.told_at = now

    def _renew(self, connection: Connection, now: datetime, percent: int) -> datetime:
        job = connection.execute(
            select(Job.taken_until, Job.cancel_asked_at).where(Job.id == self.item.job_id).with_for_update()
        ).one()
        if job.taken_until != self.until or job.cancel_asked_at is not None:
            raise Interrupted("the job was taken over or cancelled")
        connection.execute(update(Job).where(Job.id == self.item.job_id).values(taken_until=now + LEASE))
        connection.execute(update(JobItem).where(JobItem.id == self.item.id).values(percent=percent))
        return now + LEASE

    def _not_begun(self, connection: Connection) -> None:
        """Let the attempt not count: the next worker begins it anew."""
        connection.execute(
            update(JobItem).where(JobItem.id == self.item.id).values(attempts=self.item.attempts - 1)
        )


def take(connection: Connection, now: datetime) -> AnyRow | None:
    """Take over the oldest job that no living worker has; None where there is none."""
    free = or_(Job.taken_until.is_(None), Job.taken_until <= now)
    oldest = (
        select(Job.id)
        .where(Job.ended_at.is_(None), free)
        .order_by(Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    return connection.execute(
        update(Job).where(Job.id == oldest).values(taken_until=now + LEASE).returning(*Job.__table__.columns)
    ).one_or_none()


def let_go(connection: Connection, job_id: int, ours: datetime) -> None:
    """Leave a job to the next worker at once, where this one is asked to stop."""
    connection.execute(update(Job).where(Job.id == job_id, Job.taken_until == ours).values(taken_until=None))
