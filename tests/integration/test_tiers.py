"""Claims go to whom the routing rules name; above an amount two people decide, one after the other."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from models.history import Act, Move
from models.messages import Message
from models.vocabulary import MessageKind, Role, State
from tests.support.stages import correct_certificate, submitted
from tests.support.world import INSTALLER, World
from workflow.actors import SCHEDULER
from workflow.acts.groups import save_group
from workflow.acts.tasks import give_back, reassign, take
from workflow.acts.users import change_user
from workflow.refusals import Refused

ASKED = 400_000


def user(world: World, name: str) -> int:
    user_id = world.people[name].user_id
    assert user_id is not None
    return user_id


@pytest.fixture
def two_tiers(world: World) -> World:
    """A programme in which `cora`'s group endorses and `otto` approves."""
    world.person("cora", Role.approver)
    world.person("otto", Role.approver)
    world.route({"group": world.group("Region", "cora")}, world.only("otto"), above=300_000)
    return world


def why(world: World, claim_id: int, trigger: str, by: str, **more: Any) -> str:
    """Return why a move is refused."""
    with pytest.raises(Refused) as refused:
        world.move(claim_id, trigger, by, **more)
    return refused.value.why


def test_two_people_decide_in_sequence_and_the_money_is_reserved_at_the_last(two_tiers: World) -> None:
    world, claim_id = two_tiers, submitted(two_tiers)
    assert world.holder(claim_id) == ("cora", None, None)

    done = world.move(claim_id, "endorse", "cora", approved=ASKED)
    assert (done.source, done.target) == (State.submitted, State.submitted)
    assert world.claim(claim_id).approved is None
    assert world.fund_row().reserved == 0
    assert world.holder(claim_id) == ("otto", None, None)

    world.move(claim_id, "approve", "otto", approved=ASKED)
    assert (world.claim(claim_id).state, world.fund_row().reserved) == (State.approved, ASKED)


def test_a_claim_below_the_amount_needs_one_approver(two_tiers: World) -> None:
    claim_id = submitted(two_tiers, requested=300_000)
    assert two_tiers.holder(claim_id) == ("bob", None, None)
    two_tiers.move(claim_id, "approve", "bob", approved=300_000)


def test_a_tier_neither_skips_the_next_nor_leaves_the_last_open(two_tiers: World) -> None:
    world, claim_id = two_tiers, submitted(two_tiers)
    assert why(world, claim_id, "approve", "cora", approved=ASKED) == "more_tiers"
    world.move(claim_id, "endorse", "cora", approved=ASKED)
    assert why(world, claim_id, "endorse", "otto", approved=ASKED) == "last_tier"
    assert why(world, claim_id, "report", "anna") == "wrong_state"


def test_each_tier_may_lower_the_sum_with_a_reason_and_none_may_raise_it(two_tiers: World) -> None:
    world, claim_id = two_tiers, submitted(two_tiers)
    assert why(world, claim_id, "endorse", "cora", approved=ASKED + 1) == "above_requested"
    assert why(world, claim_id, "endorse", "cora", approved=350_000) == "less_needs_reason"
    world.move(claim_id, "endorse", "cora", approved=350_000, reason="Without the buffet.")

    assert why(world, claim_id, "approve", "otto", approved=350_001) == "above_endorsed"
    assert why(world, claim_id, "approve", "otto", approved=340_000) == "less_needs_reason"
    world.move(claim_id, "approve", "otto", approved=350_000)
    assert world.claim(claim_id).approved == 350_000


def test_rules_and_fund_are_checked_at_every_tier(two_tiers: World) -> None:
    world, claim_id = two_tiers, submitted(two_tiers)
    correct_certificate(world, revoked_on=world.clock.now().date())
    assert why(world, claim_id, "endorse", "cora", approved=ASKED) == "rules"
    correct_certificate(world)
    world.move(claim_id, "endorse", "cora", approved=ASKED)
    with world.database.read() as connection:
        verdicts = connection.scalars(
            select(Move.verdicts).where(Move.claim_id == claim_id, Move.trigger == "endorse")
        ).one()
    assert {"available-amount", "certification"} <= {verdict["rule"] for verdict in verdicts}
    correct_certificate(world, revoked_on=world.clock.now().date())
    assert why(world, claim_id, "approve", "otto", approved=ASKED) == "rules"


