"""What is allowed and what is disallowed by reason always add up to what was asked."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from models.money import parse_amount, share_of
from workflow.deductions import (
    CHOSEN,
    Deduction,
    deductions,
    limits_of_costs,
    refused_costs,
    together,
)

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


COSTS = st.integers(0, 10**9)
LINES = st.lists(st.tuples(COSTS, st.sampled_from((None, *CHOSEN))), max_size=8)
SHARES = st.sampled_from([Fraction(1, 2), Fraction(1, 3), Fraction(1), Fraction(0)])


@given(COSTS, LINES, SHARES, COSTS, COSTS)
def test_granted_is_reimbursed_and_disallowed_by_reason(
    granted: int, lines: list[tuple[int, Deduction | None]], share: Fraction, cap: int, reserved: int
) -> None:
    billed = sum(amount for amount, _why in lines)
    refused = refused_costs((why, amount) for amount, why in lines if why)
    accepted = sum(amount for amount, why in lines if why is None)
    limits = [*limits_of_costs(billed, refused, share), (Deduction.cap, cap), (Deduction.available, reserved)]
    paid = min(granted, share_of(share, accepted), cap, reserved)
    found = deductions(granted, limits, paid, Deduction.other)
    assert paid + sum(found.values()) == granted
    assert all(amount > 0 for amount in found.values())
    assert accepted + sum(refused.values()) == billed


@given(COSTS, LINES, SHARES)
def test_a_refused_cost_takes_no_more_than_its_own_share(
    granted: int, lines: list[tuple[int, Deduction | None]], share: Fraction
) -> None:
    billed = sum(amount for amount, _why in lines)
    refused = refused_costs((why, amount) for amount, why in lines if why)
    accepted = billed - sum(refused.values())
    found = deductions(
        granted,
        limits_of_costs(billed, refused, share),
        min(granted, share_of(share, accepted)),
        Deduction.other,
    )
    for why, amount in refused.items():
        assert found.get(why, 0) <= share_of(share, amount) + 1, "a cent may be lost in rounding"
    assert found.keys() <= {Deduction.share, *refused}


def test_what_a_refusal_takes_is_told_apart_from_what_was_not_spent() -> None:
    limits = limits_of_costs(700_000, {Deduction.scope: 200_000}, Fraction(1, 2))
    found = deductions(400_000, limits, 250_000, Deduction.other)
    assert found == {Deduction.share: 50_000, Deduction.scope: 100_000}
