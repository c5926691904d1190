"""A form that is sent twice changes the programme once."""

import threading
from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import Connection, func, select

from models.funds import Fund, LedgerEntry
from models.history import Act
from tests.support.world import World
from workflow.acts.funds import allocate, reduce_fund
from workflow.acts.partners import add_partner
from workflow.acts.record import once
from workflow.refusals import Refused


def allocation(
    world: World, key: str, amount: int = 100_000, partner_id: int | None = None
) -> Callable[[Connection], int]:
    """Return the work that allocates money under a request's key."""
    now: datetime = world.clock.now()

    def work(connection: Connection) -> int:
        return allocate(
            connection,
            world.people["mia"],
            now,
            partner_id=partner_id or world.partner_id,
            period_id=world.period_id,
            amount=amount,
            key=key,
        )

    return work


def test_the_same_request_allocates_once(world: World) -> None:
    before = world.fund_row().available
    assert once(world.database, "click", allocation(world, "click")) is not None
    assert once(world.database, "click", allocation(world, "click")) is None
    assert world.fund_row().available == before + 100_000


def test_two_requests_allocate_twice(world: World) -> None:
    before = world.fund_row().available
    once(world.database, "one", allocation(world, "one"))
    once(world.database, "two", allocation(world, "two"))
    assert world.fund_row().available == before + 200_000


def test_the_same_request_takes_back_once(world: World) -> None:
    fund = world.fund_row()

    def work(connection: Connection) -> int:
        return reduce_fund(
            connection, world.people["mia"], world.clock.now(), fund_id=fund.id, amount=500, key="back"
        )

    assert [once(world.database, "back", work), once(world.database, "back", work)] == [fund.id, None]
    assert world.fund_row().available == fund.available - 500


def test_a_double_click_at_the_same_moment_allocates_once(world: World) -> None:
    fresh = world.partner("Weser Networks")
    start = threading.Barrier(4)

    def click() -> None:
        start.wait()
        once(world.database, "click", allocation(world, "click", partner_id=fresh))

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert world.fund_row(fresh).available == 100_000


def test_the_first_allocations_of_two_managers_at_the_same_moment_both_count(world: World) -> None:
    fresh = world.partner("Weser Networks")
    start = threading.Barrier(2)

    def click(key: str) -> None:
        start.wait()
        once(world.database, key, allocation(world, key, partner_id=fresh))

    threads = [threading.Thread(target=click, args=(key,)) for key in ("mia", "max")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert world.fund_row(fresh).available == 200_000
    with world.database.read() as connection:
        of_fund = select(func.sum(LedgerEntry.amount)).join(Fund).where(Fund.partner_id == fresh)
        assert connection.scalar(of_fund) == 200_000


def test_an_act_that_is_refused_leaves_its_key_free(world: World) -> None:
    with pytest.raises(Refused):
        once(world.database, "click", allocation(world, "click", amount=0))
    assert once(world.database, "click", allocation(world, "click")) is not None


def test_two_managers_who_add_the_same_partner_at_once_are_told(world: World) -> None:
    start, refused = threading.Barrier(2), []

    def click(key: str) -> None:
        def work(connection: Connection) -> int:
            return add_partner(
                connection,
                world.people["mia"],
                world.clock.now(),
                name="Weser Networks",
                partner_type="vap",
                country="DE",
                key=key,
            )

        start.wait()
        try:
            once(world.database, key, work)
        except Refused as refusal:
            refused.append(refusal.why)

    threads = [threading.Thread(target=click, args=(key,)) for key in ("mia", "max")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == ["name_taken"]


def test_acts_without_a_key_do_not_get_in_each_others_way(world: World) -> None:
    with world.database.read() as connection:
        assert (connection.scalar(select(func.count()).where(Act.key.is_(None))) or 0) > 1
