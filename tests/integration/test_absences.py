"""Somebody is out of office: their tasks go to who stands in for them, and come back."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from models.history import Act, Move
from models.messages import Message
from models.people import User
from models.vocabulary import MessageKind, Role
from tests.support.stages import executed, submitted
from tests.support.world import INSTALLER, World, line
from workflow.actors import Actor
from workflow.acts.absences import Planned, call_off, record_absence, settle
from workflow.acts.tasks import give_back, reassign
from workflow.acts.users import change_user, deactivate
from workflow.refusals import Refused

ASKED = 400_000


def user(world: World, name: str) -> int:
    user_id = world.people[name].user_id
    assert user_id is not None
    return user_id


def today(world: World) -> date:
    return world.clock.now().date()


def away(
    world: World,
    name: str,
    days: int = 5,
    *,
    substitute: str | None = None,
    starts_in: int = 0,
    limit: int | None = None,
) -> int:
    """Have somebody record that they are absent for some days, from today or later."""
    first = today(world) + timedelta(days=starts_in)
    last = first + timedelta(days=days - 1)
    return world.away(name, first, last, substitute=substitute, limit=limit)


def away_by(world: World, name: str, by: str) -> int:
    """Have somebody record another's absence of today."""
    with world.database.write() as connection:
        planned = Planned(today(world), today(world))
        return record_absence(connection, world.people[by], world.clock.now(), user(world, name), planned)


def limit(world: World, name: str, cents: int | None) -> None:
    with world.database.write() as connection:
        change_user(
            connection,
            INSTALLER,
            world.clock.now(),
            user(world, name),
            roles=world.people[name].roles,
            is_contact=False,
            amount_limit=cents,
        )


def moves(world: World, claim_id: int) -> list[Any]:
    with world.database.read() as connection:
        return list(connection.execute(select(Move).where(Move.claim_id == claim_id).order_by(Move.number)))


def next_day(world: World, days: int = 1) -> None:
    world.clock.advance(timedelta(days=days))
    settle(world.database, world.clock.now())


def test_an_absence_from_today_hands_open_tasks_to_the_substitute_at_once(world: World) -> None:
    claim_id = submitted(world)
    world.person("cora", Role.approver)
    assert world.holder(claim_id) == ("bob", None, None)

    away(world, "bob", substitute="cora")

    assert world.holder(claim_id) == ("cora", "bob", None)


def test_the_decision_names_who_decided_for_whom(world: World) -> None:
    claim_id = submitted(world)
    world.person("cora", Role.approver)
    away(world, "bob", substitute="cora")

    world.move(claim_id, "approve", "cora", approved=ASKED)

    approval = moves(world, claim_id)[-1]
    assert (approval.actor_id, approval.on_behalf_of_id) == (user(world, "cora"), user(world, "bob"))


def test_who_decides_in_their_own_right_decides_for_nobody(world: World) -> None:
    claim_id = submitted(world)
    world.move(claim_id, "approve", "bob", approved=ASKED)
    assert [move.on_behalf_of_id for move in moves(world, claim_id)] == [None, None]


def test_who_is_absent_cannot_decide_what_their_substitute_holds(world: World) -> None:
    claim_id = submitted(world)
    world.person("cora", Role.approver)
    away(world, "bob", substitute="cora")
    with pytest.raises(Refused) as refused:
        world.move(claim_id, "approve", "bob", approved=ASKED)
    assert refused.value.why == "not_assigned"


def test_new_tasks_go_to_nobody_who_is_absent(world: World) -> None:
    world.person("cora", Role.approver)
    away(world, "bob")
    assert [world.holder(submitted(world)) for _ in range(2)] == [("cora", None, None)] * 2


def test_an_absence_that_is_still_to_come_moves_nothing_before_its_first_day(world: World) -> None:
    claim_id = submitted(world)
    world.person("cora", Role.approver)
    away(world, "bob", substitute="cora", starts_in=2)
    assert world.holder(claim_id) == ("bob", None, None)

    next_day(world)
    assert world.holder(claim_id) == ("bob", None, None)
    next_day(world)
    assert world.holder(claim_id) == ("cora", "bob", None)


def test_what_was_not_decided_comes_back_after_the_last_day(world: World) -> None:
    claim_id = submitted(world)
    world.person("cora", Role.approver)
    away(world, "bob", days=2, substitute="cora")

    next_day(world)
    assert world.holder(claim_id) == ("cora", "bob", None)
    next_day(world)
    assert world.holder(claim_id) == ("bob", None, None)


