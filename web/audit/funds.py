"""Funds as an auditor reads them: the list, and the ledger of one."""

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, case, func, select

from models.funds import Fund, LedgerEntry
from models.people import Partner
from models.programme import Period
from models.vocabulary import Bucket, Role
from web.access import allow
from web.act_words import act_name
from web.audit.room import room
from web.paging import ListPage, page_of
from web.searching import SearchForm, choice_field, period_choices, words_field
from web.services import reading
from workflow.dossier import AnyRow, Query
from workflow.searches.ledger import LEDGER
from workflow.searches.search import Condition, conditions, of_partner


class FundSearch(SearchForm):
    """What funds are searched by."""

    partner = words_field(_l("Partner"))
    period = choice_field(_l("JMF period"))

    def __init__(self) -> None:
        super().__init__()
        self.period.choices = period_choices()


CONDITIONS: dict[str, Condition] = {
    "partner": lambda asked: of_partner(Fund.partner_id, asked["partner"]),
    "period": lambda asked: Fund.period_id == int(asked["period"]),
}


@room.get("/funds")
@allow(Role.auditor)
def funds() -> ResponseReturnValue:
    """Search funds."""
    form = FundSearch()
    found = form.validate()
    query = _funds().where(*conditions(form.asked, CONDITIONS))
    page = page_of(query, (Fund.id,), descending=True) if found else ListPage([], None, None)
    return render_template("audit/funds.html", form=form, page=page), 200 if found else 422


@room.get("/funds/<int:fund_id>")
@allow(Role.auditor)
def fund(fund_id: int) -> ResponseReturnValue:
    """Show the ledger of a fund, and whether its balances are those of its entries."""
    row = reading().execute(_funds().where(Fund.id == fund_id)).one_or_none() or abort(404)
    sums = _sums(fund_id)
    return render_template(
        "audit/fund.html",
        fund=row,
        sums=sums,
        agrees=all(getattr(row, bucket) == getattr(sums, bucket) for bucket in HELD),
        page=page_of(LEDGER.listed.where(LedgerEntry.fund_id == fund_id), (LedgerEntry.id,), descending=True),
        act_name=act_name,
    )


HELD = (Bucket.available.value, Bucket.reserved.value, Bucket.paid.value)
"""The buckets that a fund keeps the balance of."""


def _funds() -> Query:
    return (
        select(Fund.__table__, Partner.name.label("partner"), Period.code.label("period"))
        .join(Partner, Partner.id == Fund.partner_id)
        .join(Period, Period.id == Fund.period_id)
    )


def _sums(fund_id: int) -> AnyRow:
    """Return the balances that the entries add up to, in cents."""

    def balance(bucket: str) -> ColumnElement[int]:
        moved = case(
            (LedgerEntry.target == bucket, LedgerEntry.amount),
            (LedgerEntry.source == bucket, -LedgerEntry.amount),
            else_=0,
        )
        return func.coalesce(func.sum(moved), 0).label(bucket)

    columns = [balance(bucket) for bucket in HELD]
    return reading().execute(select(*columns).where(LedgerEntry.fund_id == fund_id)).one()
