"""What came of the demo's activities, as its partners tell it once they were paid. All invented."""

from datetime import datetime
from typing import Any

from models.claims import Claim
from models.database import Database
from models.vocabulary import State
from workflow.actors import Actor
from workflow.acts.outcomes import report_outcomes


def tell(database: Database, actor: Actor, now: datetime, claim: Claim, number: int) -> None:
    """Report what came of a claim that was paid, by the number of its story. Of every fifth nobody does."""
    if claim.state is not State.reimbursed or number % 5 == 4:
        return
    leads = 6 + number * 7 % 31
    revenue = (claim.requested or 0) * (1 + number % 7)
    told: dict[str, Any] = {"leads": leads, "meetings": leads // 3, "revenue": revenue}
    with database.write() as connection:
        report_outcomes(connection, actor, now, claim.id, **told)
