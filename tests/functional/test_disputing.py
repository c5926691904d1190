"""A partner disputes a rejection; who looks at a claim again sees why, and what changed since."""

from datetime import timedelta

import pytest

from models.vocabulary import Role, State
from tests.functional.conftest import SignIn
from tests.support.looking import as_read, places
from tests.support.pages import Page
from tests.support.stages import disputed_amount, executed, rejected, submitted
from tests.support.world import World, bill, line
from workflow.drafts import save_plan, save_report


def test_a_rejected_claim_offers_to_dispute_it_and_tells_everybody_why(world: World, sign_in: SignIn) -> None:
    world.demand(dispute_within_days=30)
    claim_id = rejected(world)
    world.person("cora", Role.approver)
    path = f"/claims/{claim_id}"
    anna = sign_in(world.people["anna"])
    page = anna.open(f"{path}/dispute")
    places(page, "Not this time.", "1 Apr 2026")
    assert page.submit(f"{path}/dispute").status == 422
    page.submit(f"{path}/dispute", reason="It keeps every rule.")
    assert world.claim(claim_id).state is State.submitted
    for reader in ("anna", "cora", "mia"):
        places(sign_in(world.people[reader]).open(path), "Anna disputed the rejection of the claim.")
    page = sign_in(world.people["cora"]).open(f"{path}/decide")
    places(
        page,
        "It keeps every rule.",
        "Bob rejected the claim.",
        "Nothing: neither the plan, nor the report, nor a file.",
    )


def test_what_can_no_longer_be_disputed_is_not_offered(world: World, sign_in: SignIn) -> None:
    world.demand(dispute_within_days=3)
    claim_id = rejected(world)
    path = f"/claims/{claim_id}"
    assert sign_in(world.people["anna"]).open(path).offers(f"{path}/dispute")
    world.clock.advance(timedelta(days=4))
    anna = sign_in(world.people["anna"])
    assert not anna.open(path).offers(f"{path}/dispute")
    assert anna.open(f"{path}/dispute").location.endswith(path)
    assert not sign_in(world.people["mia"]).open(path).offers(f"{path}/dispute")


def test_after_a_return_the_approver_sees_what_changed_field_by_field(world: World, sign_in: SignIn) -> None:
    claim_id = submitted(world)
    world.move(claim_id, "return", "bob", reason="Cheaper, please.")
    plan = {"title": "Spring fair", "requested": 350_000, "details": {"invited_customers": 30}}
    lines = [line(amount=700_000), line("catering", 100_000)]
    version = world.claim(claim_id).version
    save_plan(world.database, world.people["anna"], claim_id, version, plan, lines)
    world.move(claim_id, "submit", "anna")
    page = sign_in(world.people["bob"]).open(f"/claims/{claim_id}/decide")
    read = as_read(page)
    assert "Bob returned the claim." in read
    for row in (
        "Title Spring seminar Spring fair",
        "Amount asked for 4,000.00 USD 3,500.00 USD",
        "Cost line 1, unit value 8,000.00 USD 7,000.00 USD",
        "Cost line 1, amount 8,000.00 USD 7,000.00 USD",
    ):
        assert row in read, row
    places(page, "Invited customers", "Cost line 2", "Catering 1,000.00")


def test_after_a_rework_the_approver_sees_what_changed_in_the_report(world: World, sign_in: SignIn) -> None:
    claim_id = executed(world)
    bob = sign_in(world.people["bob"])
    assert "What changed since the last look" not in bob.open(f"/claims/{claim_id}/accept").text
    world.move(claim_id, "rework", "bob", reason="The invoice number is wrong.")
    version = world.claim(claim_id).version
    save_report(world.database, world.people["anna"], claim_id, version, [bill(invoice_number="K-2")])
    world.move(claim_id, "report", "anna")
    read = as_read(bob.open(f"/claims/{claim_id}/accept"))
    assert "Actual cost 1, invoice number K-1 K-2" in read


def test_a_first_look_has_nothing_to_compare_with(world: World, sign_in: SignIn) -> None:
    claim_id = submitted(world)
    page = sign_in(world.people["bob"]).open(f"/claims/{claim_id}/decide")
    assert "What changed since the last look" not in page.text


