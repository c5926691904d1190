"""What exceptions of a sample project onto all claims: exact to the cent, each for its interval."""

from hypothesis import given
from hypothesis import strategies as st

from workflow.sampling.findings import Wrong, projected


def test_a_claim_that_was_certain_speaks_for_itself() -> None:
    assert projected([Wrong(500_000, 120_000, certain=True)], 1_000_000, 3) == 120_000


def test_any_other_speaks_for_its_interval() -> None:
    # A tenth of the claim is wrong: a tenth of the interval of 1,000,000 / 4.
    assert projected([Wrong(50_000, 5_000, certain=False)], 1_000_000, 4) == 25_000


def test_it_is_rounded_once_and_half_up() -> None:
    third = Wrong(3, 1, certain=False)
    assert projected([third], 100, 1) == 33
    assert projected([third] * 3, 100, 1) == 100
    assert projected([Wrong(2, 1, certain=False)], 1, 1) == 1
    assert projected([], 100, 1) == 0


@given(st.integers(1, 10**9), st.integers(1, 10**11), st.integers(1, 500))
def test_a_claim_that_is_wrong_throughout_projects_its_whole_interval(
    held: int, total: int, size: int
) -> None:
    assert abs(projected([Wrong(held, held, certain=False)], total, size) * size - total) * 2 <= size
