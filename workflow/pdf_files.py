"""What is in a PDF, read in a process of its own that is given up when it takes too long."""

import json
import subprocess
import sys
from pathlib import Path

READER = Path(__file__).with_name("pdf_child.py")
SECONDS = 20


def pdf_objection(path: Path) -> str | None:
    """Return the code of what stands against a PDF (a script, a file inside, a lock, damage), or None."""
    try:
        read = subprocess.run(
            (sys.executable, "-I", READER, path), capture_output=True, timeout=SECONDS, check=True
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return "pdf_unreadable"
    objection: str | None = json.loads(read.stdout)["objection"]
    return objection
