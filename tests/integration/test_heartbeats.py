"""The background parts leave word that they live; whoever is silent for long is named."""

from datetime import timedelta

from models.database import Database
from tests.support.world import World
from workflow.heartbeats import EVERY, SILENT_AFTER, beat, silent_parts


def silent(world: World) -> dict[str, object]:
    with world.database.read() as connection:
        return dict(silent_parts(connection, world.clock.now()))


def test_a_part_that_never_left_word_is_silent(world: World) -> None:
    assert silent(world) == {"scheduler": None, "worker": None}


def test_who_left_word_lately_is_not_silent_and_who_stopped_is_named_with_the_last_word(world: World) -> None:
    database: Database = world.database
    beat(database, world.clock.now(), part="worker")
    world.clock.advance(EVERY)
    last = world.clock.now()
    beat(database, last, part="worker")
    beat(database, last, part="scheduler")

    world.clock.advance(SILENT_AFTER)
    assert silent(world) == {}
    world.clock.advance(timedelta(seconds=1))
    assert silent(world) == {"worker": last, "scheduler": last}
