"""What the partner bears of an activity, as the approver reads it before a decision and all of them after."""

import re

import pytest

from tests.functional.conftest import SignIn
from tests.support.pages import Page
from tests.support.stages import submitted
from tests.support.world import World, line
from workflow.acts.funds import reduce_fund


def borne(page: Page) -> list[str]:
    """Return each amount that a page says is borne by the partner."""
    return re.findall(r"Borne by the partner(?:<[^>]*>|\s)*([\d,]+\.\d\d)", page.text)


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
    assert borne(page) == [expected]


@pytest.mark.parametrize("name", ["anna", "bob"])
def test_a_claim_page_says_what_the_partner_bears_beside_what_was_granted(
    world: World, sign_in: SignIn, name: str
) -> None:
    claim_id = submitted(world)
    browser = sign_in(world.people[name])
    assert borne(browser.open(f"/claims/{claim_id}")) == []
    world.move(claim_id, "approve", "bob", approved=300_000, reason="The hall is too dear.")
    assert borne(browser.open(f"/claims/{claim_id}")) == ["5,000.00"]
