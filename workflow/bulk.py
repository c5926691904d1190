"""What is done with several claims at once: each on its own, as if it had been asked for alone."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from models.database import Database
from models.money import parse_amount
from models.vocabulary import JobKind, Trigger
from workflow.acts.tasks import give_back, reassign
from workflow.assignment import actor_now
from workflow.attempt import Command
from workflow.dossier import AnyRow
from workflow.jobs import Doer, Doers
from workflow.moves import perform_in
from workflow.payment_runs.importing import note_recorded, record_answer, remember_refusal
from workflow.refusals import ClaimNotFound, Problem, Refused
from workflow.refused_attempts import remember
from workflow.rule_counts.running import count_chunk
from workflow.what_if.running import judge_chunk


def _decide(connection: Connection, job: AnyRow, item: AnyRow, now: datetime) -> dict[str, Any]:
    try:
        done = perform_in(connection, _command(connection, job, item), now)
    except ClaimNotFound as error:
        raise Refused(Problem("stale")) from error
    return {"outcome": "done", "trigger": done.trigger.value}


def _remember(database: Database, job: AnyRow, item: AnyRow, refused: Refused, now: datetime) -> None:
    with database.read() as connection:
        command = _command(connection, job, item)
    remember(database, command, refused, now)


def _give_back(connection: Connection, job: AnyRow, item: AnyRow, now: datetime) -> dict[str, Any]:
    give_back(connection, actor_now(connection, job.actor_id), now, item.claim_id, job.input["reason"])
    return {"outcome": "done"}


def _reassign(connection: Connection, job: AnyRow, item: AnyRow, now: datetime) -> dict[str, Any]:
    actor, user_id = actor_now(connection, job.actor_id), job.input["assignee"]
    reassign(connection, actor, now, item.claim_id, user_id, job.input["reason"])
    return {"outcome": "done"}


def _command(connection: Connection, job: AnyRow, item: AnyRow) -> Command:
    """Return the move that an item asks for: of the claim as it was seen, under a key of the item's own."""
    approved = item.input.get("approved")
    return Command(
        claim_id=item.claim_id,
        trigger=Trigger(item.input["trigger"]),
        actor=actor_now(connection, job.actor_id),
        key=f"job{job.id}item{item.position}",
        version=item.input["version"],
        approved=None if approved is None else parse_amount(approved),
        reason=job.input["reason"],
    )


DOERS: Doers = {
    JobKind.decide: Doer(_decide, _remember),
    JobKind.give_back: Doer(_give_back),
    JobKind.reassign: Doer(_reassign),
    JobKind.record_answers: Doer(record_answer, remember_refusal, note_recorded),
    JobKind.what_if: Doer(judge_chunk),
    JobKind.count_rules: Doer(count_chunk),
}
"""How each kind of job is done."""
