"""Releasing a run and what a released run is for: its files, and the recording of its payments.

Whoever lets money go is a second person beside whoever collected the run, and neither accepted any of its
claims nor recorded by hand a rate that says what the bank is told to pay.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, select, update

from models.payment_runs import PaymentRun, RunClaim
from models.vocabulary import RunState, State
from workflow.actors import Actor
from workflow.clock import programme_today
from workflow.exchange import MOST_DAYS_OLD
from workflow.payment_runs.contents import (
    AnyPayment,
    payments_of,
    payouts_of,
    with_another_account,
    with_another_amount,
)
from workflow.payment_runs.one_run import (
    AnyRun,
    change_run,
    locked_run,
    record_run,
    require_finance,
    require_state,
)
from workflow.payouts import Payout
from workflow.rates import recorded
from workflow.refusals import Problem, Refused
from workflow.second_person import why_not_second


def release(connection: Connection, actor: Actor, now: datetime, run_id: int, key: str | None = None) -> int:
    """Let a run be paid; return its id. Raises Refused with every reason why this person may not."""
    require_finance(connection, actor)
    run = locked_run(connection, run_id)
    require_state(run, RunState.draft)
    payments = payments_of(connection, run_id)
    payouts = payouts_of(connection, payments, programme_today(connection, now))
    problems = [
        *why_not_second(connection, actor, now, [run.collected_by_id], "collected_it").values(),
        *_why_not_released(connection, actor, payments),
        *_without_rate(run, payouts),
        *_naming("recorded_rate_in_run", by_own_rates(connection, actor, payments, payouts)),
    ]
    if problems:
        raise Refused(*problems)
    _pin(connection, run_id, payouts)
    change_run(connection, run_id, state=RunState.released, released_by_id=actor.user_id, released_at=now)
    record_run(connection, actor, now, "run_released", run, payments_of(connection, run_id), key=key)
    return run_id


def by_own_rates(
    connection: Connection,
    actor: Actor,
    payments: Sequence[AnyPayment],
    payouts: Mapping[int, Payout | None],
) -> list[AnyPayment]:
    """Return the payments that are converted by a rate which this person recorded by hand."""
    by = {key: paid.rate_id for key, paid in payouts.items() if paid is not None and paid.rate_id is not None}
    rates = recorded(connection, by.values())
    mine = {key for key, row in rates.items() if row.by_hand and row.actor_id == actor.user_id}
    return [payment for payment in payments if by.get(payment.id) in mine]


def _without_rate(run: AnyRun, payouts: Mapping[int, Payout | None]) -> Sequence[Problem]:
    figures = {"currency": run.currency, "most": str(MOST_DAYS_OLD)}
    return [Problem("run_no_rate", figures=figures)] if None in payouts.values() else []


def _pin(connection: Connection, run_id: int, payouts: Mapping[int, Payout | None]) -> None:
    """Keep what the bank is told to pay in another currency, so that a file says the same each time."""
    for claim_id, paid in payouts.items():
        if paid is not None and paid.instructed is not None:
            mine = (RunClaim.run_id == run_id, RunClaim.claim_id == claim_id)
            values = {"instructed": paid.instructed, "rate_id": paid.rate_id}
            connection.execute(update(RunClaim).where(*mine).values(**values))


def export(
    connection: Connection, actor: Actor, now: datetime, run_id: int, kind: str
) -> tuple[AnyRun, Sequence[AnyPayment]]:
    """Return a released run and its payments, to be written as a file of a kind; history keeps who had it.

    Raises Refused where the money would go to another account than the one in force, or where a claim is no
    longer owed what the run pays for it.
    """
    require_finance(connection, actor)
    run = locked_run(connection, run_id)
    require_state(run, RunState.released)
    payments = payments_of(connection, run_id)
    problems = list(_changed_since(connection, payments))
    if problems:
        raise Refused(*problems)
    record_run(connection, actor, now, "run_exported", run, payments, {"file": kind})
    return run, payments


def released_payments(connection: Connection, actor: Actor, run_id: int) -> Sequence[AnyPayment]:
    """Return the payments of a released run to somebody in finance, who records them."""
    require_finance(connection, actor)
    run = connection.execute(select(PaymentRun.__table__).where(PaymentRun.id == run_id)).one_or_none()
    if run is None:
        raise Refused(Problem("no_such_run"))
    require_state(run, RunState.released)
    return payments_of(connection, run_id)


def _why_not_released(
    connection: Connection, actor: Actor, payments: Sequence[AnyPayment]
) -> Sequence[Problem]:
    accepted = [one for one in payments if actor.user_id in (one.accepted_by_id, one.accepted_for_id)]
    gone = [one for one in payments if one.state is not State.accepted]
    return [
        *([] if payments else [Problem("run_empty")]),
        *_naming("accepted_in_run", accepted),
        *_naming("run_claim_gone", gone),
        *_changed_since(connection, payments),
    ]


def _changed_since(connection: Connection, payments: Sequence[AnyPayment]) -> Sequence[Problem]:
    """Return what is no longer as it was when the run was collected: accounts, and what claims are owed."""
    return [
        *_naming("run_account_changed", with_another_account(connection, payments)),
        *_naming("run_amount_changed", with_another_amount(payments)),
    ]


def _naming(code: str, payments: Sequence[AnyPayment]) -> Sequence[Problem]:
    """Return the problem of some claims, with their numbers; none where there are none."""
    numbers = ", ".join(payment.number for payment in payments)
    return [Problem(code, figures={"claims": numbers})] if payments else []
