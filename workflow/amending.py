"""An approved plan is changed: what a rule reads by a move that renews the approval, the rest by an act."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, select, update

from models.claims import Claim
from models.database import Database
from models.history import Move
from models.vocabulary import LineKind, Personal, Role, State
from workflow.actors import Actor
from workflow.acts.record import record_act
from workflow.attempt import Command
from workflow.commitments import commit_to
from workflow.drafts import LINE_COLUMNS, PLAN_COLUMNS, own_claim, replace_lines
from workflow.moves import Done, in_transaction, perform_in
from workflow.refusals import Problem, Refused
from workflow.texts import REMEMBERED, as_one_text

CORRECTABLE = ("title", "place", *REMEMBERED)
"""What no rule reads: it is corrected without a new approval."""

_KEPT = ("period_id", "activity_type", "currency")
"""What stays: number, reserve and exchange rate belong to it."""

AMENDABLE = tuple(name for name in PLAN_COLUMNS if name not in (*CORRECTABLE, *_KEPT))
"""What rules read, and changes by a new approval."""

Plan = Mapping[str, Any]
Lines = Sequence[Mapping[str, Any]]


def amend(database: Database, command: Command, plan: Plan, lines: Lines, now: datetime) -> Done:
    """Change an approved plan and have it approved anew: both, or neither.

    Raises Refused with everything that stands against the changed plan; nothing is stored then.
    """
    return in_transaction(database, partial(_amend, command=command, plan=plan, lines=lines, now=now))


def _amend(connection: Connection, command: Command, plan: Plan, lines: Lines, now: datetime) -> Done:
    asked_before = select(Move.id).where(Move.claim_id == command.claim_id, Move.key == command.key)
    if connection.scalar(asked_before) is None:
        own_claim(connection, command.actor, command.claim_id, command.version, State.approved)
        replace_lines(connection, command.claim_id, LineKind.planned, lines, LINE_COLUMNS)
        values = {name: plan[name] for name in (*CORRECTABLE, *AMENDABLE)}
        connection.execute(update(Claim).where(Claim.id == command.claim_id).values(**values))
    return perform_in(connection, command, now)


def correct(
    connection: Connection, actor: Actor, now: datetime, claim_id: int, version: int, plan: Plan
) -> None:
    """Correct what no rule reads of an approved plan. History keeps what it was; nothing has to be renewed.

    Raises Refused as the saving of a draft does. Nothing is written where nothing changes.
    """
    claim = own_claim(connection, actor, claim_id, None, State.approved)
    changed = [name for name in CORRECTABLE if getattr(claim, name) != plan[name]]
    if not changed:
        return
    if claim.version != version:
        raise Refused(Problem("stale"))
    values = {name: plan[name] for name in changed}
    if not values.keys().isdisjoint(REMEMBERED):
        texts = as_one_text({name: plan[name] for name in REMEMBERED})
        values["texts_hash"] = commit_to(connection, texts, claim_id, Personal.texts)
    connection.execute(update(Claim).where(Claim.id == claim_id).values(**values, version=version + 1))
    told = [name for name in changed if name not in REMEMBERED]
    # An act stays for good. What may be of a person stands in its reason, which can be erased.
    untold = [f"{name}: {getattr(claim, name)} → {plan[name]}" for name in changed if name in REMEMBERED]
    record_act(
        connection,
        actor,
        now,
        "plan_corrected",
        f"claim:{claim_id}",
        {
            "claim": claim_id,
            "fields": changed,
            "before": {name: getattr(claim, name) for name in told},
            "after": {name: plan[name] for name in told},
        },
        partner_id=claim.partner_id,
        reason="\n".join(untold),
        role=Role.partner,
        erased_as=Personal.texts,
    )


def needs_approval(claim: Claim, plan: Plan, lines: Lines) -> bool:
    """Return whether a changed plan differs in anything that a rule reads."""
    planned = [line for line in claim.lines if line.kind is LineKind.planned]
    same_lines = [{name: getattr(line, name) for name in LINE_COLUMNS} for line in planned] == list(lines)
    return not same_lines or any(getattr(claim, name) != plan[name] for name in AMENDABLE)
