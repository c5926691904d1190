"""What holds a claim's payment, a pending account or a run, and in which currency it is paid."""

from datetime import date

from sqlalchemy import Connection, and_, bindparam, case, func, select

from models.banking import BankAccount
from models.claims import Claim
from models.driver import ask
from models.exchange import ExchangeRate
from models.money import Cents
from models.payment_runs import PaymentRun, RunClaim
from models.people import Partner
from models.vocabulary import RunState
from workflow.banking import account_in_force_of, pending_of
from workflow.dossier import AnyRow, Query
from workflow.exchange import USD, young_enough
from workflow.payment_runs.contents import draft_run_of, open_run_of
from workflow.payouts import Payout, payout
from workflow.rates import RATE, newest_of

ACCOUNTS_STAND: Query = (
    select(Partner.id)
    .join(Claim, Claim.partner_id == Partner.id)
    .where(Claim.id == bindparam("claim"))
    .with_for_update(read=True, of=Partner)
)
"""Asked before `HELD`, in a statement of its own: nobody enters an account for the claim's partner until the
payment is made, and a payment that comes a moment later sees the account."""

_PAID_IN = case(
    (PaymentRun.id.is_(None), func.coalesce(BankAccount.currency, USD)),
    (RunClaim.instructed.is_(None), USD),
    else_=PaymentRun.currency,
)
"""What the bank pays in: as a released run told it, or that of the account in force; else US dollars."""

HELD: Query = (
    select(
        pending_of(Claim.partner_id).label("pending_account_id"),
        draft_run_of(Claim.id).label("draft_run_id"),
        open_run_of(Claim.id).label("open_run_id"),
        _PAID_IN.label("currency"),
        case((PaymentRun.id.is_not(None), RunClaim.amount)).label("run_amount"),
        RunClaim.instructed,
        RunClaim.rate_id.label("run_rate_id"),
        *RATE,
    )
    .select_from(Claim)
    .outerjoin(BankAccount, BankAccount.id == account_in_force_of(Claim.partner_id))
    .outerjoin(RunClaim, and_(RunClaim.claim_id == Claim.id, RunClaim.taken_out_at.is_(None)))
    .outerjoin(PaymentRun, and_(PaymentRun.id == RunClaim.run_id, PaymentRun.state == RunState.released))
    .outerjoin(ExchangeRate, ExchangeRate.id == newest_of(_PAID_IN, bindparam("paid_on")))
    .where(Claim.id == bindparam("claim"))
)
"""What holds the payment of the claim `claim`, and the rate by which one on the day `paid_on` is counted.

`draft_run_id` is the open run while it is not released. `run_amount` and `instructed` are what a released run
told the bank to pay for it, in US dollars and in the account's currency.
"""


def held_by(connection: Connection, claim_id: int, paid_on: date) -> AnyRow:
    """Return what holds the payment of a claim on a day; see `HELD`."""
    rows: list[AnyRow]
    (rows,) = ask(connection, [(HELD, {"claim": claim_id, "paid_on": paid_on.isoformat()})])
    return rows[0]


def payout_on(paid_on: date | None, amount: Cents, claim: AnyRow, held: AnyRow) -> Payout | None:
    """Return what the bank pays of a claim on a day for cents of US dollars; None without a young rate.

    That is what a released run told it, or else what follows from the account's currency.
    """
    if held.currency != USD and not (held.rate_id and paid_on and young_enough(held.rate_day, paid_on)):
        return None
    if held.run_amount == amount and held.instructed is not None:
        return Payout(amount, held.currency, held.instructed, held.run_rate_id, held.rate_id)
    return payout(amount, held.currency, claim, held)
