"""A claim's own new values after a move: one entry per trigger that sets any besides the state."""

from collections.abc import Callable
from datetime import date
from typing import Any

from models.money import plain
from models.vocabulary import State, TaskKind, Trigger
from workflow.attempt import Attempt
from workflow.deadlines import pay_deadline, report_again_deadline, resubmit_deadline
from workflow.table import MoveRow


def claim_values(attempt: Attempt, row: MoveRow) -> dict[str, Any]:
    """Return the claim's own new values, money held in the fund apart."""
    values: dict[str, Any] = {"state": row.target, "state_since": attempt.now}
    values.update(_VALUES.get(row.trigger, _no_values)(attempt))
    values["expired_from"] = row.source if row.target is State.expired else None
    values["rejected_from"] = row.source if row.target is State.rejected else None
    if attempt.number != attempt.dossier.claim.number:
        values["number"] = attempt.number
    return values


def _no_values(_: Attempt) -> dict[str, Any]:
    return {}


_VALUES: dict[Trigger, Callable[[Attempt], dict[str, Any]]] = {
    Trigger.submit: lambda attempt: {
        "submitted_on": attempt.today,
        "policy_version_id": attempt.policy_version_id,
        "pinned_rate_id": attempt.dossier.claim.rate_id,
        "approved": None,
        "resubmit_by": None,
        "report_by": None,
        "route": attempt.route.as_json(),
        "endorsements": [],
        "disputed_on": None,
        "barred": None,
    },
    Trigger.endorse: lambda attempt: {"endorsements": _endorsements(attempt)},
    Trigger.return_: lambda attempt: {
        "resubmit_by": resubmit_deadline(attempt.today, attempt.policy) if attempt.policy else None,
        "accepted_on": None,
        "pinned_rate_id": None,
    },
    Trigger.approve: lambda attempt: {"approved": attempt.command.approved, **_later_report(attempt)},
    Trigger.rework: lambda attempt: {
        "report_by": report_again_deadline(attempt.dossier.claim, attempt.today, attempt.policy)
        if attempt.policy
        else None
    },
    Trigger.accept: lambda attempt: {
        "reimbursable": attempt.reimbursable,
        "accepted_by_id": attempt.command.actor.user_id,
        "accepted_for_id": attempt.dossier.claim.on_behalf_of_id,
        "accepted_on": attempt.dossier.claim.accepted_on or attempt.today,
        "pay_by": pay_deadline(attempt.today, attempt.policy),
    },
    Trigger.reimburse: lambda attempt: _paid(attempt),
    Trigger.pay_part: lambda attempt: _paid(attempt),
    Trigger.raise_: lambda attempt: {"approved": attempt.command.approved, "barred": None},
    Trigger.report: lambda attempt: _ends_dispute(attempt),
    Trigger.amend: lambda attempt: {
        "approved": None,
        "accepted_on": None,
        "report_by": None,
        "route": attempt.route.as_json(),
        "endorsements": [],
        **_ends_dispute(attempt),
    },
    Trigger.dispute: lambda attempt: {
        "disputed_on": attempt.today,
        "barred": list(attempt.deciders),
        "endorsements": [],
    },
    Trigger.reinstate: lambda attempt: (
        {"report_by": attempt.command.report_by} if attempt.command.report_by else {}
    ),
    Trigger.reopen: lambda _: {"reimbursable": None, "report_by": None, "pay_by": None},
}


def _paid(attempt: Attempt) -> dict[str, Any]:
    """Return what a claim shows of its last payment."""
    command = attempt.command
    return {"payment_reference": command.payment_reference.strip(), "paid_on": command.paid_on}


def _later_report(attempt: Attempt) -> dict[str, Any]:
    """Return the later day to report by where the programme owner's delay would have cost days."""
    moved = (attempt.figures or {}).get("report_by")
    return {"report_by": date.fromisoformat(moved)} if moved else {}


def _ends_dispute(attempt: Attempt) -> dict[str, Any]:
    """Return that nobody is barred any more, where a dispute of the granted amount ends unanswered."""
    return {"barred": None} if attempt.dossier.claim.task_kind is TaskKind.reconsider else {}


def _endorsements(attempt: Attempt) -> list[dict[str, Any]]:
    """Return the endorsements of a claim with the one that is being made."""
    claim, command = attempt.dossier.claim, attempt.command
    made = {
        "by": command.actor.user_id,
        "for": claim.on_behalf_of_id,
        "amount": plain(command.approved or 0),
        "days_late": attempt.days_late,
        "disallowed": (attempt.figures or {}).get("disallowed", {}),
    }
    return [*(claim.endorsements or ()), made]
