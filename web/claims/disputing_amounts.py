"""A partner disputes that less was granted than asked for, once: somebody else looks at the amount again."""

from collections.abc import Sequence

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from models.claims import Claim
from models.vocabulary import Role
from web.access import allow, claim_or_404
from web.acting import act_once
from web.auth.visitor import actor
from web.claims.disputing import DisputeForm
from web.claims.judging import dossier_of
from web.claims.problems import STATUS
from web.claims.room import room
from web.moving import put_at_fields, sent_version
from web.services import now, read_afresh, reading
from workflow.acts.disputes import amount_problems, dispute_amount
from workflow.dossier import Dossier
from workflow.refusals import Refused


@room.get("/<int:claim_id>/dispute-amount")
@allow(Role.partner)
def disputing_amount(claim_id: int) -> ResponseReturnValue:
    """Ask why more should be granted."""
    claim = claim_or_404(claim_id)
    if not can_dispute_amount(dossier_of(claim_id)):
        return redirect(url_for("claims.show", claim_id=claim_id))
    return _page(claim, DisputeForm())


@room.post("/<int:claim_id>/dispute-amount")
@allow(Role.partner)
def amount_disputed(claim_id: int) -> ResponseReturnValue:
    """Have somebody else look at the amount again. The claim stays approved."""
    claim, form, version = claim_or_404(claim_id), DisputeForm(), sent_version()
    if not form.validate():
        return _page(claim, form), 422
    reason = form.reason.data or ""
    answer = act_once(
        lambda connection, key: dispute_amount(connection, actor(), now(), claim_id, version, reason, key),
        _("Somebody who did not decide on it before looks at the amount again. You are told."),
    )
    if not isinstance(answer, Refused):
        return redirect(url_for("claims.show", claim_id=claim_id))
    read_afresh()
    problems = put_at_fields(form, answer)
    return _page(claim_or_404(claim_id), form, problems), STATUS.get(answer.why, 422)


def can_dispute_amount(dossier: Dossier) -> bool:
    """Return whether the granted amount of a claim may be disputed now."""
    return not amount_problems(reading().connection(), dossier, now())


def _page(claim: Claim, form: DisputeForm, problems: Sequence[str] = ()) -> str:
    return render_template("claims/dispute_amount.html", claim=claim, form=form, problems=problems)
