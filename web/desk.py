"""A task on somebody's desk: the claim, all that is known of it, and the policy that it is judged by."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from models.claims import Claim
from models.money import Cents
from models.people import User
from models.tasks import Task
from models.vocabulary import TaskKind
from web.access import claim_or_404
from web.auth.visitor import actor
from web.policies import policy_of
from web.services import reading, today
from workflow.dossier import Dossier
from workflow.exchange import Exchange
from workflow.gathering import gather
from workflow.policies import Policy


@dataclass(frozen=True, slots=True)
class Desk:
    """A claim with what somebody needs to deal with it. `task` is the latest of the kind, open or closed.

    `absent` is the name of whom the task's holder stands in for.
    """

    claim: Claim
    task: Task | None
    dossier: Dossier
    policy: Policy
    absent: str | None = None

    @property
    def is_open(self) -> bool:
        """Return whether the task still waits."""
        return self.task is not None and self.task.closed_at is None

    @property
    def is_mine(self) -> bool:
        """Return whether the task waits for the signed-in user by name."""
        return self.is_open and self.task is not None and self.task.assignee_id == actor().user_id

    @property
    def available(self) -> Cents:
        """Return what the claim's fund still has, in cents; nothing where there is no fund."""
        return self.dossier.fund.available if self.dossier.fund else 0

    @property
    def exchange(self) -> Exchange:
        """Return what the amounts of the claim's lines go by. Every claim with a task has been submitted."""
        assert self.dossier.exchange is not None
        return self.dossier.exchange

    @property
    def due_on(self) -> date | None:
        """Return the last day on which the task is in time, if there is one."""
        return self.task.due_on if self.task else None


def desk_of(claim_id: int, kind: TaskKind) -> Desk:
    """Return a claim on the desk of whoever has its task of a kind; 404 where the visitor may not see it."""
    claim = claim_or_404(claim_id)
    session = reading()
    task = session.scalar(
        select(Task).where(Task.claim_id == claim_id, Task.kind == kind).order_by(Task.id.desc()).limit(1)
    )
    dossier = gather(session.connection(), [claim_id], lock=False)[claim_id]
    absent = session.get(User, task.on_behalf_of_id) if task and task.on_behalf_of_id else None
    return Desk(claim, task, dossier, policy_of(claim.policy_version_id), absent.name if absent else None)


def is_late(deadline: date | None) -> bool:
    """Return whether a deadline has passed."""
    return deadline is not None and deadline < today()
