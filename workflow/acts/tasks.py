"""Open tasks change hands: a manager reassigns one, or a colleague who leaves hands all of theirs on.

Each hand-over is told once: `cause` is what the keys of its messages begin with, such as `act:12`.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from models.claims import Claim
from models.messages import Message
from models.people import Partner
from models.tasks import Task
from models.vocabulary import Role, TaskKind
from workflow.actors import Actor
from workflow.acts.record import record_act, require_manager
from workflow.announcements import claim_figures, turn_messages
from workflow.assignment import NAMED, Assignment, Colleague, assign, colleagues, entitled
from workflow.consequences import amount_of
from workflow.dossier import AnyRow
from workflow.refusals import Problem, Refused
from workflow.table import ROLE_OF_TASK


def candidates(connection: Connection, claim_id: int) -> list[Colleague]:
    """Return who may be given the claim's open task, which has to be one that a single person holds."""
    task = _open_task(connection, claim_id)
    return entitled(
        colleagues(connection, ROLE_OF_TASK[task.kind]), task.kind, task.partner_id, task.accepted_by_id
    )


def reassign(
    connection: Connection, actor: Actor, now: datetime, claim_id: int, user_id: int, reason: str = ""
) -> None:
    """Give a claim's open task to another entitled person. The claim itself does not move.

    A payment belongs to all of finance. Nobody takes a task themselves, for a manager decides nothing.
    """
    require_manager(connection, actor)
    task = _open_task(connection, claim_id)
    if task.kind not in NAMED:
        raise Refused(Problem("task_of_all"))
    if user_id == actor.user_id:
        raise Refused(Problem("task_to_oneself", "assignee"))
    if user_id not in {one.user_id for one in candidates(connection, claim_id)}:
        raise Refused(Problem("not_entitled", "assignee"))
    if task.assignee_id == user_id:
        return
    figures = {
        "claim": claim_id,
        "task": task.kind.value,
        "before": task.assignee_id,
        "after": user_id,
    }
    act_id = record_act(
        connection,
        actor,
        now,
        "task_reassigned",
        f"claim:{claim_id}",
        figures,
        partner_id=task.partner_id,
        reason=reason,
    )
    _hand(connection, task, Assignment(user_id, None, (user_id,)), f"act:{act_id}", now)


def hand_on(connection: Connection, user_id: int, cause: str, now: datetime) -> None:
    """Give every open task of somebody who can no longer do it to the next entitled, one after the other."""
    tasks = connection.scalars(
        select(Task.claim_id)
        .where(Task.assignee_id == user_id, Task.closed_at.is_(None))
        .order_by(Task.claim_id)
    ).all()
    for claim_id in tasks:
        task = _find_open_task(connection, claim_id)
        if task is None or task.assignee_id != user_id:
            continue  # done, or handed over, since it was found
        able = [one for one in candidates(connection, claim_id) if one.user_id != user_id]
        _hand(connection, task, assign(able, task.kind), cause, now)


def put_before_managers(connection: Connection, cause: str, now: datetime) -> None:
    """Let payments that nobody may make any more wait at the managers, once finance has fewer people."""
    finance = colleagues(connection, Role.finance)
    payments = connection.execute(
        select(Claim.id, Claim.partner_id, Claim.accepted_by_id)
        .join(Task, Task.claim_id == Claim.id)
        .where(Task.kind == TaskKind.pay, Task.unassigned_why.is_(None), Task.closed_at.is_(None))
        .order_by(Claim.id)
    ).all()
    for claim_id, partner_id, accepted_by in payments:
        if entitled(finance, TaskKind.pay, partner_id, accepted_by):
            continue
        task = _find_open_task(connection, claim_id)
        if task is not None and task.kind is TaskKind.pay:
            _hand(connection, task, assign((), TaskKind.pay), cause, now)


def take_up(connection: Connection, roles: Collection[Role], cause: str, now: datetime) -> None:
    """Assign the tasks that waited at the managers, now that more people can do what these roles do."""
    waiting = connection.scalars(
        select(Task.claim_id)
        .where(Task.unassigned_why.is_not(None), Task.closed_at.is_(None))
        .order_by(Task.claim_id)
    ).all()
    for claim_id in waiting:
        task = _find_open_task(connection, claim_id)
        if task is None or task.unassigned_why is None or ROLE_OF_TASK[task.kind] not in roles:
            continue
        able = candidates(connection, claim_id)
        if able:
            _hand(connection, task, assign(able, task.kind), cause, now)


def _hand(connection: Connection, task: AnyRow, assignment: Assignment, cause: str, now: datetime) -> None:
    connection.execute(
        update(Task)
        .where(Task.id == task.task_id)
        .values(assignee_id=assignment.assignee_id, unassigned_why=assignment.why)
    )
    managers = [one.user_id for one in colleagues(connection, Role.manager)]
    rows = list(
        turn_messages(
            claim_figures(task),
            task.id,
            task.kind,
            assignment,
            managers,
            key=f"{cause}:{task.task_id}",
            cause="reassign",
            amount=amount_of(task.kind, {}, task),
            now=now,
        )
    )
    if rows:
        connection.execute(insert(Message), rows)


def _open_task(connection: Connection, claim_id: int) -> AnyRow:
    """Return the claim with its open task, both locked; raise Refused where nothing is open."""
    task = _find_open_task(connection, claim_id)
    if task is None:
        raise Refused(Problem("no_open_task"))
    return task


def _find_open_task(connection: Connection, claim_id: int) -> AnyRow | None:
    task: AnyRow | None = connection.execute(
        select(
            Claim.__table__,
            Task.id.label("task_id"),
            Task.kind,
            Task.assignee_id,
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
