"""Collecting a run, taking a claim out, releasing, cancelling and exporting it: each an act in history.

Whoever lets money go neither collected the run nor accepted any of its claims.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from models.claims import Claim
from models.money import plain
from models.payment_runs import PaymentRun, RunClaim, run_reference
from models.people import User
from models.vocabulary import LeftRun, MessageKind, Role, RunState, State
from workflow.actors import Actor
from workflow.acts.record import record_act
from workflow.announcements import message_row
from workflow.assignment import holders, roles_now
from workflow.clock import programme_today
from workflow.exchange import MOST_DAYS_OLD
from workflow.outbox import announce
from workflow.payment_runs.contents import (
    AnyPayment,
    ordered_total,
    payable,
    payments_of,
    payouts_of,
    total_of,
    with_another_account,
    with_another_amount,
)
from workflow.payouts import Payout
from workflow.refusals import Problem, Refused

AnyRun = Any
"""A row that bears the columns of `PaymentRun`."""


def collect(
    connection: Connection,
    actor: Actor,
    now: datetime,
    *,
    currency: str,
    due_on: date,
    due_until: date | None = None,
    key: str | None = None,
) -> int:
    """Collect what can be paid into a draft run, what is due first; return its id.

    The bank is asked to pay on `due_on`. `due_until`, inclusive, leaves out what is due later.
    """
    require_finance(connection, actor)
    if due_on < programme_today(connection, now):
        raise Refused(Problem("due_past", "due_on", {"due_on": due_on.isoformat()}))
    found = payable(connection, currency, due_until)
    if not found:
        raise Refused(Problem("nothing_to_collect", "currency", {"currency": currency}))
    run_id: int = connection.execute(
        insert(PaymentRun)
        .values(
            state=RunState.draft,
            currency=currency,
            due_on=due_on,
            collected_by_id=actor.user_id,
            collected_at=now,
        )
        .returning(PaymentRun.id)
    ).scalar_one()
    lines = [
        {"run_id": run_id, "claim_id": row.id, "account_id": row.account_id, "amount": row.amount}
        for row in found
    ]
    connection.execute(insert(RunClaim), lines)
    run, payments = _locked(connection, run_id), payments_of(connection, run_id)
    _record(connection, actor, now, "run_collected", run, payments, key=key)
    announce(connection, _waits(connection, run, payments, now))
    return run_id


def _waits(
    connection: Connection, run: AnyRun, payments: Sequence[AnyPayment], now: datetime
) -> Iterator[dict[str, Any]]:
    """Yield a message to everybody in finance who may release a draft run."""
    accepted = {user_id for one in payments for user_id in (one.accepted_by_id, one.accepted_for_id)}
    figures = {
        "run": run_reference(run.id),
        "run_id": run.id,
        "currency": run.currency,
        "day": run.due_on.isoformat(),
        "payments": len(payments),
        "amount": plain(total_of(payments)),
        "collected_by": connection.scalar(select(User.name).where(User.id == run.collected_by_id)),
    }
    for user_id in holders(connection, Role.finance):
        if user_id != run.collected_by_id and user_id not in accepted:
            yield message_row(MessageKind.run_waiting, f"run:{run.id}:waiting", user_id, figures, now)


def take_out(connection: Connection, actor: Actor, now: datetime, run_id: int, claim_id: int) -> None:
    """Take a claim out of a draft run: it can be paid by hand then, or collected again.

    Nothing changes where it is out already.
    """
    require_finance(connection, actor)
    run = _locked(connection, run_id)
    _require(run, RunState.draft)
    mine = [payment for payment in payments_of(connection, run_id) if payment.id == claim_id]
    if not mine:
        return
    _leave(connection, run_id, [claim_id], now, LeftRun.by_hand)
    figures = {"claim": mine[0].id, "amount": plain(mine[0].amount)}
    _record(connection, actor, now, "run_claim_taken_out", run, mine, figures, mine[0].partner_id)


def release(connection: Connection, actor: Actor, now: datetime, run_id: int, key: str | None = None) -> int:
    """Let a run be paid; return its id. Raises Refused with every reason why this person may not."""
    require_finance(connection, actor)
    run = _locked(connection, run_id)
    _require(run, RunState.draft)
    payments = payments_of(connection, run_id)
    payouts = payouts_of(connection, payments, programme_today(connection, now))
    problems = [*_why_not_released(connection, actor, run, payments), *_without_rate(run, payouts)]
    if problems:
        raise Refused(*problems)
    _pin(connection, run_id, payouts)
    _change(connection, run_id, state=RunState.released, released_by_id=actor.user_id, released_at=now)
    _record(connection, actor, now, "run_released", run, payments_of(connection, run_id), key=key)
    return run_id


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


def cancel(
    connection: Connection, actor: Actor, now: datetime, run_id: int, reason: str, key: str | None = None
) -> int:
    """Give a run up, saying why; return its id. What is paid stays paid; the rest can be collected again."""
    require_finance(connection, actor)
    run = _locked(connection, run_id)
    _require(run, RunState.draft, RunState.released)
    if not reason.strip():
        raise Refused(Problem("cancel_why", "reason"))
    unpaid = [one for one in payments_of(connection, run_id) if one.state is State.accepted]
    _leave(connection, run_id, [payment.id for payment in unpaid], now, LeftRun.by_hand)
    _change(connection, run_id, state=RunState.cancelled)
    _record(connection, actor, now, "run_cancelled", run, unpaid, reason=reason, key=key)
    return run_id


def export(
    connection: Connection, actor: Actor, now: datetime, run_id: int, kind: str
) -> tuple[AnyRun, Sequence[AnyPayment]]:
    """Return a released run and its payments, to be written as a file of a kind; history keeps who had it.

    Raises Refused where the money would go to another account than the one in force, or where a claim is no
    longer owed what the run pays for it.
    """
    require_finance(connection, actor)
    run = _locked(connection, run_id)
    _require(run, RunState.released)
    payments = payments_of(connection, run_id)
    problems = list(_changed_since(connection, payments))
    if problems:
        raise Refused(*problems)
    _record(connection, actor, now, "run_exported", run, payments, {"file": kind})
    return run, payments


def released_payments(connection: Connection, actor: Actor, run_id: int) -> Sequence[AnyPayment]:
    """Return the payments of a released run to somebody in finance, who records them."""
    require_finance(connection, actor)
    run = connection.execute(select(PaymentRun.__table__).where(PaymentRun.id == run_id)).one_or_none()
    if run is None:
        raise Refused(Problem("no_such_run"))
    _require(run, RunState.released)
    return payments_of(connection, run_id)


def reject(
    connection: Connection,
    actor: Actor,
    now: datetime,
    run_id: int,
    claim_id: int,
    reason: str,
    key: str | None = None,
) -> int:
    """Take a claim out of a released run because the bank rejected its payment, saying why; return its id.

    Nothing left the bank. Raises Refused where the claim is in the run no more, or is paid.
    """
    require_finance(connection, actor)
    run = _locked(connection, run_id)
    _require(run, RunState.released)
    state = connection.scalar(select(Claim.state).where(Claim.id == claim_id).with_for_update())
    mine = [payment for payment in payments_of(connection, run_id) if payment.id == claim_id]
    if not mine or state is not State.accepted:
        raise Refused(Problem("bank_answer_late"))
    _leave(connection, run_id, [claim_id], now, LeftRun.rejected)
    figures = {"claim": claim_id, "amount": plain(mine[0].amount)}
    of, kind = mine[0].partner_id, "run_payment_rejected"
    _record(connection, actor, now, kind, run, mine, figures, of, reason=reason, key=key)
    return claim_id


def reject_by_hand(
    connection: Connection,
    actor: Actor,
    now: datetime,
    run_id: int,
    claim_id: int,
    reason: str,
    key: str | None = None,
) -> int:
    """Do what a bank's file that rejects a payment does, where there is none. Refused without a reason."""
    if not reason.strip():
        raise Refused(Problem("reject_why", "reason"))
    return reject(connection, actor, now, run_id, claim_id, reason, key)


