"""A reduced amount carries its reasons, and sums asked, allowed and disallowed add up in history."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from models.claims import ClaimLine
from models.history import Move
from models.money import parse_amount
from models.people import Partner
from models.vocabulary import Role
from tests.support.stages import approved, executed, submitted
from tests.support.world import World, bill, line
from workflow.deductions import Deduction
from workflow.refusals import Refused


def last(world: World, claim_id: int) -> Any:
    with world.database.read() as connection:
        return connection.execute(
            select(Move.__table__).where(Move.claim_id == claim_id).order_by(Move.number.desc()).limit(1)
        ).one()


def disallowed(move: Any) -> int:
    return sum(map(parse_amount, move.figures.get("disallowed", {}).values()))


def test_a_smaller_grant_says_why_by_a_code(world: World) -> None:
    claim_id = submitted(world)
    world.move(claim_id, "approve", "bob", approved=300_000, reason="Too dear.", reason_code=Deduction.price)
    move = last(world, claim_id)
    assert move.figures == {"disallowed": {"price": "1000.00"}}
    assert move.approved + disallowed(move) == move.requested


def test_a_rejection_keeps_its_code_and_the_rules_that_were_broken_then(world: World) -> None:
    claim_id, late = submitted(world), executed(world)
    with world.database.write() as connection:
        connection.execute(update(Partner).values(partner_type="reseller"))
    world.move(claim_id, "reject", "bob", reason="No.", reason_code=Deduction.budget)
    assert last(world, claim_id).figures == {"why": "budget", "broken": ["partner-type"]}
    world.move(late, "reject", "bob", reason="Nothing was shown.")
    assert last(world, late).figures == {"why": "other", "broken": []}


def test_what_the_fund_lacks_is_told_apart_from_what_was_chosen(world: World) -> None:
    first = submitted(world, requested=1_000_000, lines=[line(amount=2_000_000)])
    world.move(first, "approve", "bob", approved=1_000_000)
    for _ in range(3):
        other = submitted(world, requested=1_000_000, lines=[line(amount=2_000_000)])
        world.move(other, "approve", "bob", approved=1_000_000)
    claim_id = submitted(world, requested=1_000_000, lines=[line(amount=2_000_000)])
    short = submitted(world, requested=1_000_000, lines=[line(amount=2_000_000)])
    world.move(claim_id, "approve", "bob", approved=600_000, reason="Less.", reason_code=Deduction.scope)
    world.move(short, "approve", "bob", approved=300_000, reason="Less.", reason_code=Deduction.budget)
    move = last(world, short)
    assert move.figures["disallowed"] == {"available": "6000.00", "budget": "1000.00"}
    assert move.approved + disallowed(move) == move.requested


def test_the_reasons_of_all_tiers_add_up_at_the_approval(world: World) -> None:
    world.person("cora", Role.approver)
    world.route({}, {})
    claim_id = submitted(world)
    first = world.holder(claim_id)[0] or ""
    world.move(claim_id, "endorse", first, approved=350_000, reason="Less.", reason_code=Deduction.price)
    assert last(world, claim_id).figures["disallowed"] == {"price": "500.00"}
    second = world.holder(claim_id)[0] or ""
    world.move(
        claim_id, "approve", second, approved=300_000, reason="Still less.", reason_code=Deduction.scope
    )
    move = last(world, claim_id)
    assert move.figures["disallowed"] == {"price": "500.00", "scope": "500.00"}
    assert move.approved + disallowed(move) == move.requested


@pytest.mark.parametrize(("billed", "reasons"), [(800_000, {}), (500_000, {"share": "1500.00"})])
def test_what_is_not_reimbursed_of_a_grant_has_its_reason(
    world: World, billed: int, reasons: dict[str, str]
) -> None:
    claim_id = executed(world)
    world.move(claim_id, "rework", "bob", reason="Once more.")
    world.bill(claim_id, bill(amount=billed))
    world.move(claim_id, "report", "anna")
    world.review(claim_id, "bob")
    world.move(claim_id, "accept", "bob")
    move = last(world, claim_id)
    assert move.figures.get("disallowed", {}) == reasons
    assert move.reimbursable + disallowed(move) == move.approved


def test_what_a_refused_cost_takes_goes_to_the_reason_of_its_refusal(world: World) -> None:
    claim_id = approved(world)
    world.clock.advance(timedelta(days=60))
    world.bill(claim_id, bill(amount=500_000), bill("catering", 200_000))
    world.move(claim_id, "report", "anna")
    world.review(claim_id, "bob")
    with world.database.write() as connection:
        dinner = ClaimLine.claim_id == claim_id, ClaimLine.amount == 200_000
        refused = {"accepted": False, "comment": "Dinner.", "reason_code": Deduction.not_eligible}
        connection.execute(update(ClaimLine).where(*dinner).values(**refused))
    world.move(claim_id, "accept", "bob")
    move = last(world, claim_id)
    assert move.figures == {
        "refused_costs": {"not_eligible": "2000.00"},
        "disallowed": {"share": "500.00", "not_eligible": "1000.00"},
    }
    assert move.reimbursable + disallowed(move) == move.approved


@pytest.mark.parametrize("code", [None, "share", "nonsense"])
def test_a_cost_is_refused_for_a_reason_that_can_be_chosen_or_not_at_all(
    world: World, code: str | None
) -> None:
    claim_id = executed(world)
    world.review(claim_id, "bob", accept=False)
    with world.database.write() as connection:
        connection.execute(update(ClaimLine).where(ClaimLine.claim_id == claim_id).values(reason_code=code))
    with pytest.raises(Refused) as error:
        world.move(claim_id, "rework", "bob", reason="See the costs.")
    assert [problem.code for problem in error.value.problems] == ["line_code_missing"]


def test_a_grant_in_full_has_no_reason(world: World) -> None:
    claim_id = submitted(world)
    world.move(claim_id, "approve", "bob", approved=400_000)
    assert last(world, claim_id).figures == {}
