"""A file is clean only if clamd says so of the whole of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.clamd import LARGEST, VIRUS, Clamd
from web.virus_scan import NotScanned, Scanner
from workflow.file_types import FileRefused


@pytest.fixture(params=["tcp", "unix"])
def clamd(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Clamd]:
    """A scanner that is reached in each way: the test runs once by each."""
    clamd = Clamd(tmp_path / "clamd.sock" if request.param == "unix" else None)
    yield clamd
    clamd.stop()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the file lies that is looked through."""
    return tmp_path / "file"


def reason(clamd: Clamd, file: Path, seconds: float = 30) -> str:
    """Return the line that says why a file was not scanned."""
    with pytest.raises(NotScanned) as refused:
        Scanner(clamd.url, seconds).clear(file, "a.pdf")
    line = str(refused.value)
    assert line.startswith("CLAMD_URL: ")
    assert "\n" not in line
    return line


@pytest.mark.parametrize("size", [1, 65_536, 65_537, LARGEST])
def test_a_clean_file_is_cleared_once_all_of_it_was_seen(clamd: Clamd, file: Path, size: int) -> None:
    file.write_bytes(b"x" * size)
    Scanner(clamd.url).clear(file, "a.pdf")
    assert clamd.scanned == [b"x" * size]


def test_a_virus_at_the_end_of_a_file_is_found_and_named(clamd: Clamd, file: Path) -> None:
    file.write_bytes(b"x" * 200_000 + VIRUS)
    with pytest.raises(FileRefused) as refused:
        Scanner(clamd.url).clear(file, "a.pdf")
    assert refused.value.words().startswith("The virus scanner stopped a.pdf: it found Test.Worm in it.")


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"\0",
        b"stream: OK",
        b"OK\0",
        b"stream: OK\0stream: OK\0",
        b"stream: not OK\0",
        b"stream: OK FOUND",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"stream: Access denied. ERROR\0",
        b"\xff" * 10_000,
    ],
)
def test_an_answer_that_makes_no_sense_clears_nothing(clamd: Clamd, file: Path, reply: bytes) -> None:
    file.write_bytes(b"hello")
    clamd.reply = reply
    reason(clamd, file)


def test_what_is_too_large_for_the_scanner_is_not_cleared(clamd: Clamd, file: Path) -> None:
    file.write_bytes(b"x" * (LARGEST * 5))
    reason(clamd, file)


def test_a_scanner_that_says_nothing_is_not_waited_for_for_ever(clamd: Clamd, file: Path) -> None:
    file.write_bytes(b"hello")
    clamd.answers.clear()
    assert "timed out" in reason(clamd, file, seconds=0.05)


def test_a_scanner_that_is_not_there_clears_nothing(clamd: Clamd, file: Path) -> None:
    file.write_bytes(b"hello")
    clamd.stop()
    assert "no answer" in reason(clamd, file)