def require_finance(connection: Connection, actor: Actor) -> None:
    """Return for who is in finance now; raise Refused for anybody else."""
    held = roles_now(connection, actor.user_id) if actor.user_id is not None else frozenset()
    if Role.finance not in held & actor.roles:
        raise Refused(Problem("not_yours"))


def _why_not_released(
    connection: Connection, actor: Actor, run: AnyRun, payments: Sequence[AnyPayment]
) -> Sequence[Problem]:
    accepted = [one for one in payments if actor.user_id in (one.accepted_by_id, one.accepted_for_id)]
    gone = [one for one in payments if one.state is not State.accepted]
    return [
        *([Problem("collected_it")] if run.collected_by_id == actor.user_id else []),
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


def _locked(connection: Connection, run_id: int) -> AnyRun:
    run = connection.execute(
        select(PaymentRun.__table__).where(PaymentRun.id == run_id).with_for_update()
    ).one_or_none()
    if run is None:
        raise Refused(Problem("no_such_run"))
    return run


def _require(run: AnyRun, *states: RunState) -> None:
    if run.state not in states:
        raise Refused(Problem(f"run_is_{run.state}"))


def _change(connection: Connection, run_id: int, **values: Any) -> None:
    connection.execute(update(PaymentRun).where(PaymentRun.id == run_id).values(**values))


def _leave(
    connection: Connection, run_id: int, claim_ids: Sequence[int], now: datetime, why: LeftRun
) -> None:
    mine = (RunClaim.run_id == run_id, RunClaim.claim_id.in_(claim_ids), RunClaim.taken_out_at.is_(None))
    connection.execute(update(RunClaim).where(*mine).values(taken_out_at=now, taken_out_why=why))


def _record(
    connection: Connection,
    actor: Actor,
    now: datetime,
    kind: str,
    run: AnyRun,
    payments: Sequence[AnyPayment],
    more: Mapping[str, Any] | None = None,
    partner_id: int | None = None,
    *,
    reason: str = "",
    key: str | None = None,
) -> None:
    figures = {
        "run": run_reference(run.id),
        "currency": run.currency,
        "due_on": run.due_on.isoformat(),
        "number": len(payments),
        "amount": plain(total_of(payments)),
        "ordered": ordered_total(payments),
        **(more or {}),
    }
    subject = f"payment_run:{run.id}"
    record_act(
        connection,
        actor,
        now,
        kind,
        subject,
        figures,
        partner_id=partner_id,
        reason=reason,
        key=key,
        role=Role.finance,
    )
