"""Programme managers say how many working days a kind of task may take, and whose holidays count."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from models.people import User, UserRole
from models.programme import Programme
from models.tasks import TaskDeadline
from models.vocabulary import Role, TaskKind
from workflow.actors import Actor
from workflow.acts.record import record_act, require_manager, require_unchanged
from workflow.dossier import AnyRow
from workflow.refusals import Problem, Refused
from workflow.table import ROLE_OF_TASK
from workflow.working_days import Calendar, countries

LONGEST = 250
"""Working days that a deadline may count: about a year."""


class Deadline(NamedTuple):
    """How long a kind of task may take, in working days; see `models.tasks.TaskDeadline`."""

    working_days: int
    remind_days: int | None = None
    escalate_days: int | None = None
    escalate_to_id: int | None = None


def set_deadlines(
    connection: Connection,
    actor: Actor,
    now: datetime,
    calendar: Calendar,
    deadlines: Mapping[TaskKind, Deadline],
    *,
    seen: str | None = None,
    key: str | None = None,
) -> int:
    """Set the calendar and the deadline of each kind of task; return the act's id. A kind left out has none.

    It holds for tasks opened from now on: those that are open keep the last day they were given. Raises
    Refused with every reason why not.
    """
    require_manager(connection, actor)
    connection.execute(select(Programme.id).with_for_update())
    before = deadlines_in_force(connection)
    require_unchanged(seen, before)
    problems = [*calendar_problems(calendar), *_deadline_problems(connection, deadlines)]
    if problems:
        raise Refused(*problems)
    connection.execute(
        update(Programme).values(holiday_country=calendar.country, holiday_region=calendar.region)
    )
    connection.execute(delete(TaskDeadline))
    if deadlines:
        rows = [{"kind": kind, **deadline._asdict()} for kind, deadline in deadlines.items()]
        connection.execute(insert(TaskDeadline), rows)
    figures = {"before": before, "after": deadlines_in_force(connection)}
    return record_act(connection, actor, now, "deadlines_set", "programme:1", figures, key=key)


def deadlines_in_force(connection: Connection) -> dict[str, Any]:
    """Return calendar and deadlines as history keeps them."""
    office = connection.execute(select(Programme.holiday_country, Programme.holiday_region)).first()
    rows = {row.kind: row for row in connection.execute(select(TaskDeadline.__table__))}
    return {
        "country": office.holiday_country if office else None,
        "region": office.holiday_region if office else None,
        **{kind.value: _as_json(rows.get(kind)) for kind in TaskKind},
    }


def _as_json(row: AnyRow | None) -> dict[str, int | None] | None:
    return None if row is None else {name: getattr(row, name) for name in Deadline._fields}


def calendar_problems(calendar: Calendar) -> list[Problem]:
    """Return what is wrong with a calendar, at the fields `country` and `region`."""
    if calendar.country is None:
        return [Problem("region_without_country", "region")] if calendar.region else []
    regions = countries().get(calendar.country)
    if regions is None:
        return [Problem("no_such_country", "country")]
    if calendar.region and calendar.region not in regions:
        known = ", ".join(regions) or "–"
        return [Problem("no_such_region", "region", {"region": calendar.region, "regions": known})]
    return []


def _deadline_problems(connection: Connection, deadlines: Mapping[TaskKind, Deadline]) -> list[Problem]:
    problems = []
    for kind, deadline in deadlines.items():
        counts = {"working_days": (deadline.working_days, 1), "escalate_days": (deadline.escalate_days, 1)}
        counts["remind_days"] = (deadline.remind_days, 0)
        for name, (days, least) in counts.items():
            if days is not None and not least <= days <= LONGEST:
                problems.append(
                    Problem(
                        "days_between", f"{kind.value}_{name}", {"least": str(least), "most": str(LONGEST)}
                    )
                )
        if (deadline.remind_days or 0) >= deadline.working_days > 0:
            problems.append(Problem("remind_before_it_begins", f"{kind.value}_remind_days"))
        if deadline.escalate_to_id is not None and deadline.escalate_to_id not in told_of_escalations(
            connection
        ):
            problems.append(Problem("no_such_user", f"{kind.value}_escalate_to"))
    return problems


def told_of_escalations(connection: Connection) -> dict[int, str]:
    """Return the names of whom a late task can be escalated to: the owner's people who deal with tasks."""
    roles = {*ROLE_OF_TASK.values(), Role.manager}
    rows = connection.execute(
        select(User.id, User.name)
        .join(UserRole, UserRole.user_id == User.id)
        .where(
            User.partner_id.is_(None),
            User.deactivated_at.is_(None),
            User.password_hash.is_not(None),
            UserRole.role.in_(sorted(roles)),
        )
        .order_by(User.name, User.id)
    )
    return {row.id: row.name for row in rows}
