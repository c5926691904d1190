"""A reopened claim is checked once more: its reserve stays, and what lapsed since is not held against it."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select, update

from models.claims import ClaimLine
from models.history import Move
from models.messages import Message
from models.tasks import Task
from models.vocabulary import LineKind, Role, State, TaskKind
from tests.integration.test_money import assert_ledger_agrees
from tests.support.stages import accepted, correct_certificate, hand_over, new_policy
from tests.support.world import World, bill
from workflow.actors import SCHEDULER
from workflow.certificate_warnings import warn
from workflow.expiry import candidates, sweep
from workflow.refusals import Refused

MAY_20 = datetime(2026, 5, 20, 12, 0, tzinfo=UTC)


def reopened(world: World) -> int:
    claim_id = accepted(world)
    world.move(claim_id, "reopen", "dan", reason="An invoice was counted twice.")
    return claim_id


def lapse(world: World) -> None:
    """Let the certificate end on the day of the acceptance, and three weeks pass."""
    correct_certificate(world, date(2026, 5, 1))
    world.clock.set(MAY_20)


def accept_again(world: World, claim_id: int) -> None:
    world.review(claim_id, "bob")
    world.move(claim_id, "accept", "bob")


def test_reopening_keeps_the_reserve_and_opens_the_acceptance_again(world: World) -> None:
    claim_id = reopened(world)
    claim = world.claim(claim_id)
    assert (claim.state, claim.reserved, claim.reimbursable) == (State.executed, 400_000, None)
    assert world.holder(claim_id)[0] == "bob"
    with world.database.read() as connection:
        open_task = select(Task.kind).where(Task.claim_id == claim_id, Task.closed_at.is_(None))
        assert connection.scalars(open_task).all() == [TaskKind.accept]
    assert_ledger_agrees(world)


def test_a_reason_is_needed(world: World) -> None:
    claim_id = accepted(world)
    with pytest.raises(Refused) as refused:
        world.move(claim_id, "reopen", "dan")
    assert refused.value.why == "reason_missing"


def test_what_is_still_reserved_caps_the_next_acceptance(world: World) -> None:
    claim_id = accepted(world)
    world.move(claim_id, "reopen", "dan", reason="Too much.")
    with world.database.write() as connection:
        cheaper = update(ClaimLine).where(ClaimLine.kind == LineKind.actual)
        connection.execute(cheaper.values(amount=300_000, unit_value=300_000))
    accept_again(world, claim_id)
    assert world.claim(claim_id).reimbursable == 150_000
    assert_ledger_agrees(world)
    world.move(claim_id, "reopen", "dan", reason="Too little.")
    world.move(claim_id, "rework", "bob", reason="Enter it as it was.")
    world.bill(claim_id, bill(amount=800_000))
    world.move(claim_id, "report", "anna")
    accept_again(world, claim_id)
    claim = world.claim(claim_id)
    assert (claim.approved, claim.reimbursable, claim.reserved) == (400_000, 150_000, 150_000)
    assert_ledger_agrees(world)


@pytest.mark.parametrize("back_to_the_partner", [False, True])
def test_it_does_not_expire_again(world: World, back_to_the_partner: bool) -> None:
    claim_id = reopened(world)
    if back_to_the_partner:
        world.move(claim_id, "rework", "bob", reason="The list lacks names.")
    lapse(world)
    with world.database.read() as connection:
        assert candidates(connection, world.clock.now()) == []
    assert sweep(world.database, world.clock.now()).expired == 0
    world.people["time"] = SCHEDULER
    with pytest.raises(Refused, match="still_certified"):
        world.move(claim_id, "expire", "time")
    assert world.claim(claim_id).reserved == 400_000


def test_its_report_is_never_overdue(world: World) -> None:
    new_policy(world, report_within_days=30)
    claim_id = reopened(world)
    world.move(claim_id, "rework", "bob", reason="The list lacks names.")
    assert world.claim(claim_id).report_by is None
    world.clock.set(datetime(2026, 8, 20, 12, 0, tzinfo=UTC))
    assert sweep(world.database, world.clock.now()).expired == 0
    world.move(claim_id, "report", "anna")
    assert world.claim(claim_id).state is State.executed


def test_certification_is_judged_up_to_the_first_acceptance(world: World) -> None:
    claim_id = reopened(world)
    lapse(world)
    accept_again(world, claim_id)
    world.move(claim_id, "reopen", "dan", reason="Once more.")
    world.move(claim_id, "rework", "bob", reason="The list lacks names.")
    world.move(claim_id, "report", "anna")
    accept_again(world, claim_id)
    claim = world.claim(claim_id)
    assert (claim.state, claim.accepted_on) == (State.accepted, date(2026, 5, 1))
    with world.database.read() as connection:
        moves = select(Move.day, Move.document).where(Move.claim_id == claim_id).order_by(Move.number.desc())
        last = connection.execute(moves).first()
    assert last is not None
    assert (last.day, last.document["today"]) == (date(2026, 5, 20), "2026-05-01")


def test_a_gap_before_the_first_acceptance_still_counts(world: World) -> None:
    claim_id = reopened(world)
    correct_certificate(world, date(2026, 4, 30))
    world.review(claim_id, "bob")
    with pytest.raises(Refused) as refused:
        world.move(claim_id, "accept", "bob")
    assert [each.rule for each in refused.value.verdicts if each.broken] == ["certification"]


def test_no_warning_names_it(world: World) -> None:
    reopened(world)
    correct_certificate(world, date(2026, 5, 10))
    with world.database.reading_session() as session:
        assert warn(world.database, world.clock.now(), (90,)) == 1
        figures = session.scalars(select(Message.figures).where(Message.kind == "certificate_warning")).one()
    assert figures["claims"] == []


def test_who_accepts_it_again_does_not_pay_it(world: World) -> None:
    claim_id = reopened(world)
    world.person("pat", Role.approver, Role.finance)
    hand_over(world, claim_id, "pat")
    world.review(claim_id, "pat")
    world.move(claim_id, "accept", "pat")
    payment = {"payment_reference": "P", "paid_on": world.clock.now().date()}
    with pytest.raises(Refused) as refused:
        world.move(claim_id, "reimburse", "pat", **payment)
    assert refused.value.why == "accepted_it"
    world.move(claim_id, "reimburse", "dan", **payment)
    assert world.claim(claim_id).paid == 400_000
