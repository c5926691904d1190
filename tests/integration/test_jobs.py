"""Long work is done item by item, each once, whoever dies, and stops when it is asked to."""

import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import OperationalError

from models.database import Database
from models.history import Move, RefusedAttempt
from models.jobs import Job, JobItem
from models.programme import Period
from models.vocabulary import JobKind, Role, State
from tests.support.stages import submitted
from tests.support.world import World
from workflow.bulk import DOERS
from workflow.jobs import MOST_AT_ONCE, MOST_ATTEMPTS, Doer, Item, cancel, start, work_off
from workflow.leases import LEASE
from workflow.refusals import Problem, Refused


def ask(
    world: World,
    items: list[Item],
    *,
    kind: JobKind = JobKind.decide,
    shared: Mapping[str, Any] | None = None,
    by: str = "bob",
    key: str = "once",
) -> int:
    with world.database.write() as connection:
        shared = {"reason": "", **(shared or {})}
        return start(connection, world.people[by], world.clock.now(), kind, shared, items, key)


def work(world: World, **more: Any) -> int:
    return work_off(world.database, more.pop("doers", DOERS), world.clock.now, **more)


def results(world: World, job_id: int) -> list[str | None]:
    with world.database.read() as connection:
        rows = connection.scalars(
            select(JobItem.result).where(JobItem.job_id == job_id).order_by(JobItem.position)
        )
        return [None if row is None else row["outcome"] for row in rows]


def job(world: World, job_id: int) -> Any:
    with world.database.read() as connection:
        return connection.execute(select(Job.__table__).where(Job.id == job_id)).one()


def approval(world: World, claim_id: int, approved: str = "4000.00") -> Item:
    version = world.claim(claim_id).version
    return Item({"trigger": "approve", "approved": approved, "version": version}, claim_id)


def noting(seen: list[int], fail: Mapping[int, BaseException] | None = None) -> dict[JobKind, Doer]:
    """Return a doer that leaves a row for each item within its transaction, and fails where it is told to."""

    def do(connection: Connection, job: Any, item: Any, now: datetime) -> dict[str, Any]:
        day = now.date()
        connection.execute(
            insert(Period).values(
                code=f"item{item.position}", first_day=day, last_day=day, last_claim_number=0
            )
        )
        seen.append(item.position)
        if fail and item.position in fail:
            raise fail[item.position]
        return {"outcome": "done"}

    return {JobKind.decide: Doer(do)}


def made(database: Database) -> list[str]:
    with database.read() as connection:
        return list(
            connection.scalars(select(Period.code).where(Period.code.like("item%")).order_by(Period.id))
        )


def test_each_claim_is_decided_on_its_own_with_a_result_for_each(world: World) -> None:
    first, stale, mine = submitted(world), submitted(world), submitted(world)
    items = [approval(world, first), approval(world, stale), approval(world, mine, "3000.00")]
    world.move(stale, "return", "bob", reason="Name the speakers.")

    job_id = ask(world, items)
    assert work(world) == 3

    assert results(world, job_id) == ["done", "refused", "refused"]
    assert world.claim(first).state is State.approved
    assert world.claim(mine).state is State.submitted  # less than offered, and no reason given
    assert job(world, job_id).ended_at is not None
    with world.database.read() as connection:
        assert set(connection.scalars(select(RefusedAttempt.claim_id))) == {stale, mine}


def test_a_request_that_is_sent_twice_is_one_job(world: World) -> None:
    claim_id = submitted(world)
    items = [approval(world, claim_id)]
    assert ask(world, items) == ask(world, items)
    assert work(world) == 1
    assert ask(world, items, key="another") != ask(world, items)


def test_the_job_does_what_its_asker_may_do_now_and_nothing_more(world: World) -> None:
    claim_id = submitted(world)
    world.person("cora", Role.approver)
    job_id = ask(world, [approval(world, claim_id)], by="cora")
    work(world)
    assert results(world, job_id) == ["refused"]
    assert world.claim(claim_id).state is State.submitted


def test_several_tasks_are_given_back_and_reassigned(world: World) -> None:
    claims = [submitted(world), submitted(world)]
    world.person("cora", Role.approver)
    given = ask(
        world, [Item({}, one) for one in claims], kind=JobKind.give_back, shared={"reason": "Not mine."}
    )
    work(world)
    assert results(world, given) == ["done", "done"]
    assert {world.holder(one)[0] for one in claims} == {"cora"}
    moved = ask(
        world,
        [Item({}, one) for one in claims],
        kind=JobKind.reassign,
        shared={"assignee": world.people["bob"].user_id},
        by="mia",
    )
    work(world)
    assert results(world, moved) == ["done", "done"]
    assert {world.holder(one)[0] for one in claims} == {"bob"}


def test_what_a_dead_worker_left_is_gone_on_with_once_its_lease_has_run_out(world: World) -> None:
    seen: list[int] = []
    job_id = ask(world, [Item({}), Item({}), Item({})])
    with pytest.raises(KeyboardInterrupt):
        work(world, doers=noting(seen, {1: KeyboardInterrupt()}))
    assert made(world.database) == ["item0"]

    assert work(world, doers=noting(seen)) == 0  # another may not have it yet
    world.clock.advance(LEASE + timedelta(seconds=1))
    assert work(world, doers=noting(seen)) == 2
    assert made(world.database) == ["item0", "item1", "item2"]
    assert results(world, job_id) == ["done"] * 3


