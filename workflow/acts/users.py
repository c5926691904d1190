"""Users are invited, given roles, deactivated and let in again.

A partner's people have the partner's role alone, and nobody else has it. Nobody changes their own roles; the
last programme manager stays.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, insert, or_, select, update

from models.money import Cents
from models.people import Partner, User, UserRole
from models.tasks import Task
from models.vocabulary import MailPreference, Role, TaskKind
from workflow import accounts, links
from workflow.actors import Actor
from workflow.acts.appointing import tell_of_appointments
from workflow.acts.deadlines import calendar_problems
from workflow.acts.record import record_act, require_manager, require_unchanged
from workflow.entitlement import (
    THE_PROGRAMMES,
    entitlement,
    figures_of_new,
    on_file,
    role_problems,
)
from workflow.hand_over import put_right, touching
from workflow.refusals import Problem, Refused
from workflow.sessions import end_all_sessions
from workflow.working_days import Calendar


def add_user(
    connection: Connection,
    actor: Actor,
    now: datetime,
    *,
    email: str,
    name: str,
    roles: Collection[Role],
    partner_id: int | None = None,
    is_contact: bool = False,
    key: str | None = None,
) -> int:
    """Put a user on file, who cannot sign in before a link was used; return the user's id."""
    require_manager(connection, actor)
    address = accounts.normal(email)
    problems = _problems(connection, roles, partner_id, is_contact)
    if not accounts.is_address(address):
        problems.append(Problem("email_form", "email"))
    elif connection.scalar(select(User.id).where(User.email == address)) is not None:
        problems.append(Problem("email_taken", "email"))
    if not name.strip():
        problems.append(Problem("field_missing", "name"))
    if problems:
        raise Refused(*problems)
    user_id = int(
        connection.execute(
            insert(User)
            .values(
                email=address,
                name=name.strip(),
                partner_id=partner_id,
                is_contact=is_contact,
                mail_preference=MailPreference.at_once,
                created_at=now,
            )
            .returning(User.id)
        ).scalar_one()
    )
    connection.execute(insert(UserRole), [{"user_id": user_id, "role": role} for role in sorted(roles)])
    act_id = record_act(
        connection,
        actor,
        now,
        "user_invited",
        f"user:{user_id}",
        figures_of_new(roles, is_contact, partner_id),
        partner_id=partner_id,
        key=key,
    )
    tell_of_appointments(connection, actor, now, {user_id: roles}, f"act:{act_id}")
    return user_id


def invite(connection: Connection, actor: Actor, now: datetime, user_id: int, life: timedelta) -> str:
    """Send a user a new single-use link to set a password, which ends earlier ones; return its token."""
    require_manager(connection, actor)
    user = _user(connection, user_id)
    record_act(connection, actor, now, "link_issued", f"user:{user_id}", {}, partner_id=user.partner_id)
    links.end_links(connection, user_id)
    return links.send_link(connection, user_id, links.link_kind(user.password_hash), now, life)


def change_user(
    connection: Connection,
    actor: Actor,
    now: datetime,
    user_id: int,
    *,
    roles: Collection[Role],
    is_contact: bool,
    amount_limit: Cents | None = None,
    calendar: Calendar = THE_PROGRAMMES,
    seen: str | None = None,
) -> None:
    """Set a user's roles, the most they may decide on (in cents, None for no limit), and whether a contact.

    By a `calendar` of their own tasks are due that are opened for them from now on; an empty one is none.

    Tasks they may no longer do move on; tasks that waited come to them.

    `seen` is the text of `on_file` as the page showed it: what changed since is not overwritten.
    """
    require_manager(connection, actor)
    user = _user(connection, user_id)
    if user.erased_by is not None:
        raise Refused(Problem("user_erased"))
    before = _roles(connection, user_id)
    after = frozenset(roles)
    problems = [*_problems(connection, after, user.partner_id, is_contact), *calendar_problems(calendar)]
    if user_id == actor.user_id and (before, user.amount_limit) != (after, amount_limit):
        problems.append(Problem("own_roles", "roles"))
    if amount_limit is not None and amount_limit <= 0:
        problems.append(Problem("amount_positive", "amount_limit"))
    if Role.manager in before - after and _is_last_manager(connection, user_id):
        problems.append(Problem("last_manager", "roles"))
    if problems:
        raise Refused(*problems)
    figures = {
        "before": on_file(before, user),
        "after": entitlement(after, is_contact, amount_limit, calendar),
    }
    if figures["before"] == figures["after"]:
        return
    require_unchanged(seen, figures["before"])
    connection.execute(delete(UserRole).where(UserRole.user_id == user_id))
    connection.execute(insert(UserRole), [{"user_id": user_id, "role": role} for role in sorted(after)])
    where = {"holiday_country": calendar.country, "holiday_region": calendar.region}
    connection.execute(
        update(User)
        .where(User.id == user_id)
        .values(is_contact=is_contact, amount_limit=amount_limit, **where)
    )
    act_id = record_act(
        connection, actor, now, "user_changed", f"user:{user_id}", figures, partner_id=user.partner_id
    )
    put_right(connection, tasks_that_may_move([user_id], before | after), f"act:{act_id}", now)
    tell_of_appointments(connection, actor, now, {user_id: after - before}, f"act:{act_id}")


