"""Reminds whoever holds a task before it is late and once it is, and tells somebody else when it stays so.

A late task stays with its holder, who can still do it.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from models.claims import Claim
from models.database import Database
from models.messages import Message
from models.money import plain
from models.people import Partner
from models.tasks import Task, TaskDeadline
from models.vocabulary import MessageKind, Role, TaskKind
from workflow.announcements import claim_figures, message_row
from workflow.assignment import Colleague, assign, colleagues_by_role
from workflow.clock import programme_today
from workflow.dossier import AnyRow
from workflow.outbox import announce
from workflow.routing import Groups, groups_of
from workflow.table import ROLE_OF_TASK
from workflow.task_deadlines import Office, office_of
from workflow.tasks import amount_of, needs_of
from workflow.working_days import Calendar, working_day_after

Everyone = Mapping[Role, list[Colleague]]

BATCH = 500
"""Tasks that are looked at in one transaction."""


class Step(NamedTuple):
    """What has come for a task: its holder is reminded (`soon`, `late`), or it is escalated."""

    name: str
    kind: MessageKind


SOON = Step("soon", MessageKind.reminder)
LATE = Step("late", MessageKind.reminder)
ESCALATED = Step("escalated", MessageKind.escalation)


def chase(database: Database, now: datetime) -> int:
    """Tell what is due today about tasks that will be late or are; return how many messages were new.

    Nobody is told the same of a task twice, however often and on however many nodes this runs.
    """
    told, after = 0, 0
    while True:
        with database.write() as connection:
            today, office = programme_today(connection, now), office_of(connection)
            tasks = _due_soon(connection, today, office, after)
            told += _tell(connection, tasks, today, office, now)
        if len(tasks) < BATCH:
            return told
        after = tasks[-1].task_id


def steps(
    due_on: date, today: date, deadline: AnyRow | TaskDeadline | None, calendar: Calendar
) -> list[Step]:
    """Return what has come today for an open task that is due on a day. Without a rule: one reminder."""
    if deadline is None:
        return [LATE] if today > due_on else []
    if today <= due_on:
        days = deadline.remind_days
        return [] if days is None or today < working_day_after(due_on, -days, calendar) else [SOON]
    days = deadline.escalate_days
    escalated = days is not None and today >= working_day_after(due_on, days, calendar)
    return [LATE, ESCALATED] if escalated else [LATE]


def _due_soon(connection: Connection, today: date, office: Office, after: int) -> list[AnyRow]:
    """Return open tasks for which a step may have come, in the order of their ids."""
    furthest = max((one.remind_days or 0 for one in office.deadlines.values()), default=0)
    calendars = {office.calendar, *office.own.values()}
    horizon = max(working_day_after(today, furthest, calendar) for calendar in calendars)
    return list(
        connection.execute(
            select(
                Claim.__table__,
                Partner.name.label("partner_name"),
                Task.id.label("task_id"),
                Task.kind,
                Task.assignee_id,
                Task.on_behalf_of_id,
                Task.unassigned_why,
                Task.due_on,
            )
            .select_from(Task)
            .join(Claim, Claim.id == Task.claim_id)
            .join(Partner, Partner.id == Claim.partner_id)
            .where(Task.closed_at.is_(None), Task.due_on <= horizon, Task.id > after)
            .order_by(Task.id)
            .limit(BATCH)
        )
    )


def _tell(connection: Connection, tasks: list[AnyRow], today: date, office: Office, now: datetime) -> int:
    if not tasks:
        return 0
    everyone = colleagues_by_role(connection, {Role.manager, *ROLE_OF_TASK.values()}, today)
    groups = groups_of(connection)
    rows = [row for task in tasks for row in _messages(task, today, office, everyone, groups, now)]
    known = set(connection.scalars(select(Message.key).where(Message.key.in_([row["key"] for row in rows]))))
    new = [row for row in rows if row["key"] not in known]
    announce(connection, new)
    return len(new)


def _messages(
    task: AnyRow, today: date, office: Office, everyone: Everyone, groups: Groups, now: datetime
) -> Iterator[dict[str, Any]]:
    deadline, names = office.deadlines.get(task.kind), _names(everyone)
    about = {
        **claim_figures(task),
        "task": task.kind.value,
        "due_on": task.due_on.isoformat(),
        "amount": plain(amount_of(task.kind, {}, task) or 0),
    }
    for step in steps(task.due_on, today, deadline, office.calendar_of(task.assignee_id)):
        key = f"task:{task.task_id}:{step.name}"
        more: dict[str, Any]
        if step is ESCALATED:
            told, more = _escalated_to(deadline, everyone), {"holder": names.get(task.assignee_id)}
        else:
            told = _holders(task, everyone, groups)
            more = {"late": step is LATE, "on_behalf_of": names.get(task.on_behalf_of_id)}
        for user_id in told:
            yield message_row(step.kind, key, user_id, {**about, **more}, now, task.id)


def _names(everyone: Everyone) -> dict[int | None, str]:
    return {one.user_id: one.name for role in everyone.values() for one in role}


def _holders(task: AnyRow, everyone: Everyone, groups: Groups) -> list[int]:
    """Return whose task it is: its holder, all who may do it, or the managers where nobody may."""
    if task.assignee_id is not None:
        return [task.assignee_id]
    if task.kind is TaskKind.pay and task.unassigned_why is None:
        return list(assign(everyone[ROLE_OF_TASK[task.kind]], needs_of(task.kind, task, groups)).told)
    return [one.user_id for one in everyone[Role.manager]]


def _escalated_to(deadline: AnyRow | TaskDeadline | None, everyone: Everyone) -> list[int]:
    """Return who is told of a task that stays late: whom the deadline names and who stands in for them.

    The programme managers are told where it names nobody, or nobody who can sign in any more.
    """
    named = deadline.escalate_to_id if deadline is not None else None
    person = next((one for role in everyone.values() for one in role if one.user_id == named), None)
    if person is None:
        return [one.user_id for one in everyone[Role.manager]]
    stands_in = [person.substitute_id] if person.absent and person.substitute_id else []
    return [person.user_id, *stands_in]
