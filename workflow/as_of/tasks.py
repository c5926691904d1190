"""Who held a claim's task at a moment."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from models.vocabulary import MessageKind, TaskKind
from workflow.assignment import NAMED
from workflow.dossier import AnyRow


class Turn(NamedTuple):
    """A task came to somebody: or to nobody, and why. `on_behalf_of` is a name."""

    at: datetime
    kind: str
    user_id: int | None
    on_behalf_of: str | None = None
    why: str | None = None


class Held(NamedTuple):
    """A task that was open, and who held it: nobody for a code of why, else all who may do it.

    Where it is not `known`, nothing on file tells into whose hands it came.
    """

    kind: TaskKind
    opened_at: datetime
    due_on: date | None
    user_id: int | None = None
    on_behalf_of: str | None = None
    why: str | None = None
    known: bool = True


def turn_told(message: AnyRow) -> Turn:
    """Return what a message told: that it was its reader's turn, or that nobody was entitled."""
    figures = message.figures
    if message.kind is MessageKind.unassigned:
        return Turn(message.created_at, figures["task"], None, why=figures["why"])
    return Turn(message.created_at, figures["task"], message.user_id, figures.get("on_behalf_of"))


def turn_taken(act: AnyRow) -> Turn:
    """Return what a `task_taken` act did, of which nobody else was told."""
    return Turn(act.at, act.figures["task"], act.figures["after"])


def task_at(
    tasks: Iterable[AnyRow], turns: Iterable[Turn], names: Mapping[int, str], at: datetime
) -> Held | None:
    """Return the task that was open at a moment and who held it; None where none was.

    A task's row says who has it in the end; until it came to them, it is what was told since it was opened.
    """
    task = next(
        (row for row in tasks if row.opened_at <= at and (row.closed_at is None or row.closed_at > at)), None
    )
    if task is None:
        return None
    held = Held(task.kind, task.opened_at, task.due_on)
    mine = [turn for turn in turns if turn.kind == task.kind and _while_open(turn.at, task)]
    since = task.held_since or task.opened_at
    if since <= at and all(turn.at <= at for turn in mine):
        absent = names.get(task.on_behalf_of_id)
        return held._replace(user_id=task.assignee_id, on_behalf_of=absent, why=task.unassigned_why)
    came = sorted((turn for turn in mine if turn.at <= at), key=lambda turn: turn.at)
    if not came:
        return held._replace(known=False)
    last = came[-1]
    holder = last.user_id if task.kind in NAMED else None
    return held._replace(user_id=holder, on_behalf_of=last.on_behalf_of, why=last.why)


def _while_open(at: datetime, task: AnyRow) -> bool:
    closed: datetime | None = task.closed_at
    return task.opened_at <= at and (closed is None or at < closed)
