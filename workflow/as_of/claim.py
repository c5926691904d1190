"""A claim as its moves left it at a moment."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from models.money import Cents
from models.vocabulary import State, Trigger
from workflow.dossier import AnyRow
from workflow.table import MOVES

CHECKPOINT_OF: dict[Trigger, Trigger | None] = {row.trigger: row.checkpoint for row in MOVES}
"""The checkpoint whose rules are judged at a move."""


class Stand(NamedTuple):
    """Where a claim stood, `since` when, and its amounts in cents.

    `move` is the last one by then, `judged` the last at which rules were judged. `document` is what the claim
    said when it was last moved; empty before its first move, for what a draft says is not kept.
    """

    state: State
    since: datetime
    move: AnyRow | None = None
    judged: AnyRow | None = None
    document: Mapping[str, Any] = {}
    title: str | None = None
    requested: Cents | None = None
    approved: Cents | None = None
    reimbursable: Cents | None = None
    reserved: Cents = 0
    paid: Cents = 0

    @property
    def number(self) -> str | None:
        """Return the number that it had been given."""
        number: str | None = self.document.get("claim", {}).get("number")
        return number

    @property
    def period(self) -> str | None:
        """Return the code of its JMF period."""
        code: str | None = self.document.get("period", {}).get("code")
        return code


def stand_at(
    created_at: datetime, moves: Sequence[AnyRow], corrections: Iterable[AnyRow], at: datetime
) -> Stand:
    """Return where a claim stood at a moment, given its moves and `plan_corrected` acts in their order."""
    made = [move for move in moves if move.at <= at]
    if not made:
        return Stand(State.draft, created_at)
    last = made[-1]
    # An expiry is judged on certificates and days alone: the plan is the one of the move before it.
    whole = next((move for move in reversed(made) if move.trigger is not Trigger.expire), last)
    title = whole.document["claim"].get("title")
    for act in corrections:
        if whole.at <= act.at <= at:
            title = act.figures["after"].get("title", title)
    return Stand(
        state=last.target,
        since=last.at,
        move=last,
        judged=next((move for move in reversed(made) if CHECKPOINT_OF[move.trigger]), None),
        document=whole.document,
        title=title,
        requested=last.requested,
        approved=last.approved,
        reimbursable=last.reimbursable,
        reserved=last.reserved,
        paid=last.paid,
    )
