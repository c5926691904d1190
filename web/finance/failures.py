"""Recording that a payment did not arrive."""

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from models.vocabulary import Role, Trigger
from web.access import allow, claim_or_404
from web.claims.fields import long_text_field
from web.finance.asking import Ask, send, show
from web.finance.room import room
from web.formats import day, money
from web.forms import PageForm, choices
from web.services import reading
from workflow.payments import payments_of

LONGEST_REASON = 4000

ASK = Ask(
    Trigger.payment_failed,
    "finance.payment_has_failed",
    _l("Record a failed payment"),
    _l("Its amount is reserved again, and owed again. The payment itself stays on record."),
    _l("Record that it failed"),
)


class FailureForm(PageForm):
    """Which payment failed, and why."""

    payment_reference = SelectField(_l("Payment"), validate_choice=False)
    reason = long_text_field(_l("Reason"), LONGEST_REASON, _l("The partner reads it."))

    def __init__(self, claim_id: int) -> None:
        made = {
            one.reference: f"{one.reference}, {day(one.paid_on)}, {money(one.amount)}"
            for one in reversed(payments_of(reading().connection(), claim_id))
            if one.failed_by is None
        }
        super().__init__(
            formdata=request.form if request.method == "POST" else None,
            data={"payment_reference": next(iter(made), None)},
        )
        self.payment_reference.choices = choices(made)


@room.get("/claims/<int:claim_id>/pay/failed")
@allow(Role.finance)
def payment_failed(claim_id: int) -> ResponseReturnValue:
    """Show the payments of a claim, with the form to say which of them failed."""
    return show(claim_id, ASK, FailureForm(claim_or_404(claim_id).id))


@room.post("/claims/<int:claim_id>/pay/failed")
@allow(Role.finance, moves=[Trigger.payment_failed])
def payment_has_failed(claim_id: int) -> ResponseReturnValue:
    """Record that it failed."""
    form = FailureForm(claim_or_404(claim_id).id)
    reference, reason = form.payment_reference.data or "", form.reason.data or ""
    return send(claim_id, ASK, form, payment_reference=reference, reason=reason)
