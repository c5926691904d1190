"""History is verified where it lies: what is genuine agrees, and every tamper in the database is found."""

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from sqlalchemy import select

from models.database import Database
from models.links import Verification
from models.messages import Message
from models.vocabulary import MessageKind, Role
from tests.support.stages import approved, reimbursed, rejected
from tests.support.world import World
from workflow.proof.checkpoints import CutOff, Differs, make_checkpoint, outside, write_outside
from workflow.proof.signing import SigningKey
from workflow.proof.verifying import Seal, last_verified, verify_history, verify_nightly


def sealed(world: World, key: SigningKey, seal: Seal) -> int | None:
    """Make a checkpoint and write it outside."""
    number = make_checkpoint(world.database, key, world.clock.now())
    write_outside(world.database, seal.folder)
    return number


def findings(world: World, seal: Seal, since: int = 0) -> list[tuple[str, str]]:
    """Return what verifying finds from a checkpoint on."""
    return list(verify_history(world.database, seal, world.clock.now(), since=since)[1])


def tamper(database: Database, statement: str) -> None:
    """Do what only the owner of the database can: change history behind the back of its guards."""
    if not database.is_sqlite:
        with database.write() as connection:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            connection.exec_driver_sql(statement)
        return
    with closing(sqlite3.connect(str(database.url.database), isolation_level=None)) as connection:
        guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(statement)
        for _, definition in guards:
            connection.execute(definition)


def grown(world: World, key: SigningKey, seal: Seal) -> int:
    """Let history grow with two checkpoints, and return the id of a claim that was paid before the first."""
    claim_id = reimbursed(world)
    sealed(world, key, seal)
    approved(world)
    world.clock.advance(timedelta(hours=1))
    rejected(world)
    sealed(world, key, seal)
    return claim_id


def test_genuine_history_agrees_from_the_start_and_from_each_checkpoint(
    world: World, key: SigningKey, seal: Seal
) -> None:
    grown(world, key, seal)
    world.move(approved(world), "withdraw", "anna", reason="Too late.")
    world.rate("EUR", "1.0856")

    for since in (0, 1, 2):
        assert findings(world, seal, since) == []


def test_what_no_checkpoint_covers_is_reported_as_unproven(world: World, key: SigningKey, seal: Seal) -> None:
    grown(world, key, seal)
    claim_id = approved(world)
    world.move(claim_id, "withdraw", "anna", reason="Too late.")

    history, _ = verify_history(world.database, seal, world.clock.now(), since=0)
    assert (history.unsigned(), history.unproved()) == (3, 3)

    make_checkpoint(world.database, key, world.clock.now())
    history, _ = verify_history(world.database, seal, world.clock.now(), since=0)
    assert (history.unsigned(), history.unproved()) == (0, 3)


