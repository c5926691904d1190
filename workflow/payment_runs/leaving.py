"""Taking a claim out of a run, by hand or since the bank rejected it, and giving a run up."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select, update

from models.claims import Claim
from models.money import plain
from models.payment_runs import RunClaim
from models.vocabulary import LeftRun, RunState, State
from workflow.actors import Actor
from workflow.payment_runs.contents import payments_of
from workflow.payment_runs.one_run import change_run, locked_run, record_run, require_finance, require_state
from workflow.payment_runs.rejections import REJECTED
from workflow.refusals import Problem, Refused


def take_out(connection: Connection, actor: Actor, now: datetime, run_id: int, claim_id: int) -> None:
    """Take a claim out of a draft run: it can be paid by hand then, or collected again.

    Nothing changes where it is out already.
    """
    require_finance(connection, actor)
    run = locked_run(connection, run_id)
    require_state(run, RunState.draft)
    mine = [payment for payment in payments_of(connection, run_id) if payment.id == claim_id]
    if not mine:
        return
    _leave(connection, run_id, [claim_id], now, LeftRun.by_hand)
    figures = {"claim": mine[0].id, "amount": plain(mine[0].amount)}
    record_run(connection, actor, now, "run_claim_taken_out", run, mine, figures, mine[0].partner_id)


def cancel(
    connection: Connection, actor: Actor, now: datetime, run_id: int, reason: str, key: str | None = None
) -> int:
    """Give a run up, saying why; return its id. What is paid stays paid; the rest can be collected again."""
    require_finance(connection, actor)
    run = locked_run(connection, run_id)
    require_state(run, RunState.draft, RunState.released)
    if not reason.strip():
        raise Refused(Problem("cancel_why", "reason"))
    unpaid = [one for one in payments_of(connection, run_id) if one.state is State.accepted]
    _leave(connection, run_id, [payment.id for payment in unpaid], now, LeftRun.by_hand)
    change_run(connection, run_id, state=RunState.cancelled)
    record_run(connection, actor, now, "run_cancelled", run, unpaid, reason=reason, key=key)
    return run_id


def reject(
    connection: Connection,
    actor: Actor,
    now: datetime,
    run_id: int,
    claim_id: int,
    reason: str,
    key: str | None = None,
    *,
    by_hand: bool = False,
) -> int:
    """Take a claim out of a released run because the bank rejected its payment, saying why; return its id.

    Nothing left the bank. Raises Refused where the claim is in the run no more, or is paid, and for who
    accepted it, in person or through a substitute: a rejection lets it be paid again.
    """
    require_finance(connection, actor)
    run = locked_run(connection, run_id)
    require_state(run, RunState.released)
    state = connection.scalar(select(Claim.state).where(Claim.id == claim_id).with_for_update())
    mine = [payment for payment in payments_of(connection, run_id) if payment.id == claim_id]
    if not mine or state is not State.accepted:
        raise Refused(Problem("bank_answer_late"))
    if actor.user_id in (mine[0].accepted_by_id, mine[0].accepted_for_id):
        raise Refused(Problem("accepted_rejected"))
    _leave(connection, run_id, [claim_id], now, LeftRun.rejected)
    figures = {"claim": claim_id, "amount": plain(mine[0].amount), "by_hand": by_hand}
    of = mine[0].partner_id
    record_run(connection, actor, now, REJECTED, run, mine, figures, of, reason=reason, key=key)
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
    return reject(connection, actor, now, run_id, claim_id, reason, key, by_hand=True)


def _leave(
    connection: Connection, run_id: int, claim_ids: Sequence[int], now: datetime, why: LeftRun
) -> None:
    mine = (RunClaim.run_id == run_id, RunClaim.claim_id.in_(claim_ids), RunClaim.taken_out_at.is_(None))
    connection.execute(update(RunClaim).where(*mine).values(taken_out_at=now, taken_out_why=why))
