"""Funds: what was allocated to whom in which period, the ledger of each, and moving money."""

from collections.abc import Mapping
from typing import Any

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import BigInteger, ColumnElement, cast, func, select
from wtforms.validators import InputRequired

from models.claims import Claim
from models.funds import Fund, LedgerEntry
from models.history import Act, Reason
from models.people import Partner, User
from models.programme import Period
from models.vocabulary import Role
from web.access import allow
from web.acting import act_once
from web.auth.visitor import actor
from web.claims.fields import long_text_field
from web.formats import money
from web.forms import MoneyField, PageForm
from web.moving import put_at_fields
from web.paging import ListPage, page_of
from web.programme.partners import partner_or_404
from web.programme.room import room
from web.searching import SearchForm, choice_field, period_choices, words_field
from web.services import now, read_afresh, reading
from workflow.acts.funds import allocate, reduce_fund
from workflow.dossier import AnyRow, Query
from workflow.refusals import Refused
from workflow.searches.search import Condition, conditions, of_partner


class FundSearch(SearchForm):
    """What funds are searched by."""

    partner = words_field(_l("Partner"))
    period = choice_field(_l("JMF period"))

    def __init__(self) -> None:
        super().__init__()
        self.period.choices = period_choices()


CONDITIONS: Mapping[str, Condition] = {
    "partner": lambda asked: of_partner(Fund.partner_id, asked["partner"]),
    "period": lambda asked: Fund.period_id == int(asked["period"]),
}


class MoneyForm(PageForm):
    """An amount to move, and why."""

    amount = MoneyField(_l("Amount"), [InputRequired(_l("Enter the amount."))])
    reason = long_text_field(_l("Reason"), 4000, _l("Auditors read it."))


@room.get("/funds")
@allow(Role.manager)
def funds() -> ResponseReturnValue:
    """Search funds."""
    form = FundSearch()
    found = form.validate()
    which = conditions(form.asked, CONDITIONS) if found else []
    page = page_of(_funds().where(*which), (Fund.id,), descending=True) if found else ListPage([], None, None)
    totals = reading().execute(select(*fund_sums()).where(*which)).one()
    return render_template("programme/funds.html", form=form, page=page, totals=totals), 200 if found else 422


@room.get("/funds/<int:fund_id>")
@allow(Role.manager)
def fund(fund_id: int) -> ResponseReturnValue:
    """Show a fund with its ledger."""
    return _fund_page(fund_id)


@room.post("/funds/<int:fund_id>/reduce")
@allow(Role.manager)
def reduce(fund_id: int) -> ResponseReturnValue:
    """Take back money that is still available."""
    form = MoneyForm()
    if not form.validate():
        return _fund_page(fund_id, back=form), 422
    amount, reason = form.amount.data, form.reason.data or ""
    answer = act_once(
        lambda connection, key: reduce_fund(
            connection, actor(), now(), fund_id=fund_id, amount=amount, reason=reason, key=key
        ),
        _("%(amount)s were taken back.", amount=money(amount)),
    )
    if isinstance(answer, Refused):
        put_at_fields(form, answer)
        return _fund_page(fund_id, back=form), 422
    return redirect(url_for("programme.fund", fund_id=fund_id))


@room.get("/partners/<int:partner_id>/allocate/<int:period_id>")
@allow(Role.manager)
def new_allocation(partner_id: int, period_id: int) -> ResponseReturnValue:
    """Show the form that allocates money to a partner in a period."""
    return _allocation_page(MoneyForm(), partner_id, period_id)


@room.post("/partners/<int:partner_id>/allocate/<int:period_id>")
@allow(Role.manager)
def add_allocation(partner_id: int, period_id: int) -> ResponseReturnValue:
    """Allocate money to a partner in a period: once, however often the form is sent."""
    form = MoneyForm()
    if not form.validate():
        return _allocation_page(form, partner_id, period_id), 422
    amount, reason = form.amount.data, form.reason.data or ""
    answer = act_once(
        lambda connection, key: allocate(
            connection,
            actor(),
            now(),
            partner_id=partner_id,
            period_id=period_id,
            amount=amount,
            reason=reason,
            key=key,
        ),
        _("%(amount)s are allocated.", amount=money(amount)),
    )
    if isinstance(answer, Refused):
        put_at_fields(form, answer)
        return _allocation_page(form, partner_id, period_id), 422
    return redirect(url_for("programme.partner", partner_id=partner_id, _anchor="funds"))


def fund_sums() -> list[ColumnElement[int]]:
    """Return the columns `available`, `reserved` and `paid`, summed over funds, in cents."""
    # PostgreSQL makes a decimal of a sum of 64-bit numbers.
    return [
        cast(func.coalesce(func.sum(column), 0), BigInteger).label(column.key)
        for column in (Fund.available, Fund.reserved, Fund.paid)
    ]


def _allocation_page(form: MoneyForm, partner_id: int, period_id: int) -> str:
    read_afresh()
    period = reading().get(Period, period_id) or abort(404)
    present = reading().scalar(select(Fund).where(Fund.partner_id == partner_id, Fund.period_id == period_id))
    return render_template(
        "programme/allocate.html", form=form, partner=partner_or_404(partner_id), period=period, fund=present
    )


def _fund_page(fund_id: int, back: MoneyForm | None = None) -> str:
    read_afresh()
    found: AnyRow = reading().execute(_funds().where(Fund.id == fund_id)).one_or_none() or abort(404)
    return render_template(
        "programme/fund.html",
        fund=found,
        form=back or MoneyForm(),
        page=page_of(
            _entries(fund_id),
            (LedgerEntry.id,),
            descending=True,
            at=url_for("programme.fund", fund_id=fund_id),
        ),
    )


def _funds() -> Query:
    return (
        select(Fund.__table__, Partner.name.label("partner"), Period.code.label("period"))
        .join(Partner, Partner.id == Fund.partner_id)
        .join(Period, Period.id == Fund.period_id)
    )


def _entries(fund_id: int) -> Query:
    columns: tuple[Any, ...] = (
        LedgerEntry.id,
        LedgerEntry.at,
        LedgerEntry.kind,
        LedgerEntry.source,
        LedgerEntry.target,
        LedgerEntry.amount,
        LedgerEntry.claim_id,
        Claim.number,
        User.name.label("actor"),
        Reason.text.label("reason"),
    )
    return (
        select(*columns)
        .outerjoin(Claim, Claim.id == LedgerEntry.claim_id)
        .outerjoin(Act, Act.id == LedgerEntry.act_id)
        .outerjoin(User, User.id == Act.actor_id)
        .outerjoin(Reason, Reason.hash == Act.reason_hash)
        .where(LedgerEntry.fund_id == fund_id)
    )
