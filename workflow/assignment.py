"""Who gets a task: the least loaded of those entitled, or the programme managers with the reason.

Entitled is who is here today, belongs to another organisation, is not barred and may decide on the amount;
for somebody who is absent, their substitute. Nobody stands in for a substitute.

Somebody who was invited and never chose a password cannot sign in, and is nobody's colleague until then.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Connection, and_, bindparam, func, select

from models.base import Word
from models.money import Cents
from models.people import Absence, User, UserRole
from models.tasks import Task
from models.vocabulary import Role, TaskKind
from workflow.actors import Actor
from workflow.table import ROLE_OF_TASK

NAMED = frozenset({TaskKind.decide, TaskKind.accept, TaskKind.reconsider})
"""Kinds of task that go to one named person; the others belong to all who hold the role."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who holds a role, and how many open tasks are theirs. Amounts in cents, None for no limit.

    While they are `absent`, `substitute_id` decides on their behalf on amounts up to `substitute_limit`.
    """

    user_id: int
    name: str
    partner_id: int | None
    open_tasks: int
    amount_limit: Cents | None = None
    absent: bool = False
    substitute_id: int | None = None
    substitute_limit: Cents | None = None


class Needs(NamedTuple):
    """What a task asks for: its kind, the claim's partner, and the amount in cents to decide on, if any.

    `barred` are those who may not do it for what they did with the claim before, or somebody on their behalf.
    `named` are those whom the claim's route names for it, None for everybody who holds the role.
    """

    kind: TaskKind
    partner_id: int
    amount: Cents | None = None
    barred: frozenset[int] = frozenset()
    named: frozenset[int] | None = None


class Candidate(NamedTuple):
    """Somebody entitled to a task: in their own right, or `on_behalf_of` a colleague who is absent."""

    user_id: int
    open_tasks: int
    on_behalf_of: Colleague | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """Where a task goes. `told` are those whose turn it becomes; `why` says why nobody was entitled."""

    assignee_id: int | None
    why: str | None
    told: tuple[int, ...]
    on_behalf_of: Colleague | None = None


def colleagues(connection: Connection, role: Role, today: date) -> list[Colleague]:
    """Return the holders of a role who can sign in, with their open tasks and today's absences."""
    return colleagues_by_role(connection, (role,), today)[role]


def colleagues_by_role(
    connection: Connection, roles: Iterable[Role], today: date
) -> dict[Role, list[Colleague]]:
    """Return the holders of each role who can sign in, with their open tasks and today's absences."""
    found: dict[Role, list[Colleague]] = {role: [] for role in roles}
    for row in connection.execute(_COLLEAGUES, {"roles": sorted(found), "today": today}):
        found[row.role].append(
            Colleague(
                user_id=row.id,
                name=row.name,
                partner_id=row.partner_id,
                open_tasks=row.open_tasks,
                amount_limit=row.amount_limit,
                absent=row.absence_id is not None,
                substitute_id=row.substitute_id,
                substitute_limit=row.substitute_limit,
            )
        )
    return found


def absent_on(day: date | BindParameter[Any]) -> ColumnElement[bool]:
    """Return the condition that an absence holds on a day."""
    return and_(Absence.first_day <= day, Absence.last_day >= day, Absence.called_off_at.is_(None))


_TODAY: BindParameter[Any] = bindparam("today")
_COLLEAGUE = (
    UserRole.role,
    User.id,
    User.name,
    User.partner_id,
    User.amount_limit,
    Absence.id.label("absence_id"),
    Absence.substitute_id,
    Absence.amount_limit.label("substitute_limit"),
)
_COLLEAGUES = (
    select(*_COLLEAGUE, func.count(Task.id).label("open_tasks"))
    .select_from(User)
    .join(UserRole, UserRole.user_id == User.id)
    .outerjoin(Absence, and_(Absence.user_id == User.id, absent_on(_TODAY)))
    .outerjoin(Task, and_(Task.assignee_id == User.id, Task.closed_at.is_(None)))
    .where(
        User.deactivated_at.is_(None),
        User.password_hash.is_not(None),
        UserRole.role.in_(bindparam("roles", type_=Word(Role), expanding=True)),
    )
    .group_by(*_COLLEAGUE)
    .order_by(User.id)
)


def holders(connection: Connection, role: Role) -> list[int]:
    """Return the ids of those who hold a role and can sign in, absent or not."""
    return list(
        connection.scalars(
            select(User.id)
            .join(UserRole, and_(UserRole.user_id == User.id, UserRole.role == role))
            .where(User.deactivated_at.is_(None), User.password_hash.is_not(None))
            .order_by(User.id)
        )
    )


def roles_now(connection: Connection, user_id: int) -> frozenset[Role]:
    """Return the roles that a user holds now; none once deactivated."""
    held = (
        select(UserRole.role)
        .join(User, User.id == UserRole.user_id)
        .where(User.id == user_id, User.deactivated_at.is_(None))
    )
    return frozenset(connection.scalars(held))


