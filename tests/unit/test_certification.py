"""The days on which a partner is certified are the union of its certificates."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.support.random_documents import FIRST, days
from workflow.case import Certificate
from workflow.certification import covered, first_gap, gaps, last_certified_day

DAY = timedelta(days=1)


@st.composite
def certificates(draw: st.DrawFn) -> Certificate:
    """Return a certificate of a few days, sometimes revoked."""
    first, last = sorted((draw(days(30)), draw(days(30))))
    return Certificate(first, last, draw(st.one_of(st.none(), days(30))))


def certified(certificate: Certificate, day: date) -> bool:
    """Return whether a certificate is valid on a day, said as the rulebook says it."""
    revoked = certificate.revoked_on is not None and day >= certificate.revoked_on
    return certificate.valid_from <= day <= certificate.valid_until and not revoked


@given(st.lists(certificates(), max_size=5), days(30), days(30))
def test_gaps_are_the_days_that_no_certificate_covers(
    found: list[Certificate], first: date, last: date
) -> None:
    wanted = [first + DAY * number for number in range((last - first).days + 1)]
    missing = [day for day in wanted if not any(certified(one, day) for one in found)]
    named = gaps(found, first, last)
    assert [start + DAY * n for start, end in named for n in range((end - start).days + 1)] == missing
    assert covered(found, first, last) == (not missing)
    assert first_gap(tuple(found), first, last) == (missing[0] if missing else None)


@given(st.lists(certificates(), max_size=5), days(30))
def test_the_last_certified_day_is_the_day_before_the_first_gap(found: list[Certificate], day: date) -> None:
    last = last_certified_day(found, day)
    if last is None:
        assert not covered(found, day, day)
    else:
        assert covered(found, day, last)
        assert not covered(found, day, last + DAY)


def test_neighbouring_gaps_are_one_range() -> None:
    assert gaps([], FIRST, FIRST + DAY) == [(FIRST, FIRST + DAY)]


def test_the_last_day_of_the_calendar_is_a_day_like_any_other() -> None:
    forever = [Certificate(FIRST, date.max), Certificate(date.min, FIRST, date.min)]
    assert gaps(forever, FIRST, date.max) == []
    assert last_certified_day(forever, FIRST) == date.max
