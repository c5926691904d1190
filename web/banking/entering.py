"""Entering a bank account: a partner's people their own, a programme manager any partner's."""

from collections.abc import Sequence

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from models.people import Partner
from models.vocabulary import Role
from web.access import allow
from web.acting import act_once
from web.auth.visitor import actor
from web.banking.form import AccountForm
from web.banking.room import room
from web.moving import put_at_fields
from web.programme.partners import partner_or_404
from web.services import now, read_afresh, reading, today
from workflow.acts.banking import enter_account
from workflow.banking import on_file
from workflow.rates import without_rate
from workflow.refusals import Refused


@room.get("/bank-account")
@allow(Role.partner)
def own() -> ResponseReturnValue:
    """Show a partner's people where they are paid, with the form to change it."""
    return _page(_own_partner(), AccountForm())


@room.post("/bank-account")
@allow(Role.partner)
def enter_own() -> ResponseReturnValue:
    """Put a partner's new account on file, as one of its own people enters it."""
    return _enter(_own_partner())


@room.get("/programme/partners/<int:partner_id>/bank-account")
@allow(Role.manager)
def of_partner(partner_id: int) -> ResponseReturnValue:
    """Show where a partner is paid, with the form to change it."""
    return _page(partner_or_404(partner_id), AccountForm())


@room.post("/programme/partners/<int:partner_id>/bank-account")
@allow(Role.manager)
def enter_for_partner(partner_id: int) -> ResponseReturnValue:
    """Put a partner's new account on file, as a programme manager enters it."""
    return _enter(partner_or_404(partner_id))


def _own_partner() -> Partner:
    return partner_or_404(actor().partner_id or 0)


def _enter(partner: Partner) -> ResponseReturnValue:
    form, partner_id = AccountForm(), partner.id
    if not form.validate():
        return _page(partner, form), 422
    answer = act_once(
        lambda connection, key: enter_account(
            connection, actor(), now(), partner_id=partner_id, key=key, **form.values
        ),
        _("Saved. Payments wait until a second person of the programme owner has confirmed the account."),
    )
    if isinstance(answer, Refused):
        read_afresh()
        return _page(partner_or_404(partner_id), form, put_at_fields(form, answer)), 422
    if Role.manager in actor().roles:
        return redirect(url_for("programme.partner", partner_id=partner_id, _anchor="accounts"))
    return redirect(url_for("banking.own"))


def _page(partner: Partner, form: AccountForm, problems: Sequence[str] = ()) -> str:
    connection = reading().connection()
    accounts = on_file(connection, [partner.id])[partner.id]
    shown = [one.currency for one in (accounts.pending, accounts.in_force) if one]
    return render_template(
        "banking/enter.html",
        partner=partner,
        accounts=accounts,
        form=form,
        problems=problems,
        no_rates=without_rate(connection, shown, today()),
    )
