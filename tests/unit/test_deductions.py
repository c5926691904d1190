"""What is allowed and what is disallowed by reason always add up to what was asked."""

from hypothesis import given
from hypothesis import strategies as st

from models.money import parse_amount
from workflow.deductions import CHOSEN, Deduction, deductions, together

CENTS = st.integers(1, 10**9)
LIMITS = st.lists(
    st.tuples(st.sampled_from([Deduction.share, Deduction.cap, Deduction.available]), CENTS), max_size=4
)


@given(CENTS, LIMITS, st.data())
def test_allowed_and_disallowed_add_up(
    asked: int, limits: list[tuple[Deduction, int]], data: st.DataObject
) -> None:
    most = min([asked, *(limit for _, limit in limits)])
    allowed = data.draw(st.integers(1, most))
    chosen = data.draw(st.sampled_from(CHOSEN))
    found = deductions(asked, limits, allowed, chosen)
    assert allowed + sum(found.values()) == asked
    assert all(amount > 0 for amount in found.values())
    assert found.get(chosen, 0) == most - allowed


def test_each_limit_takes_what_is_above_it_and_the_rest_has_the_chosen_reason() -> None:
    limits = [(Deduction.share, 900_000), (Deduction.cap, 800_000), (Deduction.available, 2_000_000)]
    assert deductions(1_000_000, limits, 700_000, Deduction.price) == {
        Deduction.share: 100_000,
        Deduction.cap: 100_000,
        Deduction.price: 100_000,
    }


def test_what_is_granted_in_full_has_no_deduction() -> None:
    assert deductions(400_000, [(Deduction.cap, 1_000_000)], 400_000, Deduction.other) == {}


def test_what_several_tiers_disallowed_is_summed_by_reason() -> None:
    every = together({"price": "100.00"}, {"price": "50.50", "other": "1.00"}, {})
    assert every == {"price": "150.50", "other": "1.00"}
    assert sum(map(parse_amount, every.values())) == 15_150
