"""What is in a payment run, and what could be collected into one."""

from collections.abc import Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any

from sqlalchemy import ColumnElement, Connection, ScalarSelect, Select, and_, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from models.banking import BankAccount
from models.claims import Claim
from models.exchange import ExchangeRate
from models.money import Cents, plain
from models.payment_runs import PaymentRun, RunClaim
from models.payments import Payment
from models.people import Partner, User
from models.vocabulary import LeftRun, RunState, State
from workflow.banking import account_in_force_of, on_file, pending_of
from workflow.exchange import USD
from workflow.payouts import Payout, payout
from workflow.rates import RATE, rate_on

MOST = 500
"""How many claims one run takes."""

AnyPayment = Any
"""A row that bears a claim's columns of `payments_of`, and those of the account that it is paid to.

`currency` is that of the account, `claim_currency` that of the claim, whose own rate the `rate_…` are. The
`ordered_…` tell the rate that made what the bank is told to pay, from the release on.
"""


def draft_run_of(claim_id: InstrumentedAttribute[int]) -> ScalarSelect[int | None]:
    """Return, as part of a query on claims, the id of the draft run that a claim is in, or null."""
    return _run_of(claim_id, PaymentRun.state == RunState.draft)


def open_run_of(claim_id: InstrumentedAttribute[int]) -> ScalarSelect[int | None]:
    """Return, as part of a query on claims, the id of the run that a claim is in, or null."""
    return _run_of(claim_id, PaymentRun.state != RunState.cancelled)


def payments_of(connection: Connection, run_id: int) -> Sequence[AnyPayment]:
    """Return the claims in a run with the accounts that they were collected for, by their numbers."""
    return connection.execute(_PAYMENTS.where(RunClaim.run_id == run_id)).all()


def left_of(connection: Connection, run_id: int) -> Sequence[Any]:
    """Return the claims that were taken out of a run, with when and why, by their numbers."""
    return connection.execute(_LEFT.where(RunClaim.run_id == run_id)).all()


def total_of(payments: Sequence[AnyPayment]) -> Cents:
    """Return what is paid in all, in cents of a US dollar."""
    return sum(payment.amount for payment in payments)


def paid_of(connection: Connection, payments: Sequence[AnyPayment]) -> Sequence[Any]:
    """Return the latest payments of claims of a run, in other currencies, with the `rate_…` of their day."""
    claims = [payment.id for payment in payments if payment.paid_on is not None]
    query = (
        select(Payment.claim_id, Payment.amount, Payment.currency, Payment.instructed, *RATE)
        .join(ExchangeRate, ExchangeRate.id == Payment.day_rate_id)
        .where(Payment.claim_id.in_(claims))
        .order_by(Payment.id)
    )
    return connection.execute(query).all()


def ordered(payment: AnyPayment) -> tuple[Cents, str]:
    """Return what the bank is told to pay, and in which currency."""
    if payment.instructed is None:
        return payment.amount, USD
    return payment.instructed, payment.currency


def ordered_rate(payment: AnyPayment) -> str:
    """Return the rate by which the bank is told to pay: `1.0856 USD = 1 EUR`; empty in US dollars."""
    if payment.instructed is None:
        return ""
    return f"{payment.ordered_usd} USD = {payment.ordered_local} {payment.currency}"


def ordered_total(payments: Sequence[AnyPayment]) -> str | None:
    """Return what the bank is told to pay in all, in another currency: `4702.61 EUR`; None in US dollars.

    Nor is there anything to tell before the release.
    """
    told = [payment for payment in payments if payment.instructed is not None]
    return f"{plain(sum(one.instructed for one in told))} {told[0].currency}" if told else None


def payouts_of(connection: Connection, payments: Sequence[AnyPayment], on: date) -> dict[int, Payout | None]:
    """Return how the payments of a run would be told to the bank on a day, by claim id.

    None for what waits for a rate of the account's currency.
    """
    currencies = sorted({payment.currency for payment in payments} - {USD})
    rates = {currency: rate_on(connection, currency, on) for currency in currencies}
    return {
        payment.id: payout(payment.amount, payment.currency, _of_claim(payment), rates.get(payment.currency))
        for payment in payments
    }


def _of_claim(payment: AnyPayment) -> Any:
    """Return the claim's own currency and the rate that it is bound to."""
    columns = {column.name: getattr(payment, column.name) for column in RATE}
    return SimpleNamespace(currency=payment.claim_currency, **columns)


def with_another_account(connection: Connection, payments: Sequence[AnyPayment]) -> list[AnyPayment]:
    """Return the payments still to be made whose account is not the one in force, or waits to be replaced."""
    accounts = on_file(connection, [payment.partner_id for payment in payments])
    return [payment for payment in payments if _moved(accounts[payment.partner_id], payment)]


def with_another_amount(payments: Sequence[AnyPayment]) -> list[AnyPayment]:
    """Return the payments still to be made of claims of which more, or less, is left than the run pays."""
    return [one for one in payments if one.state is State.accepted and one.amount != one.reserved]


