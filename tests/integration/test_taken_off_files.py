"""A file that a partner takes off what is held is kept until the last hold is lifted, and then it goes."""

from datetime import date
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import update

from models.claims import Claim, Evidence
from models.erasure import TakenOffFile
from models.history import Reason
from models.pictures import Picture
from models.vocabulary import Personal, Role
from tests.integration.test_erasure import agrees
from tests.support.file_places import Folder, Place
from tests.support.personal import attached, digest_of, erased, hold, lift, stored, taken_off, traces
from tests.support.stages import disputed_amount
from tests.support.world import World
from workflow.acts.legal_holds import lift_hold, set_hold
from workflow.attaching import MOST_CHANGES, attach, detach
from workflow.erasure.due import finish
from workflow.erasure.held_names import is_name_held
from workflow.file_types import FileRefused
from workflow.loose_files import GRACE, remove_loose
from workflow.proof.signing import SigningKey
from workflow.proof.verifying import Seal
from workflow.refusals import Refused
from workflow.uploads import begin

NAME = "guests of Grace.pdf"


def with_a_file(world: World, place: Place, by: str = "anna") -> tuple[int, int]:
    """Return a draft and its one file, a photo of guests."""
    claim_id = world.draft(by)
    row = {**stored(world, place.files, NAME), "kind": "photos", "dated_on": date(2026, 2, 27)}
    version, now = world.claim(claim_id).version, world.clock.now()
    attach(world.database, world.people[by], claim_id, version, row, now, bytes(range(192)))
    return claim_id, max(file.id for file in world.rows(Evidence))


def days_later(world: World, place: Place) -> None:
    """Let a day pass, and whoever removes loose files come."""
    world.clock.advance(GRACE)
    remove_loose(world.database, world.clock.now(), files=place.files)


def held(world: World, of: str, claim_id: int) -> int:
    return hold(world, "eve", **on(world, of, claim_id))


def on(world: World, of: str, claim_id: int) -> dict[str, Any]:
    return {"claim_id": claim_id} if of == "claim" else {"partner_id": world.partner_id}


@pytest.mark.parametrize("of", ["claim", "partner"])
def test_what_is_taken_off_is_off_the_claim_and_kept_with_all_that_is_known_of_it(
    world: World, place: Place, of: str
) -> None:
    claim_id, file_id = with_a_file(world, place)
    (file,), version, uploaded_at = world.rows(Evidence), world.claim(claim_id).version, world.clock.now()
    held(world, of, claim_id)
    days_later(world, place)
    taken_off(world, claim_id, file_id)
    days_later(world, place)

    assert world.claim(claim_id).version == version + 1
    assert world.rows(Evidence) == world.rows(Picture) == []
    (kept,) = world.rows(TakenOffFile)
    assert (kept.claim_id, kept.kind, kept.name, kept.digest) == (claim_id, "photos", NAME, digest_of(NAME))
    assert (kept.content_type, kept.size) == (file.content_type, file.size)
    assert kept.dated_on == date(2026, 2, 27)
    anna = world.people["anna"].user_id
    assert (kept.uploaded_by, kept.uploaded_at) == (anna, uploaded_at)
    assert (kept.taken_off_by, kept.taken_off_at) == (anna, uploaded_at + GRACE)
    (bound,) = [row for row in world.rows(Reason) if row.claim_id == claim_id and row.text == kept.digest]
    assert bound.hash == kept.commitment == file.commitment
    assert place.names() == [f"{kept.digest[:2]}/{kept.digest}"]


@pytest.mark.parametrize("of", ["claim", "partner"])
def test_it_goes_as_the_partner_wanted_once_the_hold_is_lifted(world: World, folder: Folder, of: str) -> None:
    claim_id, file_id = with_a_file(world, folder)
    hold_id = held(world, of, claim_id)
    taken_off(world, claim_id, file_id)
    days_later(world, folder)
    assert len(folder.names()) == 1

    lift(world, hold_id, "eve")
    assert world.rows(TakenOffFile) == []
    assert len(folder.names()) == 1, "its bytes have a day, as those of any file that is taken off"
    world.clock.advance(GRACE)
    finish(world.database, world.clock.now(), files=folder.files)
    assert folder.names() == []
    assert traces(world.database, {NAME, digest_of(NAME)}) == set()


