"""What an approver found of an earlier report, for the partner who writes it again."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from models.history import Move
from models.money import plain
from models.vocabulary import Trigger
from web.services import reading

_TELLING = ("category", "description", "supplier", "invoice_number", "amount")
"""What makes a cost line the same as one that was looked at."""


def refused_lines(claim_id: int) -> list[tuple[Any, ...]]:
    """Return what tells the cost lines that were not accepted when rework was last asked for."""
    document = reading().scalar(
        select(Move.document)
        .where(Move.claim_id == claim_id, Move.trigger == Trigger.rework)
        .order_by(Move.number.desc())
        .limit(1)
    )
    lines: Iterable[Mapping[str, Any]] = (document or {}).get("claim", {}).get("actual_lines", ())
    return [
        tuple(line.get(name) or "" for name in _TELLING) for line in lines if line.get("accepted") is False
    ]


def is_refused(line: Mapping[str, Any], refused: Iterable[tuple[Any, ...]]) -> bool:
    """Return whether a cost line, its amount in cents, is one of those that were not accepted."""
    amount = line["amount"]
    written = {**line, "amount": None if amount is None else plain(amount)}
    return tuple(written[name] or "" for name in _TELLING) in refused
