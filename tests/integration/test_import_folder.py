"""What lies in the import folder is taken once, imported whole or not at all, and the managers are told."""

import os
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from models.file_store.local import LocalFiles
from models.history import Act
from models.imports import ImportFile, ImportRow
from models.messages import Message
from models.people import Partner
from models.vocabulary import MessageKind
from tests.support.imports import LIFE, Importer, table
from tests.support.world import World
from workflow.imports.folder import QUIET, import_folder
from workflow.imports.forgetting import KEPT, forget_imports
from workflow.loose_files import GRACE, remove_loose

USERS = "email,name,roles\nzoe@people.example,Zoe,finance\n"
PARTNERS = table(("name", "type", "country"), ("Weser", "vap", "NL"))
CERTIFICATES = table(("partner", "valid_from", "valid_until"), ("Weser", "2026-01-01", "2026-12-31"))


@dataclass
class Night:
    """A folder, and the nights in which it is looked at."""

    world: World
    folder: Path
    files: LocalFiles

    def put(self, name: str, content: str | bytes, age: timedelta = QUIET) -> Path:
        """Put a file into the folder, written so long ago."""
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        written = (self.world.clock.now() - age).timestamp()
        os.utime(path, (written, written))
        return path

    def work(self) -> None:
        """Let a night go by."""
        now = self.world.clock.now()
        import_folder(self.world.database, now, folder=self.folder, files=self.files, link_life=LIFE)

    def told(self) -> list[tuple[str, str]]:
        """Return of which file the managers were told what."""
        with self.world.database.read() as connection:
            kind = Message.kind == MessageKind.import_done
            found = connection.scalars(select(Message.figures).where(kind).order_by(Message.id))
            return [(figures["file"], figures["outcome"]) for figures in found]

    def count(self, model: Any) -> int:
        """Return how many rows there are."""
        with self.world.database.read() as connection:
            return connection.scalar(select(func.count()).select_from(model)) or 0


@pytest.fixture
def night(world: World, tmp_path: Path) -> Night:
    """Return an import folder with nothing in it."""
    (tmp_path / "in").mkdir()
    return Night(world, tmp_path / "in", LocalFiles(tmp_path / "files"))


def test_files_are_imported_in_the_order_in_which_one_builds_on_another(night: Night) -> None:
    night.put("certificates-2026.csv", CERTIFICATES)
    night.put("Partners 2026.csv", PARTNERS)
    night.work()
    assert night.told() == [("Partners 2026.csv", "done"), ("certificates-2026.csv", "done")]
    assert night.count(Partner) == 2
    with night.world.database.read() as connection:
        acts = connection.execute(select(Act.kind, Act.actor_id).order_by(Act.id.desc()).limit(4)).all()
    assert [row.kind for row in acts] == [
        "import_applied",
        "certificate_recorded",
        "import_applied",
        "partner_added",
    ]
    assert {row.actor_id for row in acts} == {None}


def test_a_file_is_taken_once_whatever_it_is_called_and_stays_where_it_is(night: Night) -> None:
    path = night.put("partners-1.csv", PARTNERS)
    night.work()
    night.put("partners-2.csv", PARTNERS)
    night.world.clock.advance(timedelta(days=1))
    night.work()
    assert (night.told(), night.count(ImportFile)) == ([("partners-1.csv", "done")], 1)
    assert path.read_text() == PARTNERS


def test_a_file_that_brings_nothing_new_says_so_and_leaves_no_act(night: Night) -> None:
    night.put("partners-1.csv", PARTNERS)
    night.work()
    before = night.count(Act)
    night.put("partners-2.csv", PARTNERS + "\n")
    night.work()
    assert night.told()[1:] == [("partners-2.csv", "same")]
    assert night.count(Act) == before


def test_a_file_with_an_error_changes_nothing_and_says_why(night: Night) -> None:
    night.put("partners-1.csv", PARTNERS + "Isar,spaceship,DE\n")
    night.put("users-1.csv", "colour\nred\n")
    night.put("performance.xlsx", b"PK\x03\x04 broken")
    night.work()
    night.work()
    assert night.told() == [
        ("partners-1.csv", "wrong"),
        ("users-1.csv", "unreadable"),
        ("performance.xlsx", "unreadable"),
    ]
    assert night.count(Partner) == 1
    with night.world.database.read() as connection:
        (row,) = connection.scalars(select(ImportRow.told).where(ImportRow.verdict == "wrong"))
    assert [one["code"] for one in row["problems"]] == ["partner_type_unknown"]