MOVE = "FROM move WHERE claim_id = {c} AND number"
COPIED = (
    'claim_id, partner_id, "trigger", source, target, role, at, day, reserved, paid,'
    " verdicts, document, figures"
)
TAMPERS = {
    "a changed amount": (
        "UPDATE move SET approved = approved + 1 WHERE claim_id = {c} AND number = 2",
        "move 2 of claim {c}",
    ),
    "a changed actor": (
        "UPDATE move SET actor_id = actor_id + 1 WHERE claim_id = {c} AND number = 3",
        "move 3 of claim {c}",
    ),
    "a dropped last move": (f"DELETE {MOVE} = 5", "move 5 of claim {c}"),
    "a move put in": (
        f"INSERT INTO move (id, number, key, {COPIED}) SELECT 9999, 6, 'other', {COPIED} {MOVE} = 5",
        "move 6 of claim {c}",
    ),
    "two moves that changed places": (
        "UPDATE move SET number = CASE number WHEN 2 THEN 103 ELSE 102 END"
        " WHERE claim_id = {c} AND number IN (2, 3)",
        "move 2 of claim {c}",
    ),
    "a changed ledger entry": (
        "UPDATE ledger_entry SET amount = amount - 1 WHERE claim_id = {c} AND kind = 'pay'",
        "of claim {c}",
    ),
    "a changed payment": ("UPDATE payment SET reference = 'mine' WHERE claim_id = {c}", "of claim {c}"),
    "a changed reason": (
        "UPDATE reason SET text = 'Fine.' WHERE hash = (SELECT min(reason_hash) FROM move)",
        "move",
    ),
    "a changed act": ("UPDATE act SET subject = 'user:1' WHERE id = 2", "act:2"),
    "a dropped act": ("DELETE FROM act WHERE id = 2", "act:2"),
    "a changed certificate": (
        "UPDATE certificate SET valid_until = '2030-01-01' WHERE id = 1",
        "certificate:1",
    ),
    "a changed policy": ("UPDATE policy_version SET document = '[]' WHERE id = 1", "policy_version:1"),
    "a changed hash": (
        "UPDATE link SET hash = 'x' WHERE chain = {c} AND position = 2",
        "move 2 of claim {c}",
    ),
    "a dropped link": ("DELETE FROM link WHERE chain = {c} AND position = 2", "move 2 of claim {c}"),
    "a chain without its end": (
        "DELETE FROM link WHERE chain = {c} AND position > 3",
        "move 5 of claim {c}",
    ),
    "a changed checkpoint": ("UPDATE checkpoint SET signature = 'x' WHERE number = 1", "checkpoint 1"),
    "a dropped checkpoint": ("DELETE FROM checkpoint WHERE number = 2", "checkpoint 2 from outside"),
    "a claim in another state": ("UPDATE claim SET state = 'accepted' WHERE id = {c}", "claim {c}"),
    "a claim that was paid more": ("UPDATE claim SET paid = paid + 1 WHERE id = {c}", "claim {c}"),
    "a fund with more in it": ("UPDATE fund SET available = available + 1 WHERE id = 1", "fund 1"),
}
"""What somebody does to the database, and how the row is named that they did it to."""


@pytest.mark.parametrize("name", TAMPERS)
def test_a_tamper_is_found_and_its_row_is_named(world: World, key: SigningKey, seal: Seal, name: str) -> None:
    claim_id = grown(world, key, seal)
    statement, row = (part.format(c=claim_id) for part in TAMPERS[name])

    tamper(world.database, statement)

    assert [found for found, _ in findings(world, seal) if row in found] != []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_value_that_cannot_be_read_is_a_finding(world: World, key: SigningKey, seal: Seal) -> None:
    """Bytes that are no UTF-8, which SQLite takes: the driver's own error, not one of ours."""
    grown(world, key, seal)
    tamper(world.database, "UPDATE move SET reason_hash = CAST(x'ff' AS TEXT) WHERE id = 1")

    assert "history" in [row for row, _ in findings(world, seal)]


def test_a_file_outside_that_holds_no_checkpoint_is_a_finding(
    world: World, key: SigningKey, seal: Seal
) -> None:
    grown(world, key, seal)
    (seal.folder / "checkpoint-00000001.txt").write_bytes(b"\xff")

    assert "checkpoint-00000001.txt" in [row for row, _ in findings(world, seal)]


def test_a_whole_claim_that_vanished_is_found(world: World, key: SigningKey, seal: Seal) -> None:
    claim_id = grown(world, key, seal)
    for table, column in (
        ("payment", "claim_id"),
        ("ledger_entry", "claim_id"),
        ("move", "claim_id"),
        ("link", "chain"),
    ):
        tamper(world.database, f"DELETE FROM {table} WHERE {column} = {claim_id}")

    assert f"move 5 of claim {claim_id}" in [row for row, _ in findings(world, seal)]


def test_nothing_is_signed_over_a_chain_that_lost_its_end(world: World, key: SigningKey, seal: Seal) -> None:
    claim_id = grown(world, key, seal)
    tamper(world.database, f"DELETE FROM link WHERE chain = {claim_id} AND position = 5")

    with pytest.raises(CutOff, match=f"Chain {claim_id} was 5"):
        make_checkpoint(world.database, key, world.clock.now())


def test_a_checkpoint_outside_is_never_replaced(world: World, key: SigningKey, seal: Seal) -> None:
    grown(world, key, seal)
    first = outside(seal.folder)[0]
    tamper(world.database, "UPDATE checkpoint SET text = 'x' WHERE number = 1")
    before = first.read_text()

    with pytest.raises(Differs, match="checkpoint-00000001"):
        write_outside(world.database, seal.folder)
    assert first.read_text() == before


