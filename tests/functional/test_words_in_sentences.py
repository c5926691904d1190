"""Labels stand small within sentences, and a page that refuses says what was refused."""

from tests.functional.conftest import SignIn
from tests.support.looking import places
from tests.support.stages import accepted, approved, expired, reimbursed
from tests.support.world import World, bill
from workflow.drafts import save_report


def test_a_state_stands_small_within_a_sentence(world: World, sign_in: SignIn) -> None:
    claim_id = reimbursed(world)
    for name, door, told in (
        ("bob", "decide", "There is nothing to do here: the claim is reimbursed now."),
        ("bob", "accept", "There is nothing to do here: the claim is reimbursed now."),
        ("dan", "pay", "There is nothing to pay: the claim is reimbursed now."),
    ):
        places(sign_in(world.people[name]).open(f"/claims/{claim_id}/{door}").follow(), told)


def test_whose_turn_it_is_stands_small_within_a_sentence(world: World, sign_in: SignIn) -> None:
    to_pay, too_late = accepted(world), expired(world)
    anna = sign_in(world.people["anna"])
    places(anna.open(f"/claims/{to_pay}"), "Waiting for finance")
    places(anna.open(f"/claims/{too_late}"), "Waiting for the programme managers, if it should go on")


def test_evidence_without_a_file_stands_small_within_a_sentence(world: World, sign_in: SignIn) -> None:
    claim_id = approved(world)
    world.clock.set(world.clock.now().replace(month=5))
    save_report(world.database, world.people["anna"], claim_id, world.claim(claim_id).version, [bill()])
    world.move(claim_id, "report", "anna")
    places(
        sign_in(world.people["bob"]).open(f"/claims/{claim_id}/accept"), "There is no file for: attendee list"
    )


def test_a_report_saved_too_late_says_where_the_claim_stands(world: World, sign_in: SignIn) -> None:
    claim_id = approved(world)
    world.clock.set(world.clock.now().replace(month=5))
    anna = sign_in(world.people["anna"])
    address = f"/claims/{claim_id}/report"
    page = anna.open(address)
    world.bill(claim_id, bill())
    world.move(claim_id, "report", "anna")
    late = page.submit(address, do="save")
    assert late.status == 409
    places(late, "Nothing was saved: this claim is now reported")


def test_a_move_that_came_too_late_is_not_called_undone(world: World, sign_in: SignIn) -> None:
    claim_id = world.draft()
    anna = sign_in(world.people["anna"])
    address = f"/claims/{claim_id}/submit/confirm"
    page = anna.open(address)
    world.move(claim_id, "submit", "anna")
    late = page.submit(address)
    assert late.status == 409
    places(late, "The claim has changed meanwhile", "Nothing was changed.", "Anna submitted the claim.")
    assert "The claim was not submitted" not in late.text
