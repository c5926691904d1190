"""Whoever looks again sees what changed of the plan, field by field, also where no rule reads the field."""

import pytest
from sqlalchemy import delete

from models.history import Reason
from tests.functional.conftest import SignIn
from tests.support.looking import as_read
from tests.support.stages import AFTER_THE_ACTIVITY, approved, executed, submitted
from tests.support.world import World, bill
from workflow.amending import correct
from workflow.drafts import PLAN_COLUMNS, save_plan

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

WRITTEN = {"audience": "Buyers", "objective": "Meet customers", "contact": "Ida Example"}
CHANGED = {
    "title": "Autumn seminar",
    "place": "Bremen",
    "audience": "Planners",
    "objective": "Win customers",
    "contact": "Jo Example",
}
TOLD = (
    "Title Spring seminar Autumn seminar",
    "Place Hamburg Bremen",
    "Audience Buyers Planners",
    "Objective Meet customers Win customers",
    "Contact Ida Example Jo Example",
)


def plan_of(world: World, claim_id: int, **changed: object) -> dict[str, object]:
    claim = world.claim(claim_id)
    return {**{name: getattr(claim, name) for name in PLAN_COLUMNS}, **changed}


def rewritten(world: World, claim_id: int, **changed: object) -> None:
    """Have the partner write a returned plan anew and submit it again."""
    version, plan = world.claim(claim_id).version, plan_of(world, claim_id, **changed)
    lines = [{**bill(), "supplier": "", "invoice_number": ""}]
    save_plan(world.database, world.people["anna"], claim_id, version, plan, lines)
    world.move(claim_id, "submit", "anna")


def corrected(world: World, claim_id: int, **changed: str) -> None:
    """Have the partner correct an approved plan."""
    with world.database.write() as connection:
        version, plan = world.claim(claim_id).version, plan_of(world, claim_id, **changed)
        correct(connection, world.people["anna"], world.clock.now(), claim_id, version, plan)


def seen(world: World, sign_in: SignIn, claim_id: int, page: str = "decide") -> str:
    return as_read(sign_in(world.people["bob"]).open(f"/claims/{claim_id}/{page}"))


def test_a_plan_that_was_returned_and_submitted_again(world: World, sign_in: SignIn) -> None:
    claim_id = submitted(world, **WRITTEN)
    world.move(claim_id, "return", "bob", reason="Say whom you mean.")
    rewritten(world, claim_id, **CHANGED)
    read = seen(world, sign_in, claim_id)
    for told in TOLD:
        assert told in read


def test_an_amount_that_was_changed_names_its_currency(world: World, sign_in: SignIn) -> None:
    claim_id = submitted(world)
    world.move(claim_id, "return", "bob", reason="Ask for less.")
    rewritten(world, claim_id, requested=300_000)
    assert "4,000.00 USD 3,000.00 USD" in seen(world, sign_in, claim_id)


def test_a_text_that_stayed_or_was_added_or_taken_away(world: World, sign_in: SignIn) -> None:
    claim_id = submitted(world, audience="Buyers", objective="", contact="Ida Example")
    world.move(claim_id, "return", "bob", reason="Once more.")
    rewritten(world, claim_id, audience="Buyers", objective="Meet customers", contact="")
    read = seen(world, sign_in, claim_id)
    assert "Objective – Meet customers" in read
    assert "Contact Ida Example –" in read
    assert "Audience Buyers" not in read.partition("What changed")[2].partition("The plan")[0]


def test_a_correction_and_an_amendment_after_the_approval(world: World, sign_in: SignIn) -> None:
    claim_id = approved(world)
    corrected(world, claim_id, **WRITTEN)
    path = f"/claims/{claim_id}/amend"
    anna = sign_in(world.people["anna"])
    asked = anna.open(path).submit(path, **CHANGED, requested="3500.00", do="save")
    for told in TOLD:
        assert told in as_read(asked), "the partner reads it before it is sent"
    asked.submit(path, **CHANGED, requested="3500.00", do="amend")
    assert "Objective – Win customers" in seen(world, sign_in, claim_id)


def test_a_correction_between_a_rework_and_the_next_report(world: World, sign_in: SignIn) -> None:
    claim_id = executed(world)
    world.move(claim_id, "rework", "bob", reason="Once more.")
    corrected(world, claim_id, **WRITTEN)
    world.move(claim_id, "report", "anna")
    read = seen(world, sign_in, claim_id, "accept")
    assert "Objective – Meet customers" in read
    assert "Contact – Ida Example" in read


def test_what_was_erased_since_is_not_told(world: World, sign_in: SignIn) -> None:
    claim_id = submitted(world, **WRITTEN)
    world.move(claim_id, "return", "bob", reason="Say whom you mean.")
    with world.database.write() as connection:
        connection.execute(delete(Reason))
    rewritten(world, claim_id, **CHANGED)
    read = seen(world, sign_in, claim_id)
    assert TOLD[0] in read
    assert "Ida Example" not in read


def test_each_look_is_compared_with_the_last_one_alone(world: World, sign_in: SignIn) -> None:
    claim_id = approved(world)
    corrected(world, claim_id, **WRITTEN)
    world.clock.advance(AFTER_THE_ACTIVITY)
    world.bill(claim_id)
    world.move(claim_id, "report", "anna")
    world.move(claim_id, "rework", "bob", reason="Once more.")
    corrected(world, claim_id, contact="Jo Example")
    world.move(claim_id, "report", "anna")
    read = seen(world, sign_in, claim_id, "accept")
    assert "Contact Ida Example Jo Example" in read
    assert "Objective –" not in read, "that was seen at the last look"
