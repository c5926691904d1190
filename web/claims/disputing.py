"""A partner disputes a rejection, once: somebody else decides on the claim then."""

from collections.abc import Sequence
from datetime import date

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from models.claims import Claim
from models.vocabulary import Role, State, Trigger
from web.access import allow, claim_or_404
from web.claims.fields import long_text_field
from web.claims.history import sent_back
from web.claims.judging import dossier_of, policy_for
from web.claims.problems import STATUS
from web.claims.room import room
from web.forms import PageForm
from web.moving import command_for, move, put_at_fields
from web.services import read_afresh, today, zone
from workflow.clock import programme_day
from workflow.deadlines import dispute_deadline
from workflow.refusals import Refused

LONGEST_REASON = 4000


class DisputeForm(PageForm):
    """Why the decision is disputed."""

    reason = long_text_field(_l("Why it should be decided otherwise"), LONGEST_REASON)


@room.get("/<int:claim_id>/dispute")
@allow(Role.partner)
def dispute(claim_id: int) -> ResponseReturnValue:
    """Show why the claim was rejected, and ask why that is disputed."""
    claim = claim_or_404(claim_id)
    if not can_dispute(claim):
        return redirect(url_for("claims.show", claim_id=claim_id))
    return _page(claim, DisputeForm())


@room.post("/<int:claim_id>/dispute")
@allow(Role.partner, moves=[Trigger.dispute])
def disputed(claim_id: int) -> ResponseReturnValue:
    """Bring the claim back to where it was rejected from, for somebody else to decide."""
    claim, form = claim_or_404(claim_id), DisputeForm()
    if not form.validate():
        return _page(claim, form), 422
    answer = move(command_for(claim, Trigger.dispute, reason=form.reason.data or ""))
    if not isinstance(answer, Refused):
        return redirect(url_for("claims.show", claim_id=claim_id))
    read_afresh()
    problems = put_at_fields(form, answer)
    return _page(claim_or_404(claim_id), form, problems), STATUS.get(answer.why, 422)


def can_dispute(claim: Claim) -> bool:
    """Return whether the claim's partner may still dispute its rejection."""
    deadline = last_day_to_dispute(claim)
    in_time = deadline is None or today() <= deadline
    return claim.state is State.rejected and claim.disputed_on is None and in_time


def last_day_to_dispute(claim: Claim) -> date | None:
    """Return until when the rejection of a claim can be disputed; None where the policy sets no deadline."""
    return dispute_deadline(programme_day(claim.state_since, zone()), policy_for(claim))


def _page(claim: Claim, form: DisputeForm, problems: Sequence[str] = ()) -> str:
    return render_template(
        "claims/dispute.html",
        claim=claim,
        form=form,
        back=sent_back(claim.id),
        deadline=last_day_to_dispute(claim),
        reserves_again=claim.rejected_from is State.executed,
        dossier=dossier_of(claim.id),
        problems=problems,
        possible=claim.state is State.rejected,
    )
