"""Parts of one activity are told to the partner before it sends them, and shown to approver and auditor."""

import pytest

from models.vocabulary import State
from tests.functional.conftest import SignIn
from tests.support.looking import as_read
from tests.support.stages import executed
from tests.support.world import World, line

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

LARGE = [line(amount=1_600_000)]
WHY = (
    "They bear the name of one event, Spring seminar (2).",
    "Their days are at most 30 days apart.",
    "Together they come to 12,000.00 USD, more than the 10,000.00 USD for one activity;"
    " each alone is within it.",
)


@pytest.fixture
def second(world: World) -> int:
    """Return the draft of the second part of a submitted activity."""
    first = world.draft(lines=LARGE, requested=600_000)
    world.move(first, "submit", "anna")
    return world.draft(lines=LARGE, requested=600_000, title="Spring seminar (2)")


def test_the_partner_is_warned_before_it_submits_and_may_submit_all_the_same(
    world: World, second: int, sign_in: SignIn
) -> None:
    anna, path = sign_in(world.people["anna"]), f"/claims/{second}/submit/confirm"
    page = anna.open(path)
    for why in (*WHY, "2026H1-00001"):
        assert why in as_read(page)
    assert WHY[0] in as_read(anna.open(f"/claims/{second}"))
    page.submit(path)
    assert world.claim(second).state is State.submitted
    assert WHY[0] not in as_read(anna.open(f"/claims/{second}")), "it was told, and is decided now"


@pytest.mark.parametrize(
    ("name", "path"), [("bob", "/claims/{}/decide"), ("bob", "/claims/{}"), ("eve", "/audit/claims/{}")]
)
def test_the_vendors_people_see_the_claims_side_by_side(
    world: World, second: int, sign_in: SignIn, name: str, path: str
) -> None:
    world.move(second, "submit", "anna")
    read = as_read(sign_in(world.people[name]).open(path.format(second)))
    for told in (
        *WHY,
        "This claim",
        "2026H1-00001",
        "Together 12,000.00 USD",
        "Most for one activity 10,000.00 USD",
    ):
        assert told in read


def test_what_is_within_the_cap_is_not_told(world: World, sign_in: SignIn) -> None:
    executed(world)
    claim_id = executed(world)
    bob = sign_in(world.people["bob"])
    for path in (f"/claims/{claim_id}/accept", f"/claims/{claim_id}"):
        assert "Together they come to" not in as_read(bob.open(path))
