"""The first pages of a PDF as one picture, drawn in a process that is given up when it takes too long."""

import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

DRAWER = Path(__file__).with_name("pdf_drawing_child.py")
SECONDS = 15


def draw_pdf(content: IO[bytes]) -> bytes | None:
    """Return the first pages of a PDF as a JPEG; None for what cannot be drawn within bounds."""
    with NamedTemporaryFile(suffix=".pdf") as file:
        shutil.copyfileobj(content, file)
        file.flush()
        try:
            drawn = subprocess.run(
                (sys.executable, "-I", DRAWER, file.name), capture_output=True, timeout=SECONDS, check=True
            )
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
            return None
    return drawn.stdout
