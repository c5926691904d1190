"""An archive holds every file that can be read, under a name of its own, and says which cannot."""

import hashlib
import io
import zipfile
from datetime import UTC, datetime
from typing import IO

from workflow.archives import LIST, Packed, archive_of, paths_of

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def packed(name: str, content: bytes = b"x", kind: str = "photos") -> Packed:
    return Packed(kind, name, len(content), hashlib.sha256(content).hexdigest(), "Anna", AT)


class Torn(io.BytesIO):
    """A file whose store goes away while it is read."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell():
            raise ConnectionError
        return super().read(3)


def opened(files: list[Packed], contents: dict[str, IO[bytes]]) -> zipfile.ZipFile:
    """Return the archive of files, of which the store knows these contents by digest."""
    return zipfile.ZipFile(io.BytesIO(b"".join(archive_of(files, contents.__getitem__))))


def test_every_file_stands_in_a_folder_of_its_kind_with_a_list() -> None:
    files = [packed("hall.jpg", b"a"), packed("offer.pdf", b"b" * 700_000, kind="attachment")]
    archive = opened(files, {files[0].digest: io.BytesIO(b"a"), files[1].digest: io.BytesIO(b"b" * 700_000)})
    assert archive.namelist() == ["photos/hall.jpg", "attachment/offer.pdf", LIST]
    assert archive.testzip() is None
    assert archive.read("attachment/offer.pdf") == b"b" * 700_000
    lines = archive.read(LIST).decode("utf-8-sig").split("\r\n")
    digest = hashlib.sha256(b"a").hexdigest()
    assert lines[1] == f"photos/hall.jpg\tphotos\t1\t{digest}\tAnna\t2026-03-02 09:30:00\t"


def test_what_the_store_lost_changed_or_tore_is_named_and_stops_nothing() -> None:
    lost, torn, changed, good = (packed(name, name.encode()) for name in ("lost", "torn", "changed", "good"))
    archive = opened(
        [lost, torn, changed, good],
        {torn.digest: Torn(b"torn"), changed.digest: io.BytesIO(b"other"), good.digest: io.BytesIO(b"good")},
    )
    assert archive.read("photos/good") == b"good"
    said = [line.rpartition("\t")[2] for line in archive.read(LIST).decode().split("\r\n")[1:-1]]
    assert [words.partition(":")[0] for words in said] == ["MISSING", "INCOMPLETE", "DAMAGED", ""]


def test_no_two_names_are_the_same_on_any_computer() -> None:
    files = [packed(name) for name in ("Hall.jpg", "hall.JPG", "hall (2).jpg", "hall.jpg")]
    paths = paths_of(files)
    assert len({path.lower() for path in paths}) == len(files)
    assert all(path.startswith("photos/") and path.lower().endswith(".jpg") for path in paths)


def test_the_archive_comes_in_pieces() -> None:
    file = packed("large.mp4", b"m" * 2_000_000)
    pieces = list(archive_of([file], {file.digest: io.BytesIO(b"m" * 2_000_000)}.__getitem__))
    assert max(map(len, pieces)) < 400_000