def deactivate(connection: Connection, actor: Actor, now: datetime, user_id: int) -> None:
    """Shut a user out at once: signed out everywhere, links ended, open tasks handed on."""
    require_manager(connection, actor)
    user = _user(connection, user_id)
    if user_id == actor.user_id:
        raise Refused(Problem("own_account"))
    if user.deactivated_at is not None:
        return
    if Role.manager in _roles(connection, user_id) and _is_last_manager(connection, user_id):
        raise Refused(Problem("last_manager"))
    connection.execute(update(User).where(User.id == user_id).values(deactivated_at=now))
    end_all_sessions(connection, user_id)
    links.end_links(connection, user_id)
    act_id = record_act(
        connection, actor, now, "user_deactivated", f"user:{user_id}", {}, partner_id=user.partner_id
    )
    roles = _roles(connection, user_id)
    put_right(connection, tasks_that_may_move([user_id], roles), f"act:{act_id}", now)


def reactivate(connection: Connection, actor: Actor, now: datetime, user_id: int) -> None:
    """Let a deactivated user sign in again."""
    require_manager(connection, actor)
    user = _user(connection, user_id)
    if user.deactivated_at is None:
        return
    if user.erased_by is not None:
        raise Refused(Problem("user_erased"))
    connection.execute(update(User).where(User.id == user_id).values(deactivated_at=None))
    act_id = record_act(
        connection, actor, now, "user_reactivated", f"user:{user_id}", {}, partner_id=user.partner_id
    )
    put_right(connection, Task.unassigned_why.is_not(None), f"act:{act_id}", now)
    tell_of_appointments(connection, actor, now, {user_id: _roles(connection, user_id)}, f"act:{act_id}")


def tasks_that_may_move(user_ids: Iterable[int], roles: Collection[Role]) -> ColumnElement[bool]:
    """Return the condition on tasks to look at once some people's roles changed: theirs, and those that wait.

    A payment belongs to all of finance: each may be one that nobody is left to make.
    """
    touched = or_(*map(touching, user_ids), Task.unassigned_why.is_not(None))
    return or_(touched, Task.kind == TaskKind.pay) if Role.finance in roles else touched


def unlock(connection: Connection, actor: Actor, now: datetime, user_id: int) -> None:
    """Let a user who was locked out after failed sign-ins try again at once."""
    require_manager(connection, actor)
    user = _user(connection, user_id)
    accounts.unlock(connection, user.email)
    record_act(connection, actor, now, "user_unlocked", f"user:{user_id}", {}, partner_id=user.partner_id)


def _user(connection: Connection, user_id: int) -> Any:
    # Not the strongest lock: a row that only names the user, such as a move's, is not kept waiting.
    user = connection.execute(
        select(User.__table__).where(User.id == user_id).with_for_update(key_share=True)
    ).one_or_none()
    if user is None:
        raise Refused(Problem("no_such_user"))
    return user


def _roles(connection: Connection, user_id: int) -> frozenset[Role]:
    return frozenset(connection.scalars(select(UserRole.role).where(UserRole.user_id == user_id)))


def _is_last_manager(connection: Connection, user_id: int) -> bool:
    # The managers' own rows are locked, so that two managers who leave at once do not both go.
    others = connection.scalars(
        select(User.id)
        .join(UserRole, UserRole.user_id == User.id)
        .where(UserRole.role == Role.manager, User.deactivated_at.is_(None))
        .order_by(User.id)
        .with_for_update(of=User, key_share=True)
    ).all()
    return [other for other in others if other != user_id] == []


def _problems(
    connection: Connection, roles: Collection[Role], partner_id: int | None, is_contact: bool
) -> list[Problem]:
    problems = role_problems(roles, partner_id, is_contact)
    if (
        partner_id is not None
        and connection.scalar(select(func.count()).where(Partner.id == partner_id)) == 0
    ):
        problems.append(Problem("no_partner", "partner_id"))
    return problems
