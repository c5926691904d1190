"""Until when a task is in time: so many working days from its opening, or as the claim's policy says.

A task is open only while the ball is on the programme owner's side, so its days never run while a partner
works. Each task starts anew; what was late with one submission is added up (workflow/deadlines.py).
"""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, select

from models.programme import Programme
from models.tasks import TaskDeadline
from models.vocabulary import TaskKind
from workflow.dossier import AnyRow
from workflow.working_days import Calendar, working_day_after


class Office(NamedTuple):
    """Which days the programme owner's people work, and how long each kind of task may take."""

    calendar: Calendar = Calendar()
    deadlines: Mapping[TaskKind, AnyRow] = {}


NO_DEADLINES = Office()


def office_of(connection: Connection) -> Office:
    """Return the programme owner's calendar and the deadlines of its tasks."""
    rows = connection.execute(_OFFICE).all()
    if not rows:
        return NO_DEADLINES
    calendar = Calendar(rows[0].holiday_country, rows[0].holiday_region)
    return Office(calendar, {row.kind: row for row in rows if row.kind is not None})


_OFFICE = (
    select(Programme.holiday_country, Programme.holiday_region, TaskDeadline.__table__)
    .select_from(Programme)
    .outerjoin(TaskDeadline, Programme.id == 1)
)


def last_day_in_time(kind: TaskKind, opened_on: date, office: Office, decide_by: date | None) -> date | None:
    """Return the last day on which a task is in time; None where nothing sets one.

    `decide_by` is what the policy promises the partner for a decision: the earlier day counts.
    """
    deadline = office.deadlines.get(kind)
    days = [decide_by] if decide_by is not None and kind is TaskKind.decide else []
    if deadline is not None:
        days.append(working_day_after(opened_on, deadline.working_days, office.calendar))
    return min(days, default=None)


def days_late(due_on: date | None, done_on: date) -> int:
    """Return by how many calendar days a task was late; 0 where it was in time or had no last day."""
    return 0 if due_on is None else max(0, (done_on - due_on).days)
