"""The same photo is known again, and different ones are told apart.

The bounds are a little below what was measured on 150 photos and their 11,175 pairs, which
docs/decisions/0010-duplicates.md holds.
"""

import io
import random
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from PIL import Image

from tests.support.photos import CHANGES, jpeg, page, photo
from workflow import small_pictures as pictures
from workflow.duplicates.pictures import BANDS, bands, fingerprint, same_picture

PHOTOS = 24
PAIRS_OF = 60

AT_LEAST: dict[str, float] = {
    "half brighter": 0.7,
    "cropped by 5 %": 0.95,
    "cropped by 10 %": 0.95,
    "cropped by 15 %": 0.85,
    "cropped by 10 %, shrunk, JPEG quality 50": 0.95,
}
"""The share that is found again, where it is not all of them."""


@cache
def print_of(seed: int) -> bytes:
    found = fingerprint_of(photo(seed))
    assert found is not None, f"photo {seed} shows too little"
    return found


def fingerprint_of(image: Image.Image) -> bytes | None:
    return fingerprint(io.BytesIO(png(image)))


def png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG", compress_level=0)
    return file.getvalue()


def finds(one: bytes, other: bytes) -> bool:
    """Return whether the index would lead from one picture to the other, and the comparison confirm it."""
    mine, theirs = bands(one), bands(other)
    led = any(mine[band] or theirs[band] for band in mine.keys() & theirs.keys())
    return led and same_picture(one, other)


@pytest.mark.parametrize("change", CHANGES)
def test_a_photo_is_known_again_after_a_change(change: str) -> None:
    chance = random.Random(change)
    changed = [fingerprint_of(CHANGES[change](photo(seed), chance)) for seed in range(PHOTOS)]
    found = sum(again is not None and finds(print_of(seed), again) for seed, again in enumerate(changed))
    assert found / PHOTOS >= AT_LEAST.get(change, 1.0)


def test_different_photos_are_never_the_same() -> None:
    pairs = list(combinations(map(print_of, range(PAIRS_OF)), 2))
    assert sum(same_picture(one, other) for one, other in pairs) == 0


def test_the_index_leads_to_few_photos_that_are_not_the_same() -> None:
    pairs = list(combinations((bands(print_of(seed)) for seed in range(PAIRS_OF)), 2))
    shared = sum(any(one[band] or other[band] for band in one.keys() & other.keys()) for one, other in pairs)
    assert shared / len(pairs) < 0.01, "measured: 0.6 %"


def test_a_cropped_photo_leads_to_the_original_and_the_other_way_round() -> None:
    cropped = fingerprint_of(CHANGES["cropped by 10 %"](photo(3), random.Random(4)))
    assert cropped is not None
    assert finds(print_of(3), cropped)
    assert finds(cropped, print_of(3))


def test_a_photo_that_lies_on_its_side_by_a_mark_alone_is_the_same() -> None:
    upright = photo(5)
    marks = Image.Exif()
    marks[0x0112] = 6
    file = io.BytesIO()
    upright.transpose(Image.Transpose.ROTATE_90).save(file, "JPEG", quality=90, exif=marks)
    turned = fingerprint(file)
    assert turned is not None
    assert same_picture(print_of(5), turned)


def test_pages_have_no_fingerprint_since_two_of_one_form_look_the_same() -> None:
    assert [fingerprint_of(page(seed)) for seed in range(3)] == [None] * 3


def test_what_is_all_one_shade_has_no_fingerprint() -> None:
    assert fingerprint_of(Image.new("RGB", (300, 200), "teal")) is None
    assert fingerprint_of(Image.new("RGBA", (300, 200), (0, 0, 0, 0))) is None


@pytest.mark.parametrize("damage", [jpeg(photo(1))[:3000], b"%PDF-1.7", b"", png(photo(1))[:200]])
def test_what_cannot_be_read_has_no_fingerprint(damage: bytes) -> None:
    assert fingerprint(io.BytesIO(damage)) is None


def test_what_is_too_large_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = photo(1)
    monkeypatch.setattr(pictures, "MOST_PIXELS", picture.width * picture.height)
    assert fingerprint_of(picture) is not None
    monkeypatch.setattr(pictures, "MOST_PIXELS", picture.width * picture.height - 1)
    assert fingerprint_of(picture) is None


def test_a_file_is_read_where_it_lies(tmp_path: Path) -> None:
    (tmp_path / "photo").write_bytes(jpeg(photo(2)))
    found = fingerprint(tmp_path / "photo")
    assert found is not None
    assert same_picture(found, print_of(2))


def test_a_band_has_its_place_and_16_bits() -> None:
    places = sorted({band >> 16 for band in bands(print_of(1))})
    assert places == list(range(BANDS))
    assert all(one < other for one, other in pairwise(places))
