"""A legal hold: nothing of a claim, or of all of a partner's claims, is erased until somebody lifts it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from models.claims import Claim
from models.erasure import LegalHold
from models.history import Act
from models.people import Partner, User
from models.vocabulary import MessageKind, Role
from workflow.actors import Actor
from workflow.acts.record import record_act
from workflow.announcements import message_row
from workflow.assignment import roles_now
from workflow.dossier import AnyRow, Rows
from workflow.outbox import announce
from workflow.refusals import Problem, Refused
from workflow.second_person import why_not_second
from workflow.taken_off import let_go_what_is_free

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
    """Lift a hold, and tell who set it; return its id. Raises Refused, also for whom `not_to_lift` names."""
    role = _role_of(connection, actor)
    if not reason.strip():
        raise Refused(Problem("hold_why", "reason"))
    hold: Any = connection.execute(
        select(LegalHold.__table__, Act.role.label("set_as"))
        .join(Act, Act.id == LegalHold.act_id)
        .where(LegalHold.id == hold_id)
        .with_for_update(of=LegalHold)
    ).one_or_none()
    if hold is None:
        raise Refused(Problem("hold_gone"))
    if (problem := not_to_lift(connection, actor, now, [hold]).get(hold.id)) is not None:
        raise Refused(problem)
    subject, of_partner = _locked(connection, hold.claim_id, hold.partner_id)
    figures = {"claim": hold.claim_id} if hold.claim_id else {}
    act_id = record_act(
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
    let_go_what_is_free(connection, of_partner, now)
    if hold.set_by_id != actor.user_id:
        _tell_of_lifting(connection, actor, now, hold, act_id)
    return int(hold.id)


def not_to_lift(connection: Connection, actor: Actor, now: datetime, holds: Rows) -> Mapping[int, Problem]:
    """Return of some holds those that one of HOLDERS may not lift, by their ids, and why not.

    Of each, `id`, `set_by_id` and the role `set_as` are known. What an auditor set any auditor lifts, and
    nobody else. What a manager set a second person lifts, manager or auditor.
    """
    of_auditors = [hold for hold in holds if hold.set_as is Role.auditor]
    others = [hold for hold in holds if hold.set_as is not Role.auditor]
    setters = {hold.set_by_id for hold in others}
    why_not = why_not_second(connection, actor, now, setters, "set_hold") if setters else {}
    barred = {hold.id: why_not[hold.set_by_id] for hold in others if hold.set_by_id in why_not}
    if Role.auditor in actor.roles:
        return barred
    return barred | {hold.id: Problem("hold_of_auditor") for hold in of_auditors}


def _tell_of_lifting(connection: Connection, actor: Actor, now: datetime, hold: AnyRow, act_id: int) -> None:
    """Tell who set a hold that somebody else lifted it, as long as they may set it again."""
    if not roles_now(connection, hold.set_by_id) & {*HOLDERS}:
        return
    of_claim = select(Claim.number, Claim.title).where(Claim.id == hold.claim_id)
    of_partner = select(Partner.name).where(Partner.id == hold.partner_id)
    names = connection.execute(of_claim if hold.claim_id else of_partner).one()
    told = {
        "held": next((name for name in names if name), "–"),
        "set_on": hold.set_at.date().isoformat(),
        "lifted_by": connection.scalar(select(User.name).where(User.id == actor.user_id)),
        "reason_hash": connection.scalar(select(Act.reason_hash).where(Act.id == act_id)),
    }
    kind, key = MessageKind.hold_lifted, f"hold:{act_id}:lifted"
    announce(connection, [message_row(kind, key, hold.set_by_id, told, now)])


def _locked(connection: Connection, claim_id: int | None, partner_id: int | None) -> tuple[str, int]:
    """Return what a hold is on and its partner, both locked: what is being erased there ends first."""
    subject = f"partner:{partner_id}"
    if claim_id is not None:
        claim = select(Claim.partner_id).where(Claim.id == claim_id).with_for_update()
        subject, partner_id = f"claim:{claim_id}", connection.scalar(claim)
    partner = select(Partner.id).where(Partner.id == partner_id).with_for_update(key_share=True)
    found = connection.scalar(partner)
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
