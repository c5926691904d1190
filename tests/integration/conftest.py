"""What integration tests share: a small programme on each database."""

from pathlib import Path

import pytest

from tests.support.file_places import Bucket, Folder, Place


@pytest.fixture(params=["folder", "bucket"])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """Each place where files can be kept: the test runs once on each."""
    if request.param == "folder":
        return Folder(tmp_path / "files")
    aside = tmp_path / "aside"
    aside.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(aside))
    return Bucket(request.getfixturevalue("object_store"), aside)
