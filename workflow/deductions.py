"""Why less is granted, or paid, than was asked for: each part of the difference by its reason.

What is allowed and what is disallowed by reason always add up to what was asked.
"""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from fractions import Fraction

from models.money import Cents, Exact, parse_amount, plain, share_of


class Deduction(StrEnum):
    """Why a part of an amount is disallowed. The first ones follow from limits, the others are chosen."""

    share = "share"
    cap = "cap"
    available = "available"
    price = "price"
    scope = "scope"
    not_eligible = "not_eligible"
    budget = "budget"
    other = "other"


CHOSEN = (
    Deduction.price,
    Deduction.scope,
    Deduction.not_eligible,
    Deduction.budget,
    Deduction.other,
)
"""Reasons that an approver gives for granting less than could be granted, and for refusing a cost."""

Limit = tuple[Deduction, Cents]
Limits = Iterable[Limit]


def deductions(asked: Cents, limits: Limits, allowed: Cents, chosen: Deduction) -> dict[Deduction, Cents]:
    """Return what is disallowed of an amount by reason, in cents: each limit takes what is above it.

    What then is still more than `allowed` goes to the chosen reason.
    """
    left, found = asked, dict[Deduction, Cents]()
    for reason, limit in (*limits, (chosen, allowed)):
        if limit < left:
            found[reason] = found.get(reason, 0) + left - limit
            left = limit
    return found


def refused_costs(found: Iterable[tuple[Deduction, Cents]]) -> dict[Deduction, Cents]:
    """Return the sums of refused costs by reason, in their own currency, in the order of the reasons."""
    sums: dict[Deduction, Cents] = {}
    for reason, amount in found:
        sums[reason] = sums.get(reason, 0) + amount
    return {reason: sums[reason] for reason in Deduction if reason in sums}


def limits_of_costs(billed: Exact, refused: Mapping[Deduction, Exact], share: Fraction) -> Iterator[Limit]:
    """Yield what costs limit: the share of all that was billed, then of what each reason's refusals leave.

    Costs are US dollars, unrounded; each limit is rounded down to the cent.
    So what a refused cost takes from an amount goes to the reason why it was refused.
    """
    yield Deduction.share, share_of(share, billed)
    for reason, amount in refused.items():
        billed -= amount
        yield reason, share_of(share, billed)


def together(*parts: Mapping[str, str]) -> dict[str, str]:
    """Return what several decisions disallowed by reason, as history keeps it: plain amounts."""
    sums: dict[str, Cents] = {}
    for part in parts:
        for reason, amount in part.items():
            sums[reason] = sums.get(reason, 0) + parse_amount(amount)
    return {reason: plain(amount) for reason, amount in sums.items()}
