"""Lets this process have so much time and memory, and becomes the script that is named after them.

Run by workflow/bounded.py, alone: it dies of either bound.
"""

import resource
import runpy
import sys
from contextlib import suppress


def bound(cpu_seconds: int, memory: int) -> None:
    """Let this process have so many seconds of computing, and bytes of address space."""
    with suppress(ValueError):  # Some systems do not bound address space.
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))


if __name__ == "__main__":
    _own, cpu_seconds, memory, *script = sys.argv
    bound(int(cpu_seconds), int(memory))
    sys.argv = script
    runpy.run_path(script[0], run_name="__main__")
