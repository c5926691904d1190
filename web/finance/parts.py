"""Recording that a part of what is owed for a claim was paid."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from models.vocabulary import Role, TaskKind, Trigger
from web.access import allow
from web.desk import desk_of
from web.finance.asking import Ask, send, show
from web.finance.paying import PaymentForm, rate_missing
from web.finance.room import room
from web.forms import MoneyField
from web.services import today

ASK = Ask(
    Trigger.pay_part,
    "finance.paid_part",
    _l("Pay a part"),
    _l("What is left stays reserved. Record the last part as the payment."),
    _l("Record this part"),
)


class PartForm(PaymentForm):
    """A part that was paid."""

    amount = MoneyField(_l("Amount"), description=_l("Less than what is left to pay."))


@room.get("/claims/<int:claim_id>/pay/part")
@allow(Role.finance)
def pay_part(claim_id: int) -> ResponseReturnValue:
    """Show what is left to pay, with the form to record a part of it."""
    if rate_missing(desk_of(claim_id, TaskKind.pay)):
        return redirect(url_for("finance.pay", claim_id=claim_id))
    return show(claim_id, ASK, PartForm(paid_on=today()))


@room.post("/claims/<int:claim_id>/pay/part")
@allow(Role.finance, moves=[Trigger.pay_part])
def paid_part(claim_id: int) -> ResponseReturnValue:
    """Record the part."""
    form = PartForm()
    return send(
        claim_id,
        ASK,
        form,
        amount=form.amount.data,
        payment_reference=form.payment_reference.data or "",
        paid_on=form.paid_on.data,
    )
