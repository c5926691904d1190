"""The demo of `make run`: loaded once, kept by the next run, thrown away by `make demo-reset` alone."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from config import PRODUCT
from models.database import Database
from tests.functional.test_setup import options
from tests.functional.test_start import FLASK, SECONDS, SECRET, Running, environment, run


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that holds the demo as it was loaded."""
    folder = tmp_path_factory.mktemp("demo") / "var"
    reset(folder)
    return folder


@pytest.fixture
def folder(loaded: Path, tmp_path: Path) -> Path:
    """A copy of it in which somebody has renamed the programme and attached a file."""
    folder = tmp_path / "var"
    shutil.copytree(loaded, folder)
    with closing(sqlite3.connect(folder / "cofund.db")) as database, database:
        database.execute("UPDATE programme SET name = 'Renamed'")
    (folder / "files" / "left-over").write_text("of the demo before")
    return folder


def reset(folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run `make demo-reset` on a data folder, with the environment that runs this test for its own."""
    checkout = folder.parent / "checkout"
    if not checkout.exists():
        checkout.mkdir(parents=True)
        shutil.copy(PRODUCT / "Makefile", checkout)
        (checkout / ".venv").symlink_to(sys.prefix)
    given = environment(folder, PYTHONPATH=str(PRODUCT))
    return subprocess.run(
        ["make", "--old-file", ".venv/product", "demo-reset"],
        cwd=checkout,
        # What a `make` above this test was told is not for this one.
        env={name: value for name, value in given.items() if not name.startswith(("MAKE", "MFLAGS"))},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def programme(file: Path) -> tuple[str, bool, int] | None:
    """Return of the programme in a file its name, whether it is a demo, and how many claims it has."""
    with closing(sqlite3.connect(file)) as database:
        row = database.execute("SELECT name, is_demo, (SELECT count(*) FROM claim) FROM programme").fetchone()
    return None if row is None else (row[0], bool(row[1]), row[2])


def tables(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as database:
        return [name for (name,) in database.execute("SELECT name FROM sqlite_master")]


def names(folder: Path) -> set[str]:
    return {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}


@contextmanager
def started(folder: Path, **variables: str) -> Iterator[Running]:
    """Start all of the product out of a data folder, and end it however the test goes."""
    running = Running(folder, **variables)
    try:
        yield running
    finally:
        running.end()


def test_a_reset_loads_the_demo_into_an_empty_folder(loaded: Path) -> None:
    demo = programme(loaded / "cofund.db")
    assert demo is not None
    assert demo[1]
    assert demo[2] >= 40
    assert any(name.startswith("files/") for name in names(loaded))


def test_a_reset_starts_the_demo_afresh(loaded: Path, folder: Path) -> None:
    done = reset(folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == ["Loading the demo programme …", "The demo is as on its first day."]
    assert programme(folder / "cofund.db") == programme(loaded / "cofund.db")
    left = names(folder)
    assert "files/left-over" not in left
    assert any(name.startswith("files/") for name in left)


def test_a_second_run_keeps_the_data(loaded: Path, folder: Path) -> None:
    files = names(folder)
    with started(folder) as running:
        running.wait_for("Ctrl-C")
        assert running.status("/sign-in") == 200
        assert "Loading the demo programme …" not in running.said
    first = programme(loaded / "cofund.db")
    assert first is not None
    assert programme(folder / "cofund.db") == ("Renamed", *first[1:])
    assert files <= names(folder)


def test_a_reset_spares_a_real_programme(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    for command in (["migrate"], ["setup", *options()]):
        done = run(*FLASK, *command, DATA_DIR=str(folder), SECRET_KEY=SECRET)
        assert done.returncode == 0, done.stderr
    (folder / "files").mkdir(exist_ok=True)
    (folder / "files" / "invoice").write_text("of the real programme")
    before, files = programme(folder / "cofund.db"), names(folder)

    refused = reset(folder)
    assert refused.returncode != 0
    said = [line for line in refused.stderr.splitlines() if not line.startswith("make")]
    assert said == [f"Error: {folder / 'cofund.db'} holds a real programme. It is left as it is."]
    assert programme(folder / "cofund.db") == before == ("Partner Fund", False, 0)
    assert files <= names(folder)


@pytest.mark.parametrize("file", ["own.db", "var/cofund.db"])
def test_a_database_that_is_named_gets_no_demo_even_where_it_is_not_there_yet(
    tmp_path: Path, file: str
) -> None:
    own = tmp_path / file
    with started(tmp_path / "var", DATABASE_URL=f"sqlite:///{own}") as running:
        assert running.process.stdout is not None
        assert running.process.stdout.readline() == ""
        complaint = running.process.communicate(timeout=SECONDS)[1]
    assert "run `flask --app wsgi migrate`" in complaint
    assert len(complaint.splitlines()) == 1
    assert tables(own) == []


def test_an_empty_database_that_is_named_is_served_without_a_demo(tmp_path: Path) -> None:
    own = Database(f"sqlite:///{tmp_path / 'own.db'}")
    own.migrate()
    own.dispose()
    with started(tmp_path / "var", DATABASE_URL=own.url.render_as_string()) as running:
        running.wait_for("Ctrl-C")
        assert not any("demo" in said for said in running.said)
    assert programme(tmp_path / "own.db") is None
    assert not (tmp_path / "var" / "cofund.db").exists()
