"""Recording that an accepted claim was paid."""

from collections.abc import Sequence
from datetime import timedelta

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from models.people import User
from models.vocabulary import Role, State, TaskKind, Trigger
from web.access import allow
from web.auth.visitor import actor
from web.claims.fields import text_field
from web.desk import Desk, desk_of
from web.finance.room import room
from web.forms import DayField, PageForm
from web.happened import last_happened
from web.labels import state_words
from web.moving import command_for, move, put_at_fields
from web.services import read_afresh, reading, today
from workflow.banking import on_file
from workflow.exchange import MOST_DAYS_OLD, USD
from workflow.holds import held_by, payout_on
from workflow.payments import payments_of
from workflow.refusals import Refused

LONGEST_REFERENCE = 140


class PaymentForm(PageForm):
    """A payment that was made."""

    payment_reference = text_field(
        _l("Payment reference"),
        LONGEST_REFERENCE,
        _l("As on the bank statement. Each payment has one of its own."),
    )
    paid_on = DayField(_l("Day of payment"), description=_l("The day the money left."))


@room.get("/claims/<int:claim_id>/pay")
@allow(Role.finance)
def pay(claim_id: int) -> ResponseReturnValue:
    """Show what is to be paid, with the form to record it."""
    desk = desk_of(claim_id, TaskKind.pay)
    if desk.claim.state is not State.accepted:
        state = state_words(desk.claim.state)
        flash(_("There is nothing to pay: the claim is %(state)s now.", state=state), "info")
        return redirect(url_for("claims.show", claim_id=claim_id))
    return _page(desk, PaymentForm(paid_on=today()))


@room.post("/claims/<int:claim_id>/pay")
@allow(Role.finance, moves=[Trigger.reimburse])
def paid(claim_id: int) -> ResponseReturnValue:
    """Record the payment."""
    desk, form = desk_of(claim_id, TaskKind.pay), PaymentForm()
    if not form.validate():
        return _page(desk, form), 422
    command = command_for(
        desk.claim,
        Trigger.reimburse,
        payment_reference=form.payment_reference.data or "",
        paid_on=form.paid_on.data,
    )
    answer = move(command, desk.claim.number)
    if not isinstance(answer, Refused):
        return redirect(url_for("finance.payments"))
    read_afresh()
    problems = put_at_fields(form, answer)
    fault_of_form = not problems
    return _page(desk_of(claim_id, TaskKind.pay), form, problems), 422 if fault_of_form else 409


def rate_missing(desk: Desk) -> str:
    """Return the currency of the account where no day since the acceptance has a young rate; else nothing."""
    held = held_by(reading().connection(), desk.claim.id, today())
    since = desk.claim.accepted_on or today()
    if held.currency == USD or (held.rate_id and held.rate_day + timedelta(days=MOST_DAYS_OLD) >= since):
        return ""
    return str(held.currency)


def _page(desk: Desk, form: PaymentForm, problems: Sequence[str] = ()) -> str:
    acceptor = reading().get(User, desk.claim.accepted_by_id) if desk.claim.accepted_by_id else None
    paid_on = form.paid_on.data or today()
    connection = reading().connection()
    held = held_by(connection, desk.claim.id, paid_on)
    return render_template(
        "finance/pay.html",
        desk=desk,
        form=form,
        acceptor=acceptor,
        held=held,
        paid_in=payout_on(paid_on, desk.claim.reserved, desk.dossier.claim, held),
        accounts=on_file(reading().connection(), [desk.claim.partner_id])[desk.claim.partner_id],
        mine=desk.claim.accepted_by_id == actor().user_id,
        for_me=desk.claim.accepted_for_id == actor().user_id,
        rate_missing=rate_missing(desk),
        waits=desk.claim.state is State.accepted,
        payments=payments_of(reading().connection(), desk.claim.id),
        happened=None if desk.claim.state is State.accepted else last_happened(desk.claim.id),
        today=today(),
        problems=problems,
    )
