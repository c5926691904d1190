"""A claim is paid in parts, each by its own reference; what comes back is owed again."""

from typing import Any

import pytest
from sqlalchemy import select

from models.history import Move
from models.messages import Message
from models.tasks import Task
from models.vocabulary import MessageKind, Role, State
from tests.integration.test_money import assert_ledger_agrees, payment, reserved_and_paid
from tests.support.stages import accepted, executed, hand_over
from tests.support.statements import statements
from tests.support.world import World
from workflow.payments import payments_of
from workflow.refusals import Refused


def part(world: World, claim_id: int, reference: str = "PART-1", amount: int | None = 150_000) -> None:
    world.move(claim_id, "pay_part", "dan", **payment(world, reference, amount))


def payments(world: World, claim_id: int) -> list[tuple[str, int]]:
    with world.database.read() as connection:
        return [(row.reference, row.amount) for row in payments_of(connection, claim_id)]


def why(world: World, claim_id: int, trigger: str, by: str = "dan", **asked: Any) -> tuple[str, Any]:
    """Return why a move is refused, with its figures."""
    before = world.claim(claim_id)
    with pytest.raises(Refused) as refused:
        world.move(claim_id, trigger, by, **asked)
    assert world.claim(claim_id) == before
    return refused.value.why, refused.value.problems[0].figures


def test_a_part_is_paid_and_what_is_left_stays_reserved(world: World) -> None:
    claim_id = accepted(world)
    part(world, claim_id)
    claim = world.claim(claim_id)
    assert (claim.state, claim.reserved, claim.paid) == (State.accepted, 250_000, 150_000)
    assert reserved_and_paid(world.database, claim_id) == (250_000, 150_000)
    assert_ledger_agrees(world)


def test_the_last_part_is_the_reimbursement(world: World) -> None:
    claim_id = accepted(world)
    part(world, claim_id)
    part(world, claim_id, "PART-2", 100_000)
    world.move(claim_id, "reimburse", "dan", **payment(world, "REST"))
    claim = world.claim(claim_id)
    assert (claim.state, claim.reserved, claim.paid) == (State.reimbursed, 0, 400_000)
    assert payments(world, claim_id) == [("PART-1", 150_000), ("PART-2", 100_000), ("REST", 150_000)]
    assert claim.payment_reference == "REST"
    assert_ledger_agrees(world)


@pytest.mark.parametrize("amount", [400_000, 400_001])
def test_a_part_is_less_than_what_is_left(world: World, amount: int) -> None:
    claim_id = accepted(world)
    figures = {"amount": f"4,000.0{amount % 10} USD", "left": "4,000.00 USD"}
    assert why(world, claim_id, "pay_part", **payment(world, "P", amount)) == ("part_too_large", figures)


def test_all_but_a_cent_can_be_paid_and_then_nothing_less_than_it(world: World) -> None:
    claim_id = accepted(world)
    part(world, claim_id, amount=399_999)
    assert why(world, claim_id, "pay_part", **payment(world, "P", 1))[0] == "part_too_large"
    world.move(claim_id, "reimburse", "dan", **payment(world, "CENT"))
    assert world.claim(claim_id).paid == 400_000


@pytest.mark.parametrize("amount", [None, 0, -1])
def test_a_part_has_an_amount(world: World, amount: int | None) -> None:
    assert why(world, accepted(world), "pay_part", **payment(world, "P", amount))[0] == "part_missing"


@pytest.mark.parametrize("reference", ["PART-1", " part -1", "ＰＡＲＴ–1"])
@pytest.mark.parametrize("trigger", ["pay_part", "reimburse"])
@pytest.mark.parametrize("same_claim", [True, False])
def test_no_two_payments_bear_the_same_reference(
    world: World, reference: str, trigger: str, same_claim: bool
) -> None:
    claim_id, other = accepted(world), accepted(world)
    part(world, claim_id)
    part(world, claim_id, "PART-2", 1)
    asked = payment(world, reference, 1)
    assert why(world, claim_id if same_claim else other, trigger, **asked)[0] == "reference_used"


def test_whoever_accepted_it_pays_no_part_either(world: World) -> None:
    world.person("pat", Role.approver, Role.finance)
    claim_id = executed(world)
    hand_over(world, claim_id, "pat")
    world.review(claim_id, "pat")
    world.move(claim_id, "accept", "pat")
    assert why(world, claim_id, "pay_part", "pat", **payment(world, "P", 1))[0] == "accepted_it"


def test_the_task_to_pay_stays_open_and_nobody_is_told_again(world: World) -> None:
    claim_id = accepted(world)
    with world.database.read() as connection:
        turns = select(Message.id).where(Message.kind == MessageKind.turn)
        tasks = select(Task.id, Task.opened_at, Task.closed_at).where(Task.claim_id == claim_id)
        before = connection.execute(tasks).all(), connection.scalars(turns).all()
    part(world, claim_id)
    with world.database.read() as connection:
        assert (connection.execute(tasks).all(), connection.scalars(turns).all()) == before


