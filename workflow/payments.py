"""The payments of a claim, which of them failed, and what is proposed to be clawed back."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Label, and_, bindparam, case, func, select

from models.driver import ask
from models.exchange import ExchangeRate
from models.history import Act, Move, Reason
from models.money import Cents, parse_amount, written
from models.payment_runs import PaymentRun, RunClaim
from models.payments import ClawBack, Payment, PaymentFailure
from models.people import User
from models.vocabulary import Trigger
from workflow.dossier import AnyRow, Query
from workflow.rates import RATE
from workflow.refusals import Problem

PAYMENTS: Query = (
    select(
        Payment.id,
        Payment.amount,
        Payment.paid_on,
        Payment.reference,
        Payment.currency,
        Payment.instructed,
        *RATE,
        PaymentFailure.move_number.label("failed_by"),
        RunClaim.id.label("run_claim_id"),
        RunClaim.run_id,
        PaymentRun.state.label("run_state"),
    )
    .select_from(Payment)
    .outerjoin(PaymentFailure, PaymentFailure.payment_id == Payment.id)
    .outerjoin(ExchangeRate, ExchangeRate.id == Payment.day_rate_id)
    .outerjoin(RunClaim, and_(RunClaim.claim_id == Payment.claim_id, RunClaim.taken_out_at.is_(None)))
    .outerjoin(PaymentRun, PaymentRun.id == RunClaim.run_id)
    .where(Payment.claim_id == bindparam("claim"))
    .order_by(Payment.id)
)
"""What left the bank for the claim `claim`, the oldest first. `failed_by` is the move that says it failed.

The `rate_…` are those of its day.
`run_claim_id`, `run_id` and `run_state` tell, with each, the run that the claim is in now, if it is in one.
"""


class ClawedBack(NamedTuple):
    """When how many cents of a US dollar were clawed back, and what that is in the currency that was paid.

    `taken_in` is such as `461.20 EUR`; None where that was US dollars, or not one currency.
    """

    at: datetime
    amount: Cents
    taken_in: str | None


def payments_of(connection: Connection, claim_id: int) -> list[AnyRow]:
    """Return the payments of a claim, the oldest first; see `PAYMENTS`."""
    (rows,) = ask(connection, [(PAYMENTS, {"claim": claim_id})])
    return rows


def bank_paid(claim_id: Any) -> tuple[Label[Any], ...]:
    """Return, as columns of a query, what the bank paid for a claim in all, failed payments left out.

    `given` is that in cents of a US dollar, `instructed` in hundredths of the accounts' `currency`: null
    where that was US dollars; `currency` is null where it was not always the same.
    """
    one = case((func.min(Payment.currency) == func.max(Payment.currency), func.min(Payment.currency)))
    failed = select(PaymentFailure.id).where(PaymentFailure.payment_id == Payment.id).correlate(Payment)

    def of_all(what: ColumnElement[Any], name: str) -> Label[Any]:
        query = select(what).where(Payment.claim_id == claim_id, ~failed.exists())
        return query.scalar_subquery().label(name)

    return (
        of_all(func.sum(Payment.amount), "given"),
        of_all(func.sum(Payment.instructed), "instructed"),
        of_all(one, "currency"),
    )


CLAW_BACK: Query = (
    select(
        ClawBack.id,
        ClawBack.amount,
        *bank_paid(ClawBack.claim_id),
        ClawBack.proposed_by_id,
        User.name.label("proposed_by"),
        Act.at.label("proposed_at"),
        Reason.text.label("reason"),
    )
    .select_from(ClawBack)
    .join(User, User.id == ClawBack.proposed_by_id)
    .join(Act, Act.id == ClawBack.act_id)
    .outerjoin(Reason, Reason.hash == Act.reason_hash)
    .where(ClawBack.claim_id == bindparam("claim"), ClawBack.closed_at.is_(None))
)
"""What is proposed to be clawed back from the claim `claim`: one row at most; see `bank_paid`."""


def open_claw_back(connection: Connection, claim_id: int) -> AnyRow | None:
    """Return the proposal that waits to be released; see `CLAW_BACK`."""
    (rows,) = ask(connection, [(CLAW_BACK, {"claim": claim_id})])
    return rows[0] if rows else None


def clawed_back(connection: Connection, claim_id: int) -> list[ClawedBack]:
    """Return what was clawed back of a claim, the earliest first."""
    moves = connection.execute(
        select(Move.at, Move.figures)
        .where(Move.claim_id == claim_id, Move.trigger == Trigger.claw_back)
        .order_by(Move.number)
    )
    return [
        ClawedBack(move.at, parse_amount(move.figures["amount"]), move.figures.get("taken_in"))
        for move in moves
    ]


def too_much(amount: Cents, paid: Cents) -> Problem | None:
    """Return what is wrong with taking an amount, in cents, out of what is paid; None where nothing is."""
    if amount <= paid:
        return None
    return Problem("more_than_paid", "amount", {"amount": written(amount), "paid": written(paid)})
