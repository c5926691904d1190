"""How the product is started: from the command line, by a server, and all of it together."""

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import PRODUCT, Settings
from models.database import Database

SECRET = "k2Jv9sQx7RmL4tWz8NbY3hGf6DcP1aEu"
SECONDS = 120
FLASK = (sys.executable, "-m", "flask", "--app", "wsgi")
SERVER = (
    sys.executable,
    "-m",
    "gunicorn",
    "--config",
    "deploy/gunicorn.conf.py",
    "--bind",
    "127.0.0.1:0",
    "wsgi:app",
)


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Return this environment with no setting but a data folder, and those named."""
    ours = {name.upper() for name in Settings.model_fields}
    rest = {name: value for name, value in os.environ.items() if name not in ours}
    return {**rest, "DATA_DIR": str(folder), **more}


def run(*command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the product with these variables and nothing to read, and wait for its end."""
    folder = Path(variables.pop("DATA_DIR"))
    return subprocess.run(
        command,
        cwd=PRODUCT,
        env=environment(folder, **variables),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> str:
    return str(tmp_path)


def test_the_commands_are_listed_without_any_setting(folder: str) -> None:
    ran = run(*FLASK, "--help", DATA_DIR=folder)

    assert (ran.returncode, ran.stderr) == (0, "")
    assert [
        name
        for name in ("serve", "migrate", "check", "scheduler", "worker")
        if f"  {name} " not in ran.stdout
    ] == []


def test_documents_are_checked_without_any_setting(folder: str) -> None:
    ran = run(*FLASK, "check", DATA_DIR=folder)

    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


@pytest.mark.parametrize("command", [(*FLASK, "migrate"), (*FLASK, "run"), (*FLASK, "routes"), SERVER])
@pytest.mark.parametrize(
    ("name", "value"), [("SECRET_KEY", ""), ("SECRET_KEY", "short"), ("DATABASE_URL", "mysql://host/name")]
)
def test_a_wrong_setting_stops_the_start_with_one_line(
    folder: str, command: tuple[str, ...], name: str, value: str
) -> None:
    ran = run(*command, **{"DATA_DIR": folder, "SECRET_KEY": SECRET, name: value})

    assert ran.returncode == 3
    assert name in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


def test_the_help_of_a_command_needs_no_setting(folder: str) -> None:
    assert run(*FLASK, "migrate", "--help", DATA_DIR=folder).returncode == 0


@pytest.mark.parametrize("command", [(*FLASK, "run"), SERVER])
def test_no_server_starts_on_a_schema_that_is_not_its_own(folder: str, command: tuple[str, ...]) -> None:
    ran = run(*command, DATA_DIR=folder, SECRET_KEY=SECRET)

    assert ran.returncode == 3
    assert "run `flask --app wsgi migrate`" in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


@pytest.mark.parametrize("place", ["there", "not there yet"])
@pytest.mark.parametrize(
    "command", [(*FLASK, "setup"), (*FLASK, "worker"), (*FLASK, "scheduler"), (*FLASK, "serve"), SERVER]
)
def test_where_no_database_was_made_yet_one_line_says_how_and_none_is_made(
    tmp_path: Path, command: tuple[str, ...], place: str
) -> None:
    (tmp_path / "there").mkdir()
    file = tmp_path / place / "own.db"
    ran = run(*command, DATA_DIR=str(tmp_path / "data"), SECRET_KEY=SECRET, DATABASE_URL=f"sqlite:///{file}")

    assert ran.returncode == 3
    assert f"There is no database in {file} yet: run `flask --app wsgi migrate` first." in ran.stderr
    assert len(ran.stderr.splitlines()) == 1
    assert list(tmp_path.glob(f"{place}/*")) == []


@pytest.mark.parametrize("place", [".", "not there yet"])
def test_setup_before_migrate_names_the_embedded_database(tmp_path: Path, place: str) -> None:
    folder = tmp_path / place
    ran = run(*FLASK, "setup", DATA_DIR=str(folder), SECRET_KEY=SECRET)

    assert ran.returncode == 3
    assert f"There is no database in {folder / 'cofund.db'} yet" in ran.stderr
    assert list(tmp_path.iterdir()) == []


def test_migrate_makes_the_embedded_database(tmp_path: Path) -> None:
    folder = tmp_path / "not there yet"
    assert run(*FLASK, "migrate", DATA_DIR=str(folder), SECRET_KEY=SECRET).returncode == 0

    Database(f"sqlite:///{folder / 'cofund.db'}").check_schema()


@pytest.mark.parametrize("command", [(*FLASK, "migrate"), (*FLASK, "worker"), SERVER])
def test_a_database_that_does_not_answer_is_one_line_and_may_be_tried_again(
    folder: str, command: tuple[str, ...]
) -> None:
    """The service units start again what ended so, and not what ended with 3."""
    ran = run(
        *command,
        DATA_DIR=folder,
        SECRET_KEY=SECRET,
        DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing",
    )

    assert ran.returncode == 1
    assert "DATABASE_URL" in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "command"),
    [("DATA_DIR", (*FLASK, "migrate")), ("FILES_DIR", SERVER), ("FILES_DIR", (*FLASK, "run"))],
)
def test_a_folder_that_cannot_be_written_to_is_one_line(
    tmp_path: Path, name: str, command: tuple[str, ...]
) -> None:
    Database(f"sqlite:///{tmp_path / 'cofund.db'}").migrate()
    (tmp_path / "file").touch()
    ran = run(*command, **{"DATA_DIR": str(tmp_path), "SECRET_KEY": SECRET, name: f"{tmp_path}/file/folder"})

    assert ran.returncode == 3
    assert name in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


