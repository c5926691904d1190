"""Every state, trigger and role that the table of moves does not name is refused, and changes nothing."""

from datetime import date

import pytest
from sqlalchemy import func, select, update

from models.claims import Claim
from models.history import Move
from models.vocabulary import Role, State, Trigger
from tests.support.world import World
from workflow.actors import Actor
from workflow.attempt import Command
from workflow.moves import perform
from workflow.refusals import Refused
from workflow.table import MOVES

ALLOWED = {(row.source, row.trigger, row.role) for row in MOVES}


@pytest.mark.parametrize("state", list(State))
def test_what_the_table_does_not_name_is_refused(world: World, state: State) -> None:
    claim_id = world.draft()
    with world.database.write() as connection:
        connection.execute(
            update(Claim).where(Claim.id == claim_id).values(state=state, expired_from=State.approved)
        )
    before = world.claim(claim_id)
    for trigger in Trigger:
        for role in Role:
            if (state, trigger, role) in ALLOWED:
                continue
            actor = Actor(
                world.people["anna" if role is Role.partner else "bob"].user_id,
                frozenset({role}),
                world.partner_id if role is Role.partner else None,
            )
            command = Command(
                claim_id,
                trigger,
                actor,
                key=f"{trigger}-{role}",
                approved=1,
                reason="because",
                payment_reference="PAY-1",
                paid_on=date(2026, 3, 2),
                report_by=date(2026, 6, 1),
            )
            with pytest.raises(Refused) as refused:
                perform(world.database, command, world.clock.now())
            assert refused.value.why in {"wrong_state", "not_yours"}, (trigger, role)
    assert world.claim(claim_id) == before
    with world.database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(Move)) == 0
