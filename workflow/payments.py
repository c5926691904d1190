"""The payments of a claim, each with its own reference, and which of them failed."""

from sqlalchemy import Connection, bindparam, select

from models.driver import ask
from models.payments import Payment, PaymentFailure
from workflow.dossier import AnyRow, Query

PAYMENTS: Query = (
    select(
        Payment.id,
        Payment.amount,
        Payment.paid_on,
        Payment.reference,
        PaymentFailure.move_number.label("failed_by"),
    )
    .select_from(Payment)
    .outerjoin(PaymentFailure, PaymentFailure.payment_id == Payment.id)
    .where(Payment.claim_id == bindparam("claim"))
    .order_by(Payment.id)
)
"""What left the bank for the claim `claim`, the oldest first. `failed_by` is the move that says it failed."""


def payments_of(connection: Connection, claim_id: int) -> list[AnyRow]:
    """Return the payments of a claim, the oldest first; see `PAYMENTS`."""
    (rows,) = ask(connection, [(PAYMENTS, {"claim": claim_id})])
    return rows
