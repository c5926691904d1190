"""What is past its time is erased at night, and never sooner."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, delete, update

from models.claims import ClaimLine, Evidence
from models.erasure import Retention
from models.messages import Message
from models.vocabulary import MessageKind, Personal
from tests.integration.test_erasure import ALL, agrees
from tests.support.file_places import Folder
from tests.support.personal import (
    DUE,
    erased,
    erasing_acts,
    hold,
    keep_for,
    lift,
    night,
    paid_claim,
    said,
    traces,
)
from tests.support.stages import accepted, propose_claw_back, rejected
from tests.support.world import World
from workflow.actors import Actor
from workflow.acts.erasure import propose_erasure
from workflow.acts.record import record_act
from workflow.acts.retention import as_figures, set_retention
from workflow.erasure.due import due, finish, months_before
from workflow.erasure.erasing import locked
from workflow.erasure.retention import GRACE
from workflow.proof.signing import SigningKey
from workflow.proof.verifying import Seal
from workflow.refusals import Refused

WEEK = timedelta(days=7)


def test_nothing_is_erased_until_a_number_is_set(world: World, folder: Folder) -> None:
    paid_claim(world, folder.files)
    assert night(world, folder, DUE + timedelta(days=9999)) == 0
    assert traces(world.database, ALL) == ALL


def test_comments_go_with_reasons_where_no_reason_was_ever_given(
    world: World, folder: Folder, key: SigningKey, seal: Seal
) -> None:
    claim_id = accepted(world)
    with world.database.write() as connection:
        for table in (ClaimLine, Evidence):
            said_so = update(table).where(table.claim_id == claim_id)
            connection.execute(said_so.values(comment="Grace Hopper was late."))
    world.move(claim_id, "reimburse", "dan", payment_reference="PAY-1", paid_on=world.clock.now().date())
    keep_for(world, reasons=24)
    assert night(world, folder) == 1
    assert traces(world.database, {"Grace Hopper was late."}) == set()
    agrees(world, key, seal)
    assert night(world, folder) == 0


def test_each_kind_goes_after_its_own_months_and_not_a_day_sooner(
    world: World, folder: Folder, key: SigningKey, seal: Seal
) -> None:
    paid_claim(world, folder.files)
    keep_for(world, people_files=24, thread=25)

    assert night(world, folder, DUE - timedelta(days=1)) == 0
    assert night(world, folder) == 1
    assert traces(world.database, ALL) == ALL - said(Personal.people_files)
    assert night(world, folder) == 0
    assert night(world, folder, DUE + timedelta(days=31)) == 1
    assert traces(world.database, ALL) == ALL - said(Personal.people_files, Personal.thread)
    first, second = erasing_acts(world)
    assert first.figures["months"] == {"people_files": 24}
    assert first.figures["ended_on"] == "2026-06-30"
    assert (first.actor_id, first.figures["why"]) == (None, "retention")
    assert second.figures["months"] == {"thread": 25}
    agrees(world, key, seal)


@pytest.mark.parametrize("before", [None, 30])
def test_a_number_that_is_new_or_shorter_erases_nothing_for_seven_days(
    world: World, folder: Folder, before: int | None
) -> None:
    claim_id = paid_claim(world, folder.files)
    keep_for(world, people_files=before)
    world.clock.set(DUE)
    keep_for(world, people_files=24)

    with world.database.read() as connection:
        assert due(connection, DUE + WEEK - timedelta(seconds=1)) == ([], None)
        ((one,), _) = due(connection, DUE + WEEK)
    assert (one.claim_id, one.kinds) == (claim_id, (Personal.people_files,))
    assert night(world, folder, DUE + WEEK - timedelta(seconds=1)) == 0
    assert night(world, folder, DUE + WEEK) == 1
    assert [act.figures["months"] for act in erasing_acts(world)] == [{"people_files": 24}]


def test_what_was_in_force_goes_on_until_a_shorter_number_is(world: World, folder: Folder) -> None:
    paid_claim(world, folder.files)
    keep_for(world, people_files=24)
    world.clock.set(DUE)
    keep_for(world, people_files=12, texts=1)
    assert night(world, folder) == 1
    assert traces(world.database, ALL) == ALL - said(Personal.people_files)
    assert [act.figures["months"] for act in erasing_acts(world)] == [{"people_files": 24}]


def test_a_longer_number_is_in_force_at_once_and_another_kind_keeps_its_time(
    world: World, folder: Folder
) -> None:
    paid_claim(world, folder.files)
    world.clock.set(DUE - GRACE)
    keep_for(world, people_files=1)
    world.clock.set(DUE - timedelta(days=1))
    keep_for(world, people_files=1, texts=1)
    assert night(world, folder) == 1
    assert traces(world.database, ALL) == ALL - said(Personal.people_files)
    world.clock.set(DUE)
    keep_for(world, people_files=1, texts=30)
    keep_for(world, people_files=1)
    assert night(world, folder, DUE + GRACE) == 0


def test_a_number_that_is_made_longer_and_shorter_again_waits_anew(world: World, folder: Folder) -> None:
    paid_claim(world, folder.files)
    keep_for(world, people_files=24)
    world.clock.set(DUE)
    keep_for(world, people_files=25)
    keep_for(world, people_files=24)
    assert night(world, folder, DUE + GRACE - timedelta(seconds=1)) == 0
    assert night(world, folder, DUE + GRACE) == 1


def test_the_other_managers_and_all_auditors_hear_of_it(world: World, ines: str) -> None:
    day = (world.clock.now() + GRACE).date().isoformat()
    for months in (24, 36, None):
        keep_for(world, people_files=months)
        world.clock.advance(GRACE)
    told = [row for row in world.rows(Message) if row.kind is MessageKind.retention_set]
    others = {world.people[ines].user_id, world.people["eve"].user_id}
    assert {row.user_id for row in told} == others
    assert {(row.figures["set_by"], row.figures["day"]) for row in told} == {("Mia", day), ("Mia", None)}
    assert len([row for row in told if row.figures["day"]]) == len(others)


def test_a_claim_that_is_not_over_keeps_all(world: World, folder: Folder) -> None:
    world.move(world.draft(contact="Grace"), "submit", "anna")
    world.draft(contact="Ada")
    keep_for(world, **dict.fromkeys(Personal, 1))
    assert night(world, folder, DUE + timedelta(days=9999)) == 0


def test_a_rejection_that_can_still_be_disputed_keeps_all(world: World, folder: Folder) -> None:
    world.demand(dispute_within_days=1000)
    rejected(world)
    keep_for(world, reasons=1)
    assert night(world, folder, datetime(2028, 11, 26, tzinfo=UTC)) == 0
    assert night(world, folder, datetime(2028, 11, 28, tzinfo=UTC)) == 1


def test_what_is_written_after_the_end_has_its_time_too(world: World, folder: Folder) -> None:
    claim_id = paid_claim(world, folder.files)
    keep_for(world, thread=24)
    world.clock.set(DUE - timedelta(days=30))
    world.post(claim_id, "bob", "Is Grace well?")
    assert night(world, folder) == 0
    assert night(world, folder, DUE + timedelta(days=720)) == 1


def test_a_claim_of_which_something_is_to_be_clawed_back_keeps_all(
    world: World, folder: Folder, fay: str
) -> None:
    claim_id = paid_claim(world, folder.files)
    keep_for(world, **dict.fromkeys(Personal, 1))
    propose_claw_back(world, claim_id, fay)
    assert night(world, folder) == 0
    mia, now, asked = world.people["mia"], world.clock.now(), {"reference": "x", "reason": "x"}
    with pytest.raises(Refused, match="not_over"), world.database.write() as connection:
        propose_erasure(connection, mia, now, claim_id, [Personal.texts], **asked)


def test_the_preview_names_what_the_night_then_erases(world: World, folder: Folder) -> None:
    claim_id = paid_claim(world, folder.files)
    keep_for(world, people_files=24, texts=30)
    with world.database.read() as connection:
        assert due(connection, DUE - timedelta(days=1)) == ([], None)
        ((one,), _) = due(connection, DUE)
    assert (one.claim_id, one.kinds, one.ended_on) == (claim_id, (Personal.people_files,), date(2026, 6, 30))


def test_retention_is_one_act_that_names_what_changed(world: World) -> None:
    assert keep_for(world, people_files=24) is not None
    assert keep_for(world, people_files=24) is None
    assert keep_for(world, people_files=None, texts=3) is not None
    assert [(row.kind, row.months) for row in world.rows(Retention)] == [(Personal.texts, 3)]
    with pytest.raises(Refused, match="months_wrong"):
        keep_for(world, people_files=0)
    with pytest.raises(Refused, match="changed_meanwhile"), world.database.write() as connection:
        set_retention(
            connection, world.people["mia"], world.clock.now(), {Personal.texts: 9}, seen=str(as_figures({}))
        )


def test_what_the_night_read_is_looked_at_again_before_it_is_erased(
    world: World, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A number that is taken back between the two saves what was due."""
    paid_claim(world, folder.files)
    keep_for(world, people_files=1)
    lock = locked

    def taken_back(connection: Connection, claim_id: int) -> Any:
        connection.execute(delete(Retention))
        return lock(connection, claim_id)

    monkeypatch.setattr("workflow.erasure.due.locked", taken_back)
    assert night(world, folder) == 0
    assert traces(world.database, ALL) == ALL


