"""What cannot be read is found, remembered and told like all else."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from models.database import Database
from models.links import Verification
from models.vocabulary import MessageKind
from tests.integration.test_verification import grown, tamper, told
from tests.support.world import World
from workflow.proof.checkpoints import Differs, write_outside
from workflow.proof.signing import SigningKey
from workflow.proof.verifying import Seal, count_links, look_through, verify_nightly

CHANGED = "UPDATE move SET approved = approved + 1 WHERE number = 2"
A_HALF_CHARACTER = (
    CHANGED,
    """UPDATE link SET text = replace(text, '"role":"approver"', '"role":"\\ud800"')"""
    " WHERE chain > 0 AND position = 2",
)
ON_BOTH = {
    "half a character in a text": A_HALF_CHARACTER,
    "a zero character in a text": (
        CHANGED,
        """UPDATE link SET text = replace(text, '"role":"approver"', '"\\u0000":"\\u0000"')"""
        " WHERE chain > 0 AND position = 2",
    ),
    "a text nested too deep": (
        CHANGED,
        "UPDATE checkpoint SET text = '{\"checkpoint\":' || {deep} WHERE number = 1",
    ),
    "a checkpoint's number beyond its column": (
        "UPDATE checkpoint_head SET checkpoint = 9000000000 WHERE checkpoint = 2",
        "UPDATE checkpoint SET number = 9000000000 WHERE number = 2",
    ),
    "a column that is gone": ("ALTER TABLE exchange_rate RENAME COLUMN source TO other",),
}
ON_SQLITE = {
    "an endless amount": ("UPDATE ledger_entry SET amount = 9e999 WHERE id = 1",),
    "amounts that overflow": ("UPDATE ledger_entry SET amount = 9223372036854775807",),
    "a length in words": ("UPDATE checkpoint_head SET length = 'x' WHERE checkpoint = 2",),
    "a length of a chain that is none": ("INSERT INTO checkpoint_head VALUES (2, 99, 'x')",),
    "a length in words, long since verified": (
        "UPDATE checkpoint_head SET length = 'x' WHERE checkpoint = 1 AND chain = 1",
    ),
    "a length beyond its column": ("UPDATE checkpoint_head SET length = 1 << 62 WHERE checkpoint = 2",),
    "a place beyond its column": ("UPDATE link SET position = (1 << 62) + position WHERE chain > 0",),
    "bytes in place of a text": ("UPDATE link SET text = x'ff' WHERE position = 2",),
    "bytes that are no text": ("UPDATE link SET hash = CAST(x'ff' AS TEXT) WHERE position = 2",),
    "a day that is none": ("UPDATE move SET day = 'yesterday' WHERE number = 1",),
    "a moment of verifying that is none": ("UPDATE verification SET at = 'x'",),
    "a checkpoint of verifying in words": ("UPDATE verification SET checkpoint = 'x'",),
    "a beginning of verifying in words": ("UPDATE verification SET since = 'x'",),
    "a count of findings in words": ("UPDATE verification SET found = 'x'",),
}
ON_POSTGRESQL = {
    "a moment without end": ("UPDATE act SET at = 'infinity' WHERE id = 2",),
    "a day before Christ": ("UPDATE move SET day = '0044-03-15 BC' WHERE number = 1",),
    "a moment of verifying without end": ("UPDATE verification SET at = 'infinity'",),
}


def sunday(world: World, seal: Seal) -> tuple[list[list[str]], int]:
    """Return what the next look at everything finds and remembers, and how many were alarmed."""
    world.clock.advance(timedelta(days=6 - world.clock.now().weekday() or 7))
    verify_nightly(world.database, world.clock.now(), seal)
    with world.database.read() as connection:
        newest = select(Verification.findings).order_by(Verification.id.desc()).limit(1)
        return connection.scalar(newest) or [], len(told(world, MessageKind.history_alarm))


def spoil(world: World, statements: tuple[str, ...]) -> None:
    """Tamper with the database, one statement after the other."""
    for statement in statements:
        tamper(world.database, statement.replace("{deep}", f"'{'[' * 100_000}'"))


def is_told(world: World, key: SigningKey, seal: Seal, statements: tuple[str, ...]) -> None:
    """Hold a tamper to be found, remembered and told, by the look at all and by that at what is new."""
    grown(world, key, seal)
    verify_nightly(world.database, world.clock.now(), seal)
    spoil(world, statements)

    found, alarms = sunday(world, seal)
    assert [found != [], alarms > 0] == [True, True]
    with world.database.read() as connection:
        assert count_links(connection, 2) > 0
    look_through(world.database, seal, since=2)


@pytest.mark.parametrize("name", ON_BOTH)
def test_what_cannot_be_read_is_told(world: World, key: SigningKey, seal: Seal, name: str) -> None:
    is_told(world, key, seal, ON_BOTH[name])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", ON_SQLITE)
def test_what_sqlite_takes_for_any_value_is_told(
    world: World, key: SigningKey, seal: Seal, name: str
) -> None:
    is_told(world, key, seal, ON_SQLITE[name])


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("name", ON_POSTGRESQL)
def test_what_postgresql_keeps_and_python_does_not_is_told(
    world: World, key: SigningKey, seal: Seal, name: str
) -> None:
    is_told(world, key, seal, ON_POSTGRESQL[name])


SPOILED: dict[str, Callable[[Path], object]] = {
    "with a number in words": lambda file: file.write_text(f'{{"checkpoint":"x"}}\n{"0" * 128}\n'),
    "with a number beyond all": lambda file: file.write_text(f'{{"checkpoint":{10**30}}}\n{"0" * 128}\n'),
    "nested too deep": lambda file: file.write_text(f'{{"checkpoint":{"[" * 100_000}}}\n{"0" * 128}\n'),
    "of bytes that are no text": lambda file: file.write_bytes(b"\xff"),
    "that is a folder": Path.mkdir,
    "that leads nowhere": lambda file: file.symlink_to(file),
    "that is a pipe": os.mkfifo,
}


@pytest.mark.parametrize("name", SPOILED)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_file_outside_that_holds_none_is_named_and_hides_nothing_else(
    world: World, key: SigningKey, seal: Seal, name: str
) -> None:
    grown(world, key, seal)
    tamper(world.database, CHANGED)
    SPOILED[name](seal.folder / "checkpoint-00000000.txt")

    found, alarms = sunday(world, seal)

    assert {"checkpoint-00000000.txt", "move 2 of claim 1"} <= {row for row, _ in found}
    assert alarms > 0


def test_what_is_stored_and_mailed_of_half_a_character_can_be_read(
    world: World, key: SigningKey, seal: Seal
) -> None:
    grown(world, key, seal)
    spoil(world, A_HALF_CHARACTER)

    found, _ = sunday(world, seal)

    assert ["move 2 of claim 1", "role is approver, but \\ud800 was hashed"] in found


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_database_that_has_no_time_is_no_finding(world: World, key: SigningKey, seal: Seal) -> None:
    grown(world, key, seal)
    url = world.database.url.update_query_dict({"options": "-c lock_timeout=100ms"})
    impatient = Database(url.render_as_string(hide_password=False))
    with world.database.write() as connection:
        connection.execute(text("LOCK TABLE reason IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(OperationalError, match="lock timeout"):
            look_through(impatient, seal, since=0)
    impatient.dispose()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_database_that_cannot_be_opened_is_no_finding(
    world: World, key: SigningKey, seal: Seal, tmp_path: Path
) -> None:
    grown(world, key, seal)
    away = Database(f"sqlite:///{tmp_path}/nowhere/history.db")
    with pytest.raises(OperationalError):
        look_through(away, seal, since=0)
    away.dispose()


def test_what_cannot_be_read_is_named_by_its_table(world: World, key: SigningKey, seal: Seal) -> None:
    grown(world, key, seal)
    tamper(world.database, "ALTER TABLE exchange_rate RENAME COLUMN source TO other")

    found, _ = sunday(world, seal)

    assert found[0][0] == "history"
    assert "ValueError: exchange_rate: " in found[0][1]


def test_a_table_that_cannot_be_read_is_one_finding_and_hides_nothing_else(
    world: World, key: SigningKey, seal: Seal
) -> None:
    grown(world, key, seal)
    tamper(world.database, "ALTER TABLE exchange_rate RENAME COLUMN source TO other")
    tamper(world.database, "UPDATE fund SET available = available + 1 WHERE id = 1")

    for since in (0, 2):
        assert [row for row, _ in look_through(world.database, seal, since=since).found] == [
            "history",
            "fund 1",
        ]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    ("table", "since", "parts"),
    [("payment", 0, 2), ("checkpoint_head", 0, 2), ("checkpoint_head", 2, 3), ("link", 0, 1)],
)
def test_what_the_server_cannot_read_half_way_leaves_the_rest_to_be_read(
    world: World, key: SigningKey, seal: Seal, table: str, since: int, parts: int
) -> None:
    grown(world, key, seal)
    spoil(
        world,
        (
            "UPDATE fund SET available = available + 1 WHERE id = 1",
            f"ALTER TABLE {table} RENAME TO kept",
            f"CREATE VIEW {table} AS SELECT * FROM kept WHERE 1 / (SELECT 0 FROM kept LIMIT 1) = 1",
        ),
    )

    found = look_through(world.database, seal, since=since).found

    assert [what for row, what in found if row == "history"] == [
        f"cannot be read to its end (ValueError: {table}: division by zero)"
    ] * parts
    assert "fund 1" in {row for row, _ in found}


def test_all_parts_are_of_one_state_after_one_that_cannot_be_read(
    world: World, key: SigningKey, seal: Seal
) -> None:
    grown(world, key, seal)
    tamper(world.database, "ALTER TABLE exchange_rate RENAME COLUMN source TO other")
    changed = list[int]()

    def change_meanwhile(links: int) -> None:
        if not changed:
            changed.append(links)
            tamper(world.database, "UPDATE fund SET available = available + 1 WHERE id = 1")

    found = look_through(world.database, seal, since=0, tell=change_meanwhile).found

    assert changed
    assert [row for row, _ in found] == ["history"]
    later = look_through(world.database, seal, since=0).found
    assert [row for row, _ in later] == ["history", "fund 1"]


def test_a_spoiled_file_outside_stops_writing_others_as_one_that_differs(
    world: World, key: SigningKey, seal: Seal
) -> None:
    grown(world, key, seal)
    (seal.folder / "checkpoint-00000001.txt").write_bytes(b"\xff")
    with pytest.raises(Differs, match="checkpoint-00000001"):
        write_outside(world.database, seal.folder)
