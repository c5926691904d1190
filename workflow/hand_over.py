"""Open tasks change hands when their holder leaves, is absent, comes back or may do them no more.

Each hand-over is told once: `cause` is what the keys of its messages begin with, such as `act:12`.
"""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, or_, select, update

from models.claims import Claim
from models.people import Partner
from models.tasks import Task
from models.vocabulary import Role, TaskKind
from workflow.announcements import claim_figures, turn_messages
from workflow.assignment import (
    NAMED,
    Assignment,
    Colleague,
    Needs,
    assign,
    colleagues,
    holders,
    in_their_own_right,
    substitute_of,
)
from workflow.clock import programme_today
from workflow.dossier import AnyRow
from workflow.outbox import announce
from workflow.refusals import Problem, Refused
from workflow.routing import groups_of
from workflow.table import ROLE_OF_TASK
from workflow.tasks import amount_of, needs_of


class Handed(NamedTuple):
    """A task that changed hands: its claim and kind, and who held it before and after (None for nobody)."""

    claim_id: int
    partner_id: int
    kind: str
    before: int | None
    after: int | None
    on_behalf_of: int | None


def put_right(connection: Connection, which: ColumnElement[bool], cause: str, now: datetime) -> list[Handed]:
    """Give every open task that meets the condition to whom it belongs today; return those that moved.

    A task stays with whoever may do it. What is done on behalf of somebody absent returns to them once they
    are back; what they hold goes to their substitute, else to the least loaded, else to the managers.
    """
    today, groups, moved = programme_today(connection, now), groups_of(connection), []
    ids = select(Task.claim_id).where(Task.closed_at.is_(None), which).order_by(Task.claim_id)
    for claim_id in connection.scalars(ids).all():
        task = find_open_task(connection, claim_id)
        if task is None:
            continue  # done since it was found
        everyone = colleagues(connection, ROLE_OF_TASK[task.task_kind], today)
        assignment = _where_it_belongs(everyone, task, needs_of(task.task_kind, task, groups))
        if assignment is not None:
            moved.append(hand(connection, task, assignment, cause, now))
    return moved


def give_away(connection: Connection, task: AnyRow, by: int, cause: str, now: datetime) -> Handed:
    """Give a task to the next who is entitled, other than the one who gives it away."""
    today = programme_today(connection, now)
    others = [one for one in colleagues(connection, ROLE_OF_TASK[task.task_kind], today) if one.user_id != by]
    needs = needs_of(task.task_kind, task, groups_of(connection))
    return hand(connection, task, assign(others, needs), cause, now)


def candidates(connection: Connection, task: AnyRow, now: datetime) -> list[Colleague]:
    """Return who may be given an open task today in their own right, named by the claim's route or not."""
    everyone = colleagues(connection, ROLE_OF_TASK[task.task_kind], programme_today(connection, now))
    needs = needs_of(task.task_kind, task, groups_of(connection))
    return in_their_own_right(everyone, needs._replace(named=None))


def could_take(connection: Connection, kind: TaskKind, claim: AnyRow, user_id: int, today: date) -> bool:
    """Return whether an open task of a kind on a claim is for somebody too, in their own right."""
    everyone = colleagues(connection, ROLE_OF_TASK[kind], today)
    needs = needs_of(kind, claim, groups_of(connection))
    return user_id in {one.user_id for one in in_their_own_right(everyone, needs)}


def touching(user_id: int) -> ColumnElement[bool]:
    """Return the condition on tasks that somebody holds, or that are done on their behalf."""
    return or_(Task.assignee_id == user_id, Task.on_behalf_of_id == user_id)


def hand(
    connection: Connection,
    task: AnyRow,
    assignment: Assignment,
    cause: str,
    now: datetime,
    because: str = "moved_on",
) -> Handed:
    """Put an open task into other hands, and tell whose turn it becomes, and `because` of what."""
    on_behalf_of = assignment.on_behalf_of.user_id if assignment.on_behalf_of else None
    connection.execute(
        update(Task)
        .where(Task.id == task.task_id)
        .values(
            assignee_id=assignment.assignee_id,
            on_behalf_of_id=on_behalf_of,
            unassigned_why=assignment.why,
            held_since=now,
        )
    )
    announce(
        connection,
        turn_messages(
            claim_figures(task),
            task.id,
            task.task_kind,
            assignment,
            holders(connection, Role.manager),
            key=f"{cause}:{task.task_id}",
            cause=because,
            amount=amount_of(task.task_kind, {}, task),
            now=now,
        ),
    )
    return Handed(
        task.id, task.partner_id, task.task_kind.value, task.assignee_id, assignment.assignee_id, on_behalf_of
    )


def open_task(connection: Connection, claim_id: int) -> AnyRow:
    """Return the claim with its open task, both locked; raise Refused where nothing is open."""
    task = find_open_task(connection, claim_id)
    if task is None:
        raise Refused(Problem("no_open_task"))
    return task


def find_open_task(connection: Connection, claim_id: int) -> AnyRow | None:
    """Return the claim with its open task, both locked, or None where nothing is open."""
    task: AnyRow | None = connection.execute(
        select(
            Claim.__table__,
            Task.id.label("task_id"),
            Task.kind.label("task_kind"),
            Task.assignee_id,
            Task.on_behalf_of_id,
            Task.unassigned_why,
            Partner.name.label("partner_name"),
        )
        .select_from(Claim)
        .join(Task, Task.claim_id == Claim.id)
        .join(Partner, Partner.id == Claim.partner_id)
        .where(Claim.id == claim_id, Task.closed_at.is_(None))
        .with_for_update(of=(Claim, Task))
    ).one_or_none()
    return task


def _where_it_belongs(everyone: list[Colleague], task: AnyRow, needs: Needs) -> Assignment | None:
    """Return where a task has to go, or None where it may stay."""
    if task.task_kind not in NAMED or task.assignee_id is None:
        return _of_all_or_of_nobody(everyone, task, needs)
    # A manager may have given it to somebody whom the route does not name: they keep it.
    held, absent_id = needs._replace(named=None), task.on_behalf_of_id
    able = {one.user_id for one in in_their_own_right(everyone, held)}
    if absent_id is None:
        return None if task.assignee_id in able else assign(everyone, needs, instead_of=task.assignee_id)
    if absent_id in able:
        return Assignment(absent_id, None, (absent_id,))
    right = substitute_of(everyone, held, absent_id)
    stays = right is not None and right.user_id == task.assignee_id
    return None if stays else assign(everyone, needs, instead_of=absent_id)


def _of_all_or_of_nobody(everyone: list[Colleague], task: AnyRow, needs: Needs) -> Assignment | None:
    """Return what becomes of a task that no single person holds, where that is something else than now."""
    assignment = assign(everyone, needs)
    return None if assignment.why == task.unassigned_why and assignment.assignee_id is None else assignment
