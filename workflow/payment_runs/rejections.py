"""Which payments that a run orders were rejected before: whoever pays them again looks into it first."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from models.claims import Claim
from models.history import Act, Reason
from models.payment_runs import RunClaim
from models.people import User
from models.vocabulary import LeftRun, State

REJECTED = "run_payment_rejected"
"""The act that records a rejection."""

MOST = 50
"""How many rejected payments that are still owed are named together, the latest."""


class Rejection(NamedTuple):
    """A payment of a claim that was recorded as rejected: in which run, `by` whom, when, why, and how.

    `by_hand` is None where history does not tell: acts of earlier days.
    """

    claim_id: int
    number: str
    run_id: int
    by: str | None
    at: datetime
    reason: str | None
    by_hand: bool | None


def rejections_of(connection: Connection, claim_ids: Collection[int]) -> dict[int, Rejection]:
    """Return the latest rejection of each of these claims, by claim id; nothing of those without."""
    query = _REJECTED.where(RunClaim.claim_id.in_(sorted(claim_ids))).order_by(RunClaim.id)
    return {one.claim_id: one for one in _told(connection, connection.execute(query).all())}


def rejected_and_owed(connection: Connection) -> list[Rejection]:
    """Return the rejections of claims that are still to be paid, the latest first."""
    query = _REJECTED.where(Claim.state == State.accepted).order_by(RunClaim.id.desc()).limit(MOST)
    return _told(connection, connection.execute(query).all())


_REJECTED = (
    select(RunClaim.claim_id, RunClaim.run_id, Claim.number)
    .join(Claim, Claim.id == RunClaim.claim_id)
    .where(RunClaim.taken_out_why == LeftRun.rejected)
)


def _told(connection: Connection, rows: Sequence[Any]) -> list[Rejection]:
    """Return rows of runs' claims with what history tells of their rejection."""
    subjects = {f"payment_run:{row.run_id}" for row in rows}
    acts = connection.execute(
        select(Act.subject, Act.figures, Act.at, User.name, Reason.text)
        .outerjoin(User, User.id == Act.actor_id)
        .outerjoin(Reason, Reason.hash == Act.reason_hash)
        .where(Act.kind == REJECTED, Act.subject.in_(sorted(subjects)))
    )
    found = {(act.subject, act.figures["claim"]): act for act in acts}
    return [
        Rejection(
            row.claim_id,
            row.number,
            row.run_id,
            act.name,
            act.at,
            act.text,
            act.figures.get("by_hand"),
        )
        for row in rows
        if (act := found.get((f"payment_run:{row.run_id}", row.claim_id))) is not None
    ]