def test_an_item_that_fails_stops_no_other_and_leaves_nothing_half_done(world: World) -> None:
    job_id = ask(world, [Item({}), Item({}), Item({})])
    failing = {0: ValueError("our own mistake"), 1: Refused(Problem("stale"))}
    assert work(world, doers=noting([], failing)) == 3
    assert results(world, job_id) == ["failed", "refused", "done"]
    assert made(world.database) == ["item2"]


def test_an_item_that_the_database_refuses_each_time_has_failed_in_the_end(world: World) -> None:
    job_id = ask(world, [Item({}), Item({})])
    error = OperationalError("select", {}, Exception("gone"))
    for _ in range(MOST_ATTEMPTS):
        with pytest.raises(OperationalError):
            work(world, doers=noting([], {0: error}))
        world.clock.advance(LEASE + timedelta(seconds=1))
    work(world, doers=noting([], {0: error}))
    assert results(world, job_id) == ["failed", "done"]


def test_a_job_that_is_cancelled_does_no_further_item(world: World) -> None:
    job_id = ask(world, [Item({}), Item({}), Item({})])
    seen: list[int] = []

    def after_one() -> bool:
        return len(seen) > 0

    work(world, doers=noting(seen), stopping=after_one)
    with world.database.write() as connection:
        cancel(connection, world.people["anna"], world.clock.now(), job_id)  # not hers: nothing happens
    assert job(world, job_id).cancel_asked_at is None
    with world.database.write() as connection:
        cancel(connection, world.people["bob"], world.clock.now(), job_id)
    work(world, doers=noting(seen))
    assert results(world, job_id) == ["done", "cancelled", "cancelled"]
    assert job(world, job_id).ended_at is not None


def test_a_worker_that_stops_leaves_the_job_to_the_next_at_once(world: World) -> None:
    ask(world, [Item({}), Item({})])
    seen: list[int] = []
    work(world, doers=noting(seen), stopping=lambda: len(seen) > 0)
    assert work(world, doers=noting(seen)) == 1
    assert made(world.database) == ["item0", "item1"]


def test_a_decision_is_never_made_twice_however_often_its_item_is_begun(world: World) -> None:
    claim_id = submitted(world)
    ask(world, [approval(world, claim_id)])
    work(world)
    with world.database.write() as connection:  # as if the worker had died before it could say so
        connection.execute(update(JobItem).values(done_at=None, result=None))
        connection.execute(update(Job).values(ended_at=None))
    work(world)
    with world.database.read() as connection:
        moves = connection.scalars(select(Move.trigger).where(Move.claim_id == claim_id)).all()
    assert [move.value for move in moves] == ["submit", "approve"]


def fill(world: World, by: str = "bob") -> list[int]:
    """Have somebody ask for as many jobs of a kind as they may."""
    return [ask(world, [Item({})], by=by, key=f"{by}{number}") for number in range(MOST_AT_ONCE)]


def test_nobody_has_more_jobs_of_a_kind_under_way_than_there_is_room_for(world: World) -> None:
    first, *_others = fill(world)
    with pytest.raises(Refused, match="jobs_full") as refused:
        ask(world, [Item({})], key="more")
    assert refused.value.problems[0].message() == "You have 5 of these under way already."
    assert refused.value.problems[0].remedy() == "Wait until one has ended, or stop one."
    assert len(world.rows(Job)) == MOST_AT_ONCE
    assert ask(world, [Item({})], key="bob0") == first, "what was asked for before is no new job"
    ask(world, [Item({})], by="mia")
    ask(world, [Item({})], kind=JobKind.give_back, key="another kind")


def test_there_is_room_again_once_a_job_has_ended_or_was_stopped(world: World) -> None:
    first, *_others = fill(world)
    with world.database.write() as connection:
        cancel(connection, world.people["bob"], world.clock.now(), first)
    with pytest.raises(Refused, match="jobs_full"):
        ask(world, [Item({})], key="too early")
    work(world, stopping=lambda: job(world, first).ended_at is not None)
    ask(world, [Item({})], key="more")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_of_two_that_are_asked_for_at_once_only_as_many_are_taken_as_there_is_room_for(world: World) -> None:
    for number in range(MOST_AT_ONCE - 1):
        ask(world, [Item({})], key=f"bob{number}")
    refused: list[str] = []

    def ask_too() -> None:
        try:
            ask(world, [Item({})], key="second")
        except Refused as error:
            refused.append(error.why)

    other = threading.Thread(target=ask_too)
    with world.database.write() as connection:
        bob, now = world.people["bob"], world.clock.now()
        start(connection, bob, now, JobKind.decide, {"reason": ""}, [Item({})], "first")
        other.start()
        other.join(0.5)
        assert other.is_alive(), "it waits for the first"
    other.join()
    assert refused == ["jobs_full"]
    assert len(world.rows(Job)) == MOST_AT_ONCE
