"""Absences of the programme owner's people: they, or a manager, say when, and who stands in for them."""

import logging
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, or_, select, update

from models.database import Database
from models.failures import log_failure
from models.money import Cents, plain, written
from models.people import Absence, User, UserRole
from models.tasks import Task
from models.vocabulary import Role
from workflow.actors import SCHEDULER, Actor
from workflow.acts.record import record_act
from workflow.assignment import absent_on, roles_now, within
from workflow.clock import programme_today
from workflow.hand_over import Handed, put_right, touching
from workflow.moves import in_transaction
from workflow.refusals import Problem, Refused

LONGEST = timedelta(days=366)
"""How long one absence may last."""

log = logging.getLogger(__name__)


class Planned(NamedTuple):
    """An absence to record: both days inclusive; the limit in cents, None for that of whoever is absent."""

    first_day: date
    last_day: date
    substitute_id: int | None = None
    amount_limit: Cents | None = None


def record_absence(
    connection: Connection,
    actor: Actor,
    now: datetime,
    user_id: int,
    planned: Planned,
    key: str | None = None,
) -> int:
    """Record that somebody is out of office; return the absence's id. Their tasks move on from its first day.

    A manager records anybody's, everybody else their own. Raises Refused with every reason why not.
    """
    role = _role_for(connection, actor, user_id)
    user, today = _user(connection, user_id), programme_today(connection, now)
    problems = _problems(planned, user, today) or _clashes(connection, planned, user_id)
    if problems:
        raise Refused(*problems)
    figures = {
        "first_day": planned.first_day.isoformat(),
        "last_day": planned.last_day.isoformat(),
        "substitute": planned.substitute_id,
        "limit": None if planned.amount_limit is None else plain(planned.amount_limit),
    }
    act_id = record_act(
        connection, actor, now, "absence_recorded", f"user:{user_id}", figures, role=role, key=key
    )
    absence_id = connection.execute(
        insert(Absence).values(user_id=user_id, act_id=act_id, **planned._asdict()).returning(Absence.id)
    ).scalar_one()
    put_right(connection, touching(user_id), f"act:{act_id}", now)
    return int(absence_id)


def call_off(connection: Connection, actor: Actor, now: datetime, absence_id: int) -> None:
    """End an absence at once: what is done on their behalf returns. Once ended, nothing changes again."""
    absence = connection.execute(
        select(Absence.__table__).where(Absence.id == absence_id).with_for_update()
    ).one_or_none()
    if absence is None:
        raise Refused(Problem("no_such_absence"))
    role = _role_for(connection, actor, absence.user_id)
    if absence.called_off_at is not None:
        return
    connection.execute(update(Absence).where(Absence.id == absence_id).values(called_off_at=now))
    days = {"first_day": absence.first_day.isoformat(), "last_day": absence.last_day.isoformat()}
    act_id = record_act(
        connection, actor, now, "absence_called_off", f"user:{absence.user_id}", days, role=role
    )
    which = or_(touching(absence.user_id), Task.unassigned_why.is_not(None))
    put_right(connection, which, f"act:{act_id}", now)


def settle(database: Database, now: datetime) -> list[Handed]:
    """Let tasks follow the absences that began or ended: what scheduled work does after each midnight.

    Doing it again changes nothing. A task that fails stops no other.
    """
    with database.read() as connection:
        today = programme_today(connection, now)
        absent = select(Absence.user_id).where(absent_on(today))
        due = or_(
            Task.assignee_id.in_(absent), Task.on_behalf_of_id.is_not(None), Task.unassigned_why.is_not(None)
        )
        claims = connection.scalars(
            select(Task.claim_id).where(Task.closed_at.is_(None), due).order_by(Task.claim_id)
        ).all()
    moved = []
    for claim_id in claims:
        try:
            moved += in_transaction(database, partial(_settle_one, claim_id=claim_id, now=now))
        except Exception as error:
            log_failure(log, f"The task of claim {claim_id} could not be handed over", error)
    return moved


