"""A reduced amount is disputed once: another approver raises it within the rules, or lets it stand."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.funds import LedgerEntry
from models.history import Act
from models.messages import Message
from models.vocabulary import MessageKind, Role, State, Trigger
from tests.support.stages import approved, disputed_amount, hand_over, submitted
from tests.support.world import World, line
from workflow.acts.disputes import dispute_amount, uphold
from workflow.acts.funds import reduce_fund
from workflow.acts.users import deactivate
from workflow.amending import amend
from workflow.attempt import Command
from workflow.drafts import PLAN_COLUMNS
from workflow.refusals import Refused


def dispute(world: World, claim_id: int, *, by: str = "anna", reason: str = "Why not all?") -> None:
    with world.database.write() as connection:
        version = world.claim(claim_id).version
        dispute_amount(connection, world.people[by], world.clock.now(), claim_id, version, reason)


def refused(world: World, claim_id: int, **more: str) -> list[str]:
    with pytest.raises(Refused) as error:
        dispute(world, claim_id, **more)
    return [problem.code for problem in error.value.problems]


def stand(world: World, claim_id: int, by: str = "bob", reason: str = "It is enough.") -> None:
    with world.database.write() as connection:
        uphold(connection, world.people[by], world.clock.now(), claim_id, reason)


def granted_less(world: World) -> int:
    claim_id = submitted(world)
    world.move(claim_id, "approve", "bob", approved=300_000, reason="Less.")
    return claim_id


def test_somebody_else_raises_it_and_the_difference_is_reserved(world: World) -> None:
    claim_id = disputed_amount(world)
    assert world.claim(claim_id).state is State.approved
    assert world.holder(claim_id) == ("bob", None, None)
    world.move(claim_id, "raise", "bob", approved=380_000)
    claim = world.claim(claim_id)
    assert (claim.state, claim.approved, claim.reserved) == (State.approved, 380_000, 380_000)
    assert (world.fund_row().reserved, world.fund_row().available) == (380_000, 4_620_000)
    with world.database.read() as connection:
        entries = connection.execute(select(LedgerEntry.kind, LedgerEntry.amount).order_by(LedgerEntry.id))
        assert [(row.kind.value, row.amount) for row in entries][-2:] == [
            ("reserve", 300_000),
            ("reserve", 80_000),
        ]
    assert claim.barred is None


def test_what_the_claim_holds_already_counts_as_available_to_it(world: World) -> None:
    claim_id = disputed_amount(world)
    fund = world.fund_row()
    with world.database.write() as connection:
        rest = fund.available - 100_000
        reduce_fund(connection, world.people["mia"], world.clock.now(), fund_id=fund.id, amount=rest)
    world.move(claim_id, "raise", "bob", approved=400_000)
    assert (world.fund_row().available, world.fund_row().reserved) == (0, 400_000)


def test_more_than_the_fund_holds_is_refused_by_its_rule(world: World) -> None:
    claim_id = disputed_amount(world)
    fund = world.fund_row()
    with world.database.write() as connection:
        rest = fund.available - 99_999
        reduce_fund(connection, world.people["mia"], world.clock.now(), fund_id=fund.id, amount=rest)
    with pytest.raises(Refused) as error:
        world.move(claim_id, "raise", "bob", approved=400_000)
    assert [one.rule for one in error.value.verdicts if one.broken] == ["available-amount"]
    assert world.claim(claim_id).approved == 300_000


@pytest.mark.parametrize(
    ("amount", "code"), [(300_000, "raise_not_more"), (1, "raise_not_more"), (400_001, "above_requested")]
)
def test_a_raise_is_more_than_before_and_no_more_than_was_asked(world: World, amount: int, code: str) -> None:
    claim_id = disputed_amount(world)
    with pytest.raises(Refused) as error:
        world.move(claim_id, "raise", "bob", approved=amount)
    assert error.value.why == code


def test_it_may_stand_with_a_reason_that_the_partner_is_told_of(world: World) -> None:
    claim_id = disputed_amount(world)
    with pytest.raises(Refused) as error:
        stand(world, claim_id, reason=" ")
    assert error.value.why == "reason_missing"
    with pytest.raises(Refused) as error:
        stand(world, claim_id, by="cora")
    assert error.value.why == "not_assigned"
    stand(world, claim_id)
    with world.database.read() as connection:
        told = connection.execute(
            select(Message.user_id, Message.figures).where(Message.kind == MessageKind.amount_upheld)
        ).one()
        kinds = connection.scalars(select(Act.kind).order_by(Act.id.desc()).limit(2)).all()
    assert (told.user_id, told.figures["approved"]) == (world.people["anna"].user_id, "3000.00")
    assert kinds == ["amount_upheld", "amount_disputed"]
    assert refused(world, claim_id) == ["disputed_already"]


def test_a_substitute_lets_it_stand_no_more_once_the_absence_is_over(world: World) -> None:
    claim_id = disputed_amount(world)
    world.person("dora", Role.approver)
    today = world.clock.now().date()
    world.away("bob", today, today, substitute="dora")
    assert world.holder(claim_id)[:2] == ("dora", "bob")
    world.clock.advance(timedelta(days=1))  # and nothing handed the task back yet
    with pytest.raises(Refused) as error:
        stand(world, claim_id, by="dora")
    assert error.value.why == "absence_over"


def test_who_granted_it_does_not_look_at_it_again_but_may_check_the_report(world: World) -> None:
    claim_id = granted_less(world)
    dispute(world, claim_id)
    assert world.holder(claim_id) == (None, None, "no_approver")
    world.clock.advance(timedelta(days=60))
    world.bill(claim_id)
    world.move(claim_id, "report", "anna")  # which ends the dispute
    assert world.holder(claim_id) == ("bob", None, None)


def test_what_was_granted_in_full_or_not_yet_cannot_be_disputed(world: World) -> None:
    assert refused(world, approved(world)) == ["nothing_reduced"]
    assert refused(world, submitted(world)) == ["wrong_state"]


def test_it_needs_a_reason_and_is_done_in_time_by_the_partner_alone(world: World) -> None:
    world.demand(dispute_within_days=5)
    claim_id = granted_less(world)
    assert refused(world, claim_id, reason="  ") == ["dispute_why"]
    with pytest.raises(Exception, match=str(claim_id)):
        dispute(world, claim_id, by="mia")
    world.clock.advance(timedelta(days=6))
    assert refused(world, claim_id) == ["dispute_late"]


def test_who_was_shut_out_meanwhile_disputes_nothing(world: World) -> None:
    claim_id = granted_less(world)
    amy = world.person("amy", Role.partner, partner_id=world.partner_id)
    assert amy.user_id is not None
    with world.database.write() as connection:
        deactivate(connection, world.people["mia"], world.clock.now(), amy.user_id)
    assert refused(world, claim_id, by="amy") == ["not_yours"]


def test_without_a_dispute_nobody_raises_anything(world: World) -> None:
    claim_id = granted_less(world)
    world.person("cora", Role.approver)
    for name in ("bob", "cora"):
        with pytest.raises(Refused) as error:
            world.move(claim_id, "raise", name, approved=400_000)
        assert error.value.why == "not_assigned"


def test_a_withdrawn_claim_closes_the_task(world: World) -> None:
    claim_id = disputed_amount(world)
    world.move(claim_id, "withdraw", "anna")
    assert world.fund_row().reserved == 0
    with pytest.raises(Refused) as error:
        stand(world, claim_id)
    assert error.value.why == "no_open_task"


def test_a_changed_plan_ends_the_dispute_and_bars_nobody(world: World) -> None:
    claim_id = disputed_amount(world)
    columns = {name: getattr(world.claim(claim_id), name) for name in PLAN_COLUMNS}
    version = world.claim(claim_id).version
    command = Command(claim_id, Trigger.amend, world.people["anna"], "amended", version=version)
    amend(world.database, command, {**columns, "requested": 350_000}, [line()], world.clock.now())
    assert world.claim(claim_id).barred is None
    hand_over(world, claim_id, "cora")  # who granted less before may decide on the new plan
    world.move(claim_id, "approve", "cora", approved=350_000)
    assert world.fund_row().reserved == 350_000
