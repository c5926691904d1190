"""A legal hold: nothing of a claim, or of all of a partner's claims, is erased until somebody lifts it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from models.claims import Claim
from models.erasure import LegalHold
from models.people import Partner
from models.vocabulary import Role
from workflow.actors import Actor
from workflow.acts.record import record_act
from workflow.assignment import roles_now
from workflow.refusals import Problem, Refused

HOLDERS = (Role.auditor, Role.manager)
"""Who sets and lifts holds."""


def set_hold(
    connection: Connection,
    actor: Actor,
    now: datetime,
    *,
    claim_id: int | None = None,
    partner_id: int | None = None,
    reason: str,
    key: str | None = None,
) -> int:
    """Hold a claim, or a partner's claims, from now on; return the hold's id. Raises Refused."""
    role = _role_of(connection, actor)
    if not reason.strip():
        raise Refused(Problem("hold_why", "reason"))
    subject, of_partner = _locked(connection, claim_id, partner_id)
    mine = {"claim_id": claim_id, "partner_id": None if claim_id else partner_id}
    if connection.scalar(select(LegalHold.id).filter_by(**mine)) is not None:
        raise Refused(Problem("held_already"))
    act_id = record_act(
        connection,
        actor,
        now,
        "hold_set",
        subject,
        {"claim": claim_id} if claim_id else {},
        partner_id=of_partner,
        reason=reason,
        key=key,
        role=role,
        erased_as=None,
    )
    values = {**mine, "set_by_id": actor.user_id, "set_at": now, "act_id": act_id}
    return int(connection.execute(insert(LegalHold).values(**values).returning(LegalHold.id)).scalar_one())


def lift_hold(
    connection: Connection, actor: Actor, now: datetime, hold_id: int, *, reason: str, key: str | None = None
) -> int:
    """Lift a hold; return its id. Whoever set it may not, unless as an auditor. Raises Refused."""
    role = _role_of(connection, actor)
    if not reason.strip():
        raise Refused(Problem("hold_why", "reason"))
    hold: Any = connection.execute(
        select(LegalHold.__table__).where(LegalHold.id == hold_id).with_for_update()
    ).one_or_none()
    if hold is None:
        raise Refused(Problem("hold_gone"))
    if hold.set_by_id == actor.user_id and role is not Role.auditor:
        raise Refused(Problem("set_hold"))
    subject, of_partner = _locked(connection, hold.claim_id, hold.partner_id)
    figures = {"claim": hold.claim_id} if hold.claim_id else {}
    record_act(
        connection,
        actor,
        now,
        "hold_lifted",
        subject,
        {**figures, "set_on": hold.set_at.date().isoformat()},
        partner_id=of_partner,
        reason=reason,
        key=key,
        role=role,
        erased_as=None,
    )
    connection.execute(delete(LegalHold).where(LegalHold.id == hold.id))
    return int(hold.id)


def _locked(connection: Connection, claim_id: int | None, partner_id: int | None) -> tuple[str, int]:
    """Return what a hold is on and the partner, locked: what is being erased there ends first."""
    if claim_id is not None:
        claim = select(Claim.partner_id).where(Claim.id == claim_id).with_for_update()
        found = connection.scalar(claim)
        subject = f"claim:{claim_id}"
    else:
        partner = select(Partner.id).where(Partner.id == partner_id).with_for_update(key_share=True)
        found = connection.scalar(partner)
        subject = f"partner:{partner_id}"
    if found is None:
        raise Refused(Problem("no_partner" if claim_id is None else "stale"))
    return subject, int(found)


def _role_of(connection: Connection, actor: Actor) -> Role:
    """Return the role in which somebody holds or lifts; raise Refused for anybody else."""
    held = roles_now(connection, actor.user_id) & actor.roles if actor.user_id is not None else frozenset()
    for role in HOLDERS:
        if role in held:
            return role
    raise Refused(Problem("not_yours"))
