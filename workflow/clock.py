"""The one source of time. Everything that needs the time is handed a moment or a clock."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from models.programme import Programme


class Clock(Protocol):
    """Tells the time, in UTC."""

    def now(self) -> datetime:
        """Return the present moment, with UTC as its zone."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the present moment."""
        return datetime.now(UTC)


class SettableClock:
    """A clock that stands still until it is moved: for tests and for simulated time."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment.astimezone(UTC)

    def now(self) -> datetime:
        """Return the moment the clock was set to."""
        return self.moment

    def set(self, moment: datetime) -> None:
        """Set the clock to a moment."""
        self.moment = moment.astimezone(UTC)

    def advance(self, by: timedelta) -> None:
        """Move the clock forward."""
        self.moment += by


@lru_cache(maxsize=64)
def programme_day(moment: datetime, zone: str) -> date:
    """Return the calendar day of a moment in the programme's time zone (rulebook: today)."""
    return moment.astimezone(ZoneInfo(zone)).date()


def programme_today(connection: Connection, now: datetime) -> date:
    """Return the calendar day of a moment in the zone of the programme on file; in UTC before its set-up."""
    return programme_day(now, connection.scalar(select(Programme.time_zone)) or "UTC")


def next_day_begins(moment: datetime, zone: str) -> datetime:
    """Return the moment at which the next calendar day begins in the programme's time zone, in UTC."""
    return day_begins(programme_day(moment, zone) + timedelta(days=1), zone)


def day_begins(day: date, zone: str) -> datetime:
    """Return the moment at which a calendar day begins in the programme's time zone, in UTC."""
    return datetime.combine(day, time.min, ZoneInfo(zone)).astimezone(UTC)
