"""Whoever gets a role that handles money, rules or history is made known to those who watch over that."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection, select

from models.people import User
from models.vocabulary import MessageKind, Role
from workflow.actors import Actor
from workflow.announcements import message_row
from workflow.assignment import holders
from workflow.outbox import announce

APPOINTMENTS = frozenset({Role.manager, Role.finance, Role.auditor})
"""The roles that are told of."""


def tell_of_appointments(
    connection: Connection,
    actor: Actor,
    now: datetime,
    gained: Mapping[int, Collection[Role]],
    cause: str,
) -> None:
    """Tell the other managers and all auditors who got which of APPOINTMENTS, in one message.

    `gained` holds the roles that people did not have, or could not use, before, by user id. Nobody of them is
    told. `cause` names the act, so that it is told once.
    """
    told_of = {user_id: APPOINTMENTS & set(roles) for user_id, roles in gained.items()}
    appointed = {user_id: roles for user_id, roles in told_of.items() if roles}
    if not appointed:
        return
    one = next(iter(appointed)) if len(appointed) == 1 else None
    figures = {
        "user": _name(connection, one),
        "number": len(appointed),
        "gained": sorted(role.value for role in frozenset().union(*appointed.values())),
        "by": _name(connection, actor.user_id),
    }
    watching = {*holders(connection, Role.manager), *holders(connection, Role.auditor)}
    others = sorted(watching - {actor.user_id, *appointed})
    kind, key = MessageKind.appointed, f"appointed:{cause}"
    announce(connection, (message_row(kind, key, user_id, figures, now) for user_id in others))


def _name(connection: Connection, user_id: int | None) -> str | None:
    return connection.scalar(select(User.name).where(User.id == user_id))
