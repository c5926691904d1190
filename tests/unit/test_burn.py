"""The projection of a fund is a straight line in whole cents, bounded by what there is."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from workflow.forecast.burn import Balances, Burn, Span

FIRST = date(2026, 1, 1)
LAST = date(2026, 6, 30)
CENTS = st.integers(0, 10**9)


def on(day: date, *held: int, returning: int = 0) -> Burn:
    return Burn(Span(FIRST, LAST, day), Balances(*held), returning)


def test_what_was_used_in_a_third_of_the_days_is_used_three_times_by_the_last() -> None:
    burn = on(FIRST + timedelta(days=59), 70_000, 20_000, 10_000)  # 60 of 181 days
    assert (burn.span.gone, burn.span.days) == (60, 181)
    assert burn.pace_a_day == 500
    assert burn.wanted == 90_500
    assert burn.unused == 9_500


def test_a_part_of_a_cent_is_counted_as_used() -> None:
    burn = on(FIRST + timedelta(days=2), 1_000, 1, 0)  # a third of a cent a day
    assert burn.pace_a_day == 0
    assert burn.wanted == 61
    assert burn.unused == 940


def test_a_fund_cannot_be_used_beyond_what_it_holds() -> None:
    burn = on(FIRST, 90, 5, 5)
    assert (burn.wanted, burn.unused) == (1_810, 0)


def test_before_the_first_day_there_is_no_pace() -> None:
    burn = on(FIRST - timedelta(days=1), 1_000, 0, 0)
    assert (burn.span.gone, burn.pace_a_day, burn.wanted, burn.unused) == (0, None, None, None)
    assert burn.unused_without_more == 1_000


def test_after_the_last_day_what_is_available_is_unused() -> None:
    burn = on(LAST + timedelta(days=40), 300, 200, 500, returning=150)
    assert burn.unused == 300
    assert burn.unused_after_expiries == burn.unused_without_more == 450


@given(CENTS, CENTS, CENTS, st.integers(0, 400), st.data())
def test_the_figures_stand_in_order_between_nothing_and_all(
    available: int, reserved: int, paid: int, days: int, data: st.DataObject
) -> None:
    returning = data.draw(st.integers(0, reserved))
    burn = on(FIRST + timedelta(days=days), available, reserved, paid, returning=returning)
    assert burn.unused is not None
    assert burn.unused_after_expiries is not None
    assert burn.wanted is not None
    assert 0 <= burn.unused <= burn.unused_after_expiries <= burn.unused_without_more
    assert burn.unused_without_more <= burn.held.allocated
    assert burn.held.used <= burn.wanted
