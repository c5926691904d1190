"""Spans of time as counts of tenths of a day, and what half, or nine tenths, of them do not exceed: pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, cast, extract

TENTH = 8640
"""Seconds in a tenth of a day."""


class Spans(NamedTuple):
    """How often something took so many tenths of a day, rounded down, and in how many claims."""

    counts: Mapping[int, int]
    claims: int

    @property
    def number(self) -> int:
        """Return how many there are."""
        return sum(self.counts.values())

    def within(self, percent: int) -> int | None:
        """Return the shortest span, in tenths of a day, that so many percent of all do not exceed.

        Always one that is there (nearest rank); None where there is none at all.
        """
        seen, wanted = 0, -(-self.number * percent // 100)
        for tenths in sorted(self.counts):
            seen += self.counts[tenths]
            if seen >= wanted:
                return tenths
        return None


def seconds(moment: Any) -> ColumnElement[int]:
    """Return a stored moment as whole seconds."""
    return cast(extract("epoch", moment), BigInteger)


def tenths_between(first: Any, last: Any) -> ColumnElement[int]:
    """Return the whole tenths of a day from one moment of a query to another, or to now."""
    end = int(last.timestamp()) if isinstance(last, datetime) else seconds(last)
    return (end - seconds(first)) // TENTH
