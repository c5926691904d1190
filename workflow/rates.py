"""Which exchange rate is the one to go by: the latest day's, and of that day the latest recorded."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, ScalarSelect, case, func, select
from sqlalchemy.orm import aliased

from models.claims import Claim
from models.exchange import ExchangeRate
from models.history import Act
from models.people import User
from workflow.exchange import MOST_DAYS_OLD, USD, young_enough

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


def rate_on(connection: Connection, currency: str, on: date) -> Any:
    """Return a currency with the `rate_…` to go by on a day; None where none is young enough."""
    query = select(ExchangeRate.currency, *RATE).where(ExchangeRate.id == newest_of(currency, on))
    row = connection.execute(query).first()
    return row if row is not None and young_enough(row.rate_day, on) else None


def recorded(connection: Connection, rate_ids: Iterable[int]) -> dict[int, Any]:
    """Return rates by id: the currency, the `rate_…`, and who put them on file `by_hand` or with a file."""
    query = (
        select(
            ExchangeRate.currency,
            *RATE,
            Act.actor_id,
            User.name.label("by"),
            (Act.kind == "rate_recorded").label("by_hand"),
        )
        .join(Act, Act.id == ExchangeRate.act_id)
        .outerjoin(User, User.id == Act.actor_id)
        .where(ExchangeRate.id.in_(sorted(set(rate_ids))))
    )
    return {row.rate_id: row for row in connection.execute(query)}


def without_rate(connection: Connection, currencies: Iterable[str], on: date) -> list[str]:
    """Return those currencies, in order, in which nothing can be paid on a day: none has a young rate."""
    asked = set(currencies) - {USD}
    young = ExchangeRate.day.between(on - timedelta(days=MOST_DAYS_OLD), on)
    found = connection.scalars(
        select(ExchangeRate.currency).where(ExchangeRate.currency.in_(sorted(asked)), young).distinct()
    )
    return sorted(asked - set(found))


def goes_by() -> ColumnElement[bool]:
    """Return the condition that a rate is what a claim goes by: pinned, or what would be pinned now."""
    newest = case((Claim.currency != USD, newest_of(Claim.currency)))
    return ExchangeRate.id == func.coalesce(Claim.pinned_rate_id, newest)


def rate_columns(connection: Connection, claim: Any, currency: str) -> Mapping[str, Any]:
    """Return the `rate_…` that a draft goes by in a currency; each is None where there is no rate."""
    names = [column.name for column in RATE]
    if currency == claim.currency:
        return {name: getattr(claim, name) for name in names}
    row = connection.execute(select(*RATE).where(ExchangeRate.id == newest_of(currency))).mappings().first()
    return dict(row) if row is not None else dict.fromkeys(names)