def test_a_return_voids_the_endorsements(two_tiers: World) -> None:
    world, claim_id = two_tiers, submitted(two_tiers)
    world.move(claim_id, "endorse", "cora", approved=350_000, reason="Less.")
    world.move(claim_id, "return", "otto", reason="Which hall?")
    world.move(claim_id, "submit", "anna")

    assert world.holder(claim_id) == ("cora", None, None)
    assert why(world, claim_id, "approve", "cora", approved=ASKED) == "more_tiers"
    world.move(claim_id, "endorse", "cora", approved=ASKED)
    world.move(claim_id, "approve", "otto", approved=ASKED)


def test_a_reinstated_claim_keeps_its_endorsements(two_tiers: World) -> None:
    world, claim_id = two_tiers, submitted(two_tiers)
    world.move(claim_id, "endorse", "cora", approved=ASKED)
    correct_certificate(world, revoked_on=world.clock.now().date() + timedelta(days=1))
    world.clock.advance(timedelta(days=1))
    world.people["time"] = SCHEDULER
    world.move(claim_id, "expire", "time")
    correct_certificate(world)
    world.move(claim_id, "reinstate", "mia", reason="Recorded late.")
    assert world.holder(claim_id) == ("otto", None, None)


def test_nobody_decides_twice_on_one_submission_not_even_as_a_substitute(two_tiers: World) -> None:
    world, claim_id = two_tiers, submitted(two_tiers)
    today = world.clock.now().date()
    world.away("otto", today, today, substitute="cora")
    world.move(claim_id, "endorse", "cora", approved=ASKED)
    assert world.holder(claim_id) == (None, None, "all_absent")


def test_a_substitute_need_not_be_named_but_whom_they_stand_in_for_counts_as_having_decided(
    two_tiers: World,
) -> None:
    world = two_tiers
    today = world.clock.now().date()
    world.away("cora", today, today, substitute="bob")
    claim_id = submitted(world)
    assert world.holder(claim_id) == ("bob", "cora", None)
    world.move(claim_id, "endorse", "bob", approved=ASKED)
    assert world.claim(claim_id).moves == 2
    with world.database.read() as connection:
        move = connection.execute(
            select(Move).where(Move.claim_id == claim_id, Move.trigger == "endorse")
        ).one()
    assert (move.actor_id, move.on_behalf_of_id) == (user(world, "bob"), user(world, "cora"))
    assert move.figures == {"endorsed": "4000.00", "tier": "1", "tiers": "2"}
    for name in ("bob", "cora"):
        with pytest.raises(Refused) as refused, world.database.write() as connection:
            reassign(connection, world.people["mia"], world.clock.now(), claim_id, user(world, name))
        assert refused.value.why == "not_entitled"


def test_the_limit_counts_at_the_last_tier_alone(two_tiers: World) -> None:
    world = two_tiers
    for name in ("cora", "otto"):
        with world.database.write() as connection:
            change_user(
                connection,
                INSTALLER,
                world.clock.now(),
                user(world, name),
                roles={Role.approver},
                is_contact=False,
                amount_limit=350_000,
            )
    claim_id, lowered = submitted(world), submitted(world)
    world.move(claim_id, "endorse", "cora", approved=ASKED)
    assert world.holder(claim_id) == (None, None, "above_limits")
    world.move(lowered, "endorse", "cora", approved=350_000, reason="Less.")
    assert world.holder(lowered) == ("otto", None, None)


def test_where_the_route_names_nobody_who_may_decide_a_manager_gives_it_to_another(world: World) -> None:
    world.route({"group": world.group("Empty")})
    claim_id = submitted(world)
    assert world.holder(claim_id) == (None, None, "not_named")
    with world.database.write() as connection:
        reassign(connection, world.people["mia"], world.clock.now(), claim_id, user(world, "bob"))
    assert world.holder(claim_id) == ("bob", None, None)
    world.move(claim_id, "approve", "bob", approved=ASKED)


