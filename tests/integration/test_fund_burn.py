"""What a period's funds held month by month is what the ledger says, and ends with what they hold now."""

from datetime import UTC, date, datetime

from sqlalchemy import select, update

from models.database import Database
from models.programme import Period, Programme
from tests.support.stages import approved, reimbursed
from tests.support.statements import statements
from tests.support.world import World
from workflow.forecast.burn import Balances, Month, Span, months_of


def months(world: World, today: date | None = None, zone: str = "Europe/Berlin") -> list[Month]:
    with world.database.read() as connection:
        period = connection.execute(select(Period.__table__)).one()
        span = Span(period.first_day, period.last_day, today or world.clock.now().date())
        return months_of(connection, world.period_id, span, zone)


def held(world: World) -> Balances:
    fund = world.fund_row()
    return Balances(fund.available, fund.reserved, fund.paid)


def test_each_month_shows_what_was_used_in_it_and_the_last_what_funds_hold_now(world: World) -> None:
    approved(world)
    reimbursed(world)  # the clock is in May then
    found = months(world)
    assert [(month.first_day, month.last_day, month.used) for month in found] == [
        (date(2026, 1, 1), date(2026, 1, 31), 0),
        (date(2026, 2, 1), date(2026, 2, 28), 0),
        (date(2026, 3, 1), date(2026, 3, 31), 800_000),
        (date(2026, 4, 1), date(2026, 4, 30), 0),
        (date(2026, 5, 1), date(2026, 5, 1), 0),
    ]
    assert [month.held.allocated for month in found] == [0, 0, 5_000_000, 5_000_000, 5_000_000]
    assert found[-1].held == held(world) == Balances(4_200_000, 400_000, 400_000)


def test_what_is_paid_after_the_period_stands_in_a_row_of_its_own(world: World) -> None:
    world.clock.set(datetime(2026, 6, 30, 12, tzinfo=UTC))
    claim_id = approved(world)
    world.clock.set(datetime(2026, 7, 20, 12, tzinfo=UTC))
    world.move(claim_id, "withdraw", "anna")
    found = months(world)
    assert [(month.first_day, month.last_day, month.used) for month in found[-2:]] == [
        (date(2026, 6, 1), date(2026, 6, 30), 400_000),
        (date(2026, 7, 1), date(2026, 7, 20), -400_000),
    ]
    assert found[-1].held == held(world)


def test_a_month_ends_at_midnight_in_the_programmes_zone(world: World) -> None:
    world.clock.set(datetime(2026, 3, 31, 21, 59, tzinfo=UTC))
    approved(world)
    world.clock.set(datetime(2026, 3, 31, 22, 0, tzinfo=UTC))
    approved(world)
    in_berlin = months(world, date(2026, 4, 1))
    assert [month.used for month in in_berlin] == [0, 0, 400_000, 400_000]
    assert [month.used for month in months(world, date(2026, 4, 1), "UTC")] == [0, 0, 800_000, 0]


def test_a_period_that_has_not_begun_has_no_months(world: World) -> None:
    assert months(world, date(2025, 12, 31)) == []


def test_a_long_period_shows_its_latest_months(world: World) -> None:
    with world.database.write() as connection:
        connection.execute(update(Period).values(first_day=date(2010, 1, 15)))
    found = months(world)
    assert len(found) == 24
    assert (found[0].first_day, found[-1].first_day) == (date(2024, 4, 1), date(2026, 3, 1))
    assert found[-1].held == held(world)


def test_a_period_without_funds_holds_nothing(database: Database) -> None:
    with database.read() as connection:
        assert connection.scalar(select(Programme.id)) is None
        span = Span(date(2026, 1, 1), date(2026, 6, 30), date(2026, 1, 1))
        assert months_of(connection, 1, span, "UTC") == [
            Month(date(2026, 1, 1), date(2026, 1, 1), Balances())
        ]


def test_many_entries_take_one_statement(world: World) -> None:
    for _ in range(3):
        approved(world)
    with statements(world.database) as seen:
        months(world)
    assert sum("ledger_entry" in one for one in seen) == 1
