"""Long work that auditors and programme managers ask for on their pages: how far it is, what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from flask import abort
from sqlalchemy import Connection, select

from models.jobs import Job, JobItem
from models.people import User
from models.vocabulary import JobKind
from web.auth.visitor import actor
from web.moving import sent_key, words_of
from web.services import now, reading, services
from workflow.actors import Actor
from workflow.jobs import problem_of
from workflow.moves import settled
from workflow.refusals import Refused

MOST_LISTED = 5


@dataclass(frozen=True, slots=True)
class Work:
    """A job of one item, who asked for it, how much is done in percent, and its result once it has one."""

    job: Job
    by: str
    percent: int
    result: Mapping[str, Any] | None

    @property
    def waits(self) -> bool:
        """Return whether it may go on still."""
        return self.job.ended_at is None

    @property
    def outcome(self) -> str:
        """Return what came of it, in the word that is stored; nothing while it waits."""
        return self.result["outcome"] if self.result else ""

    @property
    def reasons(self) -> list[str]:
        """Return why it was refused."""
        return [words_of(problem_of(one)) for one in (self.result or {}).get("problems", ())]

    @property
    def may_stop(self) -> bool:
        """Return whether the visitor may have it stopped."""
        return self.waits and self.job.cancel_asked_at is None and self.job.actor_id == actor().user_id


def latest(kind: JobKind) -> Sequence[Work]:
    """Return the latest jobs of a kind, whoever asked for them."""
    rows = reading().execute(
        select(Job, User.name, JobItem.percent, JobItem.result)
        .join(User, User.id == Job.actor_id)
        .join(JobItem, JobItem.job_id == Job.id)
        .where(Job.kind == kind, JobItem.position == 0)
        .order_by(Job.id.desc())
        .limit(MOST_LISTED)
    )
    return [Work(job, by, percent or 0, result) for job, by, percent, result in rows]


class Asks(Protocol):
    """What asks for long work in a transaction and returns its job, or what it is for. Raises Refused."""

    def __call__(self, connection: Connection, actor: Actor, now: datetime, *, key: str) -> int: ...


def ask_for(work: Asks) -> int | Refused:
    """Ask for long work under the form's key; return its job, or why there is none. 403 for who may not."""
    key = sent_key()
    try:
        return settled(services().database, lambda connection: work(connection, actor(), now(), key=key))
    except Refused as refused:
        if refused.why == "not_yours":
            abort(403)
        return refused
