"""What a bank is told to pay, and what that cost: exact, and never a matter of the fund."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from workflow.exchange import exchange_of
from workflow.payouts import Payout, cost_of, difference_of, figures_of, payout

DAY = date(2026, 5, 4)
CENTS = st.integers(1, 10**10)
FIGURES = st.decimals("0.01", "999", places=4).map(str)


def rate(currency: str, usd: str, local: str = "1", number: int = 1) -> Any:
    return SimpleNamespace(
        currency=currency, rate_id=number, rate_usd=usd, rate_local=local, rate_day=DAY, rate_source="A bank"
    )


IN_USD = SimpleNamespace(currency="USD", rate_id=None)


def test_an_account_in_us_dollars_is_paid_what_the_fund_gives() -> None:
    assert payout(400_000, "USD", rate("EUR", "1.0856"), None) == Payout(400_000)


def test_a_claim_in_the_accounts_currency_is_paid_by_its_own_rate() -> None:
    paid = payout(54_280, "EUR", rate("EUR", "1.0856", number=1), rate("EUR", "1.2", number=2))
    assert paid == Payout(54_280, "EUR", 50_000, rate_id=1, day_rate_id=2)


def test_any_other_claim_is_paid_by_the_rate_of_the_day() -> None:
    of_day = rate("EUR", "1.25", number=2)
    for claim in (IN_USD, rate("CHF", "1.1")):
        assert payout(50_000, "EUR", claim, of_day) == Payout(50_000, "EUR", 40_000, 2, 2)


def test_without_a_rate_of_the_day_nothing_is_told_to_a_bank() -> None:
    assert payout(50_000, "EUR", rate("EUR", "1.0856"), None) is None


def test_the_difference_is_what_the_payment_cost_beyond_what_the_fund_gave() -> None:
    dearer, cheaper = rate("EUR", "1.2"), rate("EUR", "1")
    for of_day, cost, difference in ((dearer, "600.00", "57.20"), (cheaper, "500.00", "-42.80")):
        paid = payout(54_280, "EUR", rate("EUR", "1.0856"), of_day)
        assert paid is not None
        told = figures_of(paid, of_day)
        assert (told["paid_in"], told["cost"], told["difference"]) == ("500.00 EUR", cost, difference)
        assert told["day_rate"]["source"] == "A bank"
        row = SimpleNamespace(**{**vars(of_day), "amount": paid.amount, "instructed": paid.instructed})
        assert difference_of(row) == round(float(difference) * 100)


def test_a_payment_in_us_dollars_tells_of_no_exchange() -> None:
    assert figures_of(Payout(400_000), IN_USD) == {}


@given(CENTS, FIGURES, FIGURES, st.sampled_from(["EUR", "JPY"]))
def test_a_payment_is_worth_no_more_than_was_granted_and_less_than_a_unit_less(
    amount: int, usd: str, local: str, currency: str
) -> None:
    claim = rate(currency, usd, local)
    exchange = exchange_of(claim)
    assert exchange is not None
    assume(exchange.most_for(amount) > 0)
    paid = payout(amount, currency, claim, rate(currency, "1"))
    assert paid is not None
    assert paid.instructed is not None
    assert paid.instructed % exchange.unit == 0
    assert exchange.in_usd(paid.instructed) <= amount < exchange.in_usd(paid.instructed + exchange.unit)
    assert paid.amount == amount


@given(CENTS, FIGURES)
def test_by_the_same_rate_a_payment_costs_what_the_fund_gave_to_the_last_unit(amount: int, usd: str) -> None:
    of_day = rate("EUR", usd)
    exchange = exchange_of(of_day)
    assert exchange is not None
    paid = payout(amount, "EUR", of_day, of_day)
    assert paid is not None
    assert paid.instructed is not None
    assume(paid.instructed > exchange.unit)
    assert 0 <= amount - cost_of(paid.instructed, exchange) <= cost_of(exchange.unit, exchange)
