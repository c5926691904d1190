"""Runs the parts of the product side by side: all of them, or none.

Each part is a process group of its own, so that Ctrl-C reaches the supervisor alone, which ends the parts.
Nothing here polls: signals, dead children and the first answer all wake the same `select`.
"""

import ctypes
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Part:
    """One process of the product, and what it is called when it ends."""

    name: str
    command: tuple[str, ...]


def run_together(
    parts: Sequence[Part],
    listener: socket.socket,
    environment: Mapping[str, str],
    folder: Path,
    answered: Callable[[], None],
    patience: float = 10.0,
) -> str | None:
    """Run parts until a signal asks to end (None), or one of them ends: then the line that says so.

    The listening socket is handed to each part. `answered` is called once something answers on it over HTTP.
    However this ends, no process of any part is left: one that takes more than `patience` seconds is killed.
    """
    running: dict[str, subprocess.Popen[bytes]] = {}
    with _woken_by_signals() as wake:
        try:
            for part in parts:
                running[part.name] = _start(part, listener, environment, folder)
            return _wait(running, wake, listener, answered)
        finally:
            _end(running.values(), patience)


def _wait(
    running: Mapping[str, "subprocess.Popen[bytes]"],
    wake: socket.socket,
    listener: socket.socket,
    answered: Callable[[], None],
) -> str | None:
    with selectors.DefaultSelector() as selector, _question(listener) as question:
        selector.register(wake, selectors.EVENT_READ)
        selector.register(question, selectors.EVENT_READ)
        while True:
            for name, process in running.items():
                if process.poll() is not None:
                    return f"The {name} ended ({_how(process.returncode)}), so everything was stopped."
            for key, _ in selector.select():
                if key.fileobj is question:
                    selector.unregister(question)
                    if question.recv(5) == b"HTTP/":
                        answered()
                elif any(number in ENDING for number in wake.recv(64)):
                    return None


def _start(
    part: Part, listener: socket.socket, environment: Mapping[str, str], folder: Path
) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        part.command,
        env=environment,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        pass_fds=[listener.fileno()],
        process_group=0,
        preexec_fn=_end_with(os.getpid()),
    )


def _end_with(supervisor: int) -> Callable[[], None]:
    """Return what a part does before it starts: have the kernel end it should the supervisor be killed."""
    prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None

    def bind() -> None:
        if prctl is not None:
            prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != supervisor:
            os.kill(os.getpid(), signal.SIGTERM)

    return bind


def _end(processes: Iterable["subprocess.Popen[bytes]"], patience: float) -> None:
    """Ask all processes to end, then end what is left of their groups."""
    asked = list(processes)
    deadline = time.monotonic() + patience
    for process in asked:
        process.terminate()
    for process in asked:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, deadline - time.monotonic()))
    for process in asked:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def _question(listener: socket.socket) -> Iterator[socket.socket]:
    """Ask for the front page. The question waits in the socket's queue until a server is there to answer."""
    host, port = listener.getsockname()
    with socket.create_connection((host, port)) as question:
        question.sendall(f"GET / HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n".encode())
        yield question


@contextmanager
def _woken_by_signals() -> Iterator[socket.socket]:
    """Give a socket that becomes readable with the number of each signal, in place of their usual effect."""
    wake, woken = socket.socketpair()
    with wake, woken:
        woken.setblocking(False)
        before_fd = signal.set_wakeup_fd(woken.fileno(), warn_on_full_buffer=False)
        before = {number: signal.signal(number, _noted) for number in (*ENDING, signal.SIGCHLD)}
        try:
            yield wake
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(before_fd)


def _noted(_number: int, _frame: FrameType | None) -> None:
    """Take note of a signal: the wake-up socket has its number already."""


def _how(code: int) -> str:
    return f"exit code {code}" if code >= 0 else f"killed by {signal.Signals(-code).name}"
