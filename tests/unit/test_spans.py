"""What half, or nine tenths, of some spans do not exceed."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from workflow.dashboards.spans import Spans

TENTHS = st.lists(st.integers(0, 40), min_size=1)
PERCENT = st.integers(1, 100)


def spans(tenths: list[int]) -> Spans:
    return Spans(Counter(tenths), claims=1)


def test_the_median_of_an_odd_number_is_the_one_in_the_middle() -> None:
    assert spans([30, 10, 20]).within(50) == 20


def test_of_an_even_number_it_is_one_that_is_there() -> None:
    assert spans([10, 20, 30, 40]).within(50) == 20


def test_nine_tenths_of_ten_leave_out_the_longest() -> None:
    assert spans([*range(1, 10), 900]).within(90) == 9


def test_without_any_span_there_is_none() -> None:
    assert Spans({}, 0).within(50) is None


@given(TENTHS, PERCENT)
def test_it_is_the_shortest_span_that_so_many_do_not_exceed(tenths: list[int], percent: int) -> None:
    found = spans(tenths).within(percent)
    assert found in tenths
    assert found == min(
        one for one in tenths if 100 * sum(each <= one for each in tenths) >= percent * len(tenths)
    )
