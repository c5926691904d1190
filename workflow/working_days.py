"""Working days: neither a weekend nor a public holiday of a country. The only importer of holidays."""

from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

import holidays

_WEEKEND = (5, 6)


class Calendar(NamedTuple):
    """Whose holidays count: an ISO 3166 country and, if need be, its region; neither for weekends alone."""

    country: str | None = None
    region: str | None = None


def working_day_after(day: date, count: int, calendar: Calendar) -> date:
    """Return the working day that comes so many working days after a day; before it where `count` < 0.

    With 0 it is the day itself, or the next working day where it is none.
    """
    step = timedelta(days=-1 if count < 0 else 1)
    if count == 0:
        while not is_working_day(day, calendar):
            day += step
    for _ in range(abs(count)):
        day += step
        while not is_working_day(day, calendar):
            day += step
    return day


def is_working_day(day: date, calendar: Calendar) -> bool:
    """Return whether people work on a day: in a country with holidays, as its own calendar has it."""
    if calendar.country is None:
        return day.weekday() not in _WEEKEND
    return bool(_year(calendar, day.year).is_working_day(day))


@lru_cache(maxsize=1)
def countries() -> dict[str, tuple[str, ...]]:
    """Return the regions of each country by its code: all of ISO 3166 are there, and Kosovo."""
    found = holidays.list_supported_countries(include_aliases=False)
    return {country: tuple(found[country]) for country in sorted(found)}


@lru_cache(maxsize=256)
def _year(calendar: Calendar, year: int) -> holidays.HolidayBase:
    """Return a year's holidays, whole: one that grows while it is asked is not for several threads."""
    return holidays.country_holidays(
        str(calendar.country), subdiv=calendar.region, years=year, expand=False, language="en_US"
    )
