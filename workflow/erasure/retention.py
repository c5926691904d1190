"""For how long each kind of personal data is kept: what a manager set, and what is in force."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, select

from models.erasure import Retention
from models.vocabulary import Personal

GRACE = timedelta(days=7)
"""How long a number that is new or shorter waits before anything is erased by it: others are told, and can
change it or set holds."""


class Kept(NamedTuple):
    """For how many months a kind is kept, when that was set, and what counts until GRACE after.

    None is for good.
    """

    months: int
    set_at: datetime
    meanwhile: int | None

    @property
    def begins(self) -> datetime:
        """Return the moment from which the number is in force."""
        return self.set_at + GRACE

    def at(self, moment: datetime) -> int | None:
        """Return the number that is in force at a moment; None for good."""
        return self.months if moment >= self.begins else self.meanwhile

    def waits(self, moment: datetime) -> bool:
        """Return whether another number is in force at a moment."""
        return self.at(moment) != self.months


def retention(connection: Connection) -> dict[Personal, Kept]:
    """Return for how long each kind is kept; one that is kept for good is not there."""
    columns = Retention.kind, Retention.months, Retention.set_at, Retention.meanwhile
    rows = {
        row.kind: Kept(row.months, row.set_at, row.meanwhile) for row in connection.execute(select(*columns))
    }
    return {kind: rows[kind] for kind in Personal if kind in rows}


def months_at(connection: Connection, moment: datetime) -> dict[Personal, int]:
    """Return the numbers of months that are in force at a moment, as far as is known now."""
    numbers = {kind: kept.at(moment) for kind, kept in retention(connection).items()}
    return {kind: number for kind, number in numbers.items() if number is not None}


def set_now(months: int, kept: Kept | None, now: datetime) -> Kept:
    """Return what stands once a number is set: one that is new or shorter than what is in force waits GRACE.

    What stood already keeps its time.
    """
    if kept is not None and kept.months == months:
        return kept
    in_force = kept.at(now) if kept is not None else None
    sooner = in_force is None or months < in_force
    return Kept(months, now, in_force if sooner else months)
