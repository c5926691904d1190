"""An item that takes long keeps its job as long as it says how far it is, and goes no further than it may."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from models.jobs import Job, JobItem
from models.vocabulary import JobKind
from tests.support.world import World
from workflow.jobs import Doer, Item, cancel, start, work_off
from workflow.leases import EVERY, LEASE, Tell

Ready = Callable[[Tell], None]


def ask(world: World, items: int = 1) -> int:
    with world.database.write() as connection:
        bob, now = world.people["bob"], world.clock.now()
        return start(connection, bob, now, JobKind.make_package, {}, [Item({})] * items, "once")


def work(world: World, ready: Ready, kept: list[str], name: str = "", stopping: Any = bool) -> int:
    """Work off with an item that takes as long as `ready` does; what is kept leaves the worker's name."""

    def do(*_: Any) -> dict[str, Any]:
        kept.append(name)
        return {"outcome": "done"}

    doers = {JobKind.make_package: Doer(do, ready=lambda *given: ready(given[-1]))}
    return work_off(world.database, doers, world.clock.now, stopping)


def at_once(_tell: Tell) -> None:
    """Take no time."""


def test_a_long_item_keeps_its_job_and_shows_how_far_it_is(world: World) -> None:
    ask(world)
    kept: list[str] = []
    shown: list[tuple[int, int]] = []

    def long(tell: Tell) -> None:
        for part in range(1, 5):
            world.clock.advance(LEASE - timedelta(seconds=1))
            tell(part, 8)
            done = work(world, at_once, kept, "another")
            shown.append((world.rows(JobItem)[0].percent, done))

    assert work(world, long, kept, "first") == 1
    assert (kept, shown) == (["first"], [(12, 0), (25, 0), (37, 0), (50, 0)])


def test_word_is_given_now_and_then_however_often_it_is_said(world: World) -> None:
    ask(world)
    shown: list[int | None] = []

    def quick(tell: Tell) -> None:
        for _ in range(2):
            tell(1, 2)
            world.clock.advance(EVERY - timedelta(milliseconds=1))
            tell(1, 2)
            shown.append(world.rows(JobItem)[0].percent)
            world.clock.advance(timedelta(milliseconds=1))

    assert work(world, quick, []) == 1
    assert shown == [None, 50]


@pytest.mark.parametrize("says", [True, False])
def test_an_item_that_was_taken_over_is_kept_once(world: World, says: bool) -> None:
    job_id = ask(world)
    kept: list[str] = []

    def silent(tell: Tell) -> None:
        world.clock.advance(LEASE + timedelta(seconds=1))
        work(world, at_once, kept, "another")
        if says:
            tell(1, 2)

    assert work(world, silent, kept, "first") == 0
    # Where it never says a word, what it wrote is rolled back.
    assert kept == (["another"] if says else ["another", "first"])
    (item,) = world.rows(JobItem)
    assert (item.job_id, item.result, item.attempts) == (job_id, {"outcome": "done"}, 2)


def test_an_item_that_is_cancelled_while_it_is_worked_on_keeps_nothing(world: World) -> None:
    job_id = ask(world, 2)
    kept: list[str] = []

    def unwanted(tell: Tell) -> None:
        with world.database.write() as connection:
            cancel(connection, world.people["bob"], world.clock.now(), job_id)
        world.clock.advance(EVERY)
        tell(1, 2)
        pytest.fail("it went on")

    assert work(world, unwanted, kept) == 0
    assert kept == []
    assert [row.result for row in world.rows(JobItem)] == [{"outcome": "cancelled"}] * 2
    assert world.rows(Job)[0].ended_at is not None


def test_a_worker_that_is_to_stop_leaves_a_long_item_to_the_next_as_if_it_had_never_begun(
    world: World,
) -> None:
    ask(world)
    stopping: list[bool] = []
    kept: list[str] = []

    def stopped(tell: Tell) -> None:
        stopping.append(True)
        tell(1, 2)
        pytest.fail("it went on")

    assert work(world, stopped, kept, "first", lambda: bool(stopping)) == 0
    assert world.rows(JobItem)[0].attempts == 0
    assert work(world, at_once, kept, "next") == 1
    assert kept == ["next"]
