"""Photos, told apart as a person tells them apart: resized, compressed anew or cropped it is the same one.

A fingerprint holds the perceptual hash (256 bits) of the whole picture, and of windows that leave out up to
15 % of its width and height. Two pictures are the same where the whole of one looks like some part of the
other. The figures are measured: tests/unit/test_pictures.py holds them, docs/decisions says what was tried.
"""

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import IO

from imagehash import phash
from PIL import Image, ImageStat

from workflow.small_pictures import read_picture

FAR_APART = 70
"""Two hashes of 256 bits look alike where at most so many differ. Different photos differed in 86 or more."""

PIECES = ((0.0, 1.0), (0.0, 0.92), (0.08, 1.0), (0.07, 0.93), (0.0, 0.85), (0.15, 1.0))
"""Where a window begins and ends, along each side; the first is the whole."""

BANDS = 4
"""Pieces of a hash by which an index finds what may look alike: see `bands`."""

_SIDE = 256
_HASH_BYTES = 32
_EVEN = 6.0
_BRIGHT = 170
_PAPER = 24


def fingerprint(file: Path | IO[bytes]) -> bytes | None:
    """Return the fingerprint of a picture; None for what cannot be read, is too large, or shows too little.

    A page of text shows too little: two pages of one form look the same, and are two documents.
    """
    picture = read_picture(file, 2 * _SIDE)
    if picture is None:
        return None
    grey = picture.convert("L").resize((_SIDE, _SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return None if _shows_little(grey) else b"".join(_hashes(grey))


def same_picture(one: bytes, other: bytes) -> bool:
    """Return whether two fingerprints are of the same photo."""
    whole, whole_other = _number(one[:_HASH_BYTES]), _number(other[:_HASH_BYTES])
    return any(_alike(whole, part) for part in _parts(other)) or any(
        _alike(whole_other, part) for part in _parts(one)
    )


def bands(found: bytes) -> dict[int, bool]:
    """Return the bands of a fingerprint, each with whether it is one of the whole picture.

    A band is 16 of the 64 bits that say most of a hash, with its place. Of two pictures that are the same,
    the whole of one shares a band with some part of the other, all but always.
    """
    parts = [found[start : start + _HASH_BYTES] for start in range(0, len(found), _HASH_BYTES)]
    of_parts = {band: False for part in parts for band in _bands_of(part)}
    return of_parts | dict.fromkeys(_bands_of(parts[0]), True)


def _bands_of(part: bytes) -> list[int]:
    """Return the bands of one hash. Its row of 16 bits is two bytes; the first one holds the coarse half."""
    return [band << 16 | part[4 * band] << 8 | part[4 * band + 2] for band in range(BANDS)]


def _shows_little(grey: Image.Image) -> bool:
    """Return whether a picture is all one shade, or a page: more than half of it as bright as paper."""
    shades = grey.histogram()
    most = max(sum(shades[start : start + _PAPER]) for start in range(_BRIGHT, 256))
    return bool(ImageStat.Stat(grey).stddev[0] < _EVEN or most > _SIDE * _SIDE / 2)


def _hashes(grey: Image.Image) -> Iterator[bytes]:
    for (top, bottom), (left, right) in product(PIECES, PIECES):
        window = grey.crop((left * _SIDE, top * _SIDE, right * _SIDE, bottom * _SIDE))
        yield bytes.fromhex(str(phash(window, hash_size=16)))


def _parts(found: bytes) -> Iterator[int]:
    return (_number(found[start : start + _HASH_BYTES]) for start in range(0, len(found), _HASH_BYTES))


def _number(part: bytes) -> int:
    return int.from_bytes(part, "big")


def _alike(one: int, other: int) -> bool:
    return (one ^ other).bit_count() <= FAR_APART
