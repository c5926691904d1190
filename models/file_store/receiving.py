"""Takes in a file: written aside first, within a limit, while its digest is reckoned."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from models.file_store.trouble import FilesAway, TooLarge

_DIGEST = re.compile(r"[0-9a-f]{64}")
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file that came in and is not kept yet: where it lies, its digest, and its size in bytes."""

    path: Path
    digest: str
    size: int


@contextmanager
def received(source: IO[bytes], limit: int, folder: Path | None = None) -> Iterator[Arrived]:
    """Give what came in, written aside in a folder, else in the system's own for what is passing.

    It is gone at the end unless it was moved. Raises TooLarge once more than `limit` bytes came.
    """
    path: Path | None = None
    try:
        try:
            with NamedTemporaryFile(dir=folder, delete=False) as target:
                path = Path(target.name)
                digest, size = _copy(source, target.file, limit)
        except OSError as error:
            raise FilesAway(f"A file that came in cannot be written aside ({error.strerror}).") from None
        yield Arrived(path, digest, size)
    finally:
        if path is not None:
            path.unlink(missing_ok=True)


def digest_of(source: IO[bytes]) -> str:
    """Return the digest under which a file of this content is kept; the source is read from its beginning."""
    source.seek(0)
    digest = hashlib.sha256()
    for piece in _pieces(source):
        digest.update(piece)
    return digest.hexdigest()


def name_of(digest: str) -> str:
    """Return the name under which a store keeps a file. FileNotFoundError where that is no digest of ours."""
    if not _DIGEST.fullmatch(digest):
        raise FileNotFoundError(digest)
    return f"{digest[:2]}/{digest}"


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
