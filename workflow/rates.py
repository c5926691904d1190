"""Which exchange rate is the one to go by: the latest day's, and of that day the latest recorded."""

from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, case, func, select
from sqlalchemy.orm import aliased

from models.claims import Claim
from models.exchange import ExchangeRate
from workflow.exchange import USD

RATE = (
    ExchangeRate.id.label("rate_id"),
    ExchangeRate.day.label("rate_day"),
    ExchangeRate.usd.label("rate_usd"),
    ExchangeRate.local.label("rate_local"),
    ExchangeRate.source.label("rate_source"),
)
"""The columns of a rate as rows bear them that are read with it."""


def newest_of(currency: Any, until: Any = None) -> ScalarSelect[int]:
    """Return, as part of a query, the id of a currency's newest rate, or null. `until` is the last day."""
    rate = aliased(ExchangeRate)
    query = select(rate.id).where(rate.currency == currency)
    if until is not None:
        query = query.where(rate.day <= until)
    query = query.order_by(rate.day.desc(), rate.id.desc()).limit(1)
    return query.correlate_except(rate).scalar_subquery()


def goes_by() -> ColumnElement[bool]:
    """Return the condition that a rate is what a claim goes by: pinned, or what would be pinned now."""
    newest = case((Claim.currency != USD, newest_of(Claim.currency)))
    return ExchangeRate.id == func.coalesce(Claim.pinned_rate_id, newest)
