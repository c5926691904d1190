"""The decisions that made a claim what it is, found in the moves of its history."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from models.vocabulary import State, Trigger
from workflow.dossier import AnyRow
from workflow.table import MOVES, REFUSED_AT

CHECKPOINT_OF: dict[Trigger, Trigger] = {row.trigger: row.checkpoint for row in MOVES if row.checkpoint}
"""The checkpoint whose rules a move was judged by. The document of any other move judges nothing."""

JUDGED = frozenset({*CHECKPOINT_OF, Trigger.reject})
"""Moves of which the document is read."""


class Decision(NamedTuple):
    """A move and the checkpoint that it is judged at. `allowed` is false of a rejection."""

    move: AnyRow
    checkpoint: Trigger
    allowed: bool = True


def standing(moves: Sequence[AnyRow]) -> list[Decision]:
    """Return the decisions by which a claim stands where it does, in order, from all its moves.

    Of each checkpoint the last since its plan was last sent; last, where it ended so, its rejection. Those of
    a claim that is a draft again stand no more, nor does an acceptance that was reopened.
    """
    last = moves[-1]
    if last.target is State.draft:
        return []
    found = {decision.checkpoint: decision for decision in _since_sent(moves)}
    if last.reimbursable is None:
        found.pop(Trigger.accept, None)
    if last.trigger is Trigger.reject:
        checkpoint = REFUSED_AT[last.source]
        found.pop(checkpoint, None)
        found[checkpoint] = Decision(last, checkpoint, allowed=False)
    return list(found.values())


def _since_sent(moves: Sequence[AnyRow]) -> Iterator[Decision]:
    sent = [at for at, move in enumerate(moves) if CHECKPOINT_OF.get(move.trigger) is Trigger.submit]
    for move in moves[sent[-1] if sent else 0 :]:
        if move.trigger in CHECKPOINT_OF:
            yield Decision(move, CHECKPOINT_OF[move.trigger])
