"""Deciding on the bank accounts that wait: what is in force and what would be, side by side."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from models.banking import BankAccount
from models.people import Partner
from models.vocabulary import Role
from web.access import allow
from web.acting import act_once
from web.auth.visitor import actor
from web.banking.room import room
from web.claims.fields import long_text_field
from web.forms import PageForm
from web.moving import put_at_fields, words_of
from web.paging import page_of
from web.services import now, read_afresh, reading, today
from workflow.acts.banking import confirm_account, refuse_account
from workflow.banking import is_pending, on_file
from workflow.rates import without_rate
from workflow.refusals import Refused
from workflow.second_person import why_not_second

LONGEST_REASON = 4000
SIZE = 10
"""Accounts on a page: each is looked at with care."""


class RefusalForm(PageForm):
    """Why an account is refused. Each account on the page has a form, so each has its own prefix."""

    reason = long_text_field(_l("Reason"), LONGEST_REASON, _l("The partner reads it."))

    def __init__(self, account_id: int) -> None:
        super().__init__(prefix=f"account-{account_id}-")


@room.get("/bank-accounts")
@allow(Role.partner, Role.manager, Role.finance)
def index() -> ResponseReturnValue:
    """Show the accounts that wait, the oldest first; lead a partner's people to their own."""
    if Role.partner in actor().roles:
        return redirect(url_for("banking.own"))
    return _page()


@room.post("/bank-accounts/<int:account_id>/confirm")
@allow(Role.manager, Role.finance)
def confirm(account_id: int) -> ResponseReturnValue:
    """Put an account in force."""
    _account_or_404(account_id)
    answer = act_once(
        lambda connection, key: confirm_account(connection, actor(), now(), account_id, key),
        _("Confirmed. Payments to the partner go on."),
    )
    if isinstance(answer, Refused):
        form = RefusalForm(account_id)
        return _page({account_id: form}, put_at_fields(form, answer)), 409
    return redirect(url_for("banking.index"))


@room.post("/bank-accounts/<int:account_id>/refuse")
@allow(Role.manager, Role.finance)
def refuse(account_id: int) -> ResponseReturnValue:
    """Refuse an account, saying why: the one in force stays so."""
    _account_or_404(account_id)
    form = RefusalForm(account_id)
    reason = form.reason.data or ""
    answer = (
        act_once(
            lambda connection, key: refuse_account(connection, actor(), now(), account_id, reason, key),
            _("Refused. Payments to the partner go on as before."),
        )
        if form.validate()
        else None
    )
    if isinstance(answer, Refused):
        problems = put_at_fields(form, answer)
        return _page({account_id: form}, problems), 409 if problems else 422
    if form.errors:
        return _page({account_id: form}), 422
    return redirect(url_for("banking.index"))


def _account_or_404(account_id: int) -> None:
    if reading().get(BankAccount, account_id) is None:
        abort(404)


def _page(forms: Mapping[int, RefusalForm] | None = None, problems: Sequence[str] = ()) -> str:
    read_afresh()
    page = page_of(_waiting(), (BankAccount.id,), size=SIZE, at=url_for("banking.index"))
    connection = reading().connection()
    accounts = on_file(connection, [row.partner_id for row in page.rows])
    pending = [one.pending for one in accounts.values() if one.pending]
    entered_by = {one.entered_by_id for one in pending}
    return render_template(
        "banking/waiting.html",
        page=page,
        accounts=accounts,
        no_rates=without_rate(connection, [one.currency for one in pending], today()),
        why_not={
            user_id: words_of(problem)
            for user_id, problem in why_not_second(
                connection, actor(), now(), entered_by, "entered_it"
            ).items()
        },
        forms={row.id: RefusalForm(row.id) for row in page.rows} | dict(forms or {}),
        problems=problems,
        me=actor().user_id,
    )


def _waiting() -> Any:
    return (
        select(BankAccount.id, BankAccount.partner_id, Partner.name.label("partner"))
        .join(Partner, Partner.id == BankAccount.partner_id)
        .where(is_pending())
    )
