"""A bank's file is read, looked at, and recorded by a job: each answer by a move or an act of its own."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from models.database import Database
from models.money import Cents
from models.payment_runs import BankFile, PaymentRun, run_reference
from models.payments import Payment, PaymentFailure
from models.vocabulary import Personal, Role, Trigger
from workflow.actors import Actor
from workflow.acts.record import record_act
from workflow.assignment import actor_now
from workflow.attempt import Command
from workflow.commitments import commit_to
from workflow.dossier import AnyRow
from workflow.jobs import Item
from workflow.moves import perform_in
from workflow.payment_runs.answers import DONE, Deed, Ledger, Planned, by_reference, plan
from workflow.payment_runs.bank_files import Answer, Said, read_answers
from workflow.payment_runs.contents import left_of
from workflow.payment_runs.leaving import reject
from workflow.payment_runs.one_run import require_finance
from workflow.payment_runs.releasing import released_payments
from workflow.refusals import Problem, Refused
from workflow.refused_attempts import remember


def keep_file(
    connection: Connection, actor: Actor, now: datetime, run_id: int, name: str, content: bytes
) -> int:
    """Read what a bank says of a released run and keep it; return its id: the same for the same file again.

    Raises Refused for what cannot be read. Nothing is recorded of any payment.
    """
    released_payments(connection, actor, run_id)
    answers = read_answers(content)
    # Whoever sends the same file at the same moment waits here, and then finds it.
    connection.execute(select(PaymentRun.id).where(PaymentRun.id == run_id).with_for_update())
    digest = hashlib.sha256(content).hexdigest()
    known = connection.scalar(select(BankFile.id).where(BankFile.run_id == run_id, BankFile.digest == digest))
    if known is not None:
        return int(known)
    file_id: int = connection.execute(
        insert(BankFile)
        .values(
            run_id=run_id,
            digest=digest,
            name=name,
            answers=[_row(answer) for answer in answers],
            read_by_id=actor.user_id,
            read_at=now,
        )
        .returning(BankFile.id)
    ).scalar_one()
    bound = commit_to(connection, digest, None, Personal.other_files)
    figures = {"run": run_reference(run_id), "file": name, "commitment": bound, "number": len(answers)}
    subject = f"payment_run:{run_id}"
    record_act(connection, actor, now, "bank_file_read", subject, figures, role=Role.finance)
    return file_id


def planned_of(connection: Connection, actor: Actor, file: BankFile) -> list[Planned]:
    """Return what is done, as things stand, with each answer of a file that was read."""
    return plan(_ledger(connection, actor, file.run_id), [_answer(row) for row in file.answers])


def items_of(planned: list[Planned]) -> list[Item]:
    """Return the items of the job that does what is planned."""
    return [
        Item({"answer": _row(one.answer), "deed": one.deed.value}, one.payment.id)
        for one in planned
        if one.deed in DONE and one.payment is not None
    ]


def record_answer(connection: Connection, job: AnyRow, item: AnyRow, now: datetime) -> dict[str, Any]:
    """Do with one answer what was planned; raise Refused where that is no longer what is to be done."""
    actor = actor_now(connection, job.actor_id)
    require_finance(connection, actor)
    one = _planned_anew(connection, actor, job, item)
    if one.payment is None or (one.deed, one.payment.id) != (item.input["deed"], item.claim_id):
        raise Refused(Problem("bank_answer_late"))
    if one.deed is Deed.reject:
        reject(connection, actor, now, job.input["run"], one.payment.id, one.answer.reason)
        return {"outcome": "done", "deed": one.deed.value}
    done = perform_in(connection, _command(actor, job, item, one), now)
    return {"outcome": "done", "trigger": done.trigger.value}


def remember_refusal(database: Database, job: AnyRow, item: AnyRow, refused: Refused, now: datetime) -> None:
    """Remember a move that was refused as an attempt on its claim."""
    with database.read() as connection:
        actor = actor_now(connection, job.actor_id)
    answer = _answer(item.input["answer"])
    if item.input["deed"] != Deed.reject:
        one = Planned(answer, Deed(item.input["deed"]), reference=answer.reference or answer.end_to_end)
        remember(database, _command(actor, job, item, one), refused, now)


def note_recorded(connection: Connection, job: AnyRow, items: Sequence[AnyRow], now: datetime) -> None:
    """Keep in the run's history what came of a file, once all of it was tried."""
    run_id, file_id = job.input["run"], job.input.get("file")  # jobs that were asked for earlier name no file
    done = Counter(item.input["deed"] for item in items if item.result["outcome"] == "done")
    figures = {
        "run": run_reference(run_id),
        "file": connection.scalar(select(BankFile.name).where(BankFile.id == file_id)),
        "paid": done[Deed.pay],
        "rejected": done[Deed.reject],
        "failed": done[Deed.fail],
        "left": len(items) - done.total(),
    }
    actor = actor_now(connection, job.actor_id)
    subject = f"payment_run:{run_id}"
    record_act(connection, actor, now, "bank_file_recorded", subject, figures, role=Role.finance)


def _planned_anew(connection: Connection, actor: Actor, job: AnyRow, item: AnyRow) -> Planned:
    ledger = _ledger(connection, actor, job.input["run"])
    (one,) = plan(ledger, [_answer(item.input["answer"])])
    return one


def _command(actor: Actor, job: AnyRow, item: AnyRow, one: Planned) -> Command:
    """Return the move that an answer asks for, under a key of the item's own."""
    key, answer = f"job{job.id}item{item.position}", one.answer
    if one.deed is Deed.pay:
        return Command(
            item.claim_id,
            Trigger.reimburse,
            actor,
            key,
            payment_reference=one.reference,
            paid_on=answer.day,
        )
    reason = answer.reason or "Returned by the bank."
    return Command(
        item.claim_id, Trigger.payment_failed, actor, key, reason=reason, payment_reference=one.reference
    )


def _ledger(connection: Connection, actor: Actor, run_id: int) -> Ledger:
    payments = released_payments(connection, actor, run_id)
    made = _made(connection, [payment.id for payment in payments])
    left = by_reference(left_of(connection, run_id))
    return Ledger(run_id, by_reference(payments), left, made, actor.user_id)


def _made(connection: Connection, claim_ids: list[int]) -> dict[int, list[tuple[str, Cents]]]:
    """Return the payments of claims that are on record and did not fail."""
    rows = connection.execute(
        select(Payment.claim_id, Payment.reference, Payment.amount)
        .outerjoin(PaymentFailure, PaymentFailure.payment_id == Payment.id)
        .where(Payment.claim_id.in_(claim_ids), PaymentFailure.id.is_(None))
        .order_by(Payment.id)
    )
    found: dict[int, list[tuple[str, Cents]]] = {}
    for row in rows:
        found.setdefault(row.claim_id, []).append((row.reference, row.amount))
    return found


def _row(answer: Answer) -> dict[str, Any]:
    """Return an answer as it is kept."""
    return {**asdict(answer), "day": answer.day.isoformat() if answer.day else None}


def _answer(row: Mapping[str, Any]) -> Answer:
    day = date.fromisoformat(row["day"]) if row["day"] else None
    return Answer(**{**row, "said": Said(row["said"]), "day": day})
