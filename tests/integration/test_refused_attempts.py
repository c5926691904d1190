"""Refused attempts are kept apart from history: not more of them than help, and not for ever."""

from datetime import timedelta
from itertools import count
from threading import Thread

import pytest
from sqlalchemy import select

from models.history import RefusedAttempt
from models.vocabulary import Role, Trigger
from tests.support.personal import hold, lift
from tests.support.world import World
from workflow.acts.legal_holds import set_hold
from workflow.attempt import Command
from workflow.refusals import Problem, Refused
from workflow.refused_attempts import PER_HOUR, prune, remember

KEYS = count(1)


def tries(world: World, claim_id: int, by: str, times: int = 1) -> None:
    """Have somebody try in vain to approve a claim."""
    for _ in range(times):
        command = Command(claim_id, Trigger.approve, world.people[by], f"key-{next(KEYS)}")
        remember(world.database, command, Refused(Problem("not_yours")), world.clock.now())


def kept(world: World) -> list[int | None]:
    """Return whose attempts are kept, the oldest first."""
    with world.database.read() as connection:
        return list(connection.scalars(select(RefusedAttempt.actor_id).order_by(RefusedAttempt.id)))


def test_of_one_persons_attempts_sixty_an_hour_are_kept(world: World) -> None:
    claim_id, other = world.draft(), world.draft()
    anna, eve = world.people["anna"].user_id, world.people["eve"].user_id
    tries(world, claim_id, "anna", 59)
    tries(world, other, "anna", 2)
    assert kept(world) == [anna] * PER_HOUR == [anna] * 60

    tries(world, claim_id, "eve")
    assert kept(world) == [anna] * 60 + [eve], "somebody else's are not in the way"


def test_an_hour_later_attempts_are_kept_again(world: World) -> None:
    claim_id = world.draft()
    tries(world, claim_id, "anna", 61)
    world.clock.advance(timedelta(minutes=59))
    tries(world, claim_id, "anna")
    assert len(kept(world)) == 60
    world.clock.advance(timedelta(minutes=1))
    tries(world, claim_id, "anna")
    assert len(kept(world)) == 61


def test_attempts_from_before_a_moment_are_pruned_and_later_ones_stay(world: World) -> None:
    claim_id = world.draft()
    for name in ("anna", "bob", "eve"):
        tries(world, claim_id, name)
        world.clock.advance(timedelta(days=1))
    assert prune(world.database, world.clock.now() - timedelta(days=2)) == 1
    assert kept(world) == [world.people["bob"].user_id, world.people["eve"].user_id]


@pytest.mark.parametrize("of", ["claim", "partner"])
def test_attempts_on_what_is_held_stay_until_the_hold_is_lifted(world: World, of: str) -> None:
    held, other = world.draft(), elsewhere(world)
    tries(world, held, "bob")
    tries(world, other, "dan")
    hold_id = hold(
        world, "mia", **({"claim_id": held} if of == "claim" else {"partner_id": world.partner_id})
    )

    assert prune(world.database, world.clock.now() + timedelta(days=2)) == 1
    assert kept(world) == [world.people["bob"].user_id]
    lift(world, hold_id, "eve")
    assert prune(world.database, world.clock.now() + timedelta(days=2)) == 1
    assert kept(world) == []


def elsewhere(world: World) -> int:
    """Return a draft of another partner."""
    world.person("olga", Role.partner, partner_id=world.partner("Isar Networks"))
    return world.draft("olga")


@pytest.mark.parametrize("of", ["claim", "partner"])
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_hold_that_is_set_just_now_keeps_attempts_too(world: World, of: str) -> None:
    claim_id, now = world.draft(), world.clock.now()
    tries(world, claim_id, "bob")
    on = {"claim_id": claim_id} if of == "claim" else {"partner_id": world.partner_id}
    pruning = Thread(target=prune, args=(world.database, now + timedelta(days=1)))
    with world.database.write() as connection:
        set_hold(
            connection,
            world.people["eve"],
            now,
            claim_id=on.get("claim_id"),
            partner_id=on.get("partner_id"),
            reason="A court asks.",
        )
        pruning.start()
        pruning.join(0.5)
        assert pruning.is_alive(), "it waits for the hold that is being set"
    pruning.join()
    assert kept(world) == [world.people["bob"].user_id]
