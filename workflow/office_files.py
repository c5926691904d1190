"""What is in an Office document: a ZIP archive of named parts, looked at part by part and never unpacked.

Its directory is read only where it is small, and of its parts only those that say what belongs together.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote
from xml.parsers import expat

MOST_UNPACKED = 500_000_000
"""Bytes that a document may unpack to, by its own word: more brings its reader's computer to its knees."""

_MOST_DIRECTORY = 2_000_000
_MOST_RELATIONS = 16_000_000
_END, _END_OF_ZIP64 = b"PK\x05\x06", b"PK\x06\x07"
_RUNS = ("vbaproject", "/macrosheets/", "/activex/")
_PACKED_AS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_LOCAL = re.compile(
    r"(?:file:///)?[a-z]:[^:]*|file:///[^\\/:][^:]*|[\\/]?[^\\/:][^:]*", re.IGNORECASE | re.DOTALL
)


class Damaged(Exception):
    """An archive that cannot be read, or is none that an office program would write."""


def is_office(path: Path, start: bytes, main: str) -> bool:
    """Return whether a file is an Office document with this main part."""
    if not start.startswith(b"PK\x03\x04"):
        return False
    try:
        with _opened(path) as archive:
            return {"[Content_Types].xml", main} <= set(archive.namelist())
    except Damaged:
        return False


def office_objection(path: Path) -> str | None:
    """Return the code of what stands against an Office document, or None."""
    try:
        with _opened(path) as archive:
            if any(word in f"/{name.lower()}" for name in archive.namelist() for word in _RUNS):
                return "office_macros"
            if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
                return "office_swells"
            return "office_fetches" if any(map(_fetches, _relations(archive))) else None
    except Damaged:
        return "not_taken"


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """Give an archive. Raises Damaged, before its directory is read where that is large or not at the end."""
    try:
        with path.open("rb") as file:
            file.seek(-42, 2)
            locator, end = file.read(20), file.read(22)
            size = int.from_bytes(end[12:16], "little")
            if not end.startswith(_END) or locator.startswith(_END_OF_ZIP64) or size > _MOST_DIRECTORY:
                raise Damaged
            with zipfile.ZipFile(file) as archive:
                yield archive
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError) as error:
        raise Damaged from error


def _relations(archive: zipfile.ZipFile) -> Iterator[dict[str, str]]:
    """Give the attributes of every element in the parts that say what belongs together."""
    left = _MOST_RELATIONS
    for part in archive.infolist():
        if part.filename.lower().endswith(".rels"):
            content = _content(archive, part, left)
            left -= len(content)
            yield from _elements(content)


def _content(archive: zipfile.ZipFile, part: zipfile.ZipInfo, most: int) -> bytes:
    if part.compress_type not in _PACKED_AS:
        raise Damaged
    with archive.open(part) as packed:
        content = packed.read(most + 1)
    if len(content) > most:
        raise Damaged
    return content


def _elements(content: bytes) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []

    def refuse(*_: object) -> None:
        raise Damaged

    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda _, attributes: found.append(attributes)
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise Damaged from error
    return found


def _fetches(relation: dict[str, str]) -> bool:
    """Return whether a program would fetch this from elsewhere by itself, as it does with no mere link.

    A template on the author's own computer is not to be found on the reader's: that is harmless.
    """
    if relation.get("TargetMode", "").lower() != "external" or relation.get("Type", "").endswith(
        "/hyperlink"
    ):
        return False
    return not _LOCAL.fullmatch(unquote(relation.get("Target", "")))
