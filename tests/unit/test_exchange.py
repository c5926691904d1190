"""Amounts in another currency: converted exactly, compared unrounded, rounded where they become amounts."""

import json
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from models.money import plain, rounded_down, rounded_up
from models.vocabulary import Trigger
from tests.support.check_documents import LEFT_OUT, document, verdicts
from workflow.check import check_line
from workflow.documents import read_document
from workflow.exchange import IN_USD, Exchange, both, rate_figure, young_enough
from workflow.judgement import judge_partial
from workflow.policies import default_policy
from workflow.reading import FormError
from workflow.verdicts import Outcome
from workflow.wording import message, remedy

S, A, C = Trigger.submit, Trigger.approve, Trigger.accept

AMOUNTS = st.integers(0, 10**12)
FIGURES = st.decimals("0.0001", "99999", places=5).map(str)
RATES = st.builds(
    lambda currency, usd, local: Exchange(currency, rate_figure(usd), rate_figure(local)),
    st.sampled_from(["EUR", "JPY"]),
    FIGURES,
    FIGURES,
)
EURO = {"currency": "EUR", "usd": "1.0856", "local": "1", "day": "2026-03-01", "source": "a bank"}


@given(st.lists(AMOUNTS), RATES)
def test_the_sum_of_converted_amounts_is_the_converted_sum(amounts: list[int], exchange: Exchange) -> None:
    assert sum(exchange.in_usd(amount) for amount in amounts) == exchange.in_usd(sum(amounts))


@given(AMOUNTS, RATES)
def test_a_conversion_is_exact_and_never_a_float(amount: int, exchange: Exchange) -> None:
    worth = exchange.in_usd(amount)
    assert isinstance(worth, Fraction)
    assert worth * exchange.local == amount * exchange.usd


@given(AMOUNTS, RATES)
def test_the_most_for_an_amount_is_worth_no_more_and_one_unit_more_is(cents: int, exchange: Exchange) -> None:
    most = exchange.most_for(cents)
    assert exchange.in_usd(most) <= cents < exchange.in_usd(most + exchange.unit)
    assert most % exchange.unit == 0


@given(AMOUNTS, RATES)
def test_the_least_for_an_amount_is_worth_no_less_and_one_unit_less_is_not(
    cents: int, exchange: Exchange
) -> None:
    least = exchange.least_for(cents)
    assert exchange.in_usd(least) >= cents > exchange.in_usd(least - exchange.unit)
    assert least % exchange.unit == 0


@given(AMOUNTS)
def test_us_dollars_are_what_they_are(cents: int) -> None:
    assert IN_USD.in_usd(cents) == IN_USD.most_for(cents) == IN_USD.least_for(cents) == cents


@given(st.fractions(0, 10**6))
def test_rounding_down_and_up_lie_on_either_side_of_an_amount(amount: Fraction) -> None:
    assert rounded_down(amount) <= amount <= rounded_up(amount) <= rounded_down(amount) + 1


@pytest.mark.parametrize(
    "text", ["", "0", "0.00", "-1", "1,5", "1.", ".5", "1e3", "NaN", "1.00000000001", "١"]
)
def test_what_is_no_figure_of_a_rate_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        rate_figure(text)


@pytest.mark.parametrize(("days", "may_be_used"), [(-1, False), (0, True), (7, True), (8, False)])
def test_a_rate_may_be_used_for_a_week(days: int, may_be_used: bool) -> None:
    day = date(2026, 3, 2)
    assert young_enough(day, day + timedelta(days)) is may_be_used


def test_both_amounts_are_said_and_a_cost_is_rounded_up() -> None:
    assert both(100_001, Exchange("EUR", Fraction("1.0856"))) == "1,000.01 EUR (1,085.62 USD)"
    assert both(100_001, IN_USD) == "1,000.01 USD"


def in_euro(trigger: Trigger, changes: dict[str, Any]) -> dict[str, Any]:
    return document(trigger, {"claim.exchange": EURO, **changes})


def outcome(whole: dict[str, Any], rule: str) -> Outcome:
    return verdicts(whole)[rule].outcome


@pytest.mark.parametrize(
    ("unit_value", "expected"), [("92.11", Outcome.holds), ("92.12", Outcome.broken)]
)  # 92.12 EUR are 100.0055 USD, which rounds to the threshold
def test_a_gift_a_part_of_a_cent_above_the_threshold_is_large(unit_value: str, expected: Outcome) -> None:
    gift = {"category": "door_gift", "quantity": 1, "unit_value": unit_value, "amount": "92.00"}
    assert outcome(in_euro(S, {"claim.lines[1]": gift}), "large-gifts") is expected


@pytest.mark.parametrize(("requested", "expected"), [("542.80", Outcome.holds), ("542.81", Outcome.broken)])
def test_the_share_is_that_of_the_unrounded_worth_of_the_costs(requested: str, expected: Outcome) -> None:
    costs = [{"category": "venue", "quantity": 1, "unit_value": "0.00", "amount": "1000.01"}]
    whole = in_euro(S, {"claim.lines": costs, "claim.requested": requested})
    assert outcome(whole, "funding-share") is expected


