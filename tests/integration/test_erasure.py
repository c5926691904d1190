"""What is of persons is erased without a trace, and history that lost it proves itself all the same."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text, true, update
from sqlalchemy.exc import DBAPIError

from models.claims import Evidence, LooseFile
from models.file_store import FilesAway
from models.history import Act, Move, Reason
from models.jobs import Job
from models.pictures import ImageBand, Picture
from models.samples import SampleFinding
from models.threads import Post
from models.vocabulary import FindingVerdict, JobKind, Personal
from tests.integration.test_verification import findings, sealed, tamper
from tests.support.file_places import Folder, Place
from tests.support.object_store import ObjectStore
from tests.support.personal import (
    SAID,
    attached,
    digest_of,
    erased,
    erasing_acts,
    keep_for,
    night,
    paid_claim,
    said,
    stored,
    taken_off,
    traces,
)
from tests.support.samples import put_sample
from tests.support.stages import disputed_amount, reimbursed, submitted
from tests.support.tampering import kept, unpacked, verified
from tests.support.world import World, checked_policy
from workflow.attaching import attach, detach
from workflow.bulk import DOERS
from workflow.duplicates.finding import Likeness, matches_of
from workflow.erasure.due import finish
from workflow.erasure.erasing import counts
from workflow.jobs import Item, start, work_off
from workflow.policies import read_policy
from workflow.policy_shelf import policy_version
from workflow.proof.package import write_package
from workflow.proof.signing import SigningKey
from workflow.proof.verifying import Seal
from workflow.uploads import begin
from workflow.what_if.judging import judge_again

ALL = said(*Personal)


def agrees(world: World, key: SigningKey, seal: Seal) -> None:
    """Hold history to agree, whole and from its last checkpoint, and its package too."""
    number = sealed(world, key, seal) or 1
    for since in {0, max(0, number - 1), number}:
        assert findings(world, seal, since) == []
    data = io.BytesIO()
    with world.database.snapshot() as connection:
        write_package(connection, key, world.clock.now(), data)
    files = unpacked(data.getvalue())
    assert verified(files, key, kept(seal.folder)) == []


def test_what_is_erased_is_nowhere_any_more_and_every_proof_stays_green(
    world: World, place: Place, key: SigningKey, seal: Seal
) -> None:
    claim_id = paid_claim(world, place.files)
    sealed(world, key, seal)
    assert traces(world.database, ALL) == ALL
    assert len(place.names()) == 5

    assert erased(world, claim_id)
    finish(world.database, world.clock.now(), files=place.files)

    assert traces(world.database, ALL) == set()
    assert place.names() == []
    with world.database.read() as connection:
        for table in (Picture, ImageBand, LooseFile):
            assert connection.scalar(select(func.count()).select_from(table)) == 0
    agrees(world, key, seal)


@pytest.mark.parametrize("kind", Personal)
def test_each_kind_goes_by_itself(
    world: World, folder: Folder, key: SigningKey, seal: Seal, kind: Personal
) -> None:
    claim_id = paid_claim(world, folder.files)
    erased(world, claim_id, kind)
    finish(world.database, world.clock.now(), files=folder.files)

    assert traces(world.database, ALL) == ALL - said(kind)
    agrees(world, key, seal)


def test_the_act_says_what_and_why_and_nothing_of_anybody(world: World, folder: Folder) -> None:
    claim_id = paid_claim(world, folder.files)
    act_id = erased(world, claim_id)

    (act,) = erasing_acts(world)
    assert (act.id, act.subject, act.partner_id) == (act_id, f"claim:{claim_id}", world.partner_id)
    assert act.figures["erased"] == {
        "people_files": 2,
        "receipts": 1,
        "other_files": 1,
        "texts": 4,
        "reasons": 4 + 5,  # what was given as a reason, and the comments on a line and four files
        "thread": 1,
    }
    assert (act.figures["why"], act.figures["reference"]) == ("request", "DSR-1")
    assert erased(world, claim_id) is None


def test_bytes_that_another_claim_has_too_stay_for_it(
    world: World, folder: Folder, key: SigningKey, seal: Seal
) -> None:
    name = SAID[Personal.people_files][0]
    first, second = paid_claim(world, folder.files), world.draft()
    file = {**stored(world, folder.files, name), "kind": "attachment"}
    attach(world.database, world.people["anna"], second, world.claim(second).version, file, world.clock.now())

    erased(world, first)
    finish(world.database, world.clock.now(), files=folder.files)
    assert folder.names() == [f"{digest_of(name)[:2]}/{digest_of(name)}"]
    agrees(world, key, seal)


def test_bytes_that_are_out_of_reach_go_as_soon_as_they_are_not(
    world: World, object_store: ObjectStore, key: SigningKey, seal: Seal
) -> None:
    claim_id = paid_claim(world, object_store.files())
    erased(world, claim_id)
    allowed = object_store.keys
    object_store.let_nothing_be_done()
    with pytest.raises(FilesAway):
        finish(world.database, world.clock.now(), files=object_store.files())
    agrees(world, key, seal)

    object_store.keys = allowed
    finish(world.database, world.clock.now(), files=object_store.files())
    assert object_store.names() == []
    assert traces(world.database, ALL) == set()


def test_a_file_that_comes_anew_at_that_moment_is_not_taken_for_the_erased_one(
    world: World, folder: Folder
) -> None:
    claim_id, name = paid_claim(world, folder.files), SAID[Personal.people_files][0]
    stored(world, folder.files, name)
    erased(world, claim_id)
    finish(world.database, world.clock.now(), files=folder.files)
    assert folder.names() == [f"{digest_of(name)[:2]}/{digest_of(name)}"]


def test_what_is_left_of_a_row_names_the_act(world: World, folder: Folder) -> None:
    claim_id = paid_claim(world, folder.files)
    act_id = erased(world, claim_id)
    found = {(one.name, one.digest, one.comment, one.erased_by) for one in world.rows(Evidence)}
    assert found == {("", "", "", act_id)}
    assert {(one.text, one.erased_by) for one in world.rows(Post)} == {("", act_id)}
    assert world.claim(claim_id).texts_erased_by == act_id


def test_what_an_auditor_noted_of_a_claim_goes_with_its_reasons_and_with_no_other_claims(
    world: World, folder: Folder, key: SigningKey, seal: Seal
) -> None:
    claim_id, other = paid_claim(world, folder.files), reimbursed(world)
    sealed(world, key, seal)
    put_sample(world, claim_id, other, note="Grace signed it herself.")
    with world.database.read() as connection:
        before = counts(connection, claim_id)[Personal.reasons]

    act_id = erased(world, claim_id, Personal.reasons)
    notes = {row.claim_id: (row.note, row.verdict, row.key) for row in world.rows(SampleFinding)}
    said = FindingVerdict.in_order, f"finding{claim_id}"
    assert notes[claim_id] == ("", *said)
    assert notes[other][0] == "Grace signed it herself."
    (act,) = [row for row in world.rows(Act) if row.id == act_id]
    assert act.figures["erased"] == {"reasons": before}
    agrees(world, key, seal)


def test_a_note_that_an_auditor_left_is_past_its_time_with_the_reasons(world: World, folder: Folder) -> None:
    claim_id = paid_claim(world, folder.files)
    world.checkpoint()
    keep_for(world, reasons=1)
    night(world, folder)
    put_sample(world, claim_id, note="Grace signed it herself.")

    assert night(world, folder) == 1
    assert [row.note for row in world.rows(SampleFinding)] == [""]


def test_a_finding_loses_its_note_alone(world: World) -> None:
    claim_id = submitted(world)
    world.checkpoint()
    put_sample(world, claim_id, note="Grace signed it herself.")
    for change in ("note = 'other'", "note = '', amount = 5", "note = '', by_id = 1", "note = note"):
        with pytest.raises(DBAPIError, match="append-only"), world.database.write() as connection:
            connection.execute(text(f"UPDATE sample_finding SET {change}"))


def test_an_erased_file_is_compared_with_no_other(world: World, folder: Folder) -> None:
    claims = [paid_claim(world, folder.files) for _ in range(3)]

    def matches() -> list[int]:
        with world.database.read() as connection:
            found = matches_of(connection, claims[0], true())
        return [one.other.claim_id for one in found if one.likeness is not Likeness.invoice]

    assert set(matches()) == set(claims[1:])
    erased(world, claims[1])
    assert set(matches()) == {claims[2]}
    erased(world, claims[0])
    erased(world, claims[2])
    assert matches() == []


def test_rules_come_out_the_same_without_what_was_erased(world: World, folder: Folder) -> None:
    """What-ifs, counts of rules and looks at a moment read the documents alone."""
    claim_id = paid_claim(world, folder.files)

    def told() -> object:
        with world.database.read() as connection:
            moves = connection.execute(select(Move.__table__).order_by(Move.number)).all()
            policy = policy_version(connection, world.claim(claim_id).policy_version_id)
            assert policy is not None
            asked = read_policy(checked_policy(eligible_partner_types=["vap"]))
            return [judge_again(moves, one, lambda _: policy.policy) for one in (policy.policy, asked)]

    before = told()
    erased(world, claim_id)
    assert told() == before


def test_a_job_that_ended_knows_no_reason_any_more(world: World) -> None:
    claim_id = submitted(world)
    with world.database.write() as connection:
        shared, now = {"reason": "Grace is missing."}, world.clock.now()
        item = Item({"trigger": "return", "version": world.claim(claim_id).version}, claim_id)
        start(connection, world.people["bob"], now, JobKind.decide, shared, [item], "once")
    work_off(world.database, DOERS, world.clock.now)
    (job,) = world.rows(Job)
    assert job.ended_at is not None
    assert "Grace" not in str(job.input)
    assert [row.text for row in world.rows(Reason) if row.kind is Personal.reasons] == ["Grace is missing."]


A_REASON = "hash IN (SELECT reason_hash FROM move WHERE trigger = 'return')"

FORGED = {
    "a reason that was emptied without an act": f"UPDATE reason SET salt = '', text = '' WHERE {A_REASON}",
    "a reason that is gone": f"DELETE FROM reason WHERE {A_REASON}",
    "a reason that names an act which erased something else": (
        "UPDATE reason SET salt = '', text = '', erased_by = (SELECT id FROM act WHERE kind = 'erased')"
        f" WHERE {A_REASON}"
    ),
    "a reason that names an act which erased nothing": (
        f"UPDATE reason SET salt = '', text = '', erased_by = 1 WHERE {A_REASON}"
    ),
    "a reason that lost its salt alone": f"UPDATE reason SET salt = '' WHERE {A_REASON}",
    "an act that erased more": (
        'UPDATE act SET figures = replace(figures, \'"commitments":[\', \'"commitments":["00",\')'
        " WHERE kind = 'erased'"
    ),
    "an act of its own, without a link": (
        "INSERT INTO act (id, kind, at, subject, figures) SELECT 999, kind, at, subject, figures FROM act"
        " WHERE kind = 'erased'"
    ),
    "an act that is gone": "DELETE FROM act WHERE kind = 'erased'",
    "a text that came back": "UPDATE reason SET salt = 'x', text = 'y' WHERE erased_by IS NOT NULL",
}


@pytest.mark.parametrize("what", FORGED)
def test_a_forged_erasure_is_found(
    world: World, folder: Folder, key: SigningKey, seal: Seal, what: str
) -> None:
    erased(world, paid_claim(world, folder.files), Personal.people_files)
    agrees(world, key, seal)

    tamper(world.database, FORGED[what])
    assert findings(world, seal)


@pytest.mark.parametrize("what", sorted(FORGED.keys() - {"a reason that is gone"}))
def test_a_forged_erasure_is_found_by_a_look_that_begins_after_what_it_erased(
    world: World, folder: Folder, key: SigningKey, seal: Seal, what: str
) -> None:
    """A row that is gone is named by moves alone, and older ones are not read again then."""
    erased(world, paid_claim(world, folder.files), Personal.people_files)
    number = sealed(world, key, seal) or 0
    assert findings(world, seal, since=number) == []

    tamper(world.database, FORGED[what])
    assert findings(world, seal, since=number)


def test_what_went_with_another_claim_is_found(
    world: World, folder: Folder, key: SigningKey, seal: Seal
) -> None:
    """Whoever can write to the database could have a claim on hold erased by an act about another."""
    held, other = paid_claim(world, folder.files), world.draft()
    world.move(other, "submit", "anna")
    world.move(other, "withdraw", "anna")
    tamper(world.database, f"UPDATE reason SET claim_id = {other} WHERE claim_id = {held}")
    assert findings(world, seal) == []
    erased(world, other)
    assert {what for _, what in findings(world, seal)} == {
        "has lost its reason, texts or file, and no act erased them"
    }


def test_what_stands_although_an_act_erased_it_is_found(
    world: World, folder: Folder, key: SigningKey, seal: Seal
) -> None:
    claim_id = paid_claim(world, folder.files)
    with world.database.read() as connection:
        before = connection.execute(select(Reason.__table__).where(Reason.claim_id == claim_id)).all()
    erased(world, claim_id)
    with world.database.write() as connection:
        for row in before:
            back = update(Reason).where(Reason.hash == row.hash)
            connection.execute(back.values(salt=row.salt, text=row.text, erased_by=None))
    assert {what for _, what in findings(world, seal)} == {"still has what was erased"}


def test_a_file_that_is_taken_off_leaves_nothing_that_binds_it(world: World, folder: Folder) -> None:
    claim_id, anna = world.draft(), world.people["anna"]
    file = {**stored(world, folder.files, "a.pdf"), "kind": "attachment"}
    version = attach(world.database, anna, claim_id, world.claim(claim_id).version, file, world.clock.now())
    detach(world.database, anna, claim_id, version, 1, world.clock.now())
    with world.database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(Reason)) == 0
    world.clock.advance(timedelta(days=2))
    finish(world.database, world.clock.now(), files=folder.files)
    assert traces(world.database, {digest_of("a.pdf")}) == set()


def test_a_file_that_was_taken_off_after_a_move_had_it_is_erased_too(
    world: World, folder: Folder, key: SigningKey, seal: Seal
) -> None:
    """Its row is gone, but what the move was judged on binds its digest."""
    claim_id, anna = disputed_amount(world), world.people["anna"]
    file = {**stored(world, folder.files, "a.pdf"), "kind": "attachment"}
    attach(world.database, anna, claim_id, world.claim(claim_id).version, file, world.clock.now())
    world.move(claim_id, "raise", world.holder(claim_id)[0] or "", approved=350_000)
    detach(world.database, anna, claim_id, world.claim(claim_id).version, 1, world.clock.now())
    world.move(claim_id, "withdraw", "anna")
    agrees(world, key, seal)
    world.clock.advance(timedelta(days=2))
    finish(world.database, world.clock.now(), files=folder.files)
    assert traces(world.database, {digest_of("a.pdf")})

    erased(world, claim_id, Personal.other_files)
    world.database.scrub()
    assert traces(world.database, {digest_of("a.pdf")}) == set()
    agrees(world, key, seal)


def test_an_erased_file_that_is_taken_off_a_draft_holds_up_no_other(world: World, place: Place) -> None:
    draft, other = world.draft(), world.draft()
    attached(world, draft, name="a.txt")
    number = attached(world, other, name="b.txt")
    erased(world, draft, Personal.other_files)
    taken_off(world, draft, 1)
    taken_off(world, other, number)
    world.clock.advance(timedelta(days=2))

    finish(world.database, world.clock.now(), files=place.files)
    assert world.rows(LooseFile) == []


def test_a_file_that_is_on_its_way_is_erased_too(world: World, folder: Folder) -> None:
    draft, anna = world.draft(), world.people["anna"]
    begin(world.database, anna, draft, "attachment", "passport of Grace.jpg", 9, world.clock.now())
    begin(world.database, anna, draft, "attendee_list", "guests of Ada.pdf", 9, world.clock.now())
    with world.database.read() as connection:
        assert counts(connection, draft)[Personal.other_files] == 1

    erased(world, draft, Personal.other_files)
    world.database.scrub()
    names = {"passport of Grace.jpg", "guests of Ada.pdf"}
    assert traces(world.database, names) == {"guests of Ada.pdf"}


def test_the_schema_does_not_go_back_once_something_was_erased(world: World, folder: Folder) -> None:
    """The revision before would take it for lost."""
    erased(world, paid_claim(world, folder.files))
    with pytest.raises(RuntimeError, match="was erased"):
        world.database.downgrade("0026")