def payable(connection: Connection, currency: str, due_until: date | None) -> Sequence[Any]:
    """Return id, amount and account of the accepted claims that a run may take, what is due first.

    Their partner's account in force has the currency, none waits, and they are in no other run.
    """
    query = _PAYABLE.where(BankAccount.currency == currency).order_by(Claim.pay_by, Claim.id)
    if due_until is not None:
        query = query.where(Claim.pay_by <= due_until)
    return connection.execute(query.limit(MOST)).all()


def payable_by_currency(connection: Connection) -> Sequence[Any]:
    """Return currency, number and sum of what could be collected now."""
    found = _PAYABLE.subquery()
    count_and_sum = func.count().label("number"), func.sum(found.c.amount).label("amount")
    query = select(found.c.currency, *count_and_sum).group_by(found.c.currency)
    return connection.execute(query.order_by(found.c.currency)).all()


def _run_of(claim_id: InstrumentedAttribute[int], condition: ColumnElement[bool]) -> ScalarSelect[int | None]:
    return (
        select(PaymentRun.id)
        .join(RunClaim, RunClaim.run_id == PaymentRun.id)
        .where(RunClaim.claim_id == claim_id, RunClaim.taken_out_at.is_(None), condition)
        .scalar_subquery()
    )


def _moved(accounts: Any, payment: AnyPayment) -> bool:
    if payment.state is not State.accepted:
        return False
    in_force = accounts.in_force
    return accounts.pending is not None or in_force is None or in_force.id != payment.account_id


def _tried_before() -> ScalarSelect[int]:
    """Return how many runs ordered the claim's payment before, in vain: each order has its own reference."""
    earlier = aliased(RunClaim)
    in_vain = earlier.taken_out_why.in_([LeftRun.rejected, LeftRun.failed])
    return (
        select(func.count())
        .select_from(earlier)
        .where(earlier.claim_id == RunClaim.claim_id, earlier.id < RunClaim.id, in_vain)
        .correlate(RunClaim)
        .scalar_subquery()
    )


_ACCEPTOR = aliased(User)
_PINNED = aliased(ExchangeRate)

_PAYMENTS = (
    select(
        RunClaim.run_id,
        RunClaim.account_id,
        Claim.id,
        Claim.number,
        Claim.title,
        Claim.version,
        Claim.state,
        Claim.partner_id,
        Claim.reserved,
        RunClaim.amount,
        RunClaim.instructed,
        RunClaim.rate_id.label("ordered_rate_id"),
        Claim.currency.label("claim_currency"),
        *RATE,
        _PINNED.usd.label("ordered_usd"),
        _PINNED.local.label("ordered_local"),
        _PINNED.day.label("ordered_rate_day"),
        _tried_before().label("tried_before"),
        Claim.accepted_on,
        Claim.pay_by,
        Claim.accepted_by_id,
        Claim.accepted_for_id,
        Claim.paid_on,
        Claim.payment_reference,
        Partner.name.label("partner"),
        _ACCEPTOR.name.label("accepted_by"),
        BankAccount.holder,
        BankAccount.iban,
        BankAccount.account_number,
        BankAccount.bank_code,
        BankAccount.bic,
        BankAccount.currency,
    )
    .select_from(RunClaim)
    .join(Claim, Claim.id == RunClaim.claim_id)
    .join(Partner, Partner.id == Claim.partner_id)
    .join(BankAccount, BankAccount.id == RunClaim.account_id)
    .outerjoin(_ACCEPTOR, _ACCEPTOR.id == Claim.accepted_by_id)
    .outerjoin(ExchangeRate, ExchangeRate.id == Claim.pinned_rate_id)
    .outerjoin(_PINNED, _PINNED.id == RunClaim.rate_id)
    .where(RunClaim.taken_out_at.is_(None))
    .order_by(Claim.number)
)

_LEFT = (
    select(
        Claim.id,
        Claim.number,
        Claim.title,
        RunClaim.amount,
        _tried_before().label("tried_before"),
        RunClaim.taken_out_at,
        RunClaim.taken_out_why,
        Partner.name.label("partner"),
    )
    .select_from(RunClaim)
    .join(Claim, Claim.id == RunClaim.claim_id)
    .join(Partner, Partner.id == Claim.partner_id)
    .where(RunClaim.taken_out_at.is_not(None))
    .order_by(Claim.number)
)

_PAYABLE: Select[*tuple[Any, ...]] = (
    select(
        Claim.id,
        Claim.reserved.label("amount"),
        BankAccount.id.label("account_id"),
        BankAccount.currency.label("currency"),
    )
    .join(
        BankAccount,
        and_(
            BankAccount.partner_id == Claim.partner_id,
            BankAccount.id == account_in_force_of(Claim.partner_id),
        ),
    )
    .where(
        Claim.state == State.accepted,
        pending_of(Claim.partner_id).is_(None),
        open_run_of(Claim.id).is_(None),
    )
)
