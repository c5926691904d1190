"""Writes the history row that every administrative act leaves."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert

from models.history import Act, Reason
from models.vocabulary import Role
from workflow.actors import Actor
from workflow.consequences import salted
from workflow.refusals import Problem, Refused


def require_manager(actor: Actor) -> None:
    """Return for a programme manager; raise Refused for anybody else."""
    if Role.manager not in actor.roles:
        raise Refused(Problem("not_yours"))


def record_act(
    connection: Connection,
    actor: Actor,
    now: datetime,
    kind: str,
    subject: str,
    figures: Mapping[str, Any],
    *,
    partner_id: int | None = None,
    reason: str = "",
) -> int:
    """Write one act and return its id. `figures` holds ids, codes, days and plain amounts."""
    text = salted(reason.strip())
    if text is not None:
        connection.execute(insert(Reason).values(**text))
    key = connection.execute(
        insert(Act)
        .values(
            kind=kind,
            actor_id=actor.user_id,
            role=Role.manager if actor.user_id is not None else None,
            at=now,
            partner_id=partner_id,
            subject=subject,
            figures=dict(figures),
            reason_hash=text["hash"] if text else None,
        )
        .returning(Act.id)
    ).scalar_one()
    return int(key)
