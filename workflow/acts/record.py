"""Writes the history row that every administrative act leaves."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, insert, select

from models.base import canonical
from models.database import Database
from models.history import Act, Reason
from models.vocabulary import Personal, Role
from workflow.actors import Actor
from workflow.assignment import roles_now
from workflow.commitments import salted
from workflow.moves import settled
from workflow.proof.chains import append, append_one
from workflow.refusals import Problem, Refused

Result = TypeVar("Result")


def once(database: Database, key: str, work: Callable[[Connection], Result]) -> Result | None:
    """Return what an act returns, done in its own transaction; None where this very request did it before.

    The work passes `key` on to its act. Two requests at the same moment that want the same name, the same
    correction or the same key are settled by the database: the later is done again, and then sees the first.
    """

    def first_time(connection: Connection) -> Result | None:
        if connection.scalar(select(Act.id).where(Act.key == key)) is not None:
            return None
        return work(connection)

    return settled(database, first_time)


def require_manager(connection: Connection, actor: Actor) -> None:
    """Return for who is a programme manager now; raise Refused for anybody else."""
    if Role.manager not in actor.roles:
        raise Refused(Problem("not_yours"))
    # Whoever lost the role, or was deactivated, since the request began acts no more.
    if actor.user_id is not None and Role.manager not in roles_now(connection, actor.user_id):
        raise Refused(Problem("not_yours"))


def require_unchanged(seen: str | None, present: Mapping[str, Any]) -> None:
    """Return where what somebody saw still stands; raise Refused where another was faster.

    `seen` is the canonical text of what their page showed. None asks nothing: no page was looked at.
    """
    if seen is not None and seen != canonical(present):
        raise Refused(Problem("changed_meanwhile"))


@dataclass(frozen=True, slots=True)
class NewAct:
    """One of many acts: its kind, what it was done to, its figures, the partner it concerns, and its key."""

    kind: str
    subject: str
    figures: Mapping[str, Any]
    partner_id: int | None = None
    key: str | None = None


def record_acts(connection: Connection, actor: Actor, now: datetime, acts: Sequence[NewAct]) -> list[int]:
    """Write many acts of a programme manager, each as `record_act` would; return their ids in order."""
    rows = [
        {
            "kind": act.kind,
            "actor_id": actor.user_id,
            "role": Role.manager if actor.user_id is not None else None,
            "at": now,
            "partner_id": act.partner_id,
            "subject": act.subject,
            "figures": act.figures,
            "reason_hash": None,
            "key": act.key,
        }
        for act in acts
    ]
    return append(connection, Act, rows)


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
    key: str | None = None,
    role: Role = Role.manager,
    erased_as: Personal | None = Personal.reasons,
) -> int:
    """Write one act and return its id. `figures` holds ids, codes, days and plain amounts.

    `role` is the one in which a person acts; the product itself has none. The reason of an act on a claim is
    erased with what there is of this kind in the claim; with None it stays.
    """
    claim_id = _claim_of(subject, figures) if erased_as else None
    text = salted(reason.strip(), claim_id, erased_as or Personal.reasons)
    if text is not None:
        connection.execute(insert(Reason).values(**text))
    return append_one(
        connection,
        Act,
        kind=kind,
        actor_id=actor.user_id,
        role=role if actor.user_id is not None else None,
        at=now,
        partner_id=partner_id,
        subject=subject,
        figures=dict(figures),
        reason_hash=text["hash"] if text else None,
        key=key,
    )


def _claim_of(subject: str, figures: Mapping[str, Any]) -> int | None:
    """Return the claim that an act is on, if it is on one."""
    kind, _colon, key = subject.partition(":")
    return int(key) if kind == "claim" else figures.get("claim")
