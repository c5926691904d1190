"""What an act on a run begins and ends with: who may, the run under its lock, and what history keeps."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from models.money import plain
from models.payment_runs import PaymentRun, run_reference
from models.vocabulary import Role, RunState
from workflow.actors import Actor
from workflow.acts.record import record_act
from workflow.assignment import roles_now
from workflow.payment_runs.contents import AnyPayment, ordered_total, total_of
from workflow.refusals import Problem, Refused

AnyRun = Any
"""A row that bears the columns of `PaymentRun`."""


def require_finance(connection: Connection, actor: Actor) -> None:
    """Return for who is in finance now; raise Refused for anybody else."""
    held = roles_now(connection, actor.user_id) if actor.user_id is not None else frozenset()
    if Role.finance not in held & actor.roles:
        raise Refused(Problem("not_yours"))


def locked_run(connection: Connection, run_id: int) -> AnyRun:
    run = connection.execute(
        select(PaymentRun.__table__).where(PaymentRun.id == run_id).with_for_update()
    ).one_or_none()
    if run is None:
        raise Refused(Problem("no_such_run"))
    return run


def require_state(run: AnyRun, *states: RunState) -> None:
    if run.state not in states:
        raise Refused(Problem(f"run_is_{run.state}"))


def change_run(connection: Connection, run_id: int, **values: Any) -> None:
    connection.execute(update(PaymentRun).where(PaymentRun.id == run_id).values(**values))


def record_run(
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
