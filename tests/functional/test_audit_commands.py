"""History is sealed, verified and exported from the command line; a lost key is not replaced in silence."""

import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from config import Settings
from models.history import Act
from tests.integration.test_verification import tamper
from tests.support.stages import approved
from tests.support.world import World
from web.commands.audit import bring_key
from web.commands.needs import CannotStart
from workflow.proof.checkpoints import outside
from workflow.proof.signing import make_key, read_key


@pytest.fixture
def public(settings: Settings) -> str:
    return make_key(settings.signing_key_file).public


def audit(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=["audit", *arguments])


def test_the_public_key_is_told(app: Flask, public: str) -> None:
    assert audit(app, "key").output == f"{public}\n"


def test_a_checkpoint_is_signed_and_written_outside(
    app: Flask, settings: Settings, world: World, public: str
) -> None:
    approved(world)
    assert audit(app, "checkpoint").output == "Checkpoint 1 is signed.\n"
    assert audit(app, "checkpoint").output == "Nothing is new since the last checkpoint.\n"
    (file,) = outside(settings.checkpoint_dir)
    assert public in file.read_text()


def test_what_agrees_is_said_and_from_where_on(app: Flask, world: World, public: str) -> None:
    approved(world)
    audit(app, "checkpoint")
    first, second = audit(app, "verify"), audit(app, "verify")
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "Everything agrees" in first.output
    assert "From checkpoint 1 on" in second.output
    assert "From checkpoint 1 on" not in audit(app, "verify", "--all").output


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_does_not_agree_ends_with_an_error_that_names_the_row(
    app: Flask, world: World, public: str
) -> None:
    claim_id = approved(world)
    with closing(sqlite3.connect(str(world.database.url.database), isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER move_no_update")
        connection.execute(f"UPDATE move SET approved = 1 WHERE claim_id = {claim_id} AND number = 2")

    ran = audit(app, "verify")

    assert ran.exit_code == 1
    assert f"move 2 of claim {claim_id}: approved is 1, but 400000 was hashed" in ran.output


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_earlier_look_that_ended_nowhere_is_named_and_all_is_verified(
    app: Flask, world: World, public: str
) -> None:
    approved(world)
    audit(app, "checkpoint")
    audit(app, "verify")
    tamper(world.database, "UPDATE verification SET checkpoint = 'x'")

    ran = audit(app, "verify")

    assert ran.exit_code == 1
    assert "history: cannot be read to its end (ValueError: verification: x is no place" in ran.output
    assert "From checkpoint" not in ran.output


def test_the_package_verifies_itself(app: Flask, world: World, public: str, tmp_path: Path) -> None:
    approved(world)
    file = tmp_path / "history.zip"
    assert public in audit(app, "package", str(file)).output
    with zipfile.ZipFile(file) as archive:
        archive.extractall(tmp_path / "away")
    command = [sys.executable, "-I", str(tmp_path / "away" / "verify.py"), "--key", public]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout.splitlines()[1][:17]) == (0, "Everything agrees")

    assert audit(app, "package", str(file)).output == f"Error: {file} is there already.\n"
    assert [act.actor_id for act in world.rows(Act) if act.kind == "package_asked"] == [None]
    assert "package_asked" in (tmp_path / "away" / "act.jsonl").read_text()


def test_without_a_key_nothing_is_signed_and_one_line_names_the_setting(app: Flask, world: World) -> None:
    approved(world)
    for command in ("key", "checkpoint", "verify"):
        ran = audit(app, command)
        assert ran.exit_code == 3
        assert ran.output.startswith("Error: SIGNING_KEY_FILE: There is no key in ")


@pytest.mark.parametrize(
    "content", [b"", b"no key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"]
)
def test_a_file_that_holds_no_key_is_named(app: Flask, settings: Settings, content: bytes) -> None:
    settings.signing_key_file.write_bytes(content)
    assert "holds no unencrypted private key" in audit(app, "key").output


def test_a_new_installation_gets_a_key_that_its_owner_alone_reads(settings: Settings, world: World) -> None:
    key = bring_key(world.database, settings)
    assert settings.signing_key_file.stat().st_mode & 0o777 == 0o600
    assert read_key(settings.signing_key_file).public == key.public
    assert bring_key(world.database, settings).public == key.public


def test_a_lost_key_is_not_replaced_in_silence(settings: Settings, world: World) -> None:
    world.checkpoint()
    with pytest.raises(CannotStart, match="SIGNING_KEY_FILE: There is no key"):
        bring_key(world.database, settings)
    assert not settings.signing_key_file.exists()
