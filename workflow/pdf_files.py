"""What is in a PDF, read in a process of its own that is given up when it takes too long."""

import json
from pathlib import Path

from workflow.bounded import read_bounded
from workflow.file_dates import Look, pdf_day

READER = Path(__file__).with_name("pdf_child.py")


def look_into_pdf(path: Path) -> Look:
    """Return what stands against a PDF (a script, a file inside, a lock, damage) and the day it bears."""
    read = read_bounded(READER, path)
    if read is None:
        return Look("pdf_unreadable")
    found = json.loads(read)
    return Look(found["objection"], pdf_day(*found["days"]))
