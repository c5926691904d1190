"""Legal holds are set and lifted, by programme managers and auditors."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from models.claims import Claim
from models.erasure import LegalHold
from web.access import allow, claim_or_404
from web.acting import act_once
from web.auth.visitor import actor
from web.erasure.forms import ReasonForm
from web.erasure.one_claim import claim_page
from web.erasure.overview import overview_page, partner_hold_form
from web.erasure.room import READERS, room
from web.forms import sent_number
from web.moving import put_at_fields, words_of
from web.services import now, reading
from workflow.acts.legal_holds import lift_hold, set_hold
from workflow.refusals import Problem, Refused


@room.post("/claims/<int:claim_id>/hold")
@allow(*READERS)
def hold_claim(claim_id: int) -> ResponseReturnValue:
    """Hold a claim: nothing of it is erased."""
    found, form = claim_or_404(claim_id), ReasonForm("hold")
    if not form.validate():
        return claim_page(found, why=form), 422
    answer = act_once(
        lambda connection, key: set_hold(
            connection, actor(), now(), claim_id=claim_id, reason=form.reason.data or "", key=key
        ),
        _("Held. Nothing of this claim is erased until somebody lifts the hold."),
    )
    if isinstance(answer, Refused):
        return claim_page(found, why=form, problems=put_at_fields(form, answer)), 422
    return redirect(url_for("erasure.claim", claim_id=claim_id))


@room.post("/holds")
@allow(*READERS)
def hold_partner() -> ResponseReturnValue:
    """Hold all claims of a partner."""
    form = partner_hold_form()
    partner_id = sent_number(form.partner.data or "")
    if not form.validate() or partner_id is None:
        if partner_id is None:
            form.partner.errors = [_("Choose a partner.")]
        return overview_page(holding=form), 422
    answer = act_once(
        lambda connection, key: set_hold(
            connection, actor(), now(), partner_id=partner_id, reason=form.reason.data or "", key=key
        ),
        _("Held. Nothing of this partner’s claims is erased until somebody lifts the hold."),
    )
    if isinstance(answer, Refused):
        return overview_page(holding=form, problems=put_at_fields(form, answer)), 422
    return redirect(url_for("erasure.index"))


@room.post("/holds/<int:hold_id>/lift")
@allow(*READERS)
def lift(hold_id: int) -> ResponseReturnValue:
    """Lift a hold."""
    found, form = reading().get(LegalHold, hold_id), ReasonForm("lift")
    if found is None:
        flash(words_of(Problem("hold_gone")), "info")
        return redirect(url_for("erasure.index"))
    place, claim_id = _place_of(found), found.claim_id
    answer = (
        act_once(
            lambda connection, key: lift_hold(
                connection, actor(), now(), hold_id, reason=form.reason.data or "", key=key
            ),
            _("Lifted. What is past its time is erased from now on."),
        )
        if form.validate()
        else None
    )
    if isinstance(answer, Refused) or form.errors:
        problems = put_at_fields(form, answer) if isinstance(answer, Refused) else []
        if claim_id is not None:
            return claim_page(reading().get_one(Claim, claim_id), why=form, problems=problems), 422
        return overview_page(problems=[*problems, *form.reason.errors]), 422
    return redirect(place)


def _place_of(found: LegalHold) -> str:
    if found.claim_id is not None:
        return url_for("erasure.claim", claim_id=found.claim_id)
    return url_for("erasure.index", _anchor="holds")
