"""What a person may ask for: the moves that a page offers. Whether they succeed is decided when asked."""

from datetime import date, datetime

from workflow.actors import Actor
from workflow.attempt import Attempt, Command
from workflow.dossier import Dossier
from workflow.guards import who_problems
from workflow.table import MoveRow, leads_there, moves_from


def options(dossier: Dossier, actor: Actor, now: datetime, today: date) -> list[MoveRow]:
    """Return the rows of the table that this actor may make of a claim as it stands, in the table's order."""
    claim = dossier.claim
    return [
        row
        for row in moves_from(claim.state)
        if leads_there(claim, row) and not any(who_problems(_asked(dossier, row, actor, now, today), row))
    ]


def _asked(dossier: Dossier, row: MoveRow, actor: Actor, now: datetime, today: date) -> Attempt:
    command = Command(dossier.claim.id, row.trigger, actor, key="")
    return Attempt(dossier, command, None, None, now, today, dossier.claim.state)
