"""The parts of the product run together: all of them, or none."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from config import PRODUCT

SECONDS = 60


class Supervised:
    """A running supervisor of parts that do nothing: what it says, and the process ids of its parts."""

    def __init__(self, *names: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.supervised", *names],
            cwd=PRODUCT,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.parts: dict[str, int] = {}
        answered = False
        while not answered or len(self.parts) < len(names):
            name, *process_id = self.line().split()
            if process_id:
                self.parts[name] = int(process_id[0])
            else:
                answered = name == "answered"

    def line(self) -> str:
        """Wait for the next line."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the supervisor ended too early"
        return line.strip()

    def end(self) -> None:
        """End the supervisor, whatever it does."""
        self.process.kill()
        self.process.communicate(timeout=SECONDS)


def is_there(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True


def ends(process_id: int) -> bool:
    """Wait for the end of a process that may have ended already."""
    try:
        handle = os.pidfd_open(process_id)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], SECONDS)[0])
    finally:
        os.close(handle)


@pytest.fixture
def supervised(request: pytest.FixtureRequest) -> Iterator[Supervised]:
    supervised = Supervised("server", getattr(request, "param", "worker"))
    yield supervised
    supervised.end()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_all_parts_and_then_the_supervisor(
    supervised: Supervised, number: signal.Signals
) -> None:
    supervised.process.send_signal(number)

    assert supervised.line() == "ended as asked"
    assert supervised.process.wait(SECONDS) == 0
    assert not any(is_there(process_id) for process_id in supervised.parts.values())


def test_a_part_that_dies_ends_the_rest_with_one_line(supervised: Supervised) -> None:
    os.kill(supervised.parts["worker"], signal.SIGKILL)

    assert supervised.line() == "The worker ended (killed by SIGKILL), so everything was stopped."
    assert not is_there(supervised.parts["server"])


@pytest.mark.parametrize("supervised", ["stubborn"], indirect=True)
def test_a_part_that_will_not_end_is_killed(supervised: Supervised) -> None:
    supervised.process.send_signal(signal.SIGTERM)

    assert supervised.line() == "ended as asked"
    assert not is_there(supervised.parts["stubborn"])


def test_no_part_survives_a_supervisor_that_is_killed(supervised: Supervised) -> None:
    supervised.process.kill()

    assert all(ends(process_id) for process_id in supervised.parts.values())
