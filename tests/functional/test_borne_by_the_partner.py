"""What the partner bears of an activity, as the approver reads it before a decision and all of them after."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select, update

from models.claims import ClaimLine, Evidence
from models.money import Cents, parse_amount
from models.vocabulary import LineKind, Role, State
from tests.functional.conftest import SignIn
from tests.support.looking import places, token_of
from tests.support.stages import (
    AFTER_THE_ACTIVITY,
    IN_STATE,
    accepted,
    approved,
    executed,
    partly_paid,
    propose_claw_back,
    reimbursed,
    submitted,
    to_be_clawed_back,
)
from tests.support.world import World, bill, line
from workflow.acts.funds import reduce_fund
from workflow.deductions import Deduction


def borne(text: str) -> list[str]:
    """Return each amount that a page says is borne by the partner."""
    return re.findall(r"Borne by the partner(?:<[^>]*>|\s)*([\d,]+\.\d\d)", text)


def take_from_the_fund(world: World, cents: int) -> None:
    fund_id, manager = world.fund_row().id, world.people["mia"]
    with world.database.write() as connection:
        reduce_fund(connection, manager, world.clock.now(), fund_id=fund_id, amount=cents)


@pytest.mark.parametrize(
    ("total", "requested", "taken", "expected"),
    [
        (700_001, 340_000, 1, "3,600.01"),
        (800_000, 400_000, 1, "4,000.00"),
        (2_400_000, 1_000_000, 1, "14,000.00"),
        (800_000, 400_000, 4_876_544, "6,765.44"),
        (800_000, 400_000, 5_000_000, "8,000.00"),
    ],
)
def test_a_decision_page_says_what_the_partner_bears_beside_what_is_offered(
    world: World, sign_in: SignIn, total: int, requested: int, taken: int, expected: str
) -> None:
    lines = [line(amount=total - 50_000), line("print", 50_000)]
    claim_id = submitted(world, lines=lines, requested=requested)
    take_from_the_fund(world, taken)
    page = sign_in(world.people["bob"]).open(f"/claims/{claim_id}/decide")
    assert borne(page.text) == [expected]


@pytest.mark.parametrize("name", ["anna", "bob"])
def test_a_claim_page_says_what_the_partner_bears_beside_what_was_granted(
    world: World, sign_in: SignIn, name: str
) -> None:
    claim_id = submitted(world)
    browser = sign_in(world.people[name])
    assert borne(browser.open(f"/claims/{claim_id}").text) == []
    world.move(claim_id, "approve", "bob", approved=300_000, reason="The hall is too dear.")
    assert borne(browser.open(f"/claims/{claim_id}").text) == ["5,000.00"]


@pytest.mark.parametrize(
    ("typed", "expected"), [("3000", "5,000.00"), ("", "4,000.00"), ("much", "4,000.00"), ("9,000", "0.00")]
)
def test_what_the_partner_bears_follows_the_amount_that_is_being_typed(
    world: World, sign_in: SignIn, typed: str, expected: str
) -> None:
    claim_id, bob = submitted(world), sign_in(world.people["bob"])
    sent = {"csrf_token": token_of(bob), "approved": typed}
    answer = bob.client.post(f"/claims/{claim_id}/decide/outlook", data=sent)
    assert borne(answer.get_data(as_text=True)) == [expected]


def test_without_scripts_the_page_says_for_which_amount_it_reckons(world: World, sign_in: SignIn) -> None:
    page = sign_in(world.people["bob"]).open(f"/claims/{submitted(world)}/decide")
    assert "if you grant 4,000.00" in page.text


BORNE = {
    State.approved: ["4,000.00"],
    State.executed: ["4,000.00"],
    State.accepted: ["4,000.00"],
    State.reimbursed: ["4,000.00"],
}
"""What the partner bears of 8,000.00 in each state; where nothing is granted there is no such figure."""


@pytest.mark.parametrize("state", State)
def test_no_claim_page_says_what_is_borne_beside_a_grant_that_is_none(
    world: World, sign_in: SignIn, state: State
) -> None:
    claim_id = IN_STATE[state](world)
    page = sign_in(world.people["anna"]).open(f"/claims/{claim_id}")
    assert borne(page.text) == BORNE.get(state, [])


def with_a_refused_line(world: World) -> int:
    """Return the id of a reported claim: 5,000.00 were spent, of which the approver accepts 3,000.00."""
    claim_id = submitted(world)
    world.move(claim_id, "approve", "bob", approved=240_000, reason="Less.")
    world.clock.set(world.clock.now() + AFTER_THE_ACTIVITY)
    world.bill(claim_id, bill(amount=300_000), bill("catering", 200_000, invoice_number="K-2"))
    world.move(claim_id, "report", "anna")
    return claim_id


def review(world: World, claim_id: int) -> None:
    world.review(claim_id, "bob")
    invoice = select(Evidence.id).where(Evidence.kind == "invoice").scalar_subquery()
    with world.database.write() as connection:
        connection.execute(
            update(ClaimLine).where(ClaimLine.kind == LineKind.actual).values(proof_id=invoice)
        )
        connection.execute(
            update(ClaimLine)
            .where(ClaimLine.invoice_number == "K-2")
            .values(accepted=False, comment="Too dear.", reason_code=Deduction.price)
        )


def test_a_refused_cost_line_is_still_a_cost_which_the_partner_bears(world: World, sign_in: SignIn) -> None:
    claim_id = with_a_refused_line(world)
    page = sign_in(world.people["anna"]).open(f"/claims/{claim_id}")
    assert borne(page.text) == ["2,600.00"], "nothing is judged yet: what was granted counts"
    assert "of which accepted" not in page.text

    review(world, claim_id)
    world.move(claim_id, "accept", "bob")
    page = sign_in(world.people["anna"]).open(f"/claims/{claim_id}")
    assert borne(page.text) == ["3,500.00"]
    places(page, "Actual costs", "of which accepted", "3,000.00", "To be reimbursed", "1,500.00")


def test_who_writes_a_report_again_sees_what_was_found(world: World, sign_in: SignIn) -> None:
    claim_id = with_a_refused_line(world)
    review(world, claim_id)
    with world.database.write() as connection:
        connection.execute(
            update(Evidence)
            .where(Evidence.kind == "attendee_list")
            .values(meets_standard=False, comment="Signatures are missing.")
        )
    world.move(claim_id, "rework", "bob", reason="Please see the list.")
    anna, address = sign_in(world.people["anna"]), f"/claims/{claim_id}/report"

    page = anna.open(address)
    places(page, "does not meet the standard", "Signatures are missing.", "Still missing: attendee list.")
    places(page, "does not meet the standard: add a better one")
    first, second = page.text.index(">Line 1"), page.text.index(">Line 2")
    assert first < second < page.text.index("not accepted")

    page.submit(address, do="save")
    assert "not accepted" in anna.open(address).text, "saving what is still the same forgets nothing"


def test_a_list_shows_no_grant_of_a_claim_that_will_never_be_paid(world: World, sign_in: SignIn) -> None:
    claim_id = submitted(world)
    world.move(claim_id, "approve", "bob", approved=240_000, reason="Less.")
    assert "2,400.00" in sign_in(world.people["anna"]).open("/claims").text.split("<tbody>")[1]
    world.move(claim_id, "withdraw", "anna")
    assert "2,400.00" not in sign_in(world.people["anna"]).open("/claims").text.split("<tbody>")[1]


def test_who_sends_a_report_sees_the_costs_that_are_sent(world: World, sign_in: SignIn) -> None:
    claim_id = submitted(world)
    world.move(claim_id, "approve", "bob", approved=240_000, reason="Less.")
    world.clock.set(world.clock.now() + AFTER_THE_ACTIVITY)
    world.bill(claim_id, bill(amount=512_345))
    page = sign_in(world.people["anna"]).open(f"/claims/{claim_id}/report/confirm")
    places(page, "Actual costs", "5,123.45")


def sums(text: str) -> dict[str, Cents]:
    """Return what the panel of the money says of each sum."""
    names = ("Planned costs", "Actual costs", "Granted", "Reserved now", "Paid", "Borne by the partner")
    found = {name: re.search(rf"<dt[^>]*>{name}</dt>(?:<[^>]*>|\s)*([\d,]+\.\d\d)", text) for name in names}
    return {name: parse_amount(one[1].replace(",", "")) for name, one in found.items() if one}


def clawed_back(world: World) -> int:
    claim_id = to_be_clawed_back(world)
    world.move(claim_id, "claw_back", "dan", reason="The seminar was counted twice.")
    return claim_id


def failed_after_a_claw_back(world: World) -> int:
    """Return the id of a claim of which a part failed after another part was clawed back."""
    claim_id = partly_paid(world)
    today = world.clock.now().date()
    world.move(claim_id, "reimburse", "dan", payment_reference="REST", paid_on=today)
    world.person("fay", Role.finance)
    propose_claw_back(world, claim_id, "fay", 50_000)
    world.move(claim_id, "claw_back", "dan", reason="The seminar was counted twice.")
    world.move(claim_id, "payment_failed", "dan", payment_reference="REST", reason="It came back.")
    return claim_id


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "stage", [approved, executed, accepted, partly_paid, reimbursed, clawed_back, failed_after_a_claw_back]
)
def test_costs_are_what_is_paid_and_still_to_be_paid_and_what_the_partner_bears(
    world: World, sign_in: SignIn, stage: Callable[[World], int]
) -> None:
    claim_id = stage(world)
    told = sums(sign_in(world.people["anna"]).open(f"/claims/{claim_id}").text)
    costs = told.get("Actual costs") or told["Planned costs"]
    assert costs == told["Paid"] + told["Reserved now"] + told["Borne by the partner"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_claw_back_is_a_line_of_the_money_and_is_told_instead_of_that_nothing_is_left_to_do(
    world: World, sign_in: SignIn
) -> None:
    claim_id = clawed_back(world)
    page = sign_in(world.people["anna"]).open(f"/claims/{claim_id}")
    places(page, "1,000.00 USD was clawed back. The reason, in the history,", "clawed back</span>")
    assert "nothing left to do" not in page.text
    places(
        sign_in(world.people["dan"]).open(f"/claims/{claim_id}"),
        "was clawed back, and the partner was told why.",
    )
