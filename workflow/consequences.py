"""What follows a move, as rows to write: the claim's new values, history, the ledger, tasks, announcements.

It only computes. One writer stores the rows (workflow/writer.py), a single move's or a whole sweep's alike.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from models.vocabulary import EntryKind, Personal, Role, State, TaskKind, Trigger
from workflow.announcements import (
    claim_figures,
    decision_messages,
    missing_fact_messages,
    turn_messages,
)
from workflow.assignment import Colleague, assign
from workflow.attempt import Attempt
from workflow.claim_values import claim_values
from workflow.commitments import salted
from workflow.deadlines import decide_deadline
from workflow.deductions import together
from workflow.dossier import Dossier
from workflow.ledger import Entry, Money, entry_of
from workflow.references import folded
from workflow.routing import Groups
from workflow.table import ROLE_OF_TASK, TASK_OF, MoveRow
from workflow.task_deadlines import NO_DEADLINES, Office, last_day_in_time
from workflow.tasks import amount_of, needs_of, task_row
from workflow.texts import as_one_text, texts_of
from workflow.verdicts import verdict_to_row


@dataclass(frozen=True, slots=True)
class Staff:
    """Who holds the roles that tasks go to and can sign in, the programme managers, and when they work."""

    by_role: Mapping[Role, Sequence[Colleague]]
    managers: tuple[int, ...]
    groups: Groups = field(default_factory=dict)
    office: Office = NO_DEADLINES


NO_STAFF = Staff({}, ())
"""Enough for a move that opens no task."""


@dataclass(slots=True)
class Consequences:
    """Everything one move writes. `version` and `source` are what the claim must still be.

    `head` is the hash of the claim's last move so far, `frozen` are the ids of the evidence that can no
    longer be taken away, `leaves_run` that of the claim's place in a payment run.
    """

    claim_id: int
    version: int
    source: State
    head: str | None
    claim: dict[str, Any]
    move: dict[str, Any]
    reason: dict[str, Any] | None = None
    texts: dict[str, Any] | None = None
    entry: Entry | None = None
    fund_id: int | None = None
    closes_task: int | None = None
    task: dict[str, Any] | None = None
    messages: list[dict[str, Any]] = field(default_factory=list)
    frozen: tuple[int, ...] = ()
    payment: dict[str, Any] | None = None
    failure: dict[str, Any] | None = None
    closes_claw_back: int | None = None
    leaves_run: int | None = None


FREEZE_FILES = frozenset({Trigger.submit, Trigger.amend, Trigger.report})
"""Moves with which the partner hands its files in: they stay from then on."""


KEEP_TEXTS = frozenset({Trigger.submit, Trigger.amend})
"""Moves with which a plan is sent: what it says beside the rules is remembered."""


def consequences(attempt: Attempt, row: MoveRow, staff: Staff) -> Consequences:
    """Return what a decided move writes."""
    claim = attempt.dossier.claim
    values = claim_values(attempt, row)
    entry = entry_of(row.money, _money(attempt, values), target=row.target)
    change = entry.change() if entry else {}
    values["reserved"] = claim.reserved + change.get("reserved", 0)
    values["paid"] = claim.paid + change.get("paid", 0)
    reason = salted(attempt.command.reason.strip(), claim.id)
    texts = (
        salted(as_one_text(texts_of(claim)), claim.id, Personal.texts) if row.trigger in KEEP_TEXTS else None
    )
    if texts:
        values["texts_hash"] = texts["hash"]
        attempt.document = {**(attempt.document or {}), "texts": texts["hash"]}
    number = claim.moves + 1
    result = Consequences(
        claim_id=claim.id,
        version=claim.version,
        source=row.source,
        head=claim.head,
        claim=values,
        move=_history(attempt, row, number, values, reason),
        reason=reason,
        texts=texts,
        entry=entry,
        fund_id=attempt.dossier.fund.id if attempt.dossier.fund and entry else None,
        closes_task=None if row.keeps_task else claim.task_id,
        payment=_payment(attempt, number) if row.money is EntryKind.pay else None,
        failure=_failure(attempt, number),
        closes_claw_back=attempt.claw_back.id if attempt.claw_back else None,
        leaves_run=attempt.payment.run_claim_id if attempt.payment else None,
        frozen=_frozen(attempt.dossier) if row.trigger in FREEZE_FILES else (),
    )
    result.messages += decision_messages(attempt, row, number, values, reason["hash"] if reason else None)
    if row.trigger is Trigger.submit and attempt.dossier.fund is None:
        result.messages += missing_fact_messages(
            claim,
            row.trigger,
            ["fund"],
            staff.managers,
            key=f"move:{claim.id}:{number}:missing",
            now=attempt.now,
            number=attempt.number,
        )
    _open_task(attempt, row, number, values, staff, result)
    return result


def _payment(attempt: Attempt, number: int) -> dict[str, Any]:
    command = attempt.command
    assert attempt.payout is not None
    return {
        "claim_id": command.claim_id,
        "move_number": number,
        **attempt.payout._asdict(),
        "paid_on": command.paid_on,
        "reference": command.payment_reference.strip(),
        "reference_folded": folded(command.payment_reference),
    }


def _failure(attempt: Attempt, number: int) -> dict[str, Any] | None:
    payment, claim_id = attempt.payment, attempt.command.claim_id
    if payment is None:
        return None
    return {"payment_id": payment.id, "claim_id": claim_id, "move_number": number}


def _frozen(dossier: Dossier) -> tuple[int, ...]:
    return tuple(each.id for each in dossier.evidence if each.frozen_at is None)


def _money(attempt: Attempt, values: dict[str, Any]) -> Money:
    claim = attempt.dossier.claim
    return Money(
        approved=values.get("approved", claim.approved),
        reimbursable=values.get("reimbursable", claim.reimbursable),
        reserved=claim.reserved,
        moved=attempt.moved,
    )


_NO_VERDICTS: list[dict[str, Any]] = []
"""One object, so that a batch prepares it once for the database."""


def _history(
    attempt: Attempt, row: MoveRow, number: int, values: dict[str, Any], reason: dict[str, Any] | None
) -> dict[str, Any]:
    claim = attempt.dossier.claim
    return {
        "claim_id": claim.id,
        "number": number,
        "partner_id": claim.partner_id,
        "trigger": row.trigger,
        "source": row.source,
        "target": row.target,
        "actor_id": attempt.command.actor.user_id,
        "on_behalf_of_id": claim.on_behalf_of_id if row.by_assignee else None,
        "role": row.role,
        "at": attempt.now,
        "day": attempt.today,
        "policy_version_id": attempt.policy_version_id,
        "requested": claim.requested,
        "approved": values.get("approved", claim.approved),
        "reimbursable": values.get("reimbursable", claim.reimbursable),
        "reserved": values["reserved"],
        "paid": values["paid"],
        "verdicts": [verdict_to_row(verdict) for verdict in attempt.verdicts] or _NO_VERDICTS,
        "document": attempt.document,
        "figures": _figures(attempt, row),
        "reason_hash": reason["hash"] if reason else None,
        "key": attempt.command.key,
    }


def _figures(attempt: Attempt, row: MoveRow) -> dict[str, Any]:
    """Return what belongs to the trigger alone. An approval tells what all its tiers disallowed."""
    figures = attempt.figures or {}
    if row.trigger is not Trigger.approve:
        return figures
    tiers = [one.get("disallowed", {}) for one in attempt.dossier.claim.endorsements or ()]
    every = together(*tiers, figures.get("disallowed", {}))
    return {**figures, "disallowed": every} if every else figures


def _open_task(
    attempt: Attempt, row: MoveRow, number: int, values: dict[str, Any], staff: Staff, result: Consequences
) -> None:
    kind = TASK_OF.get(row.target)
    if kind is None or row.keeps_task:
        return
    claim = attempt.dossier.claim
    needs = needs_of(kind, claim, staff.groups, values)
    assignment = assign(staff.by_role[ROLE_OF_TASK[kind]], needs)
    due_on = _due_on(attempt, kind, values, staff.office, assignment.assignee_id)
    result.task = task_row(kind, claim.id, assignment, attempt.now, due_on)
    result.messages += turn_messages(
        claim_figures(claim, attempt.number),
        claim.id,
        kind,
        assignment,
        staff.managers,
        key=f"move:{claim.id}:{number}",
        cause=row.trigger.value,
        amount=amount_of(kind, values, claim),
        now=attempt.now,
    )


def _due_on(
    attempt: Attempt, kind: TaskKind, values: dict[str, Any], office: Office, holder_id: int | None
) -> date | None:
    submitted_on = values.get("submitted_on", attempt.dossier.claim.submitted_on)
    decide_by = decide_deadline(submitted_on, attempt.policy) if attempt.policy else None
    return last_day_in_time(kind, attempt.today, office, holder_id, decide_by)
