"""Contacts are warned some days before certification ends: once for each step, late rather than never."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select

from models.database import Database
from models.messages import FIGURES, Message
from models.vocabulary import MessageKind, Role
from tests.integration.test_expiry import accepted, approved, submitted
from tests.support.stages import correct_certificate
from tests.support.world import World
from workflow.acts.users import deactivate
from workflow.certificate_warnings import warn

STEPS = (90, 30, 14, 7, 1)
LAST_DAY = date(2026, 12, 31)
"""The last day of the world's certificate."""


def days_before(days: int, last_day: date = LAST_DAY) -> datetime:
    """Return midday, some days before a last day."""
    return datetime(last_day.year, last_day.month, last_day.day, 12, tzinfo=UTC) - timedelta(days=days)


def warnings(world: World) -> list[Any]:
    with world.database.read() as connection:
        return list(
            connection.execute(
                select(Message.user_id, Message.figures)
                .where(Message.kind == MessageKind.certificate_warning)
                .order_by(Message.id)
            )
        )


def warned_days(world: World) -> list[int]:
    return [row.figures["days"] for row in warnings(world)]


def test_each_step_warns_once_on_its_day(world: World) -> None:
    for days in range(95, -2, -1):
        for _ in range(2):
            warn(world.database, days_before(days), STEPS)
    assert warned_days(world) == [90, 30, 14, 7, 1]


def test_a_warning_names_the_last_day_and_the_claims_at_risk(world: World) -> None:
    claims = [submitted(world), approved(world, title="Autumn seminar")]
    world.draft(title="Only a draft")
    accepted(world)
    assert warn(world.database, days_before(30), STEPS) == 1

    (warning,) = warnings(world)
    assert warning.user_id == world.people["anna"].user_id
    assert set(warning.figures) == set(FIGURES[MessageKind.certificate_warning])
    assert warning.figures == {
        "partner": "Elbe Systems",
        "days": 30,
        "last_day": "2026-12-31",
        "claims": [
            {"number": world.claim(claim_id).number, "title": title}
            for claim_id, title in zip(claims, ("Spring seminar", "Autumn seminar"), strict=True)
        ],
    }


def test_a_warning_names_no_claim_that_its_policy_does_not_let_expire(world: World) -> None:
    submitted(world, title="Of the policy before")
    world.demand(expirable_states=["approved", "executed"])
    submitted(world, title="Does not expire")
    approved(world, title="Expires once approved")
    assert warn(world.database, days_before(30), STEPS) == 1

    (warning,) = warnings(world)
    assert [claim["title"] for claim in warning.figures["claims"]] == [
        "Of the policy before",
        "Expires once approved",
    ]


@pytest.mark.parametrize(("days", "told"), [(91, []), (90, [90]), (20, [20]), (3, [3]), (0, [0]), (-1, [])])
def test_a_missed_warning_comes_late_and_only_the_nearest(world: World, days: int, told: list[int]) -> None:
    for _ in range(2):
        warn(world.database, days_before(days), STEPS)
    assert warned_days(world) == told


def test_a_renewal_puts_the_warnings_off(world: World) -> None:
    warn(world.database, days_before(30), STEPS)
    world.certify(world.partner_id, date(2027, 1, 1), date(2027, 6, 30))
    assert warn(world.database, days_before(14), STEPS) == 0
    assert warn(world.database, days_before(14, date(2027, 6, 30)), STEPS) == 1
    assert [row.figures["last_day"] for row in warnings(world)] == ["2026-12-31", "2027-06-30"]


def test_a_correction_to_an_earlier_day_warns_anew(world: World) -> None:
    warn(world.database, days_before(90), STEPS)
    correct_certificate(world, date(2026, 10, 20))
    warn(world.database, days_before(90), STEPS)
    assert [row.figures["last_day"] for row in warnings(world)] == ["2026-12-31", "2026-10-20"]


def test_the_days_are_counted_in_the_programmes_zone(world: World) -> None:
    late_evening = datetime(2026, 12, 23, 23, 30, tzinfo=UTC)  # the 24th in Berlin
    warn(world.database, late_evening, (7,))
    assert warned_days(world) == [7]


def test_only_active_contacts_of_the_partner_are_warned(world: World) -> None:
    world.person("carl", Role.partner, partner_id=world.partner_id)
    carla = world.person("carla", Role.partner, partner_id=world.partner_id, contact=True)
    gone = world.person("gustav", Role.partner, partner_id=world.partner_id, contact=True)
    lapsed = world.partner("Rhine Networks")
    world.person("rolf", Role.partner, partner_id=lapsed, contact=True)
    world.certify(lapsed, date(2025, 1, 1), date(2026, 1, 31))
    with world.database.write() as connection:
        assert gone.user_id is not None
        deactivate(connection, world.people["mia"], world.clock.now(), gone.user_id)

    warn(world.database, days_before(7), STEPS)
    assert [row.user_id for row in warnings(world)] == [world.people["anna"].user_id, carla.user_id]


def test_two_nodes_at_once_warn_once(world: World) -> None:
    together = Barrier(2)

    def start(_: int) -> None:
        together.wait()
        warn(world.database, days_before(30), STEPS)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(start, range(2)))
    assert warned_days(world) == [30]


def test_before_the_programme_is_set_up_nobody_is_warned(database: Database) -> None:
    assert warn(database, days_before(30), STEPS) == 0