@pytest.mark.parametrize("first", ["claim", "partner"])
def test_it_stays_until_the_last_of_two_holds_is_lifted(world: World, folder: Folder, first: str) -> None:
    claim_id, file_id = with_a_file(world, folder)
    holds = {of: held(world, of, claim_id) for of in ("claim", "partner")}
    taken_off(world, claim_id, file_id)
    lift(world, holds.pop(first), "eve")
    days_later(world, folder)
    assert len(world.rows(TakenOffFile)) == len(folder.names()) == 1
    (last,) = holds.values()
    lift(world, last, "eve")
    assert world.rows(TakenOffFile) == []


def test_what_other_holds_keep_stays(world: World, folder: Folder) -> None:
    world.person("olga", Role.partner, partner_id=world.partner("Isar Networks"))
    mine, neighbour = with_a_file(world, folder), with_a_file(world, folder)
    theirs = with_a_file(world, folder, "olga")
    hold_ids = [hold(world, "eve", claim_id=claim_id) for claim_id, _file in (mine, neighbour, theirs)]
    for (claim_id, file_id), who in ((mine, "anna"), (neighbour, "anna"), (theirs, "olga")):
        taken_off(world, claim_id, file_id, who)
    lift(world, hold_ids[0], "eve")
    assert [file.claim_id for file in world.rows(TakenOffFile)] == [neighbour[0], theirs[0]]
    days_later(world, folder)
    assert len(folder.names()) == 1, "the others have the same bytes"


def test_no_hold_elsewhere_keeps_it(world: World, folder: Folder) -> None:
    claim_id, file_id = with_a_file(world, folder)
    hold(world, "eve", claim_id=world.draft())
    hold(world, "eve", partner_id=world.partner("Isar Networks"))
    taken_off(world, claim_id, file_id)
    assert world.rows(TakenOffFile) == []
    days_later(world, folder)
    assert folder.names() == []


def changed_often(world: World, *claims: int) -> None:
    """Let claims have been changed until four changes are left for files."""
    with world.database.write() as connection:
        connection.execute(update(Claim).where(Claim.id.in_(claims)).values(version=MOST_CHANGES - 4))


def attached_and_taken_off(world: World, claim_id: int) -> tuple[int, str]:
    """Attach a file and take it off until that is refused; return how often that went well, and the words."""
    for done in range(MOST_CHANGES):
        try:
            taken_off(world, claim_id, attached(world, claim_id))
        except FileRefused as refused:
            return done, refused.words()
    raise AssertionError("there is no end to it")


def test_files_come_and_go_to_the_same_end_whether_a_hold_stands_or_not(world: World) -> None:
    free, held_claim = world.draft(), world.draft()
    changed_often(world, free, held_claim)
    hold(world, "eve", claim_id=held_claim)

    ends = [attached_and_taken_off(world, claim_id) for claim_id in (free, held_claim)]

    assert (
        ends[0]
        == ends[1]
        == (
            2,
            "The claim was changed 2000 times, so it takes no more files, and a.txt was not attached."
            " Go on with a copy of a draft; of an approved claim, send it with a message on its page.",
        )
    )
    assert len(world.rows(TakenOffFile)) == 2


def test_a_claim_that_was_changed_too_often_begins_no_upload_and_keeps_the_rest(world: World) -> None:
    claim_id = world.draft()
    file_id = attached(world, claim_id)
    with world.database.write() as connection:
        connection.execute(update(Claim).values(version=MOST_CHANGES))
    with pytest.raises(FileRefused, match="too_often"):
        begin(world.database, world.people["anna"], claim_id, "photos", "a.png", 5, world.clock.now())
    taken_off(world, claim_id, file_id)
    world.move(claim_id, "submit", "anna")


