"""What was paid is clawed back by two people: one proposes it, another releases it or turns it down."""

from typing import Any

import pytest
from sqlalchemy import select

from models.history import Act, Move
from models.messages import Message
from models.vocabulary import MessageKind, Role, State
from tests.integration.test_money import assert_ledger_agrees, payment, reserved_and_paid
from tests.support.stages import (
    executed,
    hand_over,
    partly_paid,
    propose_claw_back,
    reimbursed,
    to_be_clawed_back,
)
from tests.support.world import World, bill
from workflow.acts.claw_backs import turn_down
from workflow.payments import open_claw_back
from workflow.refusals import Refused


def release(world: World, claim_id: int, by: str = "dan", **asked: Any) -> None:
    world.move(claim_id, "claw_back", by, **{"reason": "Please pay it back.", **asked})


def refused_release(world: World, claim_id: int, by: str = "dan", **asked: Any) -> str:
    before, fund = world.claim(claim_id), world.fund_row()
    with pytest.raises(Refused) as refused:
        release(world, claim_id, by, **asked)
    assert (world.claim(claim_id), world.fund_row()) == (before, fund)
    return refused.value.why


def turned_down(world: World, claim_id: int, by: str, reason: str = "It was right.") -> int:
    with world.database.write() as connection:
        version = world.claim(claim_id).version
        return turn_down(connection, world.people[by], world.clock.now(), claim_id, version, reason=reason)


def waits(world: World, claim_id: int) -> bool:
    with world.database.read() as connection:
        return open_claw_back(connection, claim_id) is not None


def test_a_proposal_moves_no_money(world: World) -> None:
    claim_id = reimbursed(world)
    world.person("fay", Role.finance)
    fund = world.fund_row()
    propose_claw_back(world, claim_id, "fay")
    assert world.fund_row() == fund
    assert (world.claim(claim_id).paid, waits(world, claim_id)) == (400_000, True)
    with world.database.read() as connection:
        act = connection.execute(select(Act.figures, Act.role).where(Act.kind == "claw_back_proposed")).one()
    assert act == ({"number": "2026H1-00001", "amount": "1000.00"}, Role.finance)


def test_released_it_goes_from_paid_to_available(world: World) -> None:
    claim_id = to_be_clawed_back(world)
    release(world, claim_id)
    claim, fund = world.claim(claim_id), world.fund_row()
    assert (claim.state, claim.paid, claim.reserved) == (State.reimbursed, 300_000, 0)
    assert (fund.available, fund.paid) == (4_700_000, 300_000)
    assert reserved_and_paid(world.database, claim_id) == (0, 300_000)
    assert not waits(world, claim_id)
    assert_ledger_agrees(world)


def test_the_partner_is_told_what_is_clawed_back_and_history_says_who_proposed_it(world: World) -> None:
    claim_id = to_be_clawed_back(world)
    release(world, claim_id)
    with world.database.read() as connection:
        told = connection.scalars(
            select(Message.figures).where(Message.kind == MessageKind.decision).order_by(Message.id.desc())
        ).first()
        figures = connection.scalars(select(Move.figures).where(Move.trigger == "claw_back")).one()
    assert told is not None
    assert (told["trigger"], told["amount"]) == ("claw_back", "1000.00")
    assert figures == {"amount": "1000.00", "proposed_by": world.people["fay"].user_id}


def test_nobody_decides_on_their_own_proposal(world: World) -> None:
    claim_id = to_be_clawed_back(world)
    assert refused_release(world, claim_id, "fay") == "proposed_it"
    with pytest.raises(Refused, match="proposed_it"):
        turned_down(world, claim_id, "fay")
    assert waits(world, claim_id)


def test_whoever_accepted_the_claim_may_release_it(world: World) -> None:
    world.person("pat", Role.approver, Role.finance)
    claim_id = executed(world)
    hand_over(world, claim_id, "pat")
    world.review(claim_id, "pat")
    world.move(claim_id, "accept", "pat")
    world.move(claim_id, "reimburse", "dan", **payment(world, "P"))
    propose_claw_back(world, claim_id, "dan")
    release(world, claim_id, "pat")
    assert world.claim(claim_id).paid == 300_000