def actor_now(connection: Connection, user_id: int) -> Actor:
    """Return somebody as who they are now, with the roles that they hold now."""
    partner_id = connection.scalar(select(User.partner_id).where(User.id == user_id))
    return Actor(user_id, roles_now(connection, user_id), partner_id)


def hold(connection: Connection, user_id: int, role: Role) -> bool:
    """Keep somebody active and in a role until the transaction ends; return False where they are it no more.

    Whoever would deactivate them meanwhile waits, and then finds the task that they were just given.
    """
    held = (
        select(User.id)
        .join(UserRole, and_(UserRole.user_id == User.id, UserRole.role == role))
        .where(User.id == user_id, User.deactivated_at.is_(None))
        .with_for_update(read=True)
    )
    return connection.scalar(held) is not None


def entitled(everyone: Sequence[Colleague], needs: Needs) -> list[Candidate]:
    """Return who may do a task today, each once: in their own right, or else on somebody's behalf."""
    own = (Candidate(one.user_id, one.open_tasks) for one in in_their_own_right(everyone, needs))
    found: dict[int, Candidate] = {}
    for candidate in (*own, *_substitutes(everyone, needs)):
        found.setdefault(candidate.user_id, candidate)
    return list(found.values())


def in_their_own_right(everyone: Iterable[Colleague], needs: Needs) -> list[Colleague]:
    """Return who may do a task today without standing in for anybody."""
    return [one for one in everyone if why_not(one, needs) is None]


def why_not(one: Colleague, needs: Needs) -> str | None:
    """Return the code of what keeps somebody from a task today in their own right, or None for nothing."""
    if one.partner_id == needs.partner_id:
        return "own_organisation"
    if one.user_id in needs.barred:
        return "barred"
    if not _is_named(one, needs):
        return "not_named"
    if not within(one.amount_limit, needs.amount):
        return "above_limit"
    return "absent" if one.absent else None


def substitute_of(everyone: Iterable[Colleague], needs: Needs, absent_id: int) -> Candidate | None:
    """Return who does this task on behalf of somebody who is absent; None where nobody may."""
    return next((one for one in _substitutes(everyone, needs) if _stands_in_for(one, absent_id)), None)


def assign(everyone: Sequence[Colleague], needs: Needs, *, instead_of: int | None = None) -> Assignment:
    """Return where a task goes, given the holders of its role.

    What was theirs whom it is to go `instead_of` goes to their substitute first.
    """
    own = None if instead_of is None else substitute_of(everyone, needs, instead_of)
    candidates = [own] if own else entitled(everyone, needs)
    if not candidates:
        return Assignment(None, why_nobody(everyone, needs), ())
    if needs.kind not in NAMED:
        return Assignment(None, None, tuple(one.user_id for one in candidates))
    least = min(candidates, key=lambda one: (one.open_tasks, one.user_id))
    return Assignment(least.user_id, None, (least.user_id,), least.on_behalf_of)


def why_nobody(everyone: Iterable[Colleague], needs: Needs) -> str:
    """Return the code of why nobody is entitled to a task: what keeps whoever comes nearest to it."""
    reasons = {why_not(one, needs) for one in everyone}
    return next(
        (told for why, told in _NEAREST.items() if why in reasons), f"no_{ROLE_OF_TASK[needs.kind].value}"
    )


_NEAREST = {"absent": "all_absent", "above_limit": "above_limits", "not_named": "not_named"}
"""What is told of a task by what keeps people from it, the least hindrance first."""


def within(limit: Cents | None, amount: Cents | None) -> bool:
    """Return whether an amount keeps within a limit, where there is one."""
    return limit is None or amount is None or amount <= limit


def least_of(*limits: Cents | None) -> Cents | None:
    """Return the lowest of these limits, in cents; None where none is set."""
    return min((limit for limit in limits if limit is not None), default=None)


def _may(one: Colleague, needs: Needs) -> bool:
    """Return whether nothing that lies in the past, or in their organisation, keeps somebody from a task."""
    return one.partner_id != needs.partner_id and one.user_id not in needs.barred


def _is_named(one: Colleague, needs: Needs) -> bool:
    """Return whether the claim's route leaves a task to somebody; their substitute need not be named."""
    return needs.named is None or one.user_id in needs.named


def _substitutes(everyone: Iterable[Colleague], needs: Needs) -> Iterator[Candidate]:
    """Yield who stands in for somebody absent: both may do the task, within both limits of the absent."""
    by_id = {one.user_id: one for one in everyone if _may(one, needs)}
    for one in by_id.values():
        deputy = by_id.get(one.substitute_id or 0)
        if not one.absent or not _is_named(one, needs) or deputy is None or deputy.absent:
            continue
        if within(least_of(one.amount_limit, one.substitute_limit), needs.amount):
            yield Candidate(deputy.user_id, deputy.open_tasks, one)


def _stands_in_for(candidate: Candidate, absent_id: int) -> bool:
    return candidate.on_behalf_of is not None and candidate.on_behalf_of.user_id == absent_id