def _settle_one(connection: Connection, claim_id: int, now: datetime) -> list[Handed]:
    moved = put_right(connection, Task.claim_id == claim_id, f"settle:{now:%Y%m%dT%H%M%S%f}", now)
    for one in moved:
        figures = {
            "claim": one.claim_id,
            "task": one.kind,
            "before": one.before,
            "after": one.after,
            "on_behalf_of": one.on_behalf_of,
        }
        record_act(
            connection,
            SCHEDULER,
            now,
            "task_moved_on",
            f"claim:{one.claim_id}",
            figures,
            partner_id=one.partner_id,
        )
    return moved


def _role_for(connection: Connection, actor: Actor, user_id: int) -> Role:
    """Return the role in which somebody records an absence; raise Refused where they may not."""
    held = roles_now(connection, actor.user_id) & actor.roles if actor.user_id is not None else actor.roles
    if Role.manager in held:
        return Role.manager
    own = sorted(held & HAVE_TASKS)
    if actor.user_id != user_id or not own:
        raise Refused(Problem("absence_not_yours"))
    return own[0]


HAVE_TASKS = frozenset({Role.approver, Role.finance})
"""The roles that tasks go to, whose holders can be absent."""


def _user(connection: Connection, user_id: int) -> Any:
    """Return whose absence it is, locked, so that two absences are not recorded for the same days at once."""
    user = connection.execute(
        select(User.__table__)
        .where(User.id == user_id, User.partner_id.is_(None), User.deactivated_at.is_(None))
        .with_for_update(key_share=True)
    ).one_or_none()
    if user is None:
        raise Refused(Problem("no_such_user"))
    return user


def _problems(planned: Planned, user: Any, today: date) -> list[Problem]:
    """Return what is wrong with days and limit."""
    problems = []
    if planned.last_day < planned.first_day:
        problems.append(Problem("ends_before_start", "last_day"))
    elif planned.last_day < today:
        problems.append(Problem("absence_past", "last_day", {"last_day": planned.last_day.isoformat()}))
    elif planned.last_day - planned.first_day >= LONGEST:
        problems.append(Problem("absence_long", "last_day"))
    limit = planned.amount_limit
    if limit is not None and limit <= 0:
        problems.append(Problem("amount_positive", "amount_limit"))
    elif limit is not None and not within(user.amount_limit, limit):
        own = {"amount": written(limit), "limit": written(user.amount_limit)}
        problems.append(Problem("above_own_limit", "amount_limit", own))
    if planned.substitute_id == user.id:
        problems.append(Problem("substitute_is_oneself", "substitute"))
    return problems


def _clashes(connection: Connection, planned: Planned, user_id: int) -> list[Problem]:
    """Return what other absences, or the substitute's roles, say against it."""
    problems = []
    other = _absence_within(connection, planned, user_id)
    if other is not None:
        problems.append(Problem("absent_already", "first_day", other))
    if planned.substitute_id is None:
        return problems
    if not connection.scalar(_can_stand_in(planned.substitute_id, user_id)):
        return [*problems, Problem("no_such_substitute", "substitute")]
    theirs = _absence_within(connection, planned, planned.substitute_id)
    if theirs is not None:
        problems.append(Problem("substitute_absent", "substitute", theirs))
    return problems


def _absence_within(connection: Connection, planned: Planned, user_id: int) -> dict[str, str] | None:
    """Return the days of an absence of somebody that shares a day with these, or None."""
    found = connection.execute(
        select(Absence.first_day, Absence.last_day)
        .where(
            Absence.user_id == user_id,
            Absence.called_off_at.is_(None),
            Absence.first_day <= planned.last_day,
            Absence.last_day >= planned.first_day,
        )
        .order_by(Absence.first_day)
        .limit(1)
    ).first()
    return found and {"first": found.first_day.isoformat(), "last": found.last_day.isoformat()}


def _can_stand_in(substitute_id: int, user_id: int) -> Any:
    """Return the question whether somebody can sign in and shares a role that has tasks."""
    theirs = select(UserRole.role).where(UserRole.user_id == user_id, UserRole.role.in_(sorted(HAVE_TASKS)))
    return (
        select(User.id)
        .join(UserRole, UserRole.user_id == User.id)
        .where(
            User.id == substitute_id,
            User.deactivated_at.is_(None),
            User.password_hash.is_not(None),
            UserRole.role.in_(theirs),
        )
        .limit(1)
    )