class Running:
    """The whole product, served out of a data folder on a port that was free."""

    def __init__(self, folder: Path, **variables: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.process = subprocess.Popen(
            [*FLASK, "serve", "--port", str(self.port)],
            cwd=PRODUCT,
            env=environment(folder, ARGON2_ROUNDS="1", **variables),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.said: list[str] = []

    def wait_for(self, words: str) -> None:
        """Read what it prints until a line holds these words."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line.strip())
            if words in line:
                return
        pytest.fail(f"it ended without saying {words!r}: {self.said} {self.process.communicate()}")

    def status(self, path: str, **headers: str) -> int:
        """Fetch a page and return the status."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        connection.request("GET", path, headers=headers)
        status = connection.getresponse().status
        connection.close()
        return status

    def end(self) -> None:
        self.process.send_signal(signal.SIGINT)
        self.process.communicate(timeout=SECONDS)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path)
    yield running
    running.end()


def test_serve_brings_all_it_needs_and_prints_how_to_sign_in(running: Running, tmp_path: Path) -> None:
    running.wait_for("Ctrl-C")

    assert f"http://127.0.0.1:{running.port}" in " ".join(running.said)
    assert running.status("/sign-in") == 200
    assert running.status("/sign-in", SCRIPT_NAME="/elsewhere") == 200, "no header moves the product"
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0

    second = run(*FLASK, "serve", "--port", str(running.port), DATA_DIR=str(tmp_path / "other"))
    assert second.returncode == 1
    assert second.stderr.startswith(f"Error: Port {running.port} is not to be had")
    assert len(second.stderr.splitlines()) == 1

    third = run(*FLASK, "serve", "--port", "1", DATA_DIR=str(tmp_path))
    assert third.stderr.splitlines() == [f"Error: Cofund is running already with the data in {tmp_path}."]

    running.process.send_signal(signal.SIGINT)
    running.wait_for("stopped")
    assert running.process.wait(SECONDS) == 0


def test_the_server_writes_no_single_use_link_down(tmp_path: Path) -> None:
    run(*FLASK, "migrate", DATA_DIR=str(tmp_path), SECRET_KEY=SECRET)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [*SERVER, "--bind", f"127.0.0.1:{port}"],
        cwd=PRODUCT,
        env=environment(tmp_path, SECRET_KEY=SECRET),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert server.stdout is not None
    said = next(line for line in server.stdout if "Listening" in line)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    headers = {"Referer": "/set-password/the-token", "SCRIPT_NAME": "/elsewhere"}
    connection.request("GET", "/set-password/the-token", headers=headers)
    assert connection.getresponse().status == 503
    connection.close()
    server.send_signal(signal.SIGTERM)
    said += server.communicate(timeout=SECONDS)[0]

    assert "the-token" not in said


def test_a_database_of_ones_own_gets_no_demo(tmp_path: Path) -> None:
    own = Database(f"sqlite:///{tmp_path / 'own.db'}")
    own.migrate()
    own.dispose()
    refused = run(*FLASK, "demo-reset", DATA_DIR=str(tmp_path), DATABASE_URL=own.url.render_as_string())

    assert refused.returncode == 1
    assert "DATABASE_URL is set" in refused.stderr
    assert not (tmp_path / "cofund.db").exists()