def test_what_is_wrong_can_be_put_right_on_the_pages_and_applied_there(night: Night) -> None:
    night.put("certificates-1.csv", CERTIFICATES)
    night.work()
    night.world.partner("Weser")
    importer = Importer(night.world, night.files)
    importer.again(1)
    assert importer.apply(1) == "done"


@pytest.mark.parametrize(
    "name", ["claims.csv", "partnersx.csv", "partners.pdf", ".partners.csv", "notes.txt"]
)
def test_what_bears_no_name_of_ours_is_left_alone(night: Night, name: str) -> None:
    night.put(name, PARTNERS)
    night.work()
    assert night.count(ImportFile) == 0


def test_what_is_still_being_written_waits_and_no_link_is_followed(night: Night, tmp_path: Path) -> None:
    night.put("partners-1.csv", PARTNERS, timedelta(seconds=20))
    secret = tmp_path / "partners-secret.csv"
    secret.write_text(PARTNERS.replace("Weser", "Secret"))
    os.utime(secret, (0, 0))
    (night.folder / "partners-2.csv").symlink_to(secret)
    night.work()
    assert night.count(ImportFile) == 0
    night.world.clock.advance(QUIET)
    night.work()
    assert night.told() == [("partners-1.csv", "done")]


def test_a_folder_that_is_not_there_is_logged_and_stops_nothing(
    night: Night, caplog: pytest.LogCaptureFixture
) -> None:
    night.folder.rmdir()
    night.work()
    assert "IMPORT_DIR" in caplog.text


def test_the_folder_takes_no_manager_away(night: Night) -> None:
    night.put("users.csv", table(("email", "name", "roles"), ("mia@people.example", "Mia", "auditor")))
    night.work()
    assert night.told() == [("users.csv", "wrong")]


def test_what_was_begun_before_a_power_cut_is_finished_the_next_night(night: Night) -> None:
    night.put("partners-1.csv", PARTNERS)
    night.work()
    with night.world.database.write() as connection:
        row = connection.execute(select(ImportFile.__table__)).one()
        begun = {"id": 2, "taken_once": "partners:0", "applied_at": None, "act_id": None, "counts": None}
        connection.execute(insert(ImportFile).values({**row._mapping, **begun}))
    night.work()
    assert night.told()[1:] == [("partners-1.csv", "same")]


def test_rows_are_forgotten_after_a_month_and_files_that_nobody_applied(night: Night) -> None:
    importer = Importer(night.world, night.files)
    applied, left = importer.read("partners", PARTNERS), importer.read("certificates", CERTIFICATES)
    importer.apply(applied)
    night.world.clock.advance(KEPT - timedelta(seconds=1))
    forget_imports(night.world.database, night.world.clock.now())
    assert night.count(ImportRow) == 2
    night.world.clock.advance(timedelta(seconds=1))
    forget_imports(night.world.database, night.world.clock.now())
    assert night.count(ImportRow) == 0
    assert importer.file(applied).counts["new"] == 1
    assert night.count(ImportFile) == 1
    assert left == 2
    night.world.clock.advance(GRACE)
    assert remove_loose(night.world.database, night.world.clock.now(), files=night.files) == 1


def test_a_file_of_users_that_was_applied_goes_after_a_month(night: Night) -> None:
    importer = Importer(night.world, night.files)
    users, partners = importer.read("users", USERS), importer.read("partners", PARTNERS)
    importer.apply(users)
    importer.apply(partners)
    night.world.clock.advance(KEPT)
    forget_imports(night.world.database, night.world.clock.now())

    assert importer.file(users).digest == ""
    assert importer.file(users).counts["new"] == 1
    assert importer.file(partners).digest != ""
    night.world.clock.advance(GRACE)
    assert remove_loose(night.world.database, night.world.clock.now(), files=night.files) == 1
