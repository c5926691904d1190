"""The forecast of expiries equals what the scheduler then does, day by day."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from models.claims import Claim
from models.history import Move
from models.programme import Programme
from models.vocabulary import State, Trigger
from tests.support.expiring_claims import STAGES, other_partners_claims, scatter_certificates, scatter_claims
from tests.support.stages import approved, correct_certificate, submitted
from tests.support.statements import statements
from tests.support.world import World
from workflow.certification import last_certified_day
from workflow.clock import programme_today
from workflow.expiry import dry_run, sweep
from workflow.forecast.expiries import AtRisk, at_risk, released
from workflow.gathering import certificates_of
from workflow.lapsing import Lapse

Found = set[tuple[int, date, Lapse]]


def forecast(world: World, days: int = 90) -> list[AtRisk]:
    with world.database.read() as connection:
        return at_risk(connection, programme_today(connection, world.clock.now()), days=days)


def told(found: list[AtRisk]) -> Found:
    return {(one.claim_id, one.day, one.lapse) for one in found}


def days_to_come(world: World, draw: Random, days: int) -> Iterator[datetime]:
    """Yield a moment of each programme day from today to so many days later: now, then any."""
    yield world.clock.now()
    with world.database.read() as connection:
        zone = connection.scalar(select(Programme.time_zone)) or ""
        today = programme_today(connection, world.clock.now())
    for number in range(1, days + 1):
        day = today + timedelta(days=number)
        at = draw.choice([time(0, 0), time(0, 1), time(12, 0), time(23, 59)])
        yield datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)


def done(world: World) -> Found:
    """Return what expired, on which programme day and by what, as history has it."""
    moves = [move for move in world.rows(Move) if move.trigger is Trigger.expire]
    return {
        (
            move.claim_id,
            move.day,
            Lapse(
                move.figures["expired_by"],
                date.fromisoformat(move.figures.get("missing_from") or move.figures["deadline"]),
            ),
        )
        for move in moves
    }


@pytest.mark.parametrize("scattered", [True, False])
@pytest.mark.parametrize("seed", range(3))
def test_what_is_forecast_is_what_the_scheduler_then_does_day_by_day(
    world: World, seed: int, scattered: bool
) -> None:
    draw = Random(seed)
    world.demand(report_within_days=30, decide_within_days=2)
    for stage in STAGES:
        stage(world)
    for _ in range(3):
        submitted(world)
    other_partners_claims(world)
    if scattered:
        scatter_claims(world, draw)
    scatter_certificates(world, draw)
    before, ahead = done(world), forecast(world)
    assert len(ahead) >= 3

    for moment in days_to_come(world, draw, 90):
        world.clock.set(moment)
        sweep(world.database, moment)

    assert done(world) - before == told(ahead)


@pytest.mark.parametrize(("report_by", "ahead"), [(89, [90]), (90, [])])
def test_the_ninetieth_day_is_forecast_and_the_next_is_not(
    world: World, report_by: int, ahead: list[int]
) -> None:
    today = world.clock.now().date()
    deadline_is(world, approved(world), today + timedelta(days=report_by))
    assert [(one.day - today).days for one in forecast(world)] == ahead
    assert [one.day for one in forecast(world, 91)] == [today + timedelta(days=report_by + 1)]


def deadline_is(world: World, claim_id: int, day: date) -> None:
    with world.database.write() as connection:
        connection.execute(update(Claim).where(Claim.id == claim_id).values(report_by=day))


def test_what_is_due_already_is_forecast_for_today(world: World) -> None:
    claim_id = approved(world)
    today = world.clock.now().date()
    deadline_is(world, claim_id, today - timedelta(days=3))
    (found,) = forecast(world)
    assert (found.claim_id, found.day, found.in_time) == (claim_id, today, today - timedelta(days=1))
    deadline_is(world, claim_id, today)
    assert forecast(world)[0].day == today + timedelta(days=1)


def test_today_is_the_day_in_the_programmes_zone(world: World) -> None:
    submitted(world)
    correct_certificate(world, date(2026, 5, 1))
    world.clock.set(datetime(2026, 5, 1, 21, 59, tzinfo=UTC))
    assert [one.day for one in forecast(world, 0)] == []
    world.clock.set(datetime(2026, 5, 1, 22, 0, tzinfo=UTC))
    assert [one.day for one in forecast(world, 0)] == [date(2026, 5, 2)]


def test_the_forecast_of_tomorrow_is_the_dry_run_of_tonight(world: World) -> None:
    submitted(world)
    deadline_is(world, approved(world), date(2026, 3, 2))
    deadline_is(world, approved(world), date(2026, 3, 3))
    tonight = [
        (one.claim_id, Lapse(one.because, one.day)) for one in dry_run(world.database, world.clock.now())
    ]
    assert [(one.claim_id, one.lapse) for one in forecast(world, 1)] == tonight


def test_at_stake_is_what_is_reserved_or_else_asked_for(world: World) -> None:
    world.move(second := submitted(world), "approve", "bob", approved=300_000, reason="Less.")
    first = submitted(world)
    correct_certificate(world, date(2026, 5, 1))
    found = {one.claim_id: one for one in forecast(world)}
    assert (found[first].stake, found[first].reserved) == (400_000, 0)
    assert (found[second].stake, found[second].reserved) == (300_000, 300_000)
    assert released(found.values()) == 300_000
    with world.database.read() as connection:
        held = certificates_of(connection, [world.partner_id])[world.partner_id]
    assert found[first].in_time == last_certified_day(held, date(2026, 3, 2)) == date(2026, 5, 1)


def test_a_claim_that_moves_on_is_forecast_no_more(world: World) -> None:
    claim_id = submitted(world)
    correct_certificate(world, date(2026, 5, 1))
    assert [one.claim_id for one in forecast(world)] == [claim_id]
    world.move(claim_id, "withdraw", "anna")
    assert world.claim(claim_id).state is State.withdrawn
    assert forecast(world) == []


def test_many_claims_take_as_many_statements_as_one(world: World) -> None:
    submitted(world)
    forecast(world)  # reads the policy, once and for all
    with statements(world.database) as for_one:
        forecast(world)
    for _ in range(5):
        submitted(world)
    other_partners_claims(world)
    with statements(world.database) as for_many:
        assert forecast(world) == []
    assert len(for_many) == len(for_one)
