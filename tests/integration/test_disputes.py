"""A partner disputes a decision once; nobody who decided before decides again."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models.history import Move
from models.messages import Message
from models.vocabulary import MessageKind, Role, State
from tests.support.stages import executed, hand_over, rejected, submitted
from tests.support.world import World, line
from workflow.acts.funds import reduce_fund
from workflow.acts.tasks import take
from workflow.expiry import sweep
from workflow.refusals import Refused

WHY = "The reason given is not in the programme's rules."


def dispute(world: World, claim_id: int, **more: str) -> None:
    world.move(claim_id, "dispute", "anna", **{"reason": WHY, **more})


def refused(world: World, claim_id: int, **more: str) -> list[str]:
    with pytest.raises(Refused) as error:
        dispute(world, claim_id, **more)
    return [problem.code for problem in error.value.problems]


def rejected_report(world: World) -> int:
    claim_id = executed(world)
    world.move(claim_id, "reject", "bob", reason="This is not what was approved.")
    return claim_id


def test_a_disputed_rejection_is_decided_by_somebody_else(world: World) -> None:
    claim_id = rejected(world)
    before = world.claim(claim_id)
    cora = world.person("cora", Role.approver)
    dispute(world, claim_id)

    claim = world.claim(claim_id)
    assert (claim.state, claim.submitted_on) == (State.submitted, before.submitted_on)
    assert claim.policy_version_id == before.policy_version_id
    assert world.holder(claim_id) == ("cora", None, None)
    world.move(claim_id, "approve", "cora", approved=400_000)
    assert world.claim(claim_id).state is State.approved
    with world.database.read() as connection:
        told = connection.scalars(
            select(Message.figures).where(Message.user_id == cora.user_id, Message.kind == MessageKind.turn)
        ).all()
    assert [figures["cause"] for figures in told] == ["dispute"]


def test_without_anybody_else_it_waits_at_the_managers_who_cannot_give_it_to_who_decided(
    world: World,
) -> None:
    claim_id = rejected(world)
    dispute(world, claim_id)
    assert world.holder(claim_id) == (None, None, "no_approver")
    with pytest.raises(Refused) as error:
        hand_over(world, claim_id, "bob")
    assert error.value.why == "not_entitled"
    with pytest.raises(Refused) as error, world.database.write() as connection:
        take(connection, world.people["bob"], world.clock.now(), claim_id)
    assert error.value.why == "not_for_you"


def test_a_substitute_decides_no_more_than_whom_they_stood_in_for(world: World) -> None:
    claim_id = submitted(world)
    world.person("cora", Role.approver)
    today = world.clock.now().date()
    world.away("bob", today, today + timedelta(days=3), substitute="cora")
    world.move(claim_id, "reject", "cora", reason="Not this time.")
    world.clock.advance(timedelta(days=5))
    dispute(world, claim_id)
    assert world.holder(claim_id)[:2] == (None, None)
    world.person("dora", Role.approver)
    hand_over(world, claim_id, "dora")
    assert world.holder(claim_id)[0] == "dora"


def test_a_report_that_was_rejected_reserves_again_and_is_checked_by_somebody_else(world: World) -> None:
    claim_id = rejected_report(world)
    assert (world.claim(claim_id).reserved, world.fund_row().reserved) == (0, 0)
    world.person("cora", Role.approver)
    dispute(world, claim_id)
    assert world.claim(claim_id).state is State.executed
    assert (world.claim(claim_id).reserved, world.fund_row().reserved) == (400_000, 400_000)
    assert world.holder(claim_id)[0] == "cora"
    world.review(claim_id, "cora")
    world.move(claim_id, "accept", "cora")
    assert world.claim(claim_id).reimbursable == 400_000


def test_a_fund_that_no_longer_holds_it_refuses_with_its_figures(world: World) -> None:
    claim_id = rejected_report(world)
    with world.database.write() as connection:
        reduce_fund(
            connection,
            world.people["mia"],
            world.clock.now(),
            fund_id=world.fund_row().id,
            amount=world.fund_row().available - 399_999,
        )
    with pytest.raises(Refused) as error:
        dispute(world, claim_id)
    assert [(one.code, dict(one.figures)) for one in error.value.problems] == [
        ("dispute_unfunded", {"needed": "4,000.00 USD", "available": "3,999.99 USD"})
    ]
    assert world.claim(claim_id).state is State.rejected


def test_it_is_done_once(world: World) -> None:
    claim_id = rejected(world)
    world.person("cora", Role.approver)
    dispute(world, claim_id)
    world.move(claim_id, "reject", "cora", reason="Still not.")
    assert refused(world, claim_id) == ["disputed_already"]


def test_a_new_submission_after_a_return_is_a_new_matter(world: World) -> None:
    claim_id = rejected(world)
    world.person("cora", Role.approver)
    dispute(world, claim_id)
    world.move(claim_id, "return", "cora", reason="Name the speakers, then it is fine.")
    assert world.claim(claim_id).barred == [world.people["bob"].user_id]
    world.move(claim_id, "submit", "anna")
    claim = world.claim(claim_id)
    assert (claim.barred, claim.disputed_on) == (None, None)


@pytest.mark.parametrize(("days", "codes"), [(10, []), (11, ["dispute_late"])])
def test_the_policys_deadline_holds(world: World, days: int, codes: list[str]) -> None:
    world.demand(dispute_within_days=10)
    claim_id = rejected(world)
    world.clock.advance(timedelta(days=days))
    if codes:
        assert refused(world, claim_id) == codes
    else:
        dispute(world, claim_id)


def test_it_needs_a_reason_and_is_the_partners_alone(world: World) -> None:
    claim_id = rejected(world)
    assert refused(world, claim_id, reason="  ") == ["reason_missing"]
    with pytest.raises(Refused) as error:
        world.move(claim_id, "dispute", "mia", reason=WHY)
    assert error.value.why == "not_yours"
    other = world.partner("Isar Networks")
    world.person("olga", Role.partner, partner_id=other)
    with pytest.raises(Refused) as error:
        world.move(claim_id, "dispute", "olga", reason=WHY)
    assert error.value.why == "not_yours"


def test_a_claim_whose_certificate_lapsed_meanwhile_expires_as_any_other(world: World) -> None:
    claim_id = rejected(world)
    dispute(world, claim_id)
    world.clock.set(world.clock.now().replace(year=2027))
    assert sweep(world.database, world.clock.now()).expired == 1
    assert world.claim(claim_id).state is State.expired


def test_every_tier_begins_anew_without_those_who_decided_before(world: World) -> None:
    for name in ("cora", "dora", "emil"):
        world.person(name, Role.approver)
    world.route({}, {})
    claim_id = submitted(world, lines=[line(amount=900_000)])
    first = world.holder(claim_id)[0] or ""
    world.move(claim_id, "endorse", first, approved=400_000)
    second = world.holder(claim_id)[0] or ""
    world.move(claim_id, "reject", second, reason="Not this time.")
    dispute(world, claim_id)
    third = world.holder(claim_id)[0] or ""
    world.move(claim_id, "endorse", third, approved=400_000)
    fourth = world.holder(claim_id)[0] or ""
    assert len({first, second, third, fourth}) == 4
    world.move(claim_id, "approve", fourth, approved=400_000)
    with world.database.read() as connection:
        last = connection.scalars(select(Move.trigger).order_by(Move.id.desc()).limit(1)).one()
    assert last == "approve"
    assert world.claim(claim_id).disputed_on == date(2026, 3, 2)
