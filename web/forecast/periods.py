"""How fast the money of a JMF period is used, and what stays unused by its last day."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from models.claims import Claim
from models.funds import Fund
from models.people import Partner
from models.programme import Period
from models.vocabulary import Role
from web.access import allow
from web.forecast.room import room
from web.paging import page_of
from web.programme.funds import fund_sums
from web.services import reading, today, zone
from workflow.dossier import AnyRow, Query
from workflow.forecast.burn import Balances, Burn, Span, months_of
from workflow.forecast.expiries import AtRisk, at_risk, released


@room.get("/periods/<int:period_id>")
@allow(Role.manager, Role.auditor)
def period(period_id: int) -> ResponseReturnValue:
    """Show how the money of a period was used so far, and what is left of it by its last day."""
    row: AnyRow = reading().execute(_periods().where(Period.id == period_id)).one_or_none() or abort(404)
    risky = at_risk(reading().connection(), today(), Claim.period_id == period_id)
    burn = burn_of(row, risky, today())
    page = page_of(_funds(row), (Fund.id,))
    return render_template(
        "forecast/period.html",
        period=row,
        burn=burn,
        months=months_of(reading().connection(), period_id, burn.span, zone()),
        page=page,
        funds=[
            (fund, burn_of(fund, [one for one in risky if one.partner_id == fund.partner_id], today()))
            for fund in page.rows
        ],
    )


def burn_of(row: AnyRow, risky: Iterable[AtRisk], day: date) -> Burn:
    """Return what becomes of the money of a row with a period's `id`, its days, and balances."""
    span = Span(row.first_day, row.last_day, day)
    returning = (
        claim
        for claim in risky
        if claim.period_id == row.id and (claim.day <= row.last_day or row.last_day < day)
    )
    return Burn(span, Balances(row.available, row.reserved, row.paid), released(returning))


def open_periods() -> Sequence[AnyRow]:
    """Return the periods that are not closed with what their funds hold in all, the latest first."""
    return reading().execute(_periods().where(Period.closed_at.is_(None))).all()


def _periods() -> Query:
    totals = select(Fund.period_id, *fund_sums()).group_by(Fund.period_id).subquery()
    return (
        select(
            *_SPAN,
            *(func.coalesce(totals.c[name], 0).label(name) for name in Balances._fields),
        )
        .outerjoin(totals, totals.c.period_id == Period.id)
        .order_by(Period.first_day.desc())
    )


def _funds(of: AnyRow) -> Query:
    return (
        select(
            *_SPAN,
            Fund.id.label("fund_id"),
            Fund.partner_id,
            Partner.name.label("partner"),
            *(getattr(Fund, name) for name in Balances._fields),
        )
        .join(Partner, Partner.id == Fund.partner_id)
        .join(Period, Period.id == Fund.period_id)
        .where(Fund.period_id == of.id)
    )


_SPAN: tuple[Any, ...] = (Period.id, Period.code, Period.first_day, Period.last_day)
