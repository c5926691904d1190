"""Keeps uploaded files in a local folder, under names of our own: the SHA-256 digest of what is in them.

What came in is written aside first and put in its place in one step, so that no half file is ever found.
"""

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

_DIGEST = re.compile(r"[0-9a-f]{64}")
_PIECE = 1 << 20


class TooLarge(Exception):
    """What came in is larger than the limit."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file that came in and is not kept yet: where it lies, its digest, and its size in bytes."""

    path: Path
    digest: str
    size: int


class FileStore:
    """The files of one installation, in a folder that no web server serves."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def prepare(self) -> None:
        """Make the folder where files come in, and try it. OSError where nothing can be written."""
        with NamedTemporaryFile(dir=self._incoming()):
            pass

    @contextmanager
    def receive(self, source: IO[bytes], limit: int) -> Iterator[Arrived]:
        """Give what came in, written aside. It is gone at the end unless it was kept.

        Raises TooLarge once more than `limit` bytes came.
        """
        with NamedTemporaryFile(dir=self._incoming(), delete=False) as target:
            path = Path(target.name)
            try:
                digest, size = _copy(source, target.file, limit)
                target.flush()
                os.fsync(target.fileno())
                yield Arrived(path, digest, size)
            finally:
                path.unlink(missing_ok=True)

    def keep(self, arrived: Arrived) -> None:
        """Keep a file for good. The same content again is the same file."""
        place = self._place(arrived.digest)
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        arrived.path.replace(place)
        for folder in (place.parent, self.folder):
            _sync(folder)

    def find(self, digest: str) -> Path:
        """Return where a file lies. FileNotFoundError if there is none of this digest."""
        place = self._place(digest)
        if not place.is_file():
            raise FileNotFoundError(digest)
        return place

    def _incoming(self) -> Path:
        aside = self.folder / "incoming"
        aside.mkdir(mode=0o700, parents=True, exist_ok=True)
        return aside

    def _place(self, digest: str) -> Path:
        if not _DIGEST.fullmatch(digest):
            raise FileNotFoundError(digest)
        return self.folder / digest[:2] / digest


def digest_of(source: IO[bytes]) -> str:
    """Return the digest under which a file of this content is kept; the source is read from its beginning."""
    source.seek(0)
    digest = hashlib.sha256()
    for piece in _pieces(source):
        digest.update(piece)
    return digest.hexdigest()


def _copy(source: IO[bytes], target: IO[bytes], limit: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    for piece in _pieces(source):
        size += len(piece)
        if size > limit:
            raise TooLarge
        digest.update(piece)
        target.write(piece)
    return digest.hexdigest(), size


def _pieces(source: IO[bytes]) -> Iterator[bytes]:
    while piece := source.read(_PIECE):
        yield piece


def _sync(folder: Path) -> None:
    """Make a new name in a folder outlast a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