def test_a_frozen_file_is_refused_as_without_a_hold(world: World) -> None:
    claim_id = world.draft()
    file_id = attached(world, claim_id)
    world.move(claim_id, "submit", "anna")
    hold(world, "eve", claim_id=claim_id)
    with pytest.raises(Refused, match="wrong_state"):
        taken_off(world, claim_id, file_id)
    world.move(claim_id, "return", world.holder(claim_id)[0] or "", reason="More.")
    with pytest.raises(Refused, match="frozen"):
        taken_off(world, claim_id, file_id)
    assert world.rows(TakenOffFile) == []


def test_what_a_move_was_judged_on_outlasts_the_hold_and_proves_itself(
    world: World, folder: Folder, key: SigningKey, seal: Seal
) -> None:
    claim_id = disputed_amount(world)
    file = {**stored(world, folder.files, NAME), "kind": "attachment"}
    anna, now = world.people["anna"], world.clock.now()
    attach(world.database, anna, claim_id, world.claim(claim_id).version, file, now)
    hold_id = hold(world, "eve", claim_id=claim_id)
    world.move(claim_id, "raise", world.holder(claim_id)[0] or "", approved=350_000)
    version = world.claim(claim_id).version
    detach(world.database, anna, claim_id, version, world.rows(Evidence)[0].id, now)
    agrees(world, key, seal)

    lift(world, hold_id, "eve")
    world.move(claim_id, "withdraw", "anna")
    assert digest_of(NAME) in {row.text for row in world.rows(Reason)}
    agrees(world, key, seal)
    erased(world, claim_id, Personal.other_files)
    assert digest_of(NAME) not in {row.text for row in world.rows(Reason)}
    agrees(world, key, seal)


def test_who_took_it_off_keeps_their_name_too(world: World, folder: Folder) -> None:
    """Nothing else says that they had a part in the claim."""
    world.person("wilhelmina", Role.partner, partner_id=world.partner_id)
    claim_id, file_id = with_a_file(world, folder)
    hold(world, "eve", claim_id=claim_id)
    taken_off(world, claim_id, file_id, "wilhelmina")
    with world.database.read() as connection:
        assert is_name_held(connection, world.people["wilhelmina"].user_id or 0)


@pytest.mark.parametrize("of", ["claim", "partner"])
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_hold_that_is_set_at_this_moment_is_waited_for_and_seen(
    world: World, folder: Folder, of: str
) -> None:
    claim_id, file_id = with_a_file(world, folder)
    taking = Thread(target=taken_off, args=(world, claim_id, file_id))
    where = on(world, of, claim_id)
    with world.database.write() as connection:
        set_hold(connection, world.people["eve"], world.clock.now(), reason="A court asks.", **where)
        taking.start()
        taking.join(0.5)
        assert taking.is_alive(), "it waits for the hold that is being set"
    taking.join()
    assert [file.claim_id for file in world.rows(TakenOffFile)] == [claim_id]


@pytest.mark.parametrize("of", ["claim", "partner"])
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_nothing_is_left_aside_by_a_hold_that_is_lifted_at_this_moment(
    world: World, folder: Folder, of: str
) -> None:
    claim_id, file_id = with_a_file(world, folder)
    hold_id = held(world, of, claim_id)
    taking = Thread(target=taken_off, args=(world, claim_id, file_id))
    with world.database.write() as connection:
        lift_hold(connection, world.people["eve"], world.clock.now(), hold_id, reason="It is over.")
        taking.start()
        taking.join(0.5)
        assert taking.is_alive(), "it waits for the hold that is being lifted"
    taking.join()
    assert world.rows(Evidence) == world.rows(TakenOffFile) == []


def test_the_schema_does_not_go_back_while_a_hold_keeps_a_file(world: World, folder: Folder) -> None:
    claim_id, file_id = with_a_file(world, folder)
    hold(world, "eve", claim_id=claim_id)
    taken_off(world, claim_id, file_id)
    with pytest.raises(RuntimeError, match="would lose them"):
        world.database.downgrade("0039")
    assert len(world.rows(TakenOffFile)) == 1
