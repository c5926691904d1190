"""What rules did, counted over history and refused attempts, for auditors and programme managers."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from models.claims import Claim
from models.jobs import JobItem
from models.people import Partner
from models.programme import Programme
from models.vocabulary import Trigger
from tests.functional.conftest import SignIn
from tests.support.stages import submitted
from tests.support.world import World
from workflow.attempt import Command
from workflow.bulk import DOERS
from workflow.jobs import work_off
from workflow.refusals import Refused
from workflow.refused_attempts import remember
from workflow.rule_counts.running import ask

ROOM = "/rule-counts"


def counted(world: World, by: str = "eve", key: str = "once", **days: Any) -> dict[tuple[str, str], int]:
    with world.database.write() as connection:
        job_id = ask(
            connection, world.people[by], world.clock.now(), days.get("first"), days.get("last"), key
        )
    work_off(world.database, DOERS, world.clock.now)
    found: dict[tuple[str, str], int] = {}
    with world.database.read() as connection:
        for result in connection.scalars(select(JobItem.result).where(JobItem.job_id == job_id)):
            for rule, did, number in result["counts"]:
                found[rule, did] = found.get((rule, did), 0) + number
    return found


def try_to_submit(world: World, claim_id: int) -> None:
    """Ask for a submission as a page does: a refusal is remembered."""
    try:
        world.move(claim_id, "submit", "anna")
    except Refused as refused:
        command = Command(claim_id, Trigger.submit, world.people["anna"], key="")
        remember(world.database, command, refused, world.clock.now())


def test_a_rule_that_failed_at_an_attempt_and_then_held_was_put_right(world: World) -> None:
    claim_id = world.draft(organiser_kind="third_party")
    try_to_submit(world, claim_id)
    world.clock.advance(timedelta(minutes=1))
    with world.database.write() as connection:
        connection.execute(update(Claim).values(organiser_kind="partner"))
    world.move(claim_id, "submit", "anna")
    world.clock.advance(timedelta(minutes=1))
    counts = counted(world)
    assert counts["organiser", "submit"] == 2
    assert counts["organiser", "failed"] == counts["organiser", "righted"] == 1
    assert ("large-gifts", "failed") not in counts
    assert ("organiser", "rejected") not in counts


def test_a_rule_that_was_broken_when_a_claim_was_rejected_drove_it(world: World) -> None:
    claim_id, other = submitted(world), submitted(world)
    world.move(other, "reject", "bob", reason="Not this time.")
    with world.database.write() as connection:
        connection.execute(update(Partner).values(partner_type="reseller"))
    world.move(claim_id, "reject", "bob", reason="You are no distributor any more.")
    world.clock.advance(timedelta(minutes=1))
    counts = counted(world)
    assert counts["partner-type", "rejected"] == 1
    assert ("partner-type", "failed") not in counts


def test_only_what_happened_on_the_days_asked_for_counts(world: World) -> None:
    submitted(world)
    today = world.clock.now().date()
    assert counted(world, first=today, last=today)["period", "submit"] == 1
    assert counted(world, key="later", first=today + timedelta(days=1)) == {}
    assert counted(world, key="before", last=today - timedelta(days=1)) == {}


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12"])
@pytest.mark.parametrize("days", [{"first": date(1, 1, 2)}, {"last": date(9999, 12, 30)}])
def test_the_first_and_the_last_day_that_can_be_typed_are_counted_from_in_every_zone(
    world: World, zone: str, days: dict[str, Any]
) -> None:
    submitted(world)
    world.clock.advance(timedelta(minutes=1))
    with world.database.write() as connection:
        connection.execute(update(Programme).values(time_zone=zone))
    assert counted(world, **days)["period", "submit"] == 1


@pytest.mark.parametrize("name", ["anna", "bob", "dan"])
def test_nobody_but_auditors_and_programme_managers_counts(world: World, sign_in: SignIn, name: str) -> None:
    with pytest.raises(Refused):
        counted(world, by=name)
    assert sign_in(world.people[name]).open(ROOM).status == 403


def test_whoever_asked_stops_the_counting(world: World, sign_in: SignIn) -> None:
    submitted(world)
    eve, mia = (sign_in(world.people[name]) for name in ("eve", "mia"))
    waiting = eve.open(ROOM).submit(ROOM).follow()
    stop = waiting.path.replace(ROOM, "/jobs") + "/cancel"
    assert not mia.open(waiting.path).offers(stop)
    assert waiting.submit(stop).follow().location.endswith(waiting.path)
    work_off(world.database, DOERS, world.clock.now)
    assert "Not everything was counted: 1 of 1 parts are missing." in eve.open(waiting.path).text


@pytest.mark.parametrize("name", ["eve", "mia"])
def test_the_page_counts_and_names_the_rules_that_never_fired(
    world: World, sign_in: SignIn, name: str
) -> None:
    claim_id = world.draft(organiser_kind="third_party")
    try_to_submit(world, claim_id)
    world.clock.advance(timedelta(minutes=1))
    browser = sign_in(world.people[name])
    wrong = browser.open(ROOM).submit(ROOM, first="2026-03-02", last="2026-03-01")
    assert (wrong.status, "before the first" in wrong.text) == (422, True)
    for beyond in ({"first": "0001-01-01"}, {"last": "9999-12-31"}):
        refused = browser.open(ROOM).submit(ROOM, **beyond)
        assert (refused.status, 'aria-invalid="true"' in refused.text) == (422, True)
    waiting = browser.open(ROOM).submit(ROOM).follow()
    assert "0 of 1 parts" in waiting.text
    work_off(world.database, DOERS, world.clock.now)
    page = browser.open(waiting.path)
    never = page.text.split("Never fired")[1]
    assert "Organiser" not in never
    assert "No large gifts" in never
    assert browser.open(f"{ROOM}/99").status == 404
