"""One person of finance proposes to claw back what was paid; another releases it, or turns it down.

The release is the claim's move `claw_back`. Proposing and turning down change the claim's version, so that
nobody releases what they have not seen.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from models.claims import Claim
from models.money import Cents, plain
from models.payments import ClawBack
from models.people import Partner, User
from models.vocabulary import MessageKind, Role, State
from workflow.actors import Actor
from workflow.acts.record import record_act
from workflow.announcements import message_row
from workflow.assignment import holders, roles_now
from workflow.dossier import AnyRow
from workflow.outbox import announce
from workflow.payments import bank_paid, open_claw_back, too_much
from workflow.payouts import taken_in
from workflow.refusals import ClaimNotFound, Problem, Refused


def propose(
    connection: Connection,
    actor: Actor,
    now: datetime,
    claim_id: int,
    version: int,
    *,
    amount: Cents,
    reason: str,
    key: str | None = None,
) -> int:
    """Propose to claw back an amount, in cents, of what was paid for a claim; return the proposal's id.

    Raises Refused for who may not, and for more than was paid. At most one proposal is open at a time.
    """
    claim = _claim(connection, actor, claim_id, version)
    if claim.state is not State.reimbursed:
        raise Refused(Problem("wrong_state", figures={"state": claim.state.value}))
    if open_claw_back(connection, claim_id) is not None:
        raise Refused(Problem("claw_back_open"))
    if not reason.strip():
        raise Refused(Problem("reason_missing", "reason"))
    if amount <= 0:
        raise Refused(Problem("amount_positive", "amount"))
    if problem := too_much(amount, claim.paid):
        raise Refused(problem)
    bank = connection.execute(select(*bank_paid(claim_id))).one()
    sums = {"amount": plain(amount), **taken_in(amount, bank)}
    act_id = _record(connection, actor, now, "claw_back_proposed", claim, sums, reason, key)
    proposal_id: int = connection.execute(
        insert(ClawBack)
        .values(claim_id=claim_id, amount=amount, proposed_by_id=actor.user_id, act_id=act_id)
        .returning(ClawBack.id)
    ).scalar_one()
    announce(connection, _waits(connection, actor, now, claim, proposal_id, sums))
    return proposal_id


def _waits(
    connection: Connection,
    actor: Actor,
    now: datetime,
    claim: AnyRow,
    proposal_id: int,
    sums: Mapping[str, str],
) -> Iterator[dict[str, Any]]:
    """Yield a message to everybody in finance who may release a proposal: all but who made it."""
    figures = {
        "number": claim.number,
        "title": claim.title,
        "partner": claim.partner_name,
        "taken_in": None,
        **sums,
        "proposed_by": connection.scalar(select(User.name).where(User.id == actor.user_id)),
    }
    for user_id in holders(connection, Role.finance):
        if user_id != actor.user_id:
            key = f"claw_back:{proposal_id}:waiting"
            yield message_row(MessageKind.claw_back_waiting, key, user_id, figures, now, claim.id)


def turn_down(
    connection: Connection,
    actor: Actor,
    now: datetime,
    claim_id: int,
    version: int,
    *,
    reason: str,
    key: str | None = None,
) -> int:
    """Turn the open proposal on a claim down; return its id. Raises Refused for whoever proposed it."""
    claim, proposal = _claim(connection, actor, claim_id, version), open_claw_back(connection, claim_id)
    if proposal is None:
        raise Refused(Problem("no_claw_back"))
    if proposal.proposed_by_id == actor.user_id:
        raise Refused(Problem("proposed_it"))
    if not reason.strip():
        raise Refused(Problem("reason_missing", "reason"))
    sums = {"amount": plain(proposal.amount), **taken_in(proposal.amount, proposal)}
    _record(connection, actor, now, "claw_back_turned_down", claim, sums, reason, key)
    connection.execute(update(ClawBack).where(ClawBack.id == proposal.id).values(closed_at=now))
    return int(proposal.id)


def _claim(connection: Connection, actor: Actor, claim_id: int, version: int) -> AnyRow:
    """Return the claim, locked and one version on; raise Refused for whom it is not, or once it changed."""
    if actor.user_id is None or Role.finance not in actor.roles & roles_now(connection, actor.user_id):
        raise Refused(Problem("not_yours"))
    claim = connection.execute(
        select(
            Claim.id,
            Claim.number,
            Claim.title,
            Claim.version,
            Claim.state,
            Claim.partner_id,
            Claim.paid,
            Partner.name.label("partner_name"),
        )
        .join(Partner, Partner.id == Claim.partner_id)
        .where(Claim.id == claim_id)
        .with_for_update(of=Claim)
    ).one_or_none()
    if claim is None:
        raise ClaimNotFound(claim_id)
    if actor.partner_id is not None and actor.partner_id == claim.partner_id:
        raise Refused(Problem("own_organisation"))
    if claim.version != version:
        raise Refused(Problem("stale"))
    connection.execute(update(Claim).where(Claim.id == claim_id).values(version=version + 1))
    return claim


def _record(
    connection: Connection,
    actor: Actor,
    now: datetime,
    kind: str,
    claim: AnyRow,
    sums: Mapping[str, str],
    reason: str,
    key: str | None,
) -> int:
    return record_act(
        connection,
        actor,
        now,
        kind,
        f"claim:{claim.id}",
        {"number": claim.number, **sums},
        partner_id=claim.partner_id,
        reason=reason,
        key=key,
        role=Role.finance,
    )
