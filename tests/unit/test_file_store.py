"""Files are kept whole, under names of our own."""

import hashlib
import io
from pathlib import Path

import pytest

from models.file_store import FileStore, TooLarge


def keep(store: FileStore, content: bytes) -> str:
    with store.receive(io.BytesIO(content), 100) as arrived:
        store.keep(arrived)
    return arrived.digest


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_kept_file_is_found_by_the_digest_of_its_content(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    digest = keep(store, b"hello")
    assert digest == hashlib.sha256(b"hello").hexdigest()
    assert store.find(digest).read_bytes() == b"hello"
    assert names_in(tmp_path) == [digest]


def test_the_same_content_twice_is_one_file(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    assert keep(store, b"hello") == keep(store, b"hello")
    assert len(names_in(tmp_path)) == 1


def test_what_is_not_kept_leaves_nothing_behind(tmp_path: Path) -> None:
    with FileStore(tmp_path).receive(io.BytesIO(b"hello"), 100):
        pass
    assert names_in(tmp_path) == []


def test_a_file_of_exactly_the_limit_is_taken_and_one_byte_more_is_not(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    with store.receive(io.BytesIO(b"x" * 100), 100) as arrived:
        assert arrived.size == 100
    with pytest.raises(TooLarge), store.receive(io.BytesIO(b"x" * 101), 100):
        pass
    assert names_in(tmp_path) == []


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "0" * 64, "A" * 64, "0" * 63 + "/"])
def test_what_is_no_digest_of_ours_is_not_found(tmp_path: Path, digest: str) -> None:
    keep(FileStore(tmp_path), b"hello")
    with pytest.raises(FileNotFoundError):
        FileStore(tmp_path).find(digest)


def test_nobody_else_on_the_machine_reads_the_files(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "files")
    place = store.find(keep(store, b"hello"))
    assert place.stat().st_mode & 0o077 == 0
    assert place.parent.stat().st_mode & 0o077 == 0


def test_a_folder_is_made_and_tried_before_the_first_file_comes(tmp_path: Path) -> None:
    FileStore(tmp_path / "files").prepare()
    assert names_in(tmp_path) == []
    assert (tmp_path / "files").is_dir()

    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="Not a directory"):
        FileStore(tmp_path / "file").prepare()
