"""Who gets a task: the least loaded of those entitled, or the programme managers with the reason.

Somebody who was invited and never chose a password cannot sign in, and is nobody's colleague until then.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, and_, bindparam, func, select

from models.base import Word
from models.people import User, UserRole
from models.tasks import Task
from models.vocabulary import Role, TaskKind
from workflow.table import ROLE_OF_TASK

NAMED = frozenset({TaskKind.decide, TaskKind.accept})
"""Kinds of task that go to one named person; the others belong to all who hold the role."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who holds a role, and how many open tasks are theirs."""

    user_id: int
    partner_id: int | None
    open_tasks: int


@dataclass(frozen=True, slots=True)
class Assignment:
    """Where a task goes. `told` are those whose turn it becomes; `why` says why nobody was entitled."""

    assignee_id: int | None
    why: str | None
    told: tuple[int, ...]


def colleagues(connection: Connection, role: Role) -> list[Colleague]:
    """Return the holders of a role who can sign in, with their open tasks."""
    return colleagues_by_role(connection, (role,))[role]


def colleagues_by_role(connection: Connection, roles: Iterable[Role]) -> dict[Role, list[Colleague]]:
    """Return the holders of each role who can sign in, with their open tasks."""
    found: dict[Role, list[Colleague]] = {role: [] for role in roles}
    for row in connection.execute(_COLLEAGUES, {"roles": sorted(found)}):
        found[row.role].append(Colleague(row.id, row.partner_id, row.open_tasks))
    return found


_COLLEAGUES = (
    select(UserRole.role, User.id, User.partner_id, func.count(Task.id).label("open_tasks"))
    .select_from(User)
    .join(UserRole, UserRole.user_id == User.id)
    .outerjoin(Task, and_(Task.assignee_id == User.id, Task.closed_at.is_(None)))
    .where(
        User.deactivated_at.is_(None),
        User.password_hash.is_not(None),
        UserRole.role.in_(bindparam("roles", type_=Word(Role), expanding=True)),
    )
    .group_by(UserRole.role, User.id, User.partner_id)
    .order_by(User.id)
)


def roles_now(connection: Connection, user_id: int) -> frozenset[Role]:
    """Return the roles that a user holds now; none once deactivated."""
    held = (
        select(UserRole.role)
        .join(User, User.id == UserRole.user_id)
        .where(User.id == user_id, User.deactivated_at.is_(None))
    )
    return frozenset(connection.scalars(held))


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


def entitled(
    everyone: Iterable[Colleague], kind: TaskKind, partner_id: int, accepted_by: int | None
) -> list[Colleague]:
    """Return who may do a task: nobody of the claim's own organisation; nobody pays what they accepted."""
    return [
        one
        for one in everyone
        if one.partner_id != partner_id and not (kind is TaskKind.pay and one.user_id == accepted_by)
    ]


def assign(candidates: Sequence[Colleague], kind: TaskKind) -> Assignment:
    """Return where a task of this kind goes, given who is entitled."""
    if not candidates:
        return Assignment(None, f"no_{ROLE_OF_TASK[kind].value}", ())
    if kind not in NAMED:
        return Assignment(None, None, tuple(one.user_id for one in candidates))
    least = min(candidates, key=lambda one: (one.open_tasks, one.user_id))
    return Assignment(least.user_id, None, (least.user_id,))
