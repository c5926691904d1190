"""A record that was replaced stays on file and counts no more: the one that replaces it does."""

from typing import Any

import pytest
from sqlalchemy import select

from models.standing import Performance
from models.vocabulary import State
from tests.support.world import INSTALLER, World
from workflow.acts.standing import record_performance
from workflow.refusals import Refused

BELOW, ENOUGH = 24_999_999, 25_000_000


def correct(world: World, achieved: int) -> None:
    """Replace the latest performance record of the world's partner."""
    with world.database.write() as connection:
        latest = connection.scalar(select(Performance.id).order_by(Performance.id.desc()).limit(1))
        record_performance(
            connection,
            INSTALLER,
            world.clock.now(),
            partner_id=world.partner_id,
            period_id=world.period_id,
            required=25_000_000,
            achieved=achieved,
            replaces_id=latest,
        )


def records(world: World) -> list[Any]:
    with world.database.read() as connection:
        return list(
            connection.execute(select(Performance.achieved, Performance.replaces_id).order_by(Performance.id))
        )


def broken(world: World, claim_id: int, trigger: str, by: str, **more: Any) -> list[str]:
    with pytest.raises(Refused) as error:
        world.move(claim_id, trigger, by, **more)
    return [verdict.rule for verdict in error.value.verdicts if verdict.broken]


def test_performance_corrected_to_enough_lets_the_partner_submit(world: World) -> None:
    correct(world, BELOW)
    claim_id = world.draft()
    assert broken(world, claim_id, "submit", "anna") == ["performance"]

    correct(world, ENOUGH)
    world.move(claim_id, "submit", "anna")
    assert world.claim(claim_id).state is State.submitted
    assert [row.achieved for row in records(world)] == [26_000_000, BELOW, ENOUGH]


def test_performance_corrected_to_less_keeps_the_approver_from_granting(world: World) -> None:
    claim_id = world.draft()
    world.move(claim_id, "submit", "anna")
    correct(world, BELOW)
    assert broken(world, claim_id, "approve", "bob", approved=400_000) == ["performance"]


def test_a_second_record_of_a_period_replaces_nothing(world: World) -> None:
    world.performed(world.partner_id, achieved=BELOW)
    world.performed(world.partner_id, achieved=ENOUGH)
    assert broken(world, world.draft(), "submit", "anna") == ["performance"]
