"""Any claim of one's own can be copied into a new draft, with its plan and its lines and nothing else."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from models.claims import ClaimLine, Evidence
from models.vocabulary import State
from tests.integration.test_moves import accepted
from tests.support.world import World, line
from workflow.drafts import copy_claim

PLAN: dict[str, Any] = {
    "activity_type": "exhibition",
    "title": "Autumn fair",
    "place": "Basel",
    "audience": "Planners of hospitals",
    "objective": "Twenty new contacts",
    "contact": "Anna, 040 123",
    "starts_on": date(2026, 5, 10),
    "ends_on": date(2026, 5, 12),
    "organiser_kind": "third_party",
    "organiser_name": "Fairs Ltd",
    "expected_attendees": 120,
    "details": {"booth_number": "7"},
    "requested": 123_456,
}
LINES = [
    line("booth", 500_000, description="Booth", quantity=2, unit_value=250_000, product_model="B-2"),
    line("door_gift", 9_999, description="Pens", quantity=99, unit_value=101),
    line("catering", 7_000, description="Coffee"),
]
OF_A_LINE = ("category", "description", "product_model", "quantity", "unit_value", "amount")


def lines(world: World, claim_id: int) -> list[tuple[Any, ...]]:
    """Return kind, place and contents of a claim's lines."""
    with world.database.read() as connection:
        rows = connection.execute(
            select(ClaimLine.__table__)
            .where(ClaimLine.claim_id == claim_id)
            .order_by(ClaimLine.kind, ClaimLine.position)
        ).all()
    return [(row.kind, row.position, *(getattr(row, name) for name in OF_A_LINE)) for row in rows]


def test_a_copy_has_the_whole_plan_and_every_line_in_order(world: World) -> None:
    source = world.draft(lines=LINES, **PLAN)
    copy = copy_claim(world.database, world.people["anna"], source, world.clock.now())
    claim = world.claim(copy)
    assert {name: getattr(claim, name) for name in PLAN} == PLAN
    assert claim.period_id == world.period_id
    planned = [("planned", place, *(each[name] for name in OF_A_LINE)) for place, each in enumerate(LINES)]
    assert lines(world, copy) == planned == lines(world, source)


@pytest.mark.parametrize("whose", ["anna", "carl"])
def test_a_copy_of_a_claim_that_went_its_way_begins_afresh(world: World, whose: str) -> None:
    world.person("carl", *world.people["anna"].roles, partner_id=world.partner_id)
    source = accepted(world)
    copy = copy_claim(world.database, world.people[whose], source, world.clock.now())
    claim = world.claim(copy)
    assert (claim.state, claim.moves, claim.version) == (State.draft, 0, 1)
    assert (claim.author_id, claim.partner_id) == (world.people[whose].user_id, world.partner_id)
    gone = ("number", "submitted_on", "policy_version_id", "approved", "reimbursable", "accepted_by_id")
    assert [getattr(claim, name) for name in gone] == [None] * len(gone)
    assert (claim.reserved, claim.paid, claim.checklist) == (0, 0, {})
    assert lines(world, copy) == [each for each in lines(world, source) if each[0] == "planned"]
    with world.database.read() as connection:
        assert connection.scalars(select(Evidence.id).where(Evidence.claim_id == copy)).all() == []