def test_who_joins_a_group_takes_up_what_waited_for_it(world: World) -> None:
    empty = world.group("Region")
    world.route({"group": empty})
    claim_id = submitted(world)
    with world.database.write() as connection:
        save_group(
            connection,
            INSTALLER,
            world.clock.now(),
            empty,
            name="Region",
            members=frozenset({user(world, "bob")}),
        )
    assert world.holder(claim_id) == ("bob", None, None)


def test_in_a_group_the_least_loaded_gets_it_and_what_is_given_back_stays_in_the_group(world: World) -> None:
    for name in ("cora", "otto"):
        world.person(name, Role.approver)
    world.route({"group": world.group("Region", "cora", "otto")})
    first, second = submitted(world), submitted(world)
    assert [world.holder(one)[0] for one in (first, second)] == ["cora", "otto"]
    with world.database.write() as connection:
        give_back(connection, world.people["cora"], world.clock.now(), first, "Not mine.")
    assert world.holder(first) == ("otto", None, None)


def test_the_partner_hears_of_the_decision_and_the_next_tier_of_its_turn(two_tiers: World) -> None:
    world, claim_id = two_tiers, submitted(two_tiers)
    world.move(claim_id, "endorse", "cora", approved=ASKED)
    with world.database.read() as connection:
        told = connection.execute(
            select(Message.user_id, Message.kind).where(Message.claim_id == claim_id).order_by(Message.id)
        ).all()
    assert (user(world, "otto"), MessageKind.turn) == tuple(told[-1])
    assert MessageKind.decision not in {row.kind for row in told}


def test_an_endorsement_that_is_sent_twice_counts_once(two_tiers: World) -> None:
    world, claim_id = two_tiers, submitted(two_tiers)
    version = world.claim(claim_id).version
    for _ in range(2):
        done = world.move(claim_id, "endorse", "cora", approved=ASKED, key="once", version=version)
    assert done.repeated
    assert world.holder(claim_id) == ("otto", None, None)


def test_only_managers_save_groups(world: World) -> None:
    now = world.clock.now()
    for name in ("anna", "bob", "dan", "eve"):
        with pytest.raises(Refused), world.database.write() as connection:
            save_group(connection, world.people[name], now, None, name="Mine", members=frozenset())


def test_who_is_named_too_takes_a_task_over_and_nobody_else_does(world: World) -> None:
    for name in ("cora", "otto"):
        world.person(name, Role.approver)
    world.route({"group": world.group("Region", "cora", "otto")})
    claim_id, now = submitted(world), world.clock.now()
    assert world.holder(claim_id) == ("cora", None, None)
    for name in ("bob", "mia", "anna", "dan"):
        with pytest.raises(Refused) as refused, world.database.write() as connection:
            take(connection, world.people[name], now, claim_id)
        assert refused.value.why == "not_for_you"

    for _ in range(2):
        with world.database.write() as connection:
            take(connection, world.people["otto"], now, claim_id)
    assert world.holder(claim_id) == ("otto", None, None)
    with world.database.read() as connection:
        acts = connection.execute(select(Act).where(Act.kind == "task_taken")).all()
    assert [(act.actor_id, act.role, act.figures["before"]) for act in acts] == [
        (user(world, "otto"), Role.approver, user(world, "cora"))
    ]
    world.move(claim_id, "approve", "otto", approved=ASKED)


def test_who_endorsed_takes_no_later_tier_over(two_tiers: World) -> None:
    world = two_tiers
    world.route({}, {})
    claim_id = submitted(world, requested=300_000)
    world.move(claim_id, "endorse", "bob", approved=300_000)
    with pytest.raises(Refused) as refused, world.database.write() as connection:
        take(connection, world.people["bob"], world.clock.now(), claim_id)
    assert refused.value.why == "not_for_you"
