"""Looking into a file takes little memory and little time, whatever it unpacks to."""

import tracemalloc
from pathlib import Path

import pytest

from tests.support import hostile_files as hostile
from tests.support.files import docx
from workflow.bounded import CPU_SECONDS, read_bounded
from workflow.file_types import FileRefused, examine
from workflow.pdf_files import look_into_pdf

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
    monkeypatch.setattr("workflow.bounded.SECONDS", 0.5)
    assert look_into_pdf(tmp_path / "any.pdf").objection == "pdf_unreadable"


@pytest.mark.parametrize(
    ("script", "printed"),
    [
        ("import sys; print(sys.argv[1])", b"any.pdf\n"),
        ("bytes(2_000_000_000)", None),
        (f"import resource; assert resource.getrlimit(resource.RLIMIT_CPU)[0] > {CPU_SECONDS}", None),
    ],
)
def test_whoever_reads_a_file_is_bound_in_time_and_memory(
    tmp_path: Path, script: str, printed: bytes | None
) -> None:
    reader = tmp_path / "reader.py"
    reader.write_text(script)
    assert read_bounded(reader, "any.pdf") == printed


def test_what_reads_a_file_is_told_no_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("S3_SECRET_ACCESS_KEY", "open sesame")
    teller = tmp_path / "teller.py"
    teller.write_text("import os; print(dict(os.environ))")
    told = read_bounded(teller, "nothing")
    assert told is not None
    assert b"sesame" not in told