def test_a_release_needs_a_reason_and_a_proposal(world: World) -> None:
    claim_id = to_be_clawed_back(world)
    assert refused_release(world, claim_id, reason=" ") == "reason_missing"
    turned_down(world, claim_id, "dan")
    assert refused_release(world, claim_id) == "no_claw_back"


def test_turned_down_it_makes_room_for_another(world: World) -> None:
    claim_id = to_be_clawed_back(world)
    turned_down(world, claim_id, "dan")
    assert (world.claim(claim_id).paid, waits(world, claim_id)) == (400_000, False)
    propose_claw_back(world, claim_id, "fay", 400_000)
    release(world, claim_id)
    assert world.claim(claim_id).paid == 0
    assert_ledger_agrees(world)


def test_turning_down_needs_a_reason(world: World) -> None:
    claim_id = to_be_clawed_back(world)
    with pytest.raises(Refused, match="reason_missing"):
        turned_down(world, claim_id, "dan", " ")


def test_nobody_releases_another_amount_than_they_saw(world: World) -> None:
    claim_id = to_be_clawed_back(world)
    world.person("gus", Role.finance)
    seen = world.claim(claim_id).version
    turned_down(world, claim_id, "gus")
    propose_claw_back(world, claim_id, "fay", 400_000)
    assert refused_release(world, claim_id, version=seen) == "stale"


def why_not_proposed(world: World, claim_id: int, by: str = "dan", amount: int = 100_000) -> str:
    before = world.claim(claim_id)
    with pytest.raises(Refused) as refused:
        propose_claw_back(world, claim_id, by, amount)
    assert world.claim(claim_id) == before
    return refused.value.why


@pytest.mark.parametrize(("amount", "why"), [(400_001, "more_than_paid"), (0, "amount_positive")])
def test_at_most_what_is_paid_is_proposed(world: World, amount: int, why: str) -> None:
    claim_id = reimbursed(world)
    assert why_not_proposed(world, claim_id, amount=amount) == why
    propose_claw_back(world, claim_id, "dan", 400_000)


def test_one_proposal_is_open_at_a_time(world: World) -> None:
    assert why_not_proposed(world, to_be_clawed_back(world)) == "claw_back_open"


@pytest.mark.parametrize("name", ["bob", "mia", "eve", "anna"])
def test_finance_alone_proposes(world: World, name: str) -> None:
    assert why_not_proposed(world, reimbursed(world), name) == "not_yours"


def test_only_what_is_reimbursed_is_clawed_back(world: World) -> None:
    assert why_not_proposed(world, partly_paid(world)) == "wrong_state"


def test_where_less_is_paid_meanwhile_the_release_is_refused(world: World) -> None:
    claim_id = to_be_clawed_back(world)
    turned_down(world, claim_id, "dan")
    propose_claw_back(world, claim_id, "fay", 400_000)
    failed = {"payment_reference": f"PAY-{claim_id}", "reason": "It came back."}
    world.move(claim_id, "payment_failed", "dan", **failed)
    assert refused_release(world, claim_id) == "wrong_state"
    world.move(claim_id, "reopen", "dan", reason="The hall was cheaper.")
    world.move(claim_id, "rework", "bob", reason="Enter what it cost.")
    world.bill(claim_id, bill(amount=300_000))
    world.move(claim_id, "report", "anna")
    world.review(claim_id, "bob")
    world.move(claim_id, "accept", "bob")
    world.move(claim_id, "reimburse", "dan", **payment(world, "LESS"))
    assert world.claim(claim_id).paid == 150_000
    assert refused_release(world, claim_id) == "more_than_paid"
    turned_down(world, claim_id, "dan")
    assert_ledger_agrees(world)


def test_what_was_clawed_back_does_not_fail_as_well(world: World) -> None:
    claim_id = to_be_clawed_back(world)
    release(world, claim_id)
    with pytest.raises(Refused) as refused:
        world.move(
            claim_id, "payment_failed", "dan", payment_reference=f"PAY-{claim_id}", reason="It came back."
        )
    assert refused.value.why == "more_than_paid"
    assert_ledger_agrees(world)