def test_months_are_those_of_the_calendar() -> None:
    assert months_before(date(2028, 6, 30), 24) == date(2026, 6, 30)
    assert months_before(date(2027, 3, 31), 1) == date(2027, 2, 28)
    assert months_before(date(2028, 1, 15), 1) == date(2027, 12, 15)


def test_one_claim_that_fails_stops_no_other(
    world: World, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = paid_claim(world, folder.files), rejected(world)
    keep_for(world, reasons=1)
    whole: Any = record_act

    def failing(connection: Connection, actor: Actor, *more: Any, **named: Any) -> Any:
        if f"claim:{first}" in more:
            raise RuntimeError("broken")
        return whole(connection, actor, *more, **named)

    monkeypatch.setattr("workflow.erasure.erasing.record_act", failing)
    assert night(world, folder) == 1
    assert [act.subject for act in erasing_acts(world)] == [f"claim:{second}"]


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_held_and_erased_nothing_else_goes_and_all_agrees(
    world: World, folder: Folder, key: SigningKey, seal: Seal, ines: str, seed: int
) -> None:
    draw = Random(seed)
    people = {who: paid_claim(world, folder.files, who) for who in ("Ada", "Grace", "Mary")}
    left = {who: set(Personal) for who in people}
    held = dict[str, int]()
    months = dict[Personal, int]()
    world.clock.set(DUE - timedelta(days=400))
    for _step in range(12):
        world.clock.advance(timedelta(days=draw.randint(1, 60)))
        who, kinds = draw.choice(list(people)), set(draw.sample(list(Personal), draw.randint(1, 3)))
        match draw.choice(("hold", "lift", "request", "set", "night", "night")):
            case "hold" if who not in held:
                held[who] = hold(world, claim_id=people[who])
            case "lift" if who in held:
                lift(world, held.pop(who), ines)
            case "request" if who in held:
                with pytest.raises(Refused, match="held"):
                    erased(world, people[who], *kinds)
            case "request":
                erased(world, people[who], *kinds)
                finish(world.database, world.clock.now(), files=folder.files)
                left[who] -= kinds
            case "set":
                months = {kind: draw.randint(1, 30) for kind in kinds}
                keep_for(world, **months)
                world.clock.advance(GRACE)
            case "night":
                night(world, folder, world.clock.now())
                day = world.clock.now().date()
                past = {kind for kind, n in months.items() if months_before(day, n) >= date(2026, 6, 30)}
                for other in people.keys() - held.keys():
                    left[other] -= past
        everything = {word for one in people for word in said(*Personal, who=one)}
        there = {word for one in people for word in said(*left[one], who=one)}
        assert traces(world.database, everything) == there
        files = {path.rpartition("/")[2] for path in folder.names()}
        assert files == {word for word in there if len(word) == 64}
    agrees(world, key, seal)
