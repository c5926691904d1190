"""What an approver decided, and what finance has to pay and paid."""

from typing import Any, NamedTuple

from sqlalchemy import func, select

from models.claims import Claim
from models.history import Move
from models.money import Cents
from models.payments import Payment
from models.vocabulary import Role, State, Trigger
from workflow.dashboards.facets import Asking, Which, arrived, month_of, narrowed, population


class Paid(NamedTuple):
    """Payments that share `key` and did not fail: of how many claims, how many, in cents of a US dollar.

    `instructed` is that in hundredths of the accounts' currency; None in US dollars, and where they differ.
    """

    key: Any
    claims: int
    payments: int
    amount: Cents
    instructed: Cents | None = None


def own_decisions(asking: Asking, which: Which) -> dict[Trigger, tuple[int, int]]:
    """Return how many claims an approver decided on, and how often, by trigger. One statement."""
    rows = asking.connection.execute(
        select(Move.trigger, func.count(Move.claim_id.distinct()), func.count())
        .join(Claim, Claim.id == Move.claim_id)
        .where(
            Move.actor_id == asking.actor.user_id,
            Move.role == Role.approver,
            *narrowed(asking, which),
        )
        .group_by(Move.trigger)
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def to_pay(asking: Asking, which: Which) -> tuple[int, Cents]:
    """Return how many accepted claims wait to be paid, and what is left to pay of them. One statement."""
    accepted = (Claim.state == State.accepted, *population(asking, which))
    count, left = asking.connection.execute(
        select(func.count(), func.sum(Claim.reserved)).where(*accepted)
    ).one()
    return count, int(left or 0)


def paid_by_month(asking: Asking, which: Which) -> list[Paid]:
    """Return what was paid by month, the latest first. One statement."""
    return _paid(asking, which, month_of(Payment.paid_on))


def paid_by_currency(asking: Asking, which: Which) -> list[Paid]:
    """Return what was paid by the currency of the account. One statement."""
    return [
        row._replace(instructed=row.instructed if row.key != "USD" else None)
        for row in _paid(asking, which, Payment.currency)
    ]


def _paid(asking: Asking, which: Which, by: Any) -> list[Paid]:
    rows = asking.connection.execute(
        select(
            by,
            func.count(Payment.claim_id.distinct()),
            func.count(),
            func.sum(Payment.amount),
            func.sum(Payment.instructed),
        )
        .select_from(Payment)
        .join(Claim, Claim.id == Payment.claim_id)
        .where(arrived(), *population(asking, which))
        .group_by(by)
        .order_by(by.desc())
    )
    return [
        Paid(key, claims, payments, int(amount), None if instructed is None else int(instructed))
        for key, claims, payments, amount, instructed in rows
    ]
