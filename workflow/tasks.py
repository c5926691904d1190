"""What a task on a claim asks of whoever gets it: the amount it is about, who is named and who is barred."""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from models.claims import Claim
from models.money import Cents
from models.vocabulary import TaskKind
from workflow.assignment import Assignment, Needs
from workflow.dossier import AnyRow
from workflow.routing import Groups, members, stage_of


def needs_of(
    kind: TaskKind,
    claim: AnyRow | Claim,
    groups: Groups,
    values: Mapping[str, Any] = MappingProxyType({}),
) -> Needs:
    """Return what a task on a claim asks for, once the claim has these new values.

    Nobody decides twice on one submission, or after a dispute of what they decided; nobody pays what they
    accepted. A limit counts at the last tier.
    """
    if kind is TaskKind.pay:
        accepted = {values.get(name, getattr(claim, name)) for name in ("accepted_by_id", "accepted_for_id")}
        return Needs(kind, claim.partner_id, barred=frozenset(accepted - {None}))
    amount = amount_of(kind, values, claim)
    barred = frozenset(values.get("barred", claim.barred) or ())
    if kind is not TaskKind.decide:
        return Needs(kind, claim.partner_id, amount, barred)
    stage = stage_of(claim, values)
    asked = stage.at_most or amount
    named = members(stage.decider, groups)
    return Needs(kind, claim.partner_id, asked if stage.is_last else None, barred | stage.taken_part, named)


def task_row(
    kind: TaskKind, claim_id: int, assignment: Assignment, now: datetime, due_on: date | None
) -> dict[str, Any]:
    """Return the row of a task that is opened: with who got it, and its last day in time."""
    return {
        "claim_id": claim_id,
        "kind": kind,
        "assignee_id": assignment.assignee_id,
        "on_behalf_of_id": assignment.on_behalf_of.user_id if assignment.on_behalf_of else None,
        "unassigned_why": assignment.why,
        "opened_at": now,
        "due_on": due_on,
    }


_AMOUNT_OF = {
    TaskKind.decide: "requested",
    TaskKind.accept: "approved",
    TaskKind.reconsider: "requested",
    TaskKind.pay: "reserved",
}


def amount_of(kind: TaskKind, values: Mapping[str, Any], claim: AnyRow | Claim) -> Cents | None:
    """Return the amount, in cents, that a task is about: asked, granted or left to pay."""
    name = _AMOUNT_OF[kind]
    amount: Cents | None = values.get(name, getattr(claim, name))
    return amount
