"""Open tasks move on when a role is taken away, and those that wait are taken up by whoever comes back."""

import pytest
from sqlalchemy import select

from models.messages import Message
from models.tasks import Task
from models.vocabulary import MessageKind, Role
from tests.support.stages import accepted, executed, submitted
from tests.support.world import World
from workflow.acts.tasks import reassign
from workflow.acts.users import change_user, deactivate, reactivate
from workflow.refusals import Refused

HolderAndWhy = tuple[str | None, str | None]


def open_task(world: World, claim_id: int) -> HolderAndWhy:
    """Return the name of who holds a claim's open task, and why nobody does."""
    names = {actor.user_id: name for name, actor in world.people.items()}
    with world.database.read() as connection:
        row = connection.execute(
            select(Task.assignee_id, Task.unassigned_why).where(
                Task.claim_id == claim_id, Task.closed_at.is_(None)
            )
        ).one()
    return names.get(row.assignee_id), row.unassigned_why


def told(world: World, kind: MessageKind) -> list[tuple[str, int | None]]:
    """Return who was told of which claim, in the order in which it happened."""
    names = {actor.user_id: name for name, actor in world.people.items()}
    with world.database.read() as connection:
        rows = connection.execute(
            select(Message.user_id, Message.claim_id).where(Message.kind == kind).order_by(Message.id)
        ).all()
    return [(names[row.user_id], row.claim_id) for row in rows]


def user(world: World, name: str) -> int:
    user_id = world.people[name].user_id
    assert user_id is not None
    return user_id


def give(world: World, name: str, *roles: Role) -> None:
    """Have `mia` set somebody's roles."""
    with world.database.write() as connection:
        change_user(
            connection,
            world.people["mia"],
            world.clock.now(),
            user(world, name),
            roles=roles,
            is_contact=False,
        )


def shut_out(world: World, name: str) -> None:
    with world.database.write() as connection:
        deactivate(connection, world.people["mia"], world.clock.now(), user(world, name))


def let_back_in(world: World, name: str) -> None:
    with world.database.write() as connection:
        reactivate(connection, world.people["mia"], world.clock.now(), user(world, name))


def test_who_is_no_approver_any_more_hands_every_task_on(world: World) -> None:
    claims = [submitted(world), submitted(world), executed(world)]
    world.person("cora", Role.approver)
    world.person("cleo", Role.approver)
    give(world, "bob", Role.auditor)
    assert [open_task(world, claim_id) for claim_id in claims] == [
        ("cora", None),
        ("cleo", None),
        ("cora", None),
    ]
    turns = [one for one in told(world, MessageKind.turn) if one[0] != "bob"]
    assert turns == [("cora", claims[0]), ("cleo", claims[1]), ("cora", claims[2])]


def test_where_no_approver_is_left_the_tasks_wait_at_the_managers_with_the_reason(world: World) -> None:
    claims = [submitted(world), submitted(world)]
    give(world, "bob", Role.finance)
    assert [open_task(world, claim_id) for claim_id in claims] == [(None, "no_approver")] * 2
    assert told(world, MessageKind.unassigned) == [("mia", claims[0]), ("mia", claims[1])]

    give(world, "eve", Role.approver)
    assert [open_task(world, claim_id) for claim_id in claims] == [("eve", None)] * 2


def test_another_role_more_or_less_moves_no_task(world: World) -> None:
    claim_id = submitted(world)
    world.person("cora", Role.approver)
    give(world, "bob", Role.approver, Role.auditor)
    give(world, "bob", Role.approver)
    assert open_task(world, claim_id) == ("bob", None)


def test_whoever_is_let_in_again_takes_up_what_waited(world: World) -> None:
    claims = [submitted(world), submitted(world)]
    shut_out(world, "bob")
    assert [open_task(world, claim_id) for claim_id in claims] == [(None, "no_approver")] * 2
    let_back_in(world, "bob")
    assert [open_task(world, claim_id) for claim_id in claims] == [("bob", None)] * 2
    assert told(world, MessageKind.turn)[-2:] == [("bob", claims[0]), ("bob", claims[1])]


def test_payments_that_waited_are_for_finance_again_once_one_is_let_in(world: World) -> None:
    claim_id = accepted(world)
    shut_out(world, "dan")
    assert open_task(world, claim_id) == (None, "no_finance")
    let_back_in(world, "dan")
    assert open_task(world, claim_id) == (None, None)
    assert told(world, MessageKind.turn)[-1] == ("dan", claim_id)


def refusal(world: World, by: str, claim_id: int, to: str) -> str:
    """Return why a manager may not give a claim's task to somebody."""
    with pytest.raises(Refused) as refused, world.database.write() as connection:
        reassign(connection, world.people[by], world.clock.now(), claim_id, user(world, to))
    return refused.value.why


def test_a_payment_is_given_to_nobody_for_all_of_finance_has_it(world: World) -> None:
    claim_id = accepted(world)
    world.person("fay", Role.finance)
    assert refusal(world, "mia", claim_id, "fay") == "task_of_all"
    assert open_task(world, claim_id) == (None, None)


def test_a_manager_who_approves_too_takes_no_task_themselves(world: World) -> None:
    world.person("max", Role.manager, Role.approver)
    claim_id = submitted(world)
    holder, _ = open_task(world, claim_id)
    assert refusal(world, "max", claim_id, "max") == "task_to_oneself"
    assert open_task(world, claim_id) == (holder, None)