def test_the_partner_is_told_of_each_payment_and_its_amount(world: World) -> None:
    claim_id = accepted(world)
    part(world, claim_id)
    world.move(claim_id, "reimburse", "dan", **payment(world, "REST"))
    with world.database.read() as connection:
        told = connection.scalars(
            select(Message.figures).where(Message.kind == MessageKind.decision).order_by(Message.id)
        ).all()
    assert [(one["trigger"], one["amount"], one["payment_reference"]) for one in told[-2:]] == [
        ("pay_part", "1500.00", "PART-1"),
        ("reimburse", "2500.00", "REST"),
    ]


def test_history_keeps_what_each_payment_was_of(world: World) -> None:
    claim_id = accepted(world)
    part(world, claim_id)
    with world.database.read() as connection:
        move = connection.execute(select(Move.paid, Move.figures).where(Move.trigger == "pay_part")).one()
    assert (move.paid, move.figures["amount"]) == (150_000, "1500.00")


def test_what_is_partly_paid_is_not_reopened(world: World) -> None:
    claim_id = accepted(world)
    part(world, claim_id)
    assert why(world, claim_id, "reopen", reason="Look again.")[0] == "paid_already"


def fail(world: World, claim_id: int, reference: str) -> None:
    world.move(
        claim_id, "payment_failed", "dan", payment_reference=reference, reason="The account is closed."
    )


def test_what_a_failed_payment_was_of_is_owed_again(world: World) -> None:
    claim_id = accepted(world)
    part(world, claim_id)
    world.move(claim_id, "reimburse", "dan", **payment(world, "REST"))
    fail(world, claim_id, " part-1")
    claim = world.claim(claim_id)
    assert (claim.state, claim.reserved, claim.paid) == (State.accepted, 150_000, 250_000)
    assert world.holder(claim_id) == (None, None, None)
    assert_ledger_agrees(world)
    world.move(claim_id, "reimburse", "dan", **payment(world, "AGAIN"))
    assert world.claim(claim_id).paid == 400_000
    with world.database.read() as connection:
        assert [row.failed_by is not None for row in payments_of(connection, claim_id)] == [
            True,
            False,
            False,
        ]
    assert_ledger_agrees(world)


def test_the_payment_itself_stays_as_it_was(world: World) -> None:
    claim_id = accepted(world)
    part(world, claim_id)
    before = payments(world, claim_id)
    fail(world, claim_id, "PART-1")
    assert payments(world, claim_id) == before


def test_a_failed_payment_keeps_its_reference(world: World) -> None:
    claim_id = accepted(world)
    part(world, claim_id)
    fail(world, claim_id, "PART-1")
    assert why(world, claim_id, "pay_part", **payment(world, "PART-1", 1))[0] == "reference_used"


def test_a_payment_fails_once(world: World) -> None:
    claim_id = accepted(world)
    part(world, claim_id)
    part(world, claim_id, "PART-2", 1)
    fail(world, claim_id, "PART-1")
    asked = {"payment_reference": "PART-1", "reason": "Once more."}
    assert why(world, claim_id, "payment_failed", **asked)[0] == "failed_already"


@pytest.mark.parametrize("reference", ["PART-9", "OTHER"])
def test_only_a_payment_of_the_claim_itself_fails(world: World, reference: str) -> None:
    claim_id, other = accepted(world), accepted(world)
    part(world, claim_id)
    part(world, other, "OTHER")
    asked = {"payment_reference": reference, "reason": "It came back."}
    assert why(world, claim_id, "payment_failed", **asked)[0] == "no_such_payment"


def test_where_nothing_is_paid_nothing_fails(world: World) -> None:
    asked = {"payment_reference": "P", "reason": "It came back."}
    assert why(world, accepted(world), "payment_failed", **asked)[0] == "nothing_paid"


def test_a_claim_whose_every_payment_failed_can_be_reopened(world: World) -> None:
    claim_id = accepted(world)
    part(world, claim_id)
    fail(world, claim_id, "PART-1")
    world.move(claim_id, "reopen", "dan", reason="Look again.")
    assert world.claim(claim_id).reserved == 400_000


def test_no_other_move_reads_payments(world: World) -> None:
    claim_id = accepted(world)
    part(world, claim_id)
    with statements(world.database) as sent:
        part(world, claim_id, "PART-2", 1)
    assert not any("payment_failure" in text for text in sent)
    with statements(world.database) as sent:
        fail(world, claim_id, "PART-1")
    assert sum("payment.reference" in text for text in sent) == 1
