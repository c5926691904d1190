"""What may be granted and what is paid (rulebook, amounts). All amounts are cents of a US dollar.

Totals may be unrounded, where costs are in another currency; what comes of them is whole cents.
"""

from collections.abc import Iterable

from models.money import Cents, Exact, share_of
from workflow.case import Line
from workflow.policies import Policy


def total_of(lines: Iterable[Line]) -> Cents:
    """Return the sum of the lines' amounts."""
    return sum(line.amount for line in lines)


def offered(requested: Cents, total: Exact, available: Cents, policy: Policy) -> Cents:
    """Return what the approver is offered: min(requested, share × planned total, cap, available)."""
    return min(requested, _limit(total, policy), available)


def reimbursable(approved: Cents, accepted: Exact, policy: Policy) -> Cents:
    """Return what is paid: min(approved, share × accepted actual total, cap).

    Of a reopened claim less than `approved` may still be reserved: then that is what counts.
    """
    return min(approved, _limit(accepted, policy))


def costs_needed(amount: Cents, policy: Policy) -> Exact | None:
    """Return the least total of which the share covers an amount; None where the share is nothing."""
    share = policy.max_funding_share
    return amount / share if share else None


def _limit(total: Exact, policy: Policy) -> Cents:
    return min(share_of(policy.max_funding_share, total), policy.max_amount_per_activity)
