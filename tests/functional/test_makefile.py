"""What `make` says on a machine that lacks something: one line, and what to do."""

import shutil
import subprocess
from pathlib import Path

import pytest

from config import PRODUCT


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The files that the first start needs, without an environment."""
    for name in ("Makefile", "requirements.txt", "requirements-dev.txt"):
        shutil.copy(PRODUCT / name, tmp_path)
    return tmp_path


def a_program(folder: Path, name: str, script: str) -> str:
    file = folder / name
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    return str(file)


def complaint(checkout: Path, *arguments: str) -> str:
    """Return the only line that `make` itself did not write about a failure."""
    ran = subprocess.run(
        ["make", "-C", str(checkout), *arguments], capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.returncode != 0
    (line,) = [line for line in ran.stderr.splitlines() if not line.startswith("make")]
    assert not (checkout / ".venv").exists()
    return line


@pytest.mark.parametrize("goal", ["run", "test"])
def test_a_python_that_is_too_old(checkout: Path, goal: str) -> None:
    old = a_program(checkout, "python-old", "exit 1")
    assert complaint(checkout, goal, f"PYTHON={old}").startswith("Cofund needs Python 3.11 or later")


@pytest.mark.parametrize("goal", ["run", "test"])
def test_no_python_at_all(checkout: Path, goal: str) -> None:
    assert complaint(checkout, goal, "PYTHON=").startswith("Cofund needs Python 3.11 or later")


def test_a_python_without_its_venv_module(checkout: Path) -> None:
    bare = a_program(checkout, "python-bare", 'case "$2" in *venv*) exit 1;; esac')
    assert complaint(checkout, "run", f"PYTHON={bare}").startswith("Python's venv module is missing")


def test_no_chromium_and_no_way_to_install_one(checkout: Path, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in ("sh", "make", "id"):
        (tools / tool).symlink_to(shutil.which(tool) or tool)
    assert "apt install chromium" in complaint(checkout, "chromium", f"PATH={tools}")


def test_make_alone_lists_what_it_can_do(checkout: Path) -> None:
    ran = subprocess.run(
        ["make", "-C", str(checkout)], capture_output=True, text=True, timeout=60, check=True
    )
    assert [
        goal for goal in ("run", "test", "demo-reset", "bench") if f"make {goal} " not in ran.stdout
    ] == []
