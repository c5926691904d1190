"""Who gets a task: the least loaded of those entitled, or the programme managers with the reason."""

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
    """Return the active holders of a role with their open tasks."""
    rows = connection.execute(_COLLEAGUES, {"role": role})
    return [Colleague(user_id, partner_id, count) for user_id, partner_id, count in rows]


_COLLEAGUES = (
    select(User.id, User.partner_id, func.count(Task.id))
    .select_from(User)
    .join(UserRole, and_(UserRole.user_id == User.id, UserRole.role == bindparam("role", type_=Word(Role))))
    .outerjoin(Task, and_(Task.assignee_id == User.id, Task.closed_at.is_(None)))
    .where(User.deactivated_at.is_(None))
    .group_by(User.id, User.partner_id)
    .order_by(User.id)
)


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
