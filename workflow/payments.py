"""The payments of a claim, each with its own reference."""

from sqlalchemy import Connection, bindparam, select

from models.driver import ask
from models.payments import Payment
from workflow.dossier import AnyRow, Query

PAYMENTS: Query = (
    select(Payment.id, Payment.amount, Payment.paid_on, Payment.reference)
    .where(Payment.claim_id == bindparam("claim"))
    .order_by(Payment.id)
)
"""What left the bank for the claim `claim`, the oldest first."""


def payments_of(connection: Connection, claim_id: int) -> list[AnyRow]:
    """Return the payments of a claim, the oldest first: `id`, `amount` in cents, `paid_on`, `reference`."""
    (rows,) = ask(connection, [(PAYMENTS, {"claim": claim_id})])
    return rows
