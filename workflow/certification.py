"""On which days a partner is certified: the union of its certificates (rulebook, certification).

Any object with `valid_from`, `valid_until` and `revoked_on` serves as a certificate, a database row too.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import Protocol

Days = tuple[date, date]
"""A first and a last day, both inclusive."""

_DAY = timedelta(days=1)


class Certified(Protocol):
    """A certificate, whatever holds it."""

    @property
    def valid_from(self) -> date:
        """Return its first day."""
        ...

    @property
    def valid_until(self) -> date:
        """Return its last day, had it not been revoked."""
        ...

    @property
    def revoked_on(self) -> date | None:
        """Return the first day on which it is void, if it was revoked."""
        ...


def gaps(certificates: Iterable[Certified], first: date, last: date) -> list[Days]:
    """Return the ranges of days from first to last that no certificate covers, in order."""
    found: list[Days] = []
    open_from = first
    for start, end in sorted(_spans(certificates)):
        if start > last:
            break
        if end < open_from:
            continue
        if start > open_from:
            found.append((open_from, start - _DAY))
        if end >= last:
            return found
        open_from = end + _DAY
    if open_from <= last:
        found.append((open_from, last))
    return found


def covered(certificates: Iterable[Certified], first: date, last: date) -> bool:
    """Return whether a certificate covers every day from first to last."""
    return not gaps(certificates, first, last)


@lru_cache(maxsize=1024)
def first_gap(certificates: tuple[Certified, ...], first: date, last: date) -> date | None:
    """Return the first day from first to last that no certificate covers, or None.

    Remembered, for a sweep asks it of each of a partner's claims.
    """
    missing = gaps(certificates, first, last)
    return missing[0][0] if missing else None


def last_certified_day(certificates: Iterable[Certified], from_day: date) -> date | None:
    """Return the last day up to which the partner is certified without a gap from a day on.

    None where it is not certified on that very day.
    """
    reached: date | None = None
    for start, end in sorted(_spans(certificates)):
        if reached is None:
            if start <= from_day <= end:
                reached = end
        elif reached == date.max or start > reached + _DAY:
            break
        elif end > reached:
            reached = end
    return reached


def _spans(certificates: Iterable[Certified]) -> Iterator[Days]:
    """Yield the days that each certificate covers. One that was revoked before it began covers none."""
    for certificate in certificates:
        end, revoked_on = certificate.valid_until, certificate.revoked_on
        if revoked_on is not None and revoked_on <= end:
            if revoked_on <= certificate.valid_from:
                continue
            end = revoked_on - _DAY
        yield certificate.valid_from, end