@pytest.mark.parametrize(("unit_value", "expected"), [("32.24", Outcome.holds), ("32.25", Outcome.broken)])
def test_a_countrys_limit_is_compared_in_us_dollars(unit_value: str, expected: Outcome) -> None:
    gift = {"category": "gift", "quantity": 1, "unit_value": unit_value, "amount": "500.00"}
    changes = {
        "claim.activity_type": "promotional_items",
        "claim.details": {"law_declared": True},
        "claim.lines": [gift],
        "partner.country": "DE",
    }
    assert outcome(in_euro(S, changes), "activity-details") is expected


@given(
    st.integers(1, 10**6),
    st.integers(1, 10**6),
    FIGURES,
    FIGURES,
    st.sampled_from(["0.15", "0.333", "0.50"]),
)
@example(1, 3, "1.0856", "1", "0.333")
def test_a_limit_is_never_compared_rounded(
    requested: int, amount: int, usd: str, local: str, share: str
) -> None:
    costs = [{"category": "venue", "quantity": 1, "unit_value": "0.00", "amount": plain(amount)}]
    whole = in_euro(
        S,
        {
            "claim.lines": costs,
            "claim.requested": plain(requested),
            "claim.exchange.usd": usd,
            "claim.exchange.local": local,
            "policy": {"max_funding_share": share},
        },
    )
    within = requested <= Fraction(share) * amount * Fraction(usd) / Fraction(local)
    assert (outcome(whole, "funding-share") is Outcome.holds) is within


@given(st.integers(1, 10**6), FIGURES, FIGURES)
def test_a_gift_is_never_compared_rounded(unit_value: int, usd: str, local: str) -> None:
    worth = unit_value * Fraction(usd) / Fraction(local)
    assume(worth > 0)
    gift = {"category": "door_gift", "quantity": 1, "unit_value": plain(unit_value), "amount": "1.00"}
    rate = {"claim.exchange.usd": usd, "claim.exchange.local": local}
    whole = in_euro(C, {**rate, "claim.actual_lines[0]": {**gift, "accepted": True, "supplier": "S"}})
    assert (outcome(whole, "large-gifts") is Outcome.holds) is (worth <= 100_00)


def test_rewards_are_measured_against_their_total_in_their_own_currency() -> None:
    rewards = {"category": "door_gift", "quantity": 1, "unit_value": "1.00", "amount": "0.15"}
    costs = {"category": "venue", "quantity": 1, "unit_value": "0.85", "amount": "0.85"}
    whole = in_euro(S, {"claim.lines": [costs, rewards], "claim.requested": "0.01"})
    assert outcome(whole, "reward-share") is Outcome.holds


def test_words_about_a_local_amount_say_both_and_its_remedy_is_in_its_own_currency() -> None:
    gift = {"category": "door_gift", "quantity": 1, "unit_value": "92.12", "amount": "92.12"}
    verdict = verdicts(in_euro(S, {"claim.lines[1]": gift}))["large-gifts"]
    assert "the dearest is worth 92.12 EUR (100.01 USD)" in message(verdict)
    assert "Lower the unit value to 92.11 EUR (100.00 USD)" in remedy(verdict)
    assert [step.value for step in verdict.findings[0].steps] == ["92.11"]


def test_a_check_answers_a_document_in_another_currency_with_both_figures() -> None:
    costs = [{"category": "venue", "quantity": 1, "unit_value": "0.00", "amount": "1000.01"}]
    whole = in_euro(S, {"claim.lines": costs, "claim.requested": "600.00", "id": "euro", "expect": LEFT_OUT})
    answer = check_line(json.dumps(whole))
    assert answer is not None
    (violation,) = answer["violations"]
    assert violation["figures"] == {
        "amount": "600.00",
        "total": "1085.62",
        "total_local": "1000.01 EUR",
        "share": "0.50",
        "limit": "542.80",
    }


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"claim.exchange.currency": "USD"}, "claim.exchange.currency"),
        ({"claim.exchange.currency": "euro"}, "claim.exchange.currency"),
        ({"claim.exchange.usd": LEFT_OUT}, "claim.exchange.usd"),
        ({"claim.exchange.usd": 1.0856}, "claim.exchange.usd"),
        ({"claim.exchange.local": "0"}, "claim.exchange.local"),
        ({"claim.exchange.day": "yesterday"}, "claim.exchange.day"),
        ({"claim.exchange": "EUR"}, "claim.exchange"),
    ],
)
def test_an_exchange_without_its_form_is_refused_at_its_path(changes: dict[str, Any], path: str) -> None:
    with pytest.raises(FormError) as refused:
        read_document(in_euro(S, changes), S, default_policy())
    assert refused.value.path == path


def test_while_a_currency_has_no_rate_what_needs_it_is_not_yet_known() -> None:
    whole = in_euro(S, {"claim.exchange": {"currency": "CHF"}})
    found = {verdict.rule: verdict for verdict in judge_partial(whole, default_policy(), S)}
    assert found["funding-share"].outcome is Outcome.unknown
    assert "The exchange rate is missing" in message(found["funding-share"])
    said = remedy(found["funding-share"])
    assert "a programme manager or somebody in finance records the exchange rate." in said
    assert "approver" not in said
    assert found["activity-cap"].outcome is Outcome.holds
