"""The approver's inbox: the tasks that are theirs, oldest first, and the way from one to the next."""

from dataclasses import dataclass
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import and_, func, literal, select, tuple_

from models.base import UtcTime
from models.claims import Claim
from models.money import Cents
from models.people import Partner, User
from models.tasks import Task
from models.vocabulary import Role, TaskKind
from web.access import allow
from web.auth.visitor import actor
from web.decisions.room import room
from web.desk import is_late
from web.paging import page_of
from web.policies import policy_of
from web.services import reading
from workflow.dossier import Query
from workflow.tasks import amount_of

PAGE_OF: dict[TaskKind, str] = {
    TaskKind.decide: "decisions.decide",
    TaskKind.accept: "decisions.accept",
    TaskKind.reconsider: "decisions.reconsider",
}
"""The page on which a task is dealt with."""

MOST_COUNTED = 1000


@dataclass(frozen=True, slots=True)
class Waiting:
    """One row of the inbox. `amount` is what the task is about, in cents."""

    row: Any
    activity: str
    amount: Cents | None
    late: bool
    address: str


@room.get("/inbox")
@allow(Role.approver)
def inbox() -> ResponseReturnValue:
    """Show the tasks assigned to the visitor, oldest first."""
    page = page_of(_tasks(), (Task.opened_at, Task.id))
    return render_template(
        "decisions/inbox.html", page=page, tasks=[_waiting(row) for row in page.rows], count=_count()
    )


def next_task(after: Task | None) -> str | None:
    """Return the address of the visitor's task that follows one, else of their oldest; None for none."""
    order = (Task.opened_at, Task.id)
    mine = select(Task.id, Task.kind, Task.claim_id).where(_mine()).order_by(*order).limit(1)
    found = None
    if after is not None:
        there = tuple_(literal(after.opened_at, UtcTime()), literal(after.id))
        found = reading().execute(mine.where(tuple_(*order) > there)).first()
        mine = mine.where(Task.id != after.id)
    found = found or reading().execute(mine).first()
    return None if found is None else url_for(PAGE_OF[found.kind], claim_id=found.claim_id)


def _mine() -> Any:
    return and_(Task.assignee_id == actor().user_id, Task.closed_at.is_(None), Task.kind.in_(sorted(PAGE_OF)))


def _tasks() -> Query:
    return (
        select(
            Task.kind,
            Task.opened_at,
            Task.due_on,
            Claim.id,
            Claim.number,
            Claim.title,
            Claim.activity_type,
            Claim.requested,
            Claim.approved,
            Claim.reimbursable,
            Claim.policy_version_id,
            Partner.name.label("partner"),
            User.name.label("on_behalf_of"),
        )
        .join(Claim, Claim.id == Task.claim_id)
        .join(Partner, Partner.id == Claim.partner_id)
        .outerjoin(User, User.id == Task.on_behalf_of_id)
        .where(_mine())
    )


def _waiting(row: Any) -> Waiting:
    policy = policy_of(row.policy_version_id)
    return Waiting(
        row=row,
        activity=policy.catalogue.label("activity_type", row.activity_type),
        amount=amount_of(row.kind, {}, row),
        late=is_late(row.due_on),
        address=url_for(PAGE_OF[row.kind], claim_id=row.id),
    )


def _count() -> int:
    some = select(Task.id).where(_mine()).limit(MOST_COUNTED + 1).subquery()
    return reading().scalar(select(func.count()).select_from(some)) or 0
