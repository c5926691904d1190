"""Refused attempts are kept apart from history: not more of them than help, and not for ever."""

from datetime import timedelta
from itertools import count

from sqlalchemy import select

from models.history import RefusedAttempt
from models.vocabulary import Trigger
from tests.support.world import World
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
