"""Writes what an import makes of users: who is new is invited, the others are entitled anew."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, select

from models.base import Base
from models.bulk import inserting, new_ids, updating
from models.driver import send
from models.messages import Message
from models.money import Cents
from models.people import SingleUseLink, User, UserRole
from models.programme import Programme
from models.tasks import Task
from models.vocabulary import MailPreference, MessageKind, Role, RowVerdict
from workflow.acts.appointing import tell_of_appointments
from workflow.acts.record import NewAct, record_acts
from workflow.acts.users import tasks_that_may_move
from workflow.entitlement import entitlement
from workflow.hand_over import put_right
from workflow.imports.kinds import Asking, to_write
from workflow.imports.naming import at_once
from workflow.imports.verdicts import Judged
from workflow.links import made_link


@dataclass(frozen=True, slots=True)
class Plan:
    """What somebody is to be entitled to, and was: nothing of one who is new."""

    user_id: int | None
    email: str
    name: str
    partner_id: int | None
    partner: str | None
    before: frozenset[Role]
    roles: frozenset[Role]
    is_contact: bool
    amount_limit: Cents | None
    figures: Mapping[str, Any]


def write(
    connection: Connection, asking: Asking, rows: Sequence[Judged], key_of: Callable[[int], str]
) -> None:
    """Invite who is new and change what the others may do, each by acts of their own.

    Who of them was appointed is told in one message.
    """
    new, changed = to_write(rows, RowVerdict.new), to_write(rows, RowVerdict.changed)
    gained = {row.plan.user_id: row.plan.roles - row.plan.before for row in changed}
    if new:
        gained |= _invite(connection, asking, new, key_of)
    if changed:
        _change(connection, asking, changed, key_of)
    tell_of_appointments(connection, asking.actor, asking.now, gained, key_of(rows[0].line))


def _invite(
    connection: Connection, asking: Asking, new: Sequence[Judged], key_of: Callable[[int], str]
) -> dict[int, frozenset[Role]]:
    """Put on file who is new; return their roles by their ids."""
    ids = new_ids(connection, User, len(new))
    made = [{"id": one, **_new_user(row.plan, asking)} for one, row in zip(ids, new, strict=True)]
    send(connection, [inserting(connection.dialect, User, made)])
    plans = list(zip(ids, (row.plan for row in new), strict=True))
    roles = [{"user_id": user_id, "role": role} for user_id, plan in plans for role in sorted(plan.roles)]
    running = connection.execute(select(Programme.name, Programme.owner)).one()
    links = [_link(user_id, plan, running, asking) for user_id, plan in plans]
    acts = []
    for row, user_id in zip(new, ids, strict=True):
        subject, partner_id = f"user:{user_id}", row.plan.partner_id
        acts.append(NewAct("user_invited", subject, row.plan.figures, partner_id, key_of(row.line)))
        acts.append(NewAct("link_issued", subject, {}, partner_id))
        if row.plan.amount_limit is not None:
            acts.append(NewAct("user_changed", subject, _limit_set(row.plan), partner_id))
    record_acts(connection, asking.actor, asking.now, acts)
    dialect = connection.dialect
    send(
        connection,
        [
            inserting(dialect, UserRole, roles),
            inserting(dialect, SingleUseLink, [link[SingleUseLink] for link in links]),
            inserting(dialect, Message, [link[Message] for link in links]),
        ],
    )
    return {user_id: plan.roles for user_id, plan in plans}


def _limit_set(plan: Plan) -> dict[str, Any]:
    """Return what an act records of the limit that somebody new gets: inviting them says nothing of it."""
    before = entitlement(plan.roles, plan.is_contact)
    return {"before": before, "after": entitlement(plan.roles, plan.is_contact, plan.amount_limit)}


def _new_user(plan: Plan, asking: Asking) -> dict[str, Any]:
    return {
        "email": plan.email,
        "name": plan.name,
        "partner_id": plan.partner_id,
        "is_contact": plan.is_contact,
        "mail_preference": MailPreference.at_once,
        "created_at": asking.now,
        "amount_limit": plan.amount_limit,
    }


def _link(user_id: int, plan: Plan, running: Any, asking: Asking) -> dict[type[Base], dict[str, Any]]:
    part = {
        "programme": running.name,
        "owner": running.owner,
        "partner": plan.partner,
        "roles": sorted(role.value for role in plan.roles),
    }
    return made_link(user_id, MessageKind.invitation, part, asking.now, asking.link_life)[1]


def _change(
    connection: Connection, asking: Asking, changed: Sequence[Judged], key_of: Callable[[int], str]
) -> None:
    plans = [row.plan for row in changed]
    for some in at_once([plan.user_id for plan in plans]):
        connection.execute(delete(UserRole).where(UserRole.user_id.in_(some)))
    roles = [{"user_id": plan.user_id, "role": role} for plan in plans for role in sorted(plan.roles)]
    values = [
        {"is_contact": plan.is_contact, "amount_limit": plan.amount_limit, "was_id": plan.user_id}
        for plan in plans
    ]
    dialect = connection.dialect
    send(connection, [inserting(dialect, UserRole, roles), updating(dialect, User, values)])
    acts = [
        NewAct(
            "user_changed",
            f"user:{row.plan.user_id}",
            row.plan.figures,
            row.plan.partner_id,
            key_of(row.line),
        )
        for row in changed
    ]
    first, *_others = record_acts(connection, asking.actor, asking.now, acts)
    _hand_on(connection, plans, f"act:{first}", asking)


def _hand_on(connection: Connection, plans: Sequence[Plan], cause: str, asking: Asking) -> None:
    """Give the tasks that some people may do no longer to others, and to them those that waited."""
    holders = select(Task.assignee_id, Task.on_behalf_of_id).where(Task.closed_at.is_(None)).distinct()
    busy = {user_id for row in connection.execute(holders) for user_id in row}
    touched = [plan.user_id for plan in plans if plan.user_id is not None and plan.user_id in busy]
    every = frozenset().union(*(plan.before | plan.roles for plan in plans))
    put_right(connection, tasks_that_may_move(touched, every), cause, asking.now)