def test_no_checkpoint_is_made_where_nothing_is_new(world: World, key: SigningKey, seal: Seal) -> None:
    assert sealed(world, key, seal) == 1
    assert sealed(world, key, seal) is None


def told(world: World, kind: MessageKind) -> list[int]:
    """Return who was told something of a kind."""
    with world.database.read() as connection:
        return list(
            connection.scalars(select(Message.user_id).where(Message.kind == kind).order_by(Message.user_id))
        )


def test_each_night_what_is_new_is_verified_and_auditors_get_the_checkpoint(
    world: World, key: SigningKey, seal: Seal
) -> None:
    auditor = world.person("otto", Role.auditor).user_id
    grown(world, key, seal)

    verify_nightly(world.database, now=world.clock.now(), seal=seal)
    verify_nightly(world.database, now=world.clock.now(), seal=seal)
    world.clock.advance(timedelta(days=1))
    verify_nightly(world.database, now=world.clock.now(), seal=seal)

    with world.database.read() as connection:
        looks = connection.execute(select(Verification.since, Verification.found)).all()
        assert last_verified(connection) == 2
    assert [tuple(look) for look in looks] == [(0, 0), (2, 0)]
    assert auditor in told(world, MessageKind.checkpoint)
    assert told(world, MessageKind.history_alarm) == []


def test_verifying_by_hand_before_the_night_keeps_no_checkpoint_from_auditors(
    world: World, key: SigningKey, seal: Seal
) -> None:
    auditor = world.person("otto", Role.auditor).user_id or 0
    grown(world, key, seal)
    assert findings(world, seal) == []
    verify_nightly(world.database, now=world.clock.now(), seal=seal)
    verify_nightly(world.database, now=world.clock.now(), seal=seal)
    assert told(world, MessageKind.checkpoint).count(auditor) == 1


def test_on_sundays_everything_is_verified(world: World, key: SigningKey, seal: Seal) -> None:
    claim_id = grown(world, key, seal)
    verify_nightly(world.database, now=world.clock.now(), seal=seal)
    tamper(world.database, f"UPDATE move SET day = '2026-01-01' WHERE claim_id = {claim_id} AND number = 1")
    while True:
        world.clock.advance(timedelta(days=1))
        verify_nightly(world.database, now=world.clock.now(), seal=seal)
        with world.database.read() as connection:
            last = connection.execute(select(Verification).order_by(Verification.id.desc()).limit(1)).one()
        if world.clock.now().weekday() == 6:
            break
        assert (last.since, last.found) == (2, 0)

    assert (last.since, last.found) == (0, 1)
    assert last.findings == [
        [f"move 1 of claim {claim_id}", last.findings[0][1]],
    ]


def test_a_partial_look_on_a_sunday_does_not_stand_in_for_the_whole_one(
    world: World, key: SigningKey, seal: Seal
) -> None:
    grown(world, key, seal)
    verify_nightly(world.database, now=world.clock.now(), seal=seal)
    world.clock.advance(timedelta(days=6 - world.clock.now().weekday()))
    assert findings(world, seal, since=2) == []

    verify_nightly(world.database, now=world.clock.now(), seal=seal)
    verify_nightly(world.database, now=world.clock.now(), seal=seal)

    with world.database.read() as connection:
        since = connection.scalars(select(Verification.since).order_by(Verification.id)).all()
    assert since == [0, 2, 0]


def test_a_failure_alarms_auditors_and_programme_managers(world: World, key: SigningKey, seal: Seal) -> None:
    auditor = world.person("otto", Role.auditor).user_id
    manager = world.people["mia"].user_id
    grown(world, key, seal)
    tamper(world.database, "UPDATE act SET subject = 'user:1' WHERE id = 2")

    verify_nightly(world.database, now=world.clock.now(), seal=seal)

    assert {auditor, manager} <= set(told(world, MessageKind.history_alarm))
    assert told(world, MessageKind.checkpoint) == []
    with world.database.read() as connection:
        assert last_verified(connection) == 0
