"""What is offered and what is paid: never more than any of the limits, and exact to the cent."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.money import digits, grouped, parse_amount, plain, share_of, whole
from workflow.amounts import costs_needed, offered, reimbursable
from workflow.policies import Policy, default_policy, override

CENTS = st.integers(0, 10**9)
POLICIES = st.builds(
    lambda share, cap: override(
        default_policy(), {"max_funding_share": share, "max_amount_per_activity": plain(cap)}
    ),
    st.sampled_from(["0", "0.15", "0.333333", "0.50", "1", "1.5"]),
    CENTS,
)
DEFAULT = default_policy()


@given(CENTS, CENTS, CENTS, POLICIES)
def test_the_offer_is_within_every_limit_and_reaches_one(
    requested: int, total: int, available: int, policy: Policy
) -> None:
    limits = [
        requested,
        share_of(policy.max_funding_share, total),
        policy.max_amount_per_activity,
        available,
    ]
    assert offered(requested, total, available, policy) == min(limits)


@given(CENTS, CENTS, POLICIES)
def test_what_is_paid_is_within_every_limit(approved: int, accepted: int, policy: Policy) -> None:
    paid = reimbursable(approved, accepted, policy)
    assert 0 <= paid <= approved
    assert paid <= policy.max_funding_share * accepted
    assert paid <= policy.max_amount_per_activity


def test_a_share_is_rounded_down_to_the_cent() -> None:
    assert reimbursable(10**6, 800_001, DEFAULT) == 400_000


def test_costs_that_cost_less_pay_less() -> None:
    assert reimbursable(400_000, 600_000, DEFAULT) == 300_000


@given(st.integers(1, 10**9), st.sampled_from(["0.15", "0.333333", "0.50", "1.5"]))
def test_the_costs_needed_are_the_least_that_carry_an_amount(amount: int, share: str) -> None:
    policy = override(DEFAULT, {"max_funding_share": share})
    needed = costs_needed(amount, policy)
    assert needed is not None
    assert share_of(policy.max_funding_share, needed) >= amount
    assert share_of(policy.max_funding_share, needed - 1) < amount


def test_no_costs_carry_anything_where_the_share_is_nothing() -> None:
    assert costs_needed(1, override(DEFAULT, {"max_funding_share": "0.00"})) is None


@given(st.integers(0, 10**20))
def test_an_amount_reads_back_from_its_plain_text(cents: int) -> None:
    assert parse_amount(plain(cents)) == cents
    assert grouped(cents).replace(",", "") == plain(cents)


@pytest.mark.parametrize("length", [1, 3999, 4000, 4001, 4300, 4301, 9000])
def test_numbers_of_any_length_are_turned_both_ways(length: int) -> None:
    text = "7" * length
    assert digits(whole(text)) == text
    assert plain(parse_amount(f"{text}.05")) == f"{text}.05"
    assert digits(10**length) == "1" + "0" * length


@pytest.mark.parametrize(
    "text", ["", "1", "1.0", "1.000", "-1.00", "+1.00", "1,000.00", " 1.00", "1.00\n", "١.٠٠", "1e2"]
)
def test_what_is_no_plain_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^"):
        parse_amount(text)


def test_thousands_stand_apart_for_people() -> None:
    assert [grouped(cents) for cents in (5, 99_999, 100_000, 123_456_789, -100_000)] == [
        "0.05",
        "999.99",
        "1,000.00",
        "1,234,567.89",
        "-1,000.00",
    ]


def test_a_third_is_compared_exactly() -> None:
    assert share_of(Fraction(1, 3), 100) == 33
