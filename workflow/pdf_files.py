"""What is in a PDF, read in a process of its own that is given up when it takes too long."""

import json
import subprocess
import sys
from pathlib import Path

from workflow.file_dates import Look, pdf_day

READER = Path(__file__).with_name("pdf_child.py")
SECONDS = 20


def look_into_pdf(path: Path) -> Look:
    """Return what stands against a PDF (a script, a file inside, a lock, damage) and the day it bears."""
    try:
        read = subprocess.run(
            (sys.executable, "-I", READER, path), capture_output=True, timeout=SECONDS, check=True
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return Look("pdf_unreadable")
    found = json.loads(read.stdout)
    return Look(found["objection"], pdf_day(*found["days"]))
