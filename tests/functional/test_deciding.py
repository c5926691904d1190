"""The decision on a submission: everything that is needed stands there, and every way to go wrong is told."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from models.history import Move, Reason
from models.people import Partner
from models.tasks import Task
from models.vocabulary import Role, State
from tests.functional.conftest import SignIn
from tests.support.looking import as_read, places, token_of
from tests.support.pages import Browser, Page
from tests.support.stages import accepted, approved, hand_over, submitted
from tests.support.world import World, line
from workflow.acts.funds import reduce_fund
from workflow.moves import in_transaction


@pytest.fixture
def bob(world: World, sign_in: SignIn) -> Browser:
    """The approver who is assigned, signed in."""
    return sign_in(world.people["bob"])


def decide(browser: Browser, claim_id: int, decision: str, **typed: object) -> Page:
    path = f"/claims/{claim_id}/decide"
    return browser.open(path).submit(path, decision=decision, **typed)


def reason_of_last_move(world: World, claim_id: int) -> str | None:
    with world.database.read() as connection:
        return connection.scalar(
            select(Reason.text)
            .join(Move, Move.reason_hash == Reason.hash)
            .where(Move.claim_id == claim_id)
            .order_by(Move.number.desc())
        )


def empty_fund(world: World) -> None:
    fund = world.fund_row()
    in_transaction(
        world.database,
        lambda connection: reduce_fund(
            connection, world.people["mia"], world.clock.now(), fund_id=fund.id, amount=fund.available
        ),
    )


def test_the_page_shows_plan_rules_fund_and_what_the_offer_is_made_of(world: World, bob: Browser) -> None:
    claim_id = submitted(world, lines=[line(amount=700_000)], requested=340_000)
    page = bob.open(f"/claims/{claim_id}/decide")
    places(page, "Spring seminar", "Hamburg", "Invited customers", "40 customers", "7,000.00")
    places(page, "Asked for", "3,400.00", "50% of the costs, 7,000.00", "3,500.00", "10,000.00", "50,000.00")
    places(page, "After granting 3,400.00 USD", "46,600.00")
    assert page.text.count('id="rule-') == 14, "every rule that is judged at A has its verdict"
    assert ("approved", "3400.00") in page.form(f"/claims/{claim_id}/decide").fields


def test_approving_what_is_offered_needs_no_reason_and_leads_to_the_next_task(
    world: World, bob: Browser
) -> None:
    first, second = submitted(world), submitted(world)
    answer = decide(bob, first, "approve")
    assert answer.location == f"/claims/{second}/decide"
    assert "Approved" in answer.follow().text
    assert world.claim(first).approved == 400_000
    assert decide(bob, second, "approve").location == "/inbox"


def test_granting_less_asks_for_a_reason_at_its_field_and_keeps_what_was_typed(
    world: World, bob: Browser
) -> None:
    claim_id = submitted(world)
    refused = decide(bob, claim_id, "approve", approved="3,000")
    assert refused.status == 422
    places(
        refused,
        'id="reason-error"',
        "3,000.00 USD is less than the 4,000.00 USD that could be granted",
        'value="3,000"',
    )
    assert world.claim(claim_id).state is State.submitted
    form = f"/claims/{claim_id}/decide"
    refused.submit(form, decision="approve", reason="The hall is too dear.")
    assert world.claim(claim_id).approved == 300_000
    assert reason_of_last_move(world, claim_id) == "The hall is too dear."


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("a lot", "Enter an amount such as 4000.00."),
        ("", "Enter the amount to grant."),
        ("0.00", "Enter the amount to grant."),
        ("4000.01", "4,000.01 USD is more than the 4,000.00 USD that was asked for."),
        ("99999999999999999999999", "This amount is too large."),
    ],
)
def test_an_amount_that_cannot_be_granted_is_told_at_its_field(
    world: World, bob: Browser, typed: str, told: str
) -> None:
    claim_id = submitted(world)
    refused = decide(bob, claim_id, "approve", approved=typed, reason="Because.")
    assert refused.status == 422
    places(refused, 'id="approved-error"', told, f'value="{typed}"', "Because.")
    assert world.claim(claim_id).state is State.submitted


@pytest.mark.parametrize(("decision", "state"), [("return", State.draft), ("reject", State.rejected)])
def test_returning_and_rejecting_need_a_reason(
    world: World, bob: Browser, decision: str, state: State
) -> None:
    claim_id = submitted(world)
    refused = decide(bob, claim_id, decision, approved="not an amount")
    assert refused.status == 422
    places(refused, 'id="reason-error"', "Say why.", 'value="not an amount"')
    refused.submit(
        f"/claims/{claim_id}/decide", decision=decision, reason="Please add an agenda.\r\n\r\nSoon."
    )
    assert world.claim(claim_id).state is state
    assert reason_of_last_move(world, claim_id) == "Please add an agenda.\n\nSoon."


def test_a_rejection_tells_the_partner_its_code_and_the_rules_that_were_broken(
    world: World, bob: Browser, sign_in: SignIn
) -> None:
    claim_id = submitted(world)
    with world.database.write() as connection:
        connection.execute(update(Partner).values(partner_type="reseller"))
    decide(bob, claim_id, "reject", reason="You sell on.", reason_code="not_eligible")
    page = as_read(sign_in(world.people["anna"]).open(f"/claims/{claim_id}"))
    assert "Why Cost not eligible Rules broken Eligible partner" in page


def test_without_money_it_offers_to_wait_to_return_or_to_reject_and_never_a_grant(
    world: World, bob: Browser
) -> None:
    claim_id = submitted(world)
    path = f"/claims/{claim_id}/decide"
    empty_fund(world)
    page = bob.open(path)
    places(page, "No money is available", ">Wait<", 'value="return"', 'value="reject"')
    assert 'value="approve"' not in page.text
    assert "approved" not in dict(page.form(path).fields)
    forged = page.submit(path, decision="approve", approved="1.00", reason="Forged.")
    assert forged.status == 422
    assert world.claim(claim_id).state is State.submitted
    assert page.submit(path, decision="return", reason="Later, please.").status == 302


def test_a_fact_that_changed_since_keeps_from_approving_and_says_which(world: World, bob: Browser) -> None:
    claim_id = submitted(world)
    world.performed(world.partner_id, required=25_000_000, achieved=10)
    page = bob.open(f"/claims/{claim_id}/decide")
    places(page, "The rules do not allow an approval now", "verdict--broken", "Performance reached")
    assert 'value="approve"' not in page.text


def test_a_double_click_decides_once_and_says_so(world: World, bob: Browser) -> None:
    claim_id = submitted(world)
    page = bob.open(f"/claims/{claim_id}/decide")
    page.submit(f"/claims/{claim_id}/decide", decision="approve")
    again = page.submit(f"/claims/{claim_id}/decide", decision="approve")
    assert again.status == 302
    assert "You had done this already" in again.follow().text
    assert world.claim(claim_id).moves == 2


def test_a_decision_on_a_claim_that_was_decided_meanwhile_changes_nothing_and_keeps_the_reason(
    world: World, bob: Browser
) -> None:
    claim_id = submitted(world)
    page = bob.open(f"/claims/{claim_id}/decide")
    world.move(claim_id, "approve", "bob", approved=400_000)
    late = page.submit(f"/claims/{claim_id}/decide", decision="reject", reason="Too late to say")
    assert late.status == 409
    places(
        late,
        "Your decision came too late",
        "Nothing was changed.",
        "This claim has changed",
        "Bob approved the claim.",
        "Approved",
        "Too late to say",
    )
    assert "decide again" not in late.text, "there is nothing left to decide"
    assert world.claim(claim_id).state is State.approved


def test_a_stale_form_shows_the_claim_as_it_stands_now_with_what_was_typed(
    world: World, bob: Browser
) -> None:
    claim_id = submitted(world)
    path = f"/claims/{claim_id}/decide"
    page = bob.open(path)
    world.move(claim_id, "return", "bob", reason="Once more.")
    world.move(claim_id, "submit", "anna")
    stale = page.submit(path, decision="approve", approved="3,900", reason="Rounded.")
    assert stale.status == 409
    places(stale, "This claim has changed since you opened the page", 'value="3,900"', "Rounded.")
    assert stale.submit(path, decision="approve").status == 302
    assert world.claim(claim_id).approved == 390_000


def test_somebody_elses_task_cannot_be_decided_and_says_who_could_help(world: World, sign_in: SignIn) -> None:
    claim_id = submitted(world)
    carl = sign_in(world.person("carl", Role.approver))
    path = f"/claims/{claim_id}/decide"
    bobs = sign_in(world.people["bob"]).open(path)
    told = carl.open(path)
    assert told.location == f"/claims/{claim_id}"
    assert "assigned to somebody else, Bob. A programme manager can reassign it." in told.follow().text
    fields = dict(bobs.form(path).fields) | {"csrf_token": token_of(carl), "decision": "approve"}
    forged = carl.post(path, dict(fields))
    assert forged.status == 409
    assert world.claim(claim_id).state is State.submitted


def test_a_task_that_was_handed_on_meanwhile_is_not_decided_by_its_former_holder(
    world: World, bob: Browser
) -> None:
    claim_id = submitted(world)
    page = bob.open(f"/claims/{claim_id}/decide")
    world.person("carl", Role.approver)
    hand_over(world, claim_id, "carl")
    late = page.submit(f"/claims/{claim_id}/decide", decision="approve")
    assert late.status == 409
    places(late, "assigned to somebody else")
    assert world.claim(claim_id).state is State.submitted


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("stage", "door", "told"),
    [
        (approved, "decide", "the claim is approved now. Bob approved the claim. That was on 2 Mar 2026"),
        (accepted, "accept", "the claim is accepted now. Bob accepted the claim. That was on 1 May 2026"),
        (approved, "reconsider", "the claim is approved now. Bob approved the claim."),
    ],
)
def test_an_old_link_leads_to_the_claim_and_says_what_has_happened_meanwhile(
    world: World, sign_in: SignIn, stage: Callable[[World], int], door: str, told: str
) -> None:
    claim_id = stage(world)
    answer = sign_in(world.people["bob"]).open(f"/claims/{claim_id}/{door}")
    assert answer.location == f"/claims/{claim_id}"
    places(answer.follow(), told)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_old_link_to_a_task_that_nobody_may_do_says_who_can_help(world: World, sign_in: SignIn) -> None:
    claim_id = submitted(world)
    carl = sign_in(world.person("carl", Role.approver))
    with world.database.write() as connection:
        connection.execute(update(Task).values(assignee_id=None, unassigned_why="none"))
    places(carl.open(f"/claims/{claim_id}/decide").follow(), "Nobody may do this task yet")


def test_the_outlook_of_another_amount_is_shown_and_changes_nothing(world: World, bob: Browser) -> None:
    claim_id = submitted(world)
    path = f"/claims/{claim_id}/decide"
    page = bob.open(path)
    fields = {**dict(page.form(path).fields), "approved": "1,000"}
    shown = bob.client.post(f"{path}/outlook", data=fields).get_data(as_text=True)
    assert "After granting 1,000.00 USD" in shown
    assert "49,000.00" in shown
    assert world.claim(claim_id).version == int(fields["version"])


def test_a_form_without_a_decision_or_a_key_is_not_believed(world: World, bob: Browser) -> None:
    claim_id = submitted(world)
    path = f"/claims/{claim_id}/decide"
    page = bob.open(path)
    assert page.submit(path, decision="reimburse").status == 400
    assert page.submit(path, decision="approve", key="not a key!").status == 400
    assert page.submit(path, decision="approve", version="-1").status == 400
    assert world.claim(claim_id).state is State.submitted


def test_the_longest_waiting_task_comes_after_the_last_one(world: World, bob: Browser) -> None:
    first = submitted(world)
    world.clock.advance(timedelta(minutes=1))
    second = submitted(world)
    assert decide(bob, second, "approve").location == f"/claims/{first}/decide"
