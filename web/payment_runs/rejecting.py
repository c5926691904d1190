"""Saying by hand that the bank rejected a payment of a run, where no file says so."""

from typing import Any

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from models.payment_runs import run_reference
from models.vocabulary import Role, RunState, State
from web.access import allow
from web.acting import act_once
from web.auth.visitor import actor
from web.claims.fields import long_text_field
from web.forms import PageForm
from web.moving import put_at_fields
from web.payment_runs.one_run import run_or_404, run_page
from web.payment_runs.room import room
from web.services import now, reading
from workflow.payment_runs.bank_files import LONGEST_REASON
from workflow.payment_runs.contents import payments_of
from workflow.payment_runs.leaving import reject_by_hand
from workflow.payment_runs.settling import end_to_end
from workflow.refusals import Refused


class RejectionForm(PageForm):
    """Why the bank rejected a payment."""

    reason = long_text_field(_l("Reason"), LONGEST_REASON, _l("As the bank gives it. Auditors read it."))


@room.get("/<int:run_id>/claims/<int:claim_id>/rejected")
@allow(Role.finance)
def rejected(run_id: int, claim_id: int) -> ResponseReturnValue:
    """Show what follows from a rejection, with the form to record it."""
    return _page(run_id, _unpaid_or_404(run_id, claim_id), RejectionForm())


@room.post("/<int:run_id>/claims/<int:claim_id>/rejected")
@allow(Role.finance)
def record_rejected(run_id: int, claim_id: int) -> ResponseReturnValue:
    """Take the claim out of the run: nothing left the bank for it."""
    run_or_404(run_id)
    form = RejectionForm()
    if not form.validate():
        return _page(run_id, _unpaid_or_404(run_id, claim_id), form), 422
    reason = form.reason.data or ""
    answer = act_once(
        lambda connection, key: reject_by_hand(connection, actor(), now(), run_id, claim_id, reason, key),
        _("Recorded as rejected by the bank. The claim is owed as before, and can be collected again."),
    )
    if not isinstance(answer, Refused):
        return redirect(url_for("payment_runs.show", run_id=run_id))
    problems = put_at_fields(form, answer)
    if problems:
        return run_page(run_id, problems), 409
    return _page(run_id, _unpaid_or_404(run_id, claim_id), form), 422


def _unpaid_or_404(run_id: int, claim_id: int) -> Any:
    """Return the payment of a released run that is still to be recorded."""
    if run_or_404(run_id).state is not RunState.released:
        abort(404)
    mine = (one for one in payments_of(reading().connection(), run_id) if one.id == claim_id)
    payment = next(mine, None)
    if payment is None or payment.state is not State.accepted:
        abort(404)
    return payment


def _page(run_id: int, payment: Any, form: RejectionForm) -> str:
    return render_template(
        "payment_runs/rejected.html",
        run_id=run_id,
        reference=run_reference(run_id),
        payment=payment,
        accepted=actor().user_id in (payment.accepted_by_id, payment.accepted_for_id),
        ordered_as=end_to_end(payment),
        form=form,
    )
