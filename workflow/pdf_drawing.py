"""The first pages of a PDF as one picture, drawn in a process that is given up when it takes too long."""

import shutil
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from workflow.bounded import read_bounded

DRAWER = Path(__file__).with_name("pdf_drawing_child.py")


def draw_pdf(content: IO[bytes]) -> bytes | None:
    """Return the first pages of a PDF as a JPEG; None for what cannot be drawn within bounds."""
    with NamedTemporaryFile(suffix=".pdf") as file:
        shutil.copyfileobj(content, file)
        file.flush()
        return read_bounded(DRAWER, file.name)
