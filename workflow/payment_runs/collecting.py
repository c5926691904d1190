"""Collecting a run: what can be paid becomes a draft, and who may release it is told."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from models.money import plain
from models.payment_runs import PaymentRun, RunClaim, run_reference
from models.people import User
from models.vocabulary import MessageKind, Role, RunState
from workflow.actors import Actor
from workflow.announcements import message_row
from workflow.assignment import holders
from workflow.clock import programme_today
from workflow.outbox import announce
from workflow.payment_runs.contents import AnyPayment, payable, payments_of, total_of
from workflow.payment_runs.one_run import AnyRun, locked_run, record_run, require_finance
from workflow.refusals import Problem, Refused


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
    run, payments = locked_run(connection, run_id), payments_of(connection, run_id)
    record_run(connection, actor, now, "run_collected", run, payments, key=key)
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
