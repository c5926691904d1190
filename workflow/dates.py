"""Writes days for people, as `24 Nov 2026`. Documents and history keep them as `2026-11-24`."""

import re
from collections.abc import Callable
from datetime import date

from workflow.sentences import DAY, MONTHS

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def written_if_day(text: str, translate: Callable[[str], str] = str) -> str:
    """Return the text of a day as people read it; any other text as it stands."""
    if not _ISO.fullmatch(text):
        return text
    day = date.fromisoformat(text)
    month = translate(MONTHS[day.month - 1])
    return translate(DAY).format_map({"day": day.day, "month": month, "year": day.year})
