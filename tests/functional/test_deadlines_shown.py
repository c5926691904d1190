"""A claim's next deadline stands wherever its partner looks, if the policy sets one."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import update

from models.claims import Claim
from tests.functional.conftest import SignIn
from tests.support.looking import as_read
from tests.support.stages import accepted, approved, new_policy, reinstatable, submitted
from tests.support.world import World

Words = Callable[[str], str]


@pytest.fixture
def words(world: World, sign_in: SignIn) -> Words:
    """What the partner's contact reads on a page that they open now, in one line."""

    def _words(path: str) -> str:
        page = sign_in(world.people["anna"]).open(path)
        assert page.status == 200
        return as_read(page)

    return _words


def returned(world: World) -> int:
    """Return the id of a claim that `bob` returned two days after its submission."""
    claim_id = submitted(world)
    world.clock.advance(timedelta(days=2))
    world.move(claim_id, "return", "bob", reason="Name the speakers, please.")
    return claim_id


def test_a_report_is_due_so_many_days_after_the_activitys_last_day(world: World, words: Words) -> None:
    new_policy(world, report_within_days=10)
    claim_id = approved(world)
    assert "by 21 Apr 2026" in words("/claims")
    assert "by 21 Apr 2026" in words(f"/claims/{claim_id}")
    assert "report by 21 Apr 2026" in words(f"/claims/{claim_id}/report")


def test_a_returned_claim_is_due_so_many_days_after_its_return(world: World, words: Words) -> None:
    new_policy(world, resubmit_within_days=30)
    claim_id = returned(world)
    assert "by 4 Apr 2026" in words("/claims")
    assert "by 4 Apr 2026" in words(f"/claims/{claim_id}")


def test_a_decision_is_due_so_many_days_after_the_submission(world: World, words: Words) -> None:
    new_policy(world, decide_within_days=5)
    claim_id = submitted(world)
    assert "by 8 Mar 2026" in words("/claims")
    assert "by 8 Mar 2026" in words(f"/claims/{claim_id}")


def test_a_payment_is_due_so_many_days_after_the_acceptance(
    world: World, words: Words, sign_in: SignIn
) -> None:
    world.demand(pay_within_days=30)
    claim_id = accepted(world)
    assert "by 31 May 2026" in words("/claims")
    assert "by 31 May 2026" in words(f"/claims/{claim_id}")
    assert "Due 31 May 2026" in words(f"/claims/{claim_id}")
    dan = sign_in(world.people["dan"])
    for path in ("/payments", f"/claims/{claim_id}/pay"):
        assert "31 May 2026" in as_read(dan.open(path))


def test_without_a_policy_that_sets_one_an_accepted_claim_is_due_at_once(world: World, words: Words) -> None:
    claim_id = accepted(world)
    assert not re.search(r"\bby [0-9]", words("/claims"))
    assert "Due 1 May 2026" in words(f"/claims/{claim_id}")


def test_payments_are_listed_as_they_are_due(world: World, sign_in: SignIn) -> None:
    patient, urgent = accepted(world), accepted(world)
    with world.database.write() as connection:
        later = {"pay_by": date(2026, 6, 1)}
        connection.execute(update(Claim).where(Claim.id == patient).values(later))
    listed = as_read(sign_in(world.people["dan"]).open("/payments"))
    assert listed.index(world.claim(urgent).number) < listed.index(world.claim(patient).number)


def test_a_draft_that_never_came_back_has_no_deadline(world: World, words: Words) -> None:
    new_policy(world, report_within_days=10, resubmit_within_days=30, decide_within_days=5)
    claim_id = world.draft()
    for path in ("/claims", f"/claims/{claim_id}"):
        assert not re.search(r"\bby [0-9]", words(path))


@pytest.mark.parametrize("state", [submitted, returned, approved, reinstatable])
def test_without_a_policy_that_sets_one_there_is_no_deadline(
    world: World, words: Words, state: Callable[[World], int]
) -> None:
    claim_id = state(world)
    for path in ("/claims", f"/claims/{claim_id}"):
        assert not re.search(r"\bby [0-9]", words(path))
    if state is approved:
        assert "report by" not in words(f"/claims/{claim_id}/report")
