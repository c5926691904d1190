"""The one machine, built from the table of moves; the only importer of `transitions`. Decides in memory."""

from collections.abc import Callable
from typing import cast

from transitions import EventData, Machine, MachineError

from models.vocabulary import State
from workflow.attempt import Attempt
from workflow.guards import check
from workflow.refusals import Problem, Refused
from workflow.table import MOVES, MoveRow, leads_there


def decide(attempt: Attempt) -> MoveRow:
    """Make the move in memory and return its row; raise Refused with every reason why not."""
    try:
        moved = MACHINE.events[attempt.command.trigger.value].trigger(attempt)
    except MachineError:
        moved = False
    if not moved or attempt.row is None:
        raise Refused(Problem("wrong_state", figures={"state": attempt.state.value}))
    return attempt.row


def _condition(row: MoveRow) -> Callable[[EventData], bool]:
    def holds(event: EventData) -> bool:
        attempt = cast(Attempt, event.model)
        if not leads_there(attempt.dossier.claim, row):
            return False
        check(attempt, row)
        attempt.row = row
        return True

    return holds


def _machine() -> Machine:
    machine = Machine(
        model=None,
        states=State,
        initial=None,
        auto_transitions=False,
        send_event=True,
        queued=False,
    )
    for row in MOVES:
        machine.add_transition(row.trigger.value, row.source, row.target, conditions=[_condition(row)])
    return machine


MACHINE = _machine()