def test_a_reduced_amount_is_disputed_and_raised_by_clicking(world: World, sign_in: SignIn) -> None:
    claim_id = submitted(world)
    world.move(claim_id, "approve", "bob", approved=300_000, reason="Less.")
    world.person("cora", Role.approver)
    path = f"/claims/{claim_id}"
    anna = sign_in(world.people["anna"])
    assert anna.open(path).offers(f"{path}/dispute-amount")
    page = anna.open(f"{path}/dispute-amount")
    assert page.submit(f"{path}/dispute-amount").status == 422
    places(page.submit(f"{path}/dispute-amount", reason="It costs more.").follow(), "The amount is disputed")
    assert not anna.open(path).offers(f"{path}/dispute-amount")

    cora = sign_in(world.people["cora"])
    places(cora.open("/inbox"), "Look at the amount again")
    page = cora.open(f"{path}/reconsider")
    places(page, "It costs more.", "You can grant up to", "4,000.00")
    too_much = page.submit(f"{path}/reconsider", decision="raise", approved="4000.01")
    assert too_much.status == 422
    places(too_much, "more than the 4,000.00 USD that was asked for")
    page.submit(f"{path}/reconsider", decision="raise", approved="3900.00")
    assert world.claim(claim_id).approved == 390_000
    places(anna.open(path), "Cora raised what was granted for the claim.")


def test_a_disputed_amount_may_stand(world: World, sign_in: SignIn) -> None:
    claim_id = disputed_amount(world)
    path = f"/claims/{claim_id}/reconsider"
    page = sign_in(world.people["bob"]).open(path)
    assert page.submit(path, decision="uphold").status == 422
    assert page.submit(path, decision="uphold", reason="Enough.").status == 302
    assert world.claim(claim_id).approved == 300_000
    places(sign_in(world.people["anna"]).open("/notifications"), "What was granted for")


def in_turn(page: Page, *texts: str) -> None:
    """Assert that a page's history tells these, the latest first."""
    found = [page.text.index(text, page.text.index('id="history"')) for text in texts]
    assert found == sorted(found)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_history_tells_in_turn_what_was_done_about_the_amount(world: World, sign_in: SignIn) -> None:
    claim_id = disputed_amount(world)
    path = f"/claims/{claim_id}/reconsider"
    sign_in(world.people["bob"]).open(path).submit(path, decision="uphold", reason="Enough.")
    page = sign_in(world.people["anna"]).open(f"/claims/{claim_id}")
    in_turn(
        page, "Bob let the disputed amount stand.", "Anna disputed the amount.", "Cora approved the claim."
    )
    places(page, "It costs what it costs.", "Enough.")
    told = sign_in(world.people["eve"]).open(f"/audit/claims/{claim_id}").text
    found = [told.index(text) for text in ("2. Approved", "Amount disputed", "Amount upheld")]
    assert found == sorted(found)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_report_warns_that_it_ends_a_dispute_of_the_amount_and_history_says_that_it_did(
    world: World, sign_in: SignIn
) -> None:
    claim_id = disputed_amount(world)
    world.clock.set(world.clock.now() + timedelta(days=60))
    world.bill(claim_id, bill(amount=600_000))
    page = sign_in(world.people["anna"]).open(f"/claims/{claim_id}/report/confirm")
    places(page, "Sending the report ends it, and what was granted stands.")
    assert "ends it" not in sign_in(world.people["anna"]).open(f"/claims/{claim_id}/withdraw/confirm").text
    world.move(claim_id, "report", "anna")
    page = sign_in(world.people["anna"]).open(f"/claims/{claim_id}")
    in_turn(
        page, "Anna reported", "ended unanswered", "Anna disputed the amount.", "Cora approved the claim."
    )
    told = sign_in(world.people["eve"]).open(f"/audit/claims/{claim_id}").text
    assert "The dispute of the amount ended unanswered." in told


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_was_answered_is_not_told_to_have_ended_unanswered(world: World, sign_in: SignIn) -> None:
    claim_id = disputed_amount(world)
    world.move(claim_id, "raise", "bob", approved=350_000)
    world.clock.set(world.clock.now() + timedelta(days=60))
    world.bill(claim_id, bill(amount=600_000))
    world.move(claim_id, "report", "anna")
    page = sign_in(world.people["anna"]).open(f"/claims/{claim_id}")
    in_turn(page, "Bob raised what was granted", "Anna disputed the amount.")
    assert "unanswered" not in page.text
