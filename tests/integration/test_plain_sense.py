"""Plain sense, which is no rule: sums of lines to a cent a unit, payment references without blanks."""

from typing import Any

import pytest
from sqlalchemy import select

from models.history import Move
from models.messages import Message
from models.vocabulary import MessageKind, State, Trigger
from tests.support.stages import AFTER_THE_ACTIVITY, accepted, approved
from tests.support.world import World, bill, line
from workflow.refusals import Refused

THIRDS: dict[str, Any] = {"quantity": 3, "unit_value": 266_667}
"""Three units of 2,666.67: exactly 8,000.01."""

FITS = [799_998, 800_000, 800_001, 800_004]
DOES_NOT = [799_997, 800_005]


def refused(world: World, claim_id: int, trigger: str) -> list[tuple[str, str | None]]:
    with pytest.raises(Refused) as error:
        world.move(claim_id, trigger, "anna")
    return [(problem.code, problem.field) for problem in error.value.problems]


def billed(world: World, **line: Any) -> int:
    """Return an approved claim with one such bill, after its activity."""
    claim_id = approved(world)
    world.clock.advance(AFTER_THE_ACTIVITY)
    world.bill(claim_id, bill(**line))
    return claim_id


@pytest.mark.parametrize("amount", FITS)
def test_a_line_may_be_off_by_a_cent_a_unit_for_rounding(world: World, amount: int) -> None:
    claim_id = world.draft(lines=[line(amount=amount, **THIRDS)], requested=100_000)
    world.move(claim_id, "submit", "anna")
    assert world.claim(claim_id).state is State.submitted


@pytest.mark.parametrize("amount", DOES_NOT)
def test_a_line_that_is_off_by_more_is_refused_at_its_amount(world: World, amount: int) -> None:
    claim_id = world.draft(lines=[line(), line(amount=amount, **THIRDS)], requested=100_000)
    assert refused(world, claim_id, "submit") == [("line_sum", "lines[1].amount")]


@pytest.mark.parametrize("amount", FITS)
def test_a_billed_line_may_be_off_by_a_cent_a_unit_too(world: World, amount: int) -> None:
    claim_id = billed(world, amount=amount, **THIRDS)
    world.move(claim_id, "report", "anna")
    assert world.claim(claim_id).state is State.executed


@pytest.mark.parametrize("amount", DOES_NOT)
def test_a_billed_line_that_is_off_by_more_is_refused_at_its_amount(world: World, amount: int) -> None:
    claim_id = billed(world, amount=amount, **THIRDS)
    assert refused(world, claim_id, "report") == [("line_sum", "actual_lines[0].amount")]


def test_blanks_around_a_payment_reference_are_no_part_of_it(world: World) -> None:
    claim_id = accepted(world)
    today = world.clock.now().date()
    world.move(claim_id, "reimburse", "dan", payment_reference=" \tPAY-1\n ", paid_on=today)
    assert world.claim(claim_id).payment_reference == "PAY-1"
    with world.database.read() as connection:
        kept = connection.scalars(select(Move.figures).where(Move.trigger == Trigger.reimburse)).one()
        told = connection.scalars(
            select(Message.figures).where(Message.kind == MessageKind.decision).order_by(Message.id)
        ).all()
    assert (kept["payment_reference"], told[-1]["payment_reference"]) == ("PAY-1", "PAY-1")


def test_blanks_make_no_second_reference(world: World) -> None:
    first, second = accepted(world), accepted(world)
    today = world.clock.now().date()
    world.move(first, "reimburse", "dan", payment_reference="PAY-1", paid_on=today)
    with pytest.raises(Refused) as error:
        world.move(second, "reimburse", "dan", payment_reference=" PAY-1 ", paid_on=today)
    assert error.value.why == "reference_used"
    assert world.claim(second).state is State.accepted
