"""Looking into a file takes little memory and little time, whatever it unpacks to."""

import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

from tests.support import hostile_files as hostile
from tests.support.files import docx
from workflow.file_types import FileRefused, examine
from workflow.pdf_files import READER, look_into_pdf

MOST_MEMORY = 50_000_000


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("offer.docx", hostile.overlapping(docx())),
        ("offer.docx", hostile.long_directory()),
        ("offer.docx", hostile.with_swollen_relations()),
        ("photo.png", hostile.large_png()),
        ("photo.webp", hostile.large_webp()),
    ],
)
def test_a_bomb_is_judged_without_being_unpacked(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / "content"
    path.write_bytes(content)
    tracemalloc.start()
    try:
        with pytest.raises(FileRefused):
            examine(path, len(content), name)
        assert tracemalloc.get_traced_memory()[1] < MOST_MEMORY
    finally:
        tracemalloc.stop()


def test_a_pdf_that_keeps_its_reader_busy_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy = tmp_path / "busy.py"
    busy.write_text("while True: pass")
    monkeypatch.setattr("workflow.pdf_files.READER", busy)
    monkeypatch.setattr("workflow.pdf_files.SECONDS", 0.5)
    assert look_into_pdf(tmp_path / "any.pdf").objection == "pdf_unreadable"


@pytest.mark.parametrize(
    "greedy", ["bytes(2_000_000_000)", "assert resource.getrlimit(resource.RLIMIT_CPU)[0] > CPU_SECONDS"]
)
def test_the_reader_of_pdfs_bounds_its_own_time_and_memory(greedy: str) -> None:
    code = (
        f"import runpy, sys; child = runpy.run_path(sys.argv[1]); child['bound'](); exec({greedy!r}, child)"
    )
    done = subprocess.run((sys.executable, "-c", code, READER), capture_output=True, check=False)
    assert done.returncode == 1
