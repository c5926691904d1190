"""Where a claim is moved: the pages that whoever looks at it may go on to."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l

from models.claims import Claim
from models.vocabulary import Role, State, Trigger
from web.auth.visitor import actor
from web.claims.disputing import can_dispute
from web.claims.disputing_amounts import can_dispute_amount
from web.services import reading, today
from workflow.acts.outcomes import HELD
from workflow.assignment import NAMED
from workflow.dossier import Dossier
from workflow.hand_over import could_take


@dataclass(frozen=True, slots=True)
class Door:
    """The page where a move is made, and what its button says."""

    endpoint: str
    label: str
    values: tuple[tuple[str, Any], ...] = ()


DOORS: dict[tuple[Trigger, State], Door] = {
    (Trigger.submit, State.draft): Door("claims.plan", _l("Continue with the draft")),
    (Trigger.report, State.approved): Door("claims.report", _l("Write the report")),
    (Trigger.endorse, State.submitted): Door("decisions.decide", _l("Decide")),
    (Trigger.approve, State.submitted): Door("decisions.decide", _l("Decide")),
    (Trigger.accept, State.executed): Door("decisions.accept", _l("Check the report")),
    (Trigger.raise_, State.approved): Door("decisions.reconsider", _l("Look at the amount again")),
    (Trigger.reimburse, State.accepted): Door("finance.pay", _l("Record the payment")),
    (Trigger.reinstate, State.expired): Door("programme.reinstate", _l("Reinstate")),
    (Trigger.dispute, State.rejected): Door("claims.dispute", _l("Dispute the rejection")),
    (Trigger.pay_part, State.accepted): Door("finance.pay_part", _l("Pay a part")),
    (Trigger.payment_failed, State.accepted): Door("finance.payment_failed", _l("Record a failed payment")),
    (Trigger.payment_failed, State.reimbursed): Door("finance.payment_failed", _l("Record a failed payment")),
    (Trigger.claw_back, State.reimbursed): Door("finance.claw_back", _l("Claw back")),
    (Trigger.reopen, State.accepted): Door("finance.reopen", _l("Reopen")),
}
"""Where the next step is made; other moves of the same task are made on the same page."""

ASIDE = frozenset({Trigger.pay_part, Trigger.payment_failed, Trigger.claw_back, Trigger.reopen})
"""Steps off the straight way."""

OUTCOMES = Door("claims.outcomes", _l("Report what came of it"))
DISPUTE_AMOUNT = Door("claims.disputing_amount", _l("Dispute the amount"))
AMEND = Door("claims.amending", _l("Change the plan"))
WITHDRAW = Door("claims.confirm", _l("Withdraw"), (("trigger", "withdraw"),))
TAKE = Door("decisions.taking", _l("Take the task over"))
REASSIGN = Door("programme.reassign", _l("Reassign the task"))


def doors_of(claim: Claim, moves: list[Any], dossier: Dossier) -> list[tuple[str, str, bool]]:
    """Return address, label and importance of the pages where the visitor may move the claim."""
    if claim.state is State.rejected and not can_dispute(claim):
        moves = []
    doors = [
        (DOORS[key], row.trigger not in ASIDE) for row in moves if (key := (row.trigger, row.source)) in DOORS
    ]
    if any(row.trigger is Trigger.amend for row in moves):
        doors.append((AMEND, False))
    if is_own(claim) and claim.state is State.approved and can_dispute_amount(dossier):
        doors.append((DISPUTE_AMOUNT, False))
    if is_own(claim) and claim.state in HELD:
        doors.append((OUTCOMES, False))
    if any(row.trigger is Trigger.withdraw for row in moves):
        doors.append((WITHDRAW, False))
    if _is_for_me_too(dossier):
        doors.append((TAKE, False))
    if Role.manager in actor().roles and dossier.claim.task_kind in NAMED:
        doors.append((REASSIGN, False))
    return [
        (url_for(door.endpoint, claim_id=claim.id, **dict(door.values)), str(door.label), main)
        for door, main in doors
    ]


def _is_for_me_too(dossier: Dossier) -> bool:
    """Return whether an approver could take the claim's open task over."""
    claim, who = dossier.claim, actor()
    if Role.approver not in who.roles or claim.task_kind not in NAMED or claim.assignee_id == who.user_id:
        return False
    return could_take(reading().connection(), claim.task_kind, claim, who.user_id or 0, today())


def is_own(claim: Claim) -> bool:
    """Return whether a claim is the visitor's own organisation's."""
    return Role.partner in actor().roles and claim.partner_id == actor().partner_id
