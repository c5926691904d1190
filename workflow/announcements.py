"""Who is told of a move: those whose turn it becomes, and the partner on every decision; nobody else."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from models.money import Cents, plain
from models.vocabulary import Delivery, MessageKind, Role, State, TaskKind, Trigger
from workflow.assignment import Assignment
from workflow.attempt import Attempt
from workflow.deadlines import report_deadline
from workflow.dossier import AnyRow
from workflow.table import MoveRow


def message_row(
    kind: MessageKind,
    key: str,
    user_id: int,
    figures: Mapping[str, Any],
    now: datetime,
    claim_id: int | None = None,
) -> dict[str, Any]:
    """Return one outbox row, due at once. `key` is made whole by the user it goes to."""
    return {
        "key": f"{key}:{user_id}",
        "user_id": user_id,
        "kind": kind,
        "claim_id": claim_id,
        "figures": figures,
        "created_at": now,
        "delivery": Delivery.waiting,
        "due_at": now,
        "attempts": 0,
    }


def decision_messages(
    attempt: Attempt, row: MoveRow, number: int, values: Mapping[str, Any], reason_hash: str | None
) -> Iterator[dict[str, Any]]:
    """Yield a message to the author and the partner's contacts, where the move decides something for them.

    The partner's own moves do not, nor does an endorsement: a tier's word unlocks nothing by itself.
    """
    if row.role is Role.partner or row.trigger is Trigger.endorse:
        return
    figures = _decision_figures(attempt, row, values, reason_hash)
    claim = attempt.dossier.claim
    for user_id in attempt.dossier.told:
        yield message_row(
            MessageKind.decision, f"move:{claim.id}:{number}", user_id, figures, attempt.now, claim.id
        )


def turn_messages(
    about: Mapping[str, Any],
    claim_id: int,
    kind: TaskKind,
    assignment: Assignment,
    managers: Iterable[int],
    *,
    key: str,
    cause: str,
    amount: Cents | None,
    now: datetime,
) -> Iterator[dict[str, Any]]:
    """Yield a message to those whose turn it becomes; to the managers where nobody is entitled."""
    if assignment.why is not None:
        figures = {**about, "task": kind.value, "why": assignment.why}
        for user_id in managers:
            yield message_row(MessageKind.unassigned, f"{key}:unassigned", user_id, figures, now, claim_id)
        return
    absent = assignment.on_behalf_of
    figures = {
        **about,
        "task": kind.value,
        "cause": cause,
        "amount": _amount(amount),
        "on_behalf_of": absent.name if absent else None,
    }
    for user_id in assignment.told:
        yield message_row(MessageKind.turn, f"{key}:turn", user_id, figures, now, claim_id)


def missing_fact_messages(
    claim: AnyRow,
    trigger: Trigger,
    missing: Sequence[str],
    managers: Iterable[int],
    *,
    key: str,
    now: datetime,
    number: str | None = None,
) -> Iterator[dict[str, Any]]:
    """Yield a message to the programme managers about facts that only they can record."""
    figures = {
        **claim_figures(claim, number),
        "trigger": trigger.value,
        "period": claim.period_code,
        "day": claim.starts_on.isoformat() if claim.starts_on else None,
        "missing": list(missing),
    }
    for user_id in managers:
        yield message_row(MessageKind.vendor_fact_missing, key, user_id, figures, now, claim.id)


def claim_figures(claim: AnyRow, number: str | None = None) -> dict[str, Any]:
    """Return what every message about a claim says of it. `number` is one that it is only now given."""
    return {"number": number or claim.number, "title": claim.title, "partner": claim.partner_name}


def _amount(cents: Cents | None) -> str | None:
    return None if cents is None else plain(cents)


def _decision_figures(
    attempt: Attempt, row: MoveRow, values: Mapping[str, Any], reason_hash: str | None
) -> dict[str, Any]:
    claim, policy, own = attempt.dossier.claim, attempt.policy, attempt.figures or {}
    report_by, resubmit_by = None, values.get("resubmit_by")
    if policy is not None and row.target is State.approved:
        report_by = values.get("report_by") or report_deadline(claim, policy)
    return {
        **claim_figures(claim),
        "trigger": row.trigger.value,
        "source": row.source.value,
        "target": row.target.value,
        "requested": _amount(claim.requested),
        "approved": _amount(values.get("approved", claim.approved)),
        "reimbursable": _amount(values.get("reimbursable", claim.reimbursable)),
        "paid_on": own.get("paid_on"),
        "payment_reference": own.get("payment_reference"),
        "amount": own.get("amount"),
        "paid_in": own.get("paid_in"),
        "taken_in": own.get("taken_in"),
        "report_by": report_by.isoformat() if report_by else None,
        "resubmit_by": resubmit_by.isoformat() if resubmit_by else None,
        "expired_by": own.get("expired_by"),
        "reason_hash": reason_hash,
    }
