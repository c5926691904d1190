"""Runs what reads one file in a process of its own, with little time and memory, and no secrets.

A file can keep any reader busy for ever, or overcome it, so whoever reads one must be dispensable.
"""

import subprocess
import sys
from pathlib import Path

CHILD = Path(__file__).with_name("bounded_child.py")

CPU_SECONDS = 10
SECONDS = 20
MEMORY = 768_000_000
"""Bytes of address space."""


ENVIRONMENT = {"RAYON_NUM_THREADS": "1"}
"""All of the environment that such a process has: of ours, in which passwords stand, nothing.

What sets documents takes a thread for each processor unless it is told otherwise, and each takes memory.
"""


def read_bounded(
    reader: Path, file: Path | str, *more: str, cpu_seconds: int = CPU_SECONDS, seconds: int = SECONDS
) -> bytes | None:
    """Return what a reader, a script, prints of a file; None where it failed, or did not end in time.

    The script is given the file, and what else it takes.
    """
    command = (sys.executable, "-I", CHILD, str(cpu_seconds), str(MEMORY), reader, file, *more)
    try:
        done = subprocess.run(command, capture_output=True, timeout=seconds, check=True, env=ENVIRONMENT)
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return None
    return done.stdout
