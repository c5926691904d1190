"""The page of a claim, for every role that may see it."""

from collections.abc import Sequence
from datetime import datetime

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from models.claims import Claim
from models.people import User
from models.vocabulary import Role, State, TaskKind
from web.access import allow, claim_or_404
from web.auth.visitor import actor
from web.claims.alike import alike_of
from web.claims.doors import doors_of, is_own
from web.claims.history import disputed, events_of, sent_back
from web.claims.judging import dossier_of, judged, policy_for, shares_in
from web.claims.outcomes import outcomes_of
from web.claims.posts import Thread, thread_of
from web.claims.proofs import coverage_of
from web.claims.report_form import refusal_words
from web.claims.room import READERS, room
from web.claims.split import splits_in
from web.claims.sums import money_of
from web.claims.turns import claw_back_to_decide, whose_turn
from web.erasure.holding import holds_on
from web.erasure.room import READERS as PERSONAL_READERS
from web.formats import beside, money
from web.services import now, reading, services, today
from web.tiers import tiers_of
from workflow.certification import last_certified_day
from workflow.deadlines import next_deadline
from workflow.dossier import Dossier
from workflow.file_types import EXTENSIONS
from workflow.options import options
from workflow.payments import ClawedBack, clawed_back, payments_of
from workflow.policies import Policy
from workflow.threads import is_owners


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
        doors=doors_of(claim, moves, dossier),
        explanation=to_decide.explanation if to_decide else _explanation(claim, dossier, policy, taken),
        judged=outlook,
        open_items=[item for item in outlook.items if item.outcome != "holds"] if outlook else [],
        held_items=[item for item in outlook.items if item.outcome == "holds"] if outlook else [],
        events=events,
        back=sent_back(claim.id) or disputed(claim),
        passed={State.draft, *(event.target for event in events if event.target)},
        can_copy=is_own(claim),
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