def test_settling_again_changes_nothing_and_leaves_no_second_trace(world: World) -> None:
    submitted(world)
    world.person("cora", Role.approver)
    away(world, "bob", substitute="cora", starts_in=1)
    world.clock.advance(timedelta(days=1))

    assert len(settle(world.database, world.clock.now())) == 1
    assert settle(world.database, world.clock.now()) == []
    with world.database.read() as connection:
        acts = connection.execute(select(Act).where(Act.kind == "task_moved_on")).all()
    assert [(act.actor_id, act.figures["after"]) for act in acts] == [(None, user(world, "cora"))]


def test_a_substitute_who_waited_too_long_decides_no_more_once_the_absence_is_over(world: World) -> None:
    claim_id = submitted(world)
    world.person("cora", Role.approver)
    away(world, "bob", days=1, substitute="cora")
    world.clock.advance(timedelta(days=1))
    with pytest.raises(Refused) as refused:
        world.move(claim_id, "approve", "cora", approved=ASKED)
    assert refused.value.why == "absence_over"


def test_who_comes_back_early_has_the_tasks_again_at_once(world: World) -> None:
    claim_id = submitted(world)
    world.person("cora", Role.approver)
    absence_id = away(world, "bob", substitute="cora")
    for _ in range(2):
        with world.database.write() as connection:
            call_off(connection, world.people["bob"], world.clock.now(), absence_id)
    assert world.holder(claim_id) == ("bob", None, None)
    with world.database.read() as connection:
        assert len(connection.execute(select(Act).where(Act.kind == "absence_called_off")).all()) == 1


def test_without_anybody_else_the_task_waits_at_the_managers_until_somebody_is_back(world: World) -> None:
    claim_id = submitted(world)
    away(world, "bob", days=2)
    assert world.holder(claim_id) == (None, None, "all_absent")

    next_day(world, days=2)
    assert world.holder(claim_id) == ("bob", None, None)


def test_a_substitute_decides_up_to_what_was_left_to_them_and_no_more(world: World) -> None:
    world.person("cora", Role.approver)
    limit(world, "cora", 100_000)
    away(world, "bob", substitute="cora", limit=ASKED)
    claim_id, larger = submitted(world), submitted(world, requested=ASKED + 1, lines=[line(amount=900_000)])

    assert world.holder(claim_id) == ("cora", "bob", None)
    assert world.holder(larger) == (None, None, "all_absent")
    world.move(claim_id, "approve", "cora", approved=ASKED)


def test_an_amount_above_ones_limit_is_refused_even_where_the_task_is_theirs(world: World) -> None:
    claim_id = submitted(world)
    limit(world, "bob", 300_000)
    assert world.holder(claim_id) == (None, None, "above_limits")
    limit(world, "bob", None)
    assert world.holder(claim_id) == ("bob", None, None)

    with world.database.write() as connection:  # as if both had happened at the same moment
        connection.execute(update(User).where(User.id == user(world, "bob")).values(amount_limit=300_000))
    with pytest.raises(Refused) as refused:
        world.move(claim_id, "approve", "bob", approved=300_001, reason="Less.")
    assert refused.value.why == "above_limit"
    world.move(claim_id, "approve", "bob", approved=300_000, reason="Less.")


def test_whoever_accepted_or_had_it_accepted_on_their_behalf_does_not_pay(world: World) -> None:
    claim_id = executed(world)
    world.person("cora", Role.approver, Role.finance)
    with world.database.write() as connection:
        change_user(
            connection,
            INSTALLER,
            world.clock.now(),
            user(world, "bob"),
            roles={Role.approver, Role.finance},
            is_contact=False,
        )
    world.people["bob"] = Actor(user(world, "bob"), frozenset({Role.approver, Role.finance}))
    absence_id = away(world, "bob", substitute="cora")
    world.review(claim_id, "cora")
    world.move(claim_id, "accept", "cora")
    with world.database.write() as connection:
        call_off(connection, world.people["bob"], world.clock.now(), absence_id)

    for name, why in (("cora", "accepted_it"), ("bob", "accepted_for_you")):
        with pytest.raises(Refused) as refused:
            world.move(claim_id, "reimburse", name, payment_reference="P-1", paid_on=today(world))
        assert refused.value.why == why
    world.move(claim_id, "reimburse", "dan", payment_reference="P-1", paid_on=today(world))


def test_a_substitute_loses_what_they_hold_with_the_one_who_leaves_for_good(world: World) -> None:
    claim_id = submitted(world)
    world.person("cora", Role.approver)
    limit(world, "cora", 100_000)
    away(world, "bob", substitute="cora")
    assert world.holder(claim_id) == ("cora", "bob", None)

    with world.database.write() as connection:
        deactivate(connection, INSTALLER, world.clock.now(), user(world, "bob"))

    assert world.holder(claim_id) == (None, None, "above_limits")


