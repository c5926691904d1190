"""Whoever changes an approved plan sees before saving that the approval has to be renewed, and why."""

from models.vocabulary import State
from tests.functional.conftest import SignIn
from tests.support.looking import as_read, places
from tests.support.stages import approved, submitted
from tests.support.world import World


def test_a_change_that_rules_read_is_told_before_it_is_sent(world: World, sign_in: SignIn) -> None:
    claim_id = approved(world)
    path = f"/claims/{claim_id}/amend"
    anna = sign_in(world.people["anna"])
    assert anna.open(f"/claims/{claim_id}").offers(path)
    asked = anna.open(path).submit(path, requested="3500.00", do="save")
    read = as_read(asked)
    assert "The approval will have to be renewed" in read
    assert "Amount asked for 4,000.00 USD 3,500.00 USD" in read
    assert world.claim(claim_id).state is State.approved

    asked.submit(path, requested="3500.00", do="amend")
    claim = world.claim(claim_id)
    assert (claim.state, claim.requested, claim.reserved) == (State.submitted, 350_000, 0)
    places(anna.open(f"/claims/{claim_id}"), "Anna amended the approved plan of the claim.")
    decide = as_read(sign_in(world.people["bob"]).open(f"/claims/{claim_id}/decide"))
    assert "Bob approved the claim." in decide
    assert "Amount asked for 4,000.00 USD 3,500.00 USD" in decide


def test_what_no_rule_reads_is_saved_at_once(world: World, sign_in: SignIn) -> None:
    claim_id = approved(world)
    path = f"/claims/{claim_id}/amend"
    anna = sign_in(world.people["anna"])
    done = anna.open(path).submit(path, contact="Ida Example", objective="Meet customers", do="save")
    places(done.follow(), "the approval stands")
    claim = world.claim(claim_id)
    assert (claim.state, claim.contact, claim.objective) == (
        State.approved,
        "Ida Example",
        "Meet customers",
    )
    places(
        sign_in(world.people["eve"]).open("/audit/acts"),
        "Corrected what no rule reads of the plan of 2026H1-00001: objective, contact.",
    )


def test_what_the_rules_refuse_keeps_all_that_was_typed(world: World, sign_in: SignIn) -> None:
    claim_id = approved(world)
    path = f"/claims/{claim_id}/amend"
    page = sign_in(world.people["anna"]).open(path).submit(path, requested="4000.01", do="amend")
    assert page.status == 422
    places(page, "4000.01", "The programme’s rules do not allow it yet", "4,000.01")
    assert world.claim(claim_id).requested == 400_000


def test_a_slip_of_the_pen_stands_at_its_field(world: World, sign_in: SignIn) -> None:
    claim_id = approved(world)
    path = f"/claims/{claim_id}/amend"
    page = sign_in(world.people["anna"]).open(path).submit(path, requested="much", do="amend")
    assert page.status == 422
    places(page, "Enter an amount such as 4000.00.")


def test_only_an_approved_claim_of_ones_own_can_be_changed(world: World, sign_in: SignIn) -> None:
    claim_id = submitted(world)
    path = f"/claims/{claim_id}/amend"
    anna = sign_in(world.people["anna"])
    assert anna.open(path).location.endswith(f"/claims/{claim_id}")
    assert sign_in(world.people["bob"]).open(path).status == 403


def test_a_change_that_came_too_late_says_so_and_keeps_what_was_typed(world: World, sign_in: SignIn) -> None:
    claim_id = approved(world)
    path = f"/claims/{claim_id}/amend"
    page = sign_in(world.people["anna"]).open(path)
    world.move(claim_id, "withdraw", "anna")
    late = page.submit(path, title="My new title", do="save")
    assert late.status == 409
    places(late, "My new title", "withdrawn")


def test_the_live_check_judges_the_changed_plan(world: World, sign_in: SignIn) -> None:
    claim_id = approved(world)
    path = f"/claims/{claim_id}/amend"
    page = sign_in(world.people["anna"]).open(path)
    fields = dict(page.form(path).fields)
    live = page.browser.client.post(f"{path}/check", data={**fields, "requested": "4000.01"})
    assert "4,000.01" in live.get_data(as_text=True)
    assert world.claim(claim_id).requested == 400_000
