"""The page of a claim, for every role that may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from models.claims import Claim
from models.money import Cents, rounded_up
from models.people import User
from models.vocabulary import Role, State, TaskKind, Trigger
from web.access import allow, claim_or_404
from web.auth.visitor import actor
from web.claims.alike import alike_of
from web.claims.disputing import can_dispute
from web.claims.disputing_amounts import can_dispute_amount
from web.claims.history import disputed, events_of, sent_back
from web.claims.judging import dossier_of, judged, policy_for, shares_in
from web.claims.outcomes import outcomes_of
from web.claims.posts import Thread, thread_of
from web.claims.proofs import coverage_of
from web.claims.report_form import refusal_words
from web.claims.room import READERS, room
from web.claims.split import splits_in
from web.claims.turns import claw_back_to_decide, whose_turn
from web.erasure.holding import holds_on
from web.erasure.room import READERS as PERSONAL_READERS
from web.formats import beside, money
from web.services import now, reading, services, today
from web.tiers import tiers_of
from workflow.acts.outcomes import HELD
from workflow.assignment import NAMED
from workflow.certification import last_certified_day
from workflow.deadlines import next_deadline
from workflow.dossier import Dossier
from workflow.exchange import Exchange
from workflow.file_types import EXTENSIONS
from workflow.hand_over import could_take
from workflow.options import options
from workflow.payments import ClawedBack, clawed_back, payments_of
from workflow.policies import Policy
from workflow.table import UNPAID
from workflow.threads import is_owners


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


@dataclass(frozen=True, slots=True)
class Money:
    """The money of a claim, in cents; None where it is not known yet. `paid` is less what was clawed back.

    `actual` is what was billed, `accepted` what of it the approver accepted; both, and `planned`, are in the
    currency of the lines, of which `exchange` tells the worth.
    """

    planned: Cents
    actual: Cents | None
    accepted: Cents | None
    asked: Cents | None
    granted: Cents | None
    reimbursable: Cents | None
    reserved: Cents
    paid: Cents
    exchange: Exchange | None
    is_unpaid_for_good: bool

    @property
    def cost(self) -> Cents:
        """Return what the activity costs: as billed, once it was billed."""
        return self.planned if self.actual is None else self.actual

    @property
    def borne(self) -> Cents | None:
        """Return what the partner bears of it, as far as it is decided; None where nothing is paid at all."""
        if self.is_unpaid_for_good:
            return None
        given = self.granted if self.reimbursable is None else self.paid + self.reserved
        if given is None or self.exchange is None:
            return None
        return max(0, rounded_up(self.exchange.in_usd(self.cost)) - given)


@room.get("/<int:claim_id>")
@allow(*READERS)
def show(claim_id: int) -> ResponseReturnValue:
    """Show where a claim stands, its money, its plan, its evidence, its history and its thread."""
    claim = claim_or_404(claim_id)
    return claim_page(claim, thread_of(claim))


def claim_page(claim: Claim, thread: Thread) -> str:
    """Return the page of a claim, with its thread as it is read, or was typed."""
    dossier, policy = dossier_of(claim.id), policy_for(claim)
    outlook = judged(dossier, policy)
    moves = options(dossier, actor(), now(), today())
    events, taken = events_of(claim.id), clawed_back(reading().connection(), claim.id)
    to_decide = claw_back_to_decide(claim)
    return render_template(
        "claims/show.html",
        claim=claim,
        dossier=dossier,
        policy=policy,
        activity=policy.catalogue.types.get(claim.activity_type),
        sums=money_of(dossier),
        payments=payments_of(reading().connection(), claim.id),
        taken=taken,
        turn=to_decide.whose if to_decide else _turn(claim, dossier),
        since=to_decide.since if to_decide else _since(claim, dossier),
        tiers=tiers_of(claim) if claim.state is State.submitted else None,
        deadline=next_deadline(dossier.claim, policy, dossier.claim.due_on),
        doors=_doors(claim, moves, dossier),
        explanation=to_decide.explanation if to_decide else _explanation(claim, dossier, policy, taken),
        judged=outlook,
        open_items=[item for item in outlook.items if item.outcome != "holds"] if outlook else [],
        held_items=[item for item in outlook.items if item.outcome == "holds"] if outlook else [],
        events=events,
        back=sent_back(claim.id) or disputed(claim),
        passed={State.draft, *(event.target for event in events if event.target)},
        can_copy=_is_own(claim),
        alike=alike_of(claim),
        splits=splits_in(dossier, policy),
        shares=shares_in(dossier),
        thread_page=thread,
        accepts=",".join(EXTENSIONS),
        limit=services().settings.max_file_mb,
        coverage=coverage_of(dossier, policy) if dossier.actual else None,
        holds=holds_on(claim) if is_owners(actor()) else (),
        personal=bool(actor().roles & {*PERSONAL_READERS}),
        files_by_id={file.id: file for file in dossier.evidence},
        outcomes=outcomes_of(claim.id),
        refusal_words=refusal_words,
    )


def money_of(dossier: Dossier) -> Money:
    """Return the money of a claim."""
    claim = dossier.claim
    return Money(
        planned=sum(line.amount or 0 for line in dossier.planned),
        actual=sum(line.amount or 0 for line in dossier.actual) if dossier.actual else None,
        accepted=_accepted(dossier),
        asked=claim.requested,
        granted=claim.approved,
        reimbursable=claim.reimbursable,
        reserved=claim.reserved,
        paid=claim.paid,
        exchange=dossier.exchange,
        is_unpaid_for_good=claim.state in UNPAID,
    )


def _accepted(dossier: Dossier) -> Cents | None:
    """Return the accepted actual costs; None while no line was refused, or none was looked at."""
    if not any(line.accepted is False for line in dossier.actual):
        return None
    return sum(line.amount or 0 for line in dossier.actual if line.accepted)


def _doors(claim: Claim, moves: list[Any], dossier: Dossier) -> list[tuple[str, str, bool]]:
    """Return address, label and importance of the pages where the visitor may move the claim."""
    if claim.state is State.rejected and not can_dispute(claim):
        moves = []
    doors = [
        (DOORS[key], row.trigger not in ASIDE) for row in moves if (key := (row.trigger, row.source)) in DOORS
    ]
    if any(row.trigger is Trigger.amend for row in moves):
        doors.append((AMEND, False))
    if _is_own(claim) and claim.state is State.approved and can_dispute_amount(dossier):
        doors.append((DISPUTE_AMOUNT, False))
    if _is_own(claim) and claim.state in HELD:
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
        if door.endpoint in current_app.view_functions
    ]


def _is_for_me_too(dossier: Dossier) -> bool:
    """Return whether an approver could take the claim's open task over."""
    claim, who = dossier.claim, actor()
    if Role.approver not in who.roles or claim.task_kind not in NAMED or claim.assignee_id == who.user_id:
        return False
    return could_take(reading().connection(), claim.task_kind, claim, who.user_id or 0, today())


