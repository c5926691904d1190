"""All files of a claim as one ZIP archive, made piece by piece while it is sent: it never exists whole."""

import hashlib
import io
import zipfile
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import IO

LIST = "list.txt"

_PIECE = 1 << 18


@dataclass(frozen=True, slots=True)
class Packed:
    """A file that goes into an archive, and what the list in it says of the file; `size` in bytes."""

    kind: str
    name: str
    size: int
    digest: str
    uploaded_by: str
    uploaded_at: datetime
    erased: str = ""
    """When and why it was erased: then it is in the list alone."""


class _Outlet(io.RawIOBase):
    """What an archive is written into: it keeps what was written until that is taken away."""

    def __init__(self) -> None:
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, piece: object) -> int:
        content = bytes(piece)  # type: ignore[call-overload] # whatever buffer zipfile writes
        self._written += content
        return len(content)

    def taken(self) -> bytes:
        content = bytes(self._written)
        self._written.clear()
        return content


def archive_of(files: Sequence[Packed], find: Callable[[str], IO[bytes]]) -> Iterator[bytes]:
    """Give a ZIP archive of files, in a folder for each kind, with a list of them all at its end.

    `find` opens a file by its digest. One that cannot be read, or is not what it was, stops nothing: the
    list says so.
    """
    outlet, lines = _Outlet(), []
    with zipfile.ZipFile(outlet, "w") as archive:
        for path, file in zip(paths_of(files), files, strict=True):
            trouble = yield from _added(archive, outlet, path, file, find)
            lines.append(_line(path, file, trouble))
        archive.writestr(LIST, "\r\n".join([_HEAD, *lines, ""]).encode("utf-8-sig"))
    yield outlet.taken()


def paths_of(files: Sequence[Packed]) -> list[str]:
    """Return where each file stands in an archive: no two differ by case alone, and none is the list."""
    taken: set[str] = set()
    paths = []
    for file in files:
        stem, ending = PurePosixPath(file.name).stem, PurePosixPath(file.name).suffix
        path, number = f"{file.kind}/{file.name}", 1
        while path.lower() in taken:
            number += 1
            path = f"{file.kind}/{stem} ({number}){ending}"
        taken.add(path.lower())
        paths.append(path)
    return paths


def _added(
    archive: zipfile.ZipFile, outlet: _Outlet, path: str, file: Packed, find: Callable[[str], IO[bytes]]
) -> Generator[bytes, None, str]:
    """Add a file and give what was written of it; return what is wrong with it, or nothing."""
    if file.erased:
        return file.erased
    entry = zipfile.ZipInfo(path, file.uploaded_at.timetuple()[:6])
    entry.file_size, entry.external_attr = file.size, 0o600 << 16
    try:
        content = find(file.digest)
    except Exception:  # A store fails in ways of its own, and the other files are wanted all the same.
        return "MISSING: it could not be opened"
    digest = hashlib.sha256()
    with content, archive.open(entry, "w") as target:
        try:
            while piece := content.read(_PIECE):
                digest.update(piece)
                target.write(piece)
                yield outlet.taken()
        except Exception:  # As above; what came so far stays in the archive, for its beginning was sent.
            return "INCOMPLETE: it could not be read to its end"
    return "" if digest.hexdigest() == file.digest else "DAMAGED: it is not what was uploaded"


_HEAD = "file\tkind\tbytes\tSHA-256\tuploaded by\tuploaded at (UTC)\ttrouble"


def _line(path: str, file: Packed, trouble: str) -> str:
    """Return a line of the list. Names hold no tab, for `clean_name` leaves none; people's may."""
    by = " ".join(file.uploaded_by.split())
    at = f"{file.uploaded_at:%Y-%m-%d %H:%M:%S}"
    return "\t".join((path, file.kind, str(file.size), file.digest, by, at, trouble))
