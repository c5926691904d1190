"""Money of claims by what they share: how many, and what was asked for, granted, is reserved and paid."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import case, func, select

from models.claims import Claim
from models.money import Cents
from models.people import Partner
from workflow.dashboards.facets import Asking, Which, population
from workflow.table import UNPAID

ASKED = func.coalesce(Claim.requested, 0)
GRANTED = case((Claim.state.in_(UNPAID), 0), else_=func.coalesce(Claim.approved, 0))
"""Of a claim that is granted nothing any more, nothing."""

BY: dict[str, Any] = {
    "state": Claim.state,
    "period": Claim.period_id,
    "country": Partner.country,
    "activity": Claim.activity_type,
    "partner_id": Claim.partner_id,
}
"""By what claims are put together, each a facet of the same name."""


class Sums(NamedTuple):
    """How many claims share `key`, and their money in cents of a US dollar, each claim as it stands now."""

    key: Any
    claims: int
    asked: Cents
    granted: Cents
    reserved: Cents
    paid: Cents


def money_by(asking: Asking, which: Which, by: str) -> list[Sums]:
    """Return the money of claims by one of `BY`, in no order. One statement."""
    query = select(BY[by], *_SUMS).join(Partner, Partner.id == Claim.partner_id).group_by(BY[by])
    rows = asking.connection.execute(query.where(*population(asking, which)))
    return [Sums(row[0], *map(int, row[1:])) for row in rows]


def money_of(asking: Asking, which: Which) -> Sums:
    """Return the money of all claims of some facets."""
    row: Sequence[Any] = asking.connection.execute(select(*_SUMS).where(*population(asking, which))).one()
    return Sums(None, *(int(value or 0) for value in row))


_SUMS = (func.count(), func.sum(ASKED), func.sum(GRANTED), func.sum(Claim.reserved), func.sum(Claim.paid))
