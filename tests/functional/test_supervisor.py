"""The parts of the product run together: all of them, or none."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parents[2]
SECONDS = 30


class Supervised:
    """A supervisor that runs a server and a worker which do nothing, and what it has printed."""

    def __init__(self, *more: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.supervised", *more],
            cwd=HERE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.parts: dict[str, int] = {}
        while len(self.parts) < 2 + len(more) or not self.has_answered:
            words = self.line().split()
            if words == ["answered"]:
                self.has_answered = True
            else:
                self.parts[words[0]] = int(words[1])

    has_answered = False

    def line(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the supervisor ended too early"
        return line.strip()

    def end(self) -> None:
        self.process.kill()
        self.process.communicate(timeout=SECONDS)


def has_ended(process_id: int) -> bool:
    """Wait until a process of another parent has ended."""
    try:
        handle = os.pidfd_open(process_id)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], SECONDS)[0])
    finally:
        os.close(handle)


@pytest.fixture
def supervised() -> Iterator[Supervised]:
    supervised = Supervised()
    yield supervised
    supervised.end()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_all_parts_and_then_the_supervisor(
    supervised: Supervised, number: signal.Signals
) -> None:
    supervised.process.send_signal(number)

    assert supervised.line() == "ended as asked"
    assert supervised.process.wait(SECONDS) == 0
    for process_id in supervised.parts.values():
        with pytest.raises(ProcessLookupError):
            os.kill(process_id, 0)


def test_a_part_that_dies_ends_the_rest_with_one_line(supervised: Supervised) -> None:
    os.kill(supervised.parts["worker"], signal.SIGKILL)

    assert supervised.line() == "The worker ended (killed by SIGKILL), so everything was stopped."
    supervised.process.wait(SECONDS)
    with pytest.raises(ProcessLookupError):
        os.kill(supervised.parts["server"], 0)


def test_no_part_survives_a_supervisor_that_is_killed(supervised: Supervised) -> None:
    supervised.process.kill()

    assert all(has_ended(process_id) for process_id in supervised.parts.values())


def test_a_part_that_will_not_end_is_killed() -> None:
    supervised = Supervised("stubborn")
    supervised.process.send_signal(signal.SIGTERM)

    assert supervised.line() == "ended as asked"
    with pytest.raises(ProcessLookupError):
        os.kill(supervised.parts["stubborn"], 0)
    supervised.end()
