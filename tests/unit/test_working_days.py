"""Working days are counted without weekends and without the holidays of a country."""

import re
from datetime import date

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from workflow.working_days import Calendar, countries, is_working_day, working_day_after

ANYWHERE = Calendar()
GERMANY = Calendar("DE")
BAVARIA = Calendar("DE", "BY")

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
CALENDARS = st.sampled_from([ANYWHERE, GERMANY, BAVARIA, Calendar("SA"), Calendar("CN"), Calendar("US")])


@pytest.mark.parametrize(
    ("day", "count", "calendar", "expected"),
    [
        (date(2026, 3, 2), 5, ANYWHERE, date(2026, 3, 9)),
        (date(2026, 3, 6), 1, ANYWHERE, date(2026, 3, 9)),
        (date(2026, 4, 2), 1, ANYWHERE, date(2026, 4, 3)),
        (date(2026, 4, 2), 1, GERMANY, date(2026, 4, 7)),  # Good Friday to Easter Monday
        (date(2026, 1, 5), 1, GERMANY, date(2026, 1, 6)),
        (date(2026, 1, 5), 1, BAVARIA, date(2026, 1, 7)),  # Epiphany
        (date(2026, 4, 7), -1, GERMANY, date(2026, 4, 2)),
        (date(2026, 3, 7), 0, ANYWHERE, date(2026, 3, 9)),
        (date(2026, 3, 5), 1, Calendar("SA"), date(2026, 3, 8)),  # Friday and Saturday
    ],
)
def test_the_working_day_so_many_after_a_day(
    day: date, count: int, calendar: Calendar, expected: date
) -> None:
    assert working_day_after(day, count, calendar) == expected


@given(DAYS, st.integers(1, 30), CALENDARS)
def test_between_a_day_and_the_nth_working_day_after_it_lie_n_working_days(
    day: date, count: int, calendar: Calendar
) -> None:
    last = working_day_after(day, count, calendar)
    between = [date.fromordinal(each) for each in range(day.toordinal() + 1, last.toordinal() + 1)]
    assert is_working_day(last, calendar)
    assert sum(is_working_day(each, calendar) for each in between) == count


def test_every_country_of_the_list_and_each_of_its_regions_has_a_calendar() -> None:
    known = countries()
    assert len(known) > 200
    march = [date(2026, 3, day) for day in range(1, 32)]
    for country, regions in known.items():
        for region in (None, *regions):
            calendar = Calendar(country, region)
            assert 12 <= sum(is_working_day(day, calendar) for day in march) <= 27, calendar


def test_every_country_has_a_calendar_so_that_this_is_the_list_of_all() -> None:
    islands_and_unions = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
    named = {str(code) for code in Locale("en").territories if re.fullmatch("[A-Z]{2}", str(code))}
    assert set(countries()) == named - islands_and_unions
    assert "GB" in countries()
    assert "UK" not in countries()
