"""What approvers have to do, and what comes to them: open tasks by their last day, and reports to come.

A report that comes goes to one of those who may check it today, whoever is away by then: each of them is
counted with an equal part of it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction

from sqlalchemy import Connection, bindparam, func, select

from models.claims import Claim
from models.history import Move
from models.people import Absence, Partner, User
from models.tasks import Task
from models.vocabulary import Role, State, TaskKind
from workflow.assignment import Colleague, Needs, colleagues, in_their_own_right
from workflow.dossier import AnyRow, Query
from workflow.forecast.expiries import HORIZONS
from workflow.task_deadlines import Office, office_of
from workflow.tasks import needs_of
from workflow.working_days import working_day_after

WORKING_DAYS = (5, 10, 20)
"""Until how many working days ahead tasks are counted as due."""

RECENT = timedelta(days=30)
"""How far back decisions are counted, and how far ahead absences are told."""


@dataclass(frozen=True, slots=True)
class Coming:
    """An approved claim whose activity has ended or does soon, so its report comes, and who may check it."""

    claim: AnyRow
    able: frozenset[int]


@dataclass(frozen=True, slots=True)
class Load:
    """What one approver has to do.

    `due` are the tasks due within each of WORKING_DAYS by their own calendar, the nearer ones among them;
    `overdue` ones are none of these. `coming` are, for each of HORIZONS, how many reports may come to them,
    and `part` is their equal part of those.
    """

    approver: Colleague
    open_tasks: int
    overdue: int
    due: tuple[int, ...]
    decided: int
    away: Sequence[AnyRow]
    coming: tuple[int, ...]
    part: tuple[Fraction, ...]


def loads(connection: Connection, now: datetime, today: date) -> tuple[list[Load], list[Coming]]:
    """Return the load of every approver who can sign in, and all reports to come. Seven statements."""
    everyone = colleagues(connection, Role.approver, today)
    office, tasks = office_of(connection), _tasks(connection)
    decided, away = _decided(connection, now - RECENT), _away(connection, today)
    reports = coming(connection, today, everyone)
    return [
        Load(
            one,
            sum(tasks[one.user_id].values()),
            _between(tasks[one.user_id], date.min, today - timedelta(days=1)),
            tuple(
                _between(tasks[one.user_id], today, due_until(one.user_id, today, days, office))
                for days in WORKING_DAYS
            ),
            decided.get(one.user_id, 0),
            away[one.user_id],
            *_expected(reports, one.user_id, today),
        )
        for one in everyone
    ], reports


def due_until(user_id: int, today: date, days: int, office: Office) -> date:
    """Return the day that is so many working days ahead in somebody's own calendar."""
    return working_day_after(today, days, office.calendar_of(user_id))


def coming(connection: Connection, today: date, everyone: Iterable[Colleague]) -> list[Coming]:
    """Return the reports to come of activities that end soon or have ended, and who may check each.

    The soonest first. Who is away today is not left out: it is about other days.
    """
    here = [replace(one, absent=False) for one in everyone]
    until = today + timedelta(days=HORIZONS[-1])
    able: dict[Needs, frozenset[int]] = {}
    found = []
    for claim in connection.execute(_REPORTS_TO_COME, {"until": until}):
        needs = needs_of(TaskKind.accept, claim, {})
        if needs not in able:
            able[needs] = frozenset(one.user_id for one in in_their_own_right(here, needs))
        found.append(Coming(claim, able[needs]))
    return found


def within(reports: Iterable[Coming], today: date, days: int) -> list[Coming]:
    """Return the reports to come of activities that end within so many days, or have ended."""
    until = today + timedelta(days=days)
    return [report for report in reports if report.claim.ends_on <= until]


def _expected(
    reports: Sequence[Coming], user_id: int, today: date
) -> tuple[tuple[int, ...], tuple[Fraction, ...]]:
    theirs = [report for report in reports if user_id in report.able]
    by_horizon = [within(theirs, today, days) for days in HORIZONS]
    return (
        tuple(len(found) for found in by_horizon),
        tuple(sum((Fraction(1, len(one.able)) for one in found), Fraction()) for found in by_horizon),
    )


def _tasks(connection: Connection) -> Mapping[int, Counter[date | None]]:
    """Return how many open tasks each person holds, by their last day in time."""
    found: defaultdict[int, Counter[date | None]] = defaultdict(Counter)
    query = (
        select(Task.assignee_id, Task.due_on, func.count().label("tasks"))
        .where(Task.closed_at.is_(None), Task.assignee_id.is_not(None))
        .group_by(Task.assignee_id, Task.due_on)
    )
    for row in connection.execute(query):
        found[row.assignee_id or 0][row.due_on] += row.tasks
    return found


def _between(tasks: Counter[date | None], first: date, last: date) -> int:
    """Return how many tasks are due from a day to another."""
    return sum(count for due_on, count in tasks.items() if due_on is not None and first <= due_on <= last)


def _decided(connection: Connection, since: datetime) -> Mapping[int, int]:
    """Return how many moves each person made as an approver since a moment."""
    query = (
        select(Move.actor_id, func.count().label("moves"))
        .where(Move.role == Role.approver, Move.at >= since)
        .group_by(Move.actor_id)
    )
    return {row.actor_id: row.moves for row in connection.execute(query) if row.actor_id is not None}


def _away(connection: Connection, today: date) -> Mapping[int, list[AnyRow]]:
    """Return when each person is away soon, and the name of who stands in, if anybody does."""
    found: defaultdict[int, list[AnyRow]] = defaultdict(list)
    query: Query = (
        select(Absence.user_id, Absence.first_day, Absence.last_day, User.name.label("substitute"))
        .outerjoin(User, User.id == Absence.substitute_id)
        .where(
            Absence.called_off_at.is_(None),
            Absence.last_day >= today,
            Absence.first_day <= today + RECENT,
        )
        .order_by(Absence.first_day, Absence.id)
    )
    for row in connection.execute(query):
        found[row.user_id].append(row)
    return found


_REPORTS_TO_COME: Query = (
    select(
        Claim.id,
        Claim.number,
        Claim.title,
        Claim.partner_id,
        Partner.name.label("partner"),
        Claim.ends_on,
        Claim.approved,
        Claim.barred,
    )
    .join(Partner, Partner.id == Claim.partner_id)
    .where(Claim.state == State.approved, Claim.ends_on <= bindparam("until"))
    .order_by(Claim.ends_on, Claim.id)
)