def _turn(claim: Claim, dossier: Dossier) -> str:
    assignee_id = dossier.claim.assignee_id
    assignee = reading().get(User, assignee_id) if assignee_id else None
    return whose_turn(
        claim.state,
        partner=dossier.claim.partner_name,
        assignee=assignee.name if assignee else None,
        assignee_id=assignee_id,
        unassigned=dossier.claim.unassigned_why is not None,
    )


def _since(claim: Claim, dossier: Dossier) -> datetime:
    """Return since when whose turn it is has had the claim."""
    found: datetime = dossier.claim.held_since or dossier.claim.opened_at or claim.state_since
    return found


def _explanation(claim: Claim, dossier: Dossier, policy: Policy, taken: Sequence[ClawedBack]) -> str:
    """Return why there is nothing more to do now, or what comes first; empty where all is plain."""
    if claim.state is State.reimbursed and taken:
        return _was_taken(taken)
    if claim.state in _ENDS:
        return str(_ENDS[claim.state])
    if dossier.claim.task_kind is TaskKind.reconsider:
        return str(_("The amount is disputed: somebody else looks at it again. Reporting ends the dispute."))
    if claim.state is State.approved and claim.ends_on and claim.ends_on > today():
        return str(_("The report can be sent once the activity is over; it can be written before."))
    last = last_certified_day(dossier.certificates, today())
    may_expire = claim.state in policy.expirable_states and not claim.accepted_on
    if may_expire and last is not None and (last - today()).days <= _SOON:
        return str(_("Certification ends soon. A claim expires on the first day without."))
    return ""


def _was_taken(taken: Sequence[ClawedBack]) -> str:
    """Return what was clawed back of what was paid. Whether it was sent back, only the bank knows."""
    amounts = ", ".join(
        money(one.amount) + (f" ({beside(one.taken_in)})" if one.taken_in else "") for one in taken
    )
    if Role.partner in actor().roles:
        return str(
            _(
                "%(amounts)s was clawed back. The reason, in the history, says what you have to do.",
                amounts=amounts,
            )
        )
    return str(_("%(amounts)s was clawed back, and the partner was told why.", amounts=amounts))


_SOON = 30

_ENDS: dict[State, str] = {
    State.reimbursed: _l("The claim is paid. There is nothing left to do."),
    State.withdrawn: _l("The claim was withdrawn, and holds no money. It can be copied into a new draft."),
    State.rejected: _l("The claim was rejected, and holds no money. It can be copied into a new draft."),
    State.expired: _l(
        "The claim expired, and holds no money. A programme manager can reinstate it once what was missing"
        " is recorded."
    ),
}


def _is_own(claim: Claim) -> bool:
    return Role.partner in actor().roles and claim.partner_id == actor().partner_id
