"""What integration tests share: a small programme on each database."""

from pathlib import Path

import pytest

from models.database import Database
from models.vocabulary import Role
from tests.support.file_places import Bucket, Folder, Place
from tests.support.mail_room import Office
from tests.support.world import World
from workflow.clock import SettableClock
from workflow.proof.signing import SigningKey, make_key
from workflow.proof.verifying import Seal


@pytest.fixture(params=["folder", "bucket"])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """Each place where files can be kept: the test runs once on each."""
    if request.param == "folder":
        return Folder(tmp_path / "files")
    aside = tmp_path / "aside"
    aside.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(aside))
    return Bucket(request.getfixturevalue("object_store"), aside)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Where files are kept in tests whose subject is the database."""
    return Folder(tmp_path / "files")


@pytest.fixture
def office(database: Database, clock: SettableClock) -> Office:
    """A programme with an outbox, and nobody in it yet."""
    return Office(database, clock)


@pytest.fixture
def key(tmp_path: Path) -> SigningKey:
    """A key that signs checkpoints."""
    return make_key(tmp_path / "key.pem")


@pytest.fixture
def seal(key: SigningKey, tmp_path: Path) -> Seal:
    """What verifies them, with a folder outside the database."""
    return Seal([bytes.fromhex(key.public)], tmp_path / "checkpoints")


@pytest.fixture
def fay(world: World) -> str:
    """Somebody else in finance."""
    world.person("fay", Role.finance)
    return "fay"


@pytest.fixture
def ines(world: World) -> str:
    """A second programme manager."""
    world.person("ines", Role.manager)
    return "ines"
