"""What is read back to a moment is what stood on file at that moment, whatever happened since."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from models.vocabulary import Role, State
from tests.support.drawn_acts import do_something, go_on
from tests.support.snapshots import Snapshot, on_file, read_back
from tests.support.stages import accepted, correct_certificate, disputed_amount, expired, submitted
from tests.support.statements import statements
from tests.support.world import World, checked_policy
from workflow.acts.absences import call_off, settle
from workflow.acts.disputes import uphold
from workflow.as_of.gathering import AsOf, as_of
from workflow.as_of.knowledge import Known, judged_by, known
from workflow.clock import programme_day
from workflow.policies import read_policy
from workflow.verdicts import verdict_to_row

SEEDS = (5, 17, 24)
"""Between them: every way back, two tiers, disputes, absences, tasks taken, given back and moved on."""


def back_at(world: World, claim_id: int, at: datetime, by: datetime | None = None) -> tuple[AsOf, Known]:
    """Return a claim as of a moment, and what was known of it then, or `by` another moment."""
    day = programme_day(at, "Europe/Berlin")
    with world.database.read() as connection:
        found = as_of(connection, world.claim(claim_id), at, day)
    return found, known(found.records, at, day, by or at)


def something_happens(world: World, claim_id: int, draw: Random) -> None:
    """Let half a day go by, after which somebody does something with the claim or around it."""
    world.clock.advance(timedelta(hours=13))
    settle(world.database, world.clock.now())
    if draw.random() < 0.3:
        go_on(world, claim_id, draw)
    elif draw.random() < 0.1:
        correct_certificate(world, date(2026, 12, draw.randint(1, 31)))
    else:
        do_something(world, claim_id, draw)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_moment_is_read_back_as_it_stood_on_file(world: World, seed: int) -> None:
    draw, then = Random(seed), dict[datetime, Snapshot]()
    for name in ("cora", "zoe"):
        world.person(name, Role.approver)
    world.route({"group": world.group("North", "bob", "cora", "zoe")}, {})
    claim_id = world.draft()
    world.clock.advance(timedelta(hours=1))
    world.move(claim_id, "submit", "anna")
    for _ in range(60):
        something_happens(world, claim_id, draw)
        with world.database.read() as connection:
            then[world.clock.now()] = on_file(connection, world, claim_id)
    assert len({snapshot.holder for snapshot in then.values()}) > 3
    for moment, snapshot in then.items():
        assert read_back(*back_at(world, claim_id, moment)) == snapshot, moment


def test_who_was_barred_and_entitled_while_an_amount_was_disputed_is_read_back(world: World) -> None:
    then = dict[datetime, Snapshot]()

    def look(claim_id: int) -> None:
        with world.database.read() as connection:
            then[world.clock.now()] = on_file(connection, world, claim_id)
        world.clock.advance(timedelta(hours=1))

    claim_id = disputed_amount(world)
    look(claim_id)
    world.move(claim_id, "raise", "bob", approved=400_000)
    look(claim_id)
    world.clock.set(datetime(2026, 5, 1, 12, 0, tzinfo=UTC))
    world.bill(claim_id)
    world.move(claim_id, "report", "anna")
    look(claim_id)
    assert [bool(snapshot.entitled) for snapshot in then.values()] == [True, False, True]
    for moment, snapshot in then.items():
        assert read_back(*back_at(world, claim_id, moment)) == snapshot, moment


def test_who_was_barred_by_a_dispute_may_decide_again_once_the_amount_is_upheld(world: World) -> None:
    claim_id = disputed_amount(world)
    disputed = world.clock.now()
    world.clock.advance(timedelta(hours=1))
    with world.database.write() as connection:
        uphold(connection, world.people["bob"], world.clock.now(), claim_id, "It stands.")
    cora = world.people["cora"].user_id
    assert back_at(world, claim_id, disputed)[0].values["barred"] == [cora]
    assert back_at(world, claim_id, world.clock.now())[0].values["barred"] is None


def test_a_certificate_corrected_later_is_known_today_and_was_not_then(world: World) -> None:
    claim_id = submitted(world)
    then = world.clock.now()
    world.clock.advance(timedelta(days=9))
    correct_certificate(world, revoked_on=date(2026, 2, 1))
    _, known_then = back_at(world, claim_id, then)
    _, known_today = back_at(world, claim_id, then, by=world.clock.now())
    assert (known_then.certified, known_then.certified_until) == (True, date(2026, 12, 31))
    assert (known_today.certified, known_today.certified_until) == (False, None)


def test_what_was_judged_then_is_judged_again_by_what_is_known_today(world: World) -> None:
    claim_id = submitted(world)
    then = world.clock.now()
    world.clock.advance(timedelta(days=9))
    correct_certificate(world, revoked_on=date(2026, 2, 1))
    found, known_then = back_at(world, claim_id, then)
    _, known_today = back_at(world, claim_id, then, by=world.clock.now())
    move, policy = found.stand.judged, read_policy(checked_policy())
    assert move is not None
    assert [verdict_to_row(one) for one in judged_by(move, policy, known_then)] == move.verdicts
    assert [one.rule for one in judged_by(move, policy, known_today) if one.broken] == ["certification"]


def test_a_payment_recorded_later_had_left_the_bank_by_what_is_known_today(world: World) -> None:
    claim_id = accepted(world)
    before = world.clock.now()
    world.clock.advance(timedelta(days=3))
    world.move(claim_id, "reimburse", "dan", payment_reference="P-1", paid_on=before.date())
    paid = world.clock.now()
    assert back_at(world, claim_id, before)[1].paid == 0
    assert back_at(world, claim_id, before, by=paid)[1].paid == 400_000
    world.clock.advance(timedelta(days=1))
    world.move(claim_id, "payment_failed", "dan", payment_reference="P-1", reason="It came back.")
    assert back_at(world, claim_id, before, by=world.clock.now())[1].paid == 0
    assert back_at(world, claim_id, paid)[1].paid == 400_000


def test_an_absence_recorded_later_that_day_is_known_today(world: World) -> None:
    claim_id = submitted(world)
    then, bob = world.clock.now(), world.people["bob"].user_id
    world.clock.advance(timedelta(hours=2))
    absence_id = world.away("bob", then.date(), then.date() + timedelta(days=3))
    world.clock.advance(timedelta(hours=1))
    away = world.clock.now()
    with world.database.write() as connection:
        call_off(connection, world.people["bob"], away + timedelta(hours=1), absence_id)
    assert back_at(world, claim_id, then)[1].away == []
    assert [one.user_id for one in back_at(world, claim_id, then, by=away)[1].away] == [bob]
    assert [one.user_id for one in back_at(world, claim_id, away)[1].away] == [bob]
    assert back_at(world, claim_id, away + timedelta(hours=1))[1].away == []


def test_before_its_first_move_a_claim_was_a_draft_and_no_fund_is_named(world: World) -> None:
    claim_id = world.draft()
    began = world.clock.now()
    world.clock.advance(timedelta(hours=1))
    world.move(claim_id, "submit", "anna")
    found, _ = back_at(world, claim_id, began)
    stand = found.stand
    assert (stand.state, stand.since, stand.move, stand.title) == (State.draft, began, None, None)
    assert (found.task, found.fund) == (None, None)


def test_who_was_invited_later_was_not_there(world: World) -> None:
    claim_id = submitted(world)
    then = world.clock.now()
    world.clock.advance(timedelta(hours=1))
    world.person("cora", Role.approver)
    assert "Cora" not in {one.name for one in back_at(world, claim_id, then)[0].people}
    assert "Cora" in {one.name for one in back_at(world, claim_id, world.clock.now())[0].people}


def test_a_plan_of_a_claim_that_expired_is_the_one_that_was_sent(world: World) -> None:
    claim_id = expired(world)
    stand = back_at(world, claim_id, world.clock.now())[0].stand
    assert (stand.state, stand.title, stand.number) == (State.expired, "Spring seminar", "2026H1-00001")


def test_it_takes_as_many_statements_for_a_long_history_as_for_a_short_one(world: World) -> None:
    claim_id = submitted(world)
    back_at(world, claim_id, world.clock.now())  # its policy version is read once, and never again
    with statements(world.database) as for_one:
        back_at(world, claim_id, world.clock.now())
    draw = Random(1)
    for name in ("cora", "zoe"):
        world.person(name, Role.approver)
    for _ in range(20):
        something_happens(world, claim_id, draw)
    with statements(world.database) as for_many:
        back_at(world, claim_id, world.clock.now())
    assert len(for_many) == len(for_one)