def test_the_substitute_is_told_for_whom(world: World) -> None:
    claim_id = submitted(world)
    world.person("cora", Role.approver)
    away(world, "bob", substitute="cora")
    with world.database.read() as connection:
        message = connection.execute(
            select(Message).where(Message.user_id == user(world, "cora"), Message.kind == MessageKind.turn)
        ).one()
    assert (message.claim_id, message.figures["on_behalf_of"]) == (claim_id, "Bob")


REFUSED = {
    "absence_past": Planned(date(2026, 3, 1), date(2026, 3, 1)),
    "ends_before_start": Planned(date(2026, 3, 9), date(2026, 3, 8)),
    "absence_long": Planned(date(2026, 3, 2), date(2027, 3, 3)),
    "amount_positive": Planned(date(2026, 3, 2), date(2026, 3, 3), None, 0),
    "above_own_limit": Planned(date(2026, 3, 2), date(2026, 3, 3), None, ASKED + 1),
    "absent_already": Planned(date(2026, 3, 30), date(2026, 4, 2)),
}


@pytest.mark.parametrize("why", REFUSED)
def test_an_absence_that_makes_no_sense_is_refused(world: World, why: str) -> None:
    assert today(world) == date(2026, 3, 2)
    limit(world, "bob", ASKED)
    away(world, "bob", starts_in=30)
    with pytest.raises(Refused) as refused, world.database.write() as connection:
        record_absence(connection, world.people["bob"], world.clock.now(), user(world, "bob"), REFUSED[why])
    assert refused.value.why == why


def test_nobody_stands_in_who_could_not_do_the_tasks_or_is_away_as_well(world: World) -> None:
    world.person("cora", Role.approver)
    away(world, "cora", starts_in=3)
    for name, why in (
        ("bob", "substitute_is_oneself"),
        ("eve", "no_such_substitute"),
        ("anna", "no_such_substitute"),
        ("cora", "substitute_absent"),
    ):
        with pytest.raises(Refused) as refused:
            away(world, "bob", substitute=name)
        assert refused.value.why == why


def test_people_record_their_own_absence_and_managers_everybodys(world: World) -> None:
    world.person("cora", Role.approver)
    for name in ("cora", "dan", "eve", "anna"):
        with pytest.raises(Refused) as refused:
            away_by(world, "bob", name)
        assert refused.value.why == "absence_not_yours"
    absence_id = away_by(world, "bob", "mia")
    for name in ("cora", "eve"):
        with pytest.raises(Refused), world.database.write() as connection:
            call_off(connection, world.people[name], world.clock.now(), absence_id)


def test_a_task_that_is_given_back_goes_to_the_next_who_is_entitled(world: World) -> None:
    claim_id = submitted(world)
    world.person("cora", Role.approver)
    with world.database.write() as connection:
        give_back(connection, world.people["bob"], world.clock.now(), claim_id, "I know the speaker.")
    assert world.holder(claim_id) == ("cora", None, None)
    with world.database.write() as connection:
        give_back(connection, world.people["cora"], world.clock.now(), claim_id, "So do I.")
    assert world.holder(claim_id) == ("bob", None, None)


def test_only_its_holder_gives_a_task_back_and_says_why(world: World) -> None:
    claim_id = submitted(world)
    world.person("cora", Role.approver)
    for name, reason, why in (("cora", "Mine?", "not_assigned"), ("bob", "  ", "give_back_why")):
        with pytest.raises(Refused) as refused, world.database.write() as connection:
            give_back(connection, world.people[name], world.clock.now(), claim_id, reason)
        assert refused.value.why == why


def test_a_task_given_back_that_nobody_else_may_do_waits_at_the_managers(world: World) -> None:
    claim_id = submitted(world)
    with world.database.write() as connection:
        give_back(connection, world.people["bob"], world.clock.now(), claim_id, "I know the speaker.")
    assert world.holder(claim_id) == (None, None, "no_approver")


def test_a_manager_reassigns_to_nobody_who_is_absent(world: World) -> None:
    claim_id = submitted(world)
    world.person("cora", Role.approver)
    away(world, "cora")
    with pytest.raises(Refused) as refused, world.database.write() as connection:
        reassign(connection, world.people["mia"], world.clock.now(), claim_id, user(world, "cora"))
    assert refused.value.why == "not_entitled"
