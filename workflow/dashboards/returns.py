"""What came of the money: the cost of paid claims against what their partners report of them."""

from collections import defaultdict
from fractions import Fraction
from typing import Any, NamedTuple

from sqlalchemy import func, select

from models.claims import Claim, ClaimLine
from models.exchange import ExchangeRate
from models.money import Cents, rounded_up
from models.outcomes import Outcome
from models.people import Partner
from models.vocabulary import LineKind
from workflow.dashboards.facets import Asking, Which, population
from workflow.dashboards.money import BY
from workflow.dossier import Query
from workflow.exchange import exchange_of
from workflow.rates import RATE

COUNTED = {"returns": "counted"}
"""The facet of claims that count: paid in full, with outcomes on record."""


class Return(NamedTuple):
    """What some claims cost and brought, in cents of a US dollar.

    `paid` is the part of the fund, `cost` all that was billed, rounded up.
    """

    key: Any
    claims: int
    paid: Cents
    leads: int
    meetings: int
    revenue: Cents
    cost: Cents

    def fund_per(self, number: int) -> Cents | None:
        """Return what the fund paid for each of a number, rounded up to the cent; None for none."""
        return -(-self.paid // number) if number else None

    @property
    def per_dollar(self) -> Cents | None:
        """Return the revenue for each US dollar of the fund, rounded down; None where it paid nothing."""
        return self.revenue * 100 // self.paid if self.paid else None


def returns_by(asking: Asking, which: Which, by: str, most: int = 1000) -> list[Return]:
    """Return what claims cost and brought by one of `BY`, where the fund paid most first. Two statements."""
    brought = (
        select(
            BY[by],
            func.count(),
            func.sum(Claim.paid),
            func.sum(Outcome.leads),
            func.sum(Outcome.meetings),
            func.sum(Outcome.revenue),
        )
        .group_by(BY[by])
        .order_by(func.sum(Claim.paid).desc(), BY[by])
        .limit(most)
    )
    rows = asking.connection.execute(_of_counted(brought, asking, which)).all()
    costs = _costs(asking, which, by)
    return [
        Return(key, claims, int(paid), int(leads), int(meetings), int(revenue), rounded_up(costs[key]))
        for key, claims, paid, leads, meetings, revenue in rows
    ]


def _costs(asking: Asking, which: Which, by: str) -> dict[Any, Fraction]:
    """Return all that was billed for claims, unrounded: summed by rate, so that each sum is exact."""
    query = (
        select(BY[by].label("key"), Claim.currency, *RATE, func.sum(ClaimLine.amount).label("amount"))
        .join(ClaimLine, (ClaimLine.claim_id == Claim.id) & (ClaimLine.kind == LineKind.actual))
        .outerjoin(ExchangeRate, ExchangeRate.id == Claim.pinned_rate_id)
        .group_by(BY[by], Claim.currency, *(column.element for column in RATE))
    )
    costs: defaultdict[Any, Fraction] = defaultdict(Fraction)
    for row in asking.connection.execute(_of_counted(query, asking, which)):
        exchange = exchange_of(row)
        assert exchange is not None, "a submission pins a rate"
        costs[row.key] += exchange.in_usd(int(row.amount or 0))
    return costs


def _of_counted(query: Query, asking: Asking, which: Which) -> Query:
    return (
        query.join(Partner, Partner.id == Claim.partner_id)
        .join(Outcome, Outcome.claim_id == Claim.id)
        .where(*population(asking, {**which, **COUNTED}))
    )
