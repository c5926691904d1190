"""The day that a file says of itself, and what it hints at beside the days of an activity.

What a file says of itself anybody can write, and clocks go wrong: whatever is odd counts as nothing said,
and what is said is shown to people and judged by no rule.
"""

import re
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from PIL import Image

SLACK = 3
"""Days before and after an activity on which nothing is remarkable: people set up, and sort out."""

MADE_AFTERWARDS = frozenset(
    {
        "attendee_list",
        "attendee_report",
        "call_report",
        "delivery_report",
        "distribution_list",
        "installation_photo",
        "media_report",
        "photos",
        "proof_of_delivery",
        "recording",
        "visitor_list",
    }
)
"""Kinds of evidence that cannot be there before the activity, as an invoice or an agenda well can."""

MADE_MEANWHILE = frozenset({"photos"})
"""Kinds of evidence that can be made during the activity alone."""

_EXIF_PART, _TAKEN_AT = 0x8769, 0x9003
_EXIF_DAY = re.compile(r"(\d{4}):(\d\d):(\d\d)", re.ASCII)
_PDF_DAY = re.compile(r"(?:D:)?(\d{4})(\d\d)(\d\d)", re.ASCII)
_FIRST_YEAR = 1990
"""Earlier than that is the first day of a clock that was never set."""


class Look(NamedTuple):
    """What a look into a file found: the code of what stands against it, and the day it says of itself."""

    objection: str | None = None
    dated_on: date | None = None


class Side(StrEnum):
    """On which side of an activity a day lies."""

    before = "before"
    after = "after"


class Hint(NamedTuple):
    """A file says that it is so many days before an activity's first day, or after its last."""

    days: int
    side: Side


def picture_day(path: Path) -> date | None:
    """Return the day on which a picture says it was taken (EXIF's DateTimeOriginal), if it does."""
    try:
        with Image.open(path, formats=("JPEG", "PNG", "WEBP")) as image:
            return _day(_EXIF_DAY, image.getexif().get_ifd(_EXIF_PART).get(_TAKEN_AT))
    except Exception:  # Whatever a hostile picture makes Pillow raise: it says nothing.
        return None


def pdf_day(*said: str | None) -> date | None:
    """Return the latest day of what a PDF says: when it was created, when it was last changed."""
    return max(filter(None, (_day(_PDF_DAY, text) for text in said)), default=None)


def hint_of(kind: str, dated_on: date | None, starts_on: date | None, ends_on: date | None) -> Hint | None:
    """Return what the day of a file of some kind hints at beside an activity's days, if it is remarkable."""
    if dated_on is None or starts_on is None or ends_on is None:
        return None
    early, late = (starts_on - dated_on).days, (dated_on - ends_on).days
    if kind in MADE_AFTERWARDS and early > SLACK:
        return Hint(early, Side.before)
    if kind in MADE_MEANWHILE and late > SLACK:
        return Hint(late, Side.after)
    return None


def _day(form: re.Pattern[str], said: object) -> date | None:
    found = form.match(said) if isinstance(said, str) else None
    if found is None:
        return None
    year, month, day = map(int, found.groups())
    try:
        return date(year, month, day) if year >= _FIRST_YEAR else None
    except ValueError:
        return None
