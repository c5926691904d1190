"""Who is told of a proposal about a policy: those who may decide on it, then those who wait for that."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from models.history import Act
from models.people import User
from models.vocabulary import MessageKind, Role
from workflow.actors import Actor
from workflow.announcements import message_row
from workflow.assignment import holders
from workflow.outbox import announce


def tell_waiting(
    connection: Connection,
    actor: Actor,
    now: datetime,
    act_id: int,
    proposal_id: int,
    *,
    name: str | None,
    day: str,
    changed_by_id: int | None,
) -> None:
    """Tell those who may decide on a proposal: all managers but who made it or changed its draft last."""
    told = {"proposal_id": proposal_id, "name": name, "day": day, "proposed_by": _name(connection, actor)}
    deciders = set(holders(connection, Role.manager)) - {actor.user_id, changed_by_id}
    _tell(connection, MessageKind.policy_waiting, f"policy:{act_id}:waiting", deciders, told, now)


def tell_decided(
    connection: Connection,
    actor: Actor,
    now: datetime,
    act_id: int,
    *,
    name: str | None,
    day: str,
    concerned: Iterable[int],
) -> None:
    """Tell those whom a proposal concerns what became of it, but not whoever decided."""
    act = connection.execute(select(Act.kind, Act.reason_hash).where(Act.id == act_id)).one()
    told = {
        "outcome": act.kind,
        "name": name,
        "day": day,
        "decided_by": _name(connection, actor),
        "reason_hash": act.reason_hash,
    }
    readers = set(concerned) - {actor.user_id}
    _tell(connection, MessageKind.policy_decided, f"policy:{act_id}:decided", readers, told, now)


def _tell(
    connection: Connection,
    kind: MessageKind,
    key: str,
    readers: Iterable[int],
    told: dict[str, Any],
    now: datetime,
) -> None:
    announce(connection, [message_row(kind, key, user_id, told, now) for user_id in sorted(readers)])


def _name(connection: Connection, actor: Actor) -> str | None:
    return connection.scalar(select(User.name).where(User.id == actor.user_id))
