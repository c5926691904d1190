"""Until when a task is in time: so many working days of its holder, or as the claim's policy says.

A task is open only while the ball is on the programme owner's side, so its days never run while a partner
works. Each task starts anew; what was late with one submission is added up (workflow/deadlines.py).
"""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, select

from models.people import User
from models.programme import Programme
from models.tasks import TaskDeadline
from models.vocabulary import TaskKind
from workflow.dossier import AnyRow
from workflow.working_days import Calendar, working_day_after


class Office(NamedTuple):
    """Which days the programme owner's people work, and how long each kind of task may take.

    `own` are the calendars of those who work by another than the programme's.
    """

    calendar: Calendar = Calendar()
    deadlines: Mapping[TaskKind, AnyRow] = {}
    own: Mapping[int, Calendar] = {}

    def calendar_of(self, user_id: int | None) -> Calendar:
        """Return by which days somebody works; the programme's calendar where nobody is named."""
        return self.calendar if user_id is None else self.own.get(user_id, self.calendar)


NO_DEADLINES = Office()


def office_of(connection: Connection) -> Office:
    """Return the calendars of the programme owner and its people, and the deadlines of its tasks."""
    rows = connection.execute(_OFFICE).all()
    if not rows:
        return NO_DEADLINES
    calendar = Calendar(rows[0].holiday_country, rows[0].holiday_region)
    own = {user_id: Calendar(*where) for user_id, *where in connection.execute(_OWN)}
    return Office(calendar, {row.kind: row for row in rows if row.kind is not None}, own)


_OFFICE = (
    select(Programme.holiday_country, Programme.holiday_region, TaskDeadline.__table__)
    .select_from(Programme)
    .outerjoin(TaskDeadline, Programme.id == 1)
)

_OWN = select(User.id, User.holiday_country, User.holiday_region).where(
    User.partner_id.is_(None), User.holiday_country.is_not(None)
)


def last_day_in_time(
    kind: TaskKind, opened_on: date, office: Office, holder_id: int | None, decide_by: date | None
) -> date | None:
    """Return the last day on which a task is in time, by its holder's calendar; None where nothing sets one.

    A task that no single person holds goes by the programme's calendar. `decide_by` is what the policy
    promises the partner for a decision: the earlier day counts.
    """
    deadline = office.deadlines.get(kind)
    days = [decide_by] if decide_by is not None and kind is TaskKind.decide else []
    if deadline is not None:
        days.append(working_day_after(opened_on, deadline.working_days, office.calendar_of(holder_id)))
    return min(days, default=None)


def days_late(due_on: date | None, done_on: date) -> int:
    """Return by how many calendar days a task was late; 0 where it was in time or had no last day."""
    return 0 if due_on is None else max(0, (done_on - due_on).days)
