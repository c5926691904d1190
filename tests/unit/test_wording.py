"""History keeps codes and figures; sentences are made, and translated, when somebody reads them."""

import json
import re

import pytest
from hypothesis import given

from models.vocabulary import Trigger
from tests.support.check_documents import CASES, Document, document, verdicts
from tests.support.random_documents import documents
from tests.support.rule_examples import EXAMPLES, Example
from web.audit.figures import FIGURES
from workflow.advice import TO_PARTNER
from workflow.catalogue import Catalogue
from workflow.judgement import judge_partial
from workflow.policies import default_document, default_policy, read_policy
from workflow.reading import FormError
from workflow.sentences import FOUND
from workflow.verdicts import Verdict, verdict_from_row, verdict_to_row
from workflow.wording import (
    advice,
    clause,
    figures_in_words,
    finding_words,
    form_problem,
    in_sentence,
    message,
    remedy,
)


def shouted(sentence: str) -> str:
    """Translate into capitals, leaving the names of figures."""
    return re.sub(r"(^|\})[^{]*", lambda part: part[0].upper(), sentence)


def verdict_of(case_id: str, rule: str) -> Verdict:
    """Return the verdict of a rule on a worked case."""
    return verdicts(next(case for case in CASES if case["id"] == case_id))[rule]


@given(documents())
def test_a_verdict_is_kept_as_json_and_comes_back_the_same(whole: Document) -> None:
    for verdict in verdicts(whole).values():
        row = json.loads(json.dumps(verdict_to_row(verdict)))
        assert verdict_from_row(row) == verdict
        assert message(verdict_from_row(row)) == message(verdict)


@given(documents())
def test_every_verdict_has_words_without_gaps(whole: Document) -> None:
    for verdict in verdicts(whole).values():
        assert message(verdict)
        assert bool(remedy(verdict)) == verdict.broken
        assert not re.search(r"[{}]|None", message(verdict) + remedy(verdict))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example.rule}: {example.sentence}")
def test_every_figure_that_a_rule_compares_has_a_name(example: Example) -> None:
    verdict = verdicts(document(example.trigger, example.changes))[example.rule]
    assert set(figures_in_words(verdict)) == set(verdict.figures)
    assert set(verdict.figures) <= set(FIGURES)


@given(documents())
def test_an_unfinished_claim_has_words_too(whole: Document) -> None:
    trigger = Trigger(whole["trigger"])
    del whole["claim"]["requested"], whole["claim"]["approved"], whole["period"]["first_day"], whole["fund"]
    for verdict in judge_partial(whole, default_policy(), trigger):
        assert message(verdict)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example.rule}: {example.sentence}")
def test_every_sentence_goes_through_translation(example: Example) -> None:
    verdict = verdicts(document(example.trigger, example.changes))[example.rule]
    to_partner = " ".join(advice(verdict, shouted, to_partner=True))
    for said in (message(verdict, shouted), remedy(verdict, shouted), to_partner):
        assert {letter for letter in said if letter.islower()} <= set("".join(_values(verdict))), said


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example.rule}: {example.sentence}")
def test_what_an_approver_does_is_not_told_to_partners_as_if_they_did_it(example: Example) -> None:
    verdict = verdicts(document(example.trigger, example.changes))[example.rule]
    steps = advice(verdict, to_partner=True)
    assert len(steps) == len(advice(verdict))
    for step in steps:
        assert not re.match("Grant|Reject|Return|Accept|Do not accept|Ask for|Have it|Judge|Wait", step), step


def test_every_step_of_an_approver_that_partners_read_is_one_of_the_remedies() -> None:
    for rule, steps in TO_PARTNER.items():
        assert steps.keys() <= FOUND[rule].keys(), rule


def test_days_are_written_for_people() -> None:
    verdict = verdict_of("activity-after-the-period", "period")
    assert "1 Jul 2026" in message(verdict)
    assert "2026-07-01" not in message(verdict) + remedy(verdict)


def _values(verdict: Verdict) -> list[str]:
    return [*verdict.figures.values(), *(value for one in verdict.findings for value in one.figures.values())]


def test_figures_are_written_for_people() -> None:
    verdict = verdict_of("policy-override-share", "funding-share")
    assert message(verdict) == (
        "The 4,000.00 USD asked for is above 30% of 8,000.00 USD, which is 2,400.00 USD."
    )
    assert verdict.figures["amount"] == "4000.00"


EURO = {"currency": "EUR", "usd": "1.0856", "local": "1", "day": "2026-03-01", "source": "a bank"}

AMOUNT_WITHOUT_CURRENCY = re.compile(r"\d\.\d{2}(?!\d*%| [A-Z]{3}\b)")


@pytest.mark.parametrize("exchange", [{}, {"claim.exchange": EURO}], ids=["in US dollars", "in euro"])
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example.rule}: {example.sentence}")
def test_every_amount_in_a_sentence_names_its_currency(example: Example, exchange: Document) -> None:
    verdict = verdicts(document(example.trigger, {**exchange, **example.changes}))[example.rule]
    assert not AMOUNT_WITHOUT_CURRENCY.search(f"{message(verdict)} {remedy(verdict)}")


def test_figures_that_history_kept_before_there_were_other_currencies_are_us_dollars() -> None:
    figures = {"amount": "10000.01", "limit": "10000.00"}
    finding = {"code": "asked-above", "figures": {}, "missing": False, "whose": "partner"}
    row = {"rule": "activity-cap", "outcome": "broken", "code": "", "figures": figures}
    kept = verdict_from_row({**row, "findings": [{**finding, "paths": [], "steps": []}]})
    assert message(kept).startswith("The 10,000.01 USD asked for is above 10,000.00 USD")


@pytest.mark.parametrize(
    ("share", "said"), [("0.125", "12.5%"), ("0.333", "33.3%"), ("1.5", "150%"), ("0.05", "5%")]
)
def test_a_share_is_said_in_per_cent(share: str, said: str) -> None:
    low = {"policy": {"max_funding_share": share}, "claim.requested": "0.01"}
    assert f"within {said} of" in message(verdicts(document(Trigger.submit, low))["funding-share"])


def test_a_rule_that_holds_says_so_with_its_figures() -> None:
    assert message(verdict_of("share-exactly-half", "funding-share")) == (
        "The 4,000.00 USD asked for is within 50% of 8,000.00 USD."
    )


def test_codes_are_said_by_the_labels_of_the_claims_own_policy() -> None:
    own = default_document()
    own["catalogue"]["categories"][-1]["label"] = "Shows"
    verdict = verdict_of("entertainment-line", "entertainment")
    assert message(verdict, policy=read_policy(own)) == "The fund never pays for shows; see line 2."
    assert message(verdict) == "The fund never pays for entertainment; see line 2."


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("Door gifts", "door gifts"),
        ("A third party", "a third party"),
        ("Value-added partner (VAP)", "value-added partner (VAP)"),
        ("TV", "TV"),
        ("DM / EDM", "DM / EDM"),
        ("JMF period", "JMF period"),
        ("", ""),
    ],
)
def test_a_label_stands_small_within_a_sentence_unless_it_is_capitals(label: str, said: str) -> None:
    assert in_sentence(label) == said


@given(documents())
def test_every_sentence_begins_with_a_capital(whole: Document) -> None:
    for verdict in verdicts(whole).values():
        for sentence in filter(None, (message(verdict), remedy(verdict))):
            assert not sentence[0].islower()


def test_a_code_without_a_label_stands_as_it_is() -> None:
    broken = verdicts(document(Trigger.submit, {"partner.partner_type": "Gold"}))["partner-type"]
    assert "of the type Gold are" in message(broken)


def test_several_findings_are_all_said() -> None:
    verdict = verdict_of("exhibition-by-the-partner", "organiser")
    said = [finding_words(verdict, finding).message for finding in verdict.findings]
    assert len(said) == 2
    assert message(verdict) == " ".join(said)


def test_a_part_that_cannot_be_read_is_named_in_words() -> None:
    typed = document(Trigger.submit, {"claim.lines[1]": {"category": "venue", "amount": "x"}})
    found = {one.rule: one for one in judge_partial(typed, default_policy(), Trigger.submit)}
    assert message(found["funding-share"]) == (
        "Not yet known: The amount in line 2 must be an amount as text, such as 4000.00."
    )


def test_clauses_and_problems_are_translated() -> None:
    assert clause("entertainment", shouted).startswith("THE FUND DOES NOT PAY FOR ENTERTAINMENT")
    assert form_problem(FormError("today", "missing"), shouted) == "IS MISSING"


def test_an_unknown_word_stands_for_itself() -> None:
    assert Catalogue((), (), (), (), (), ()).label("category", "yacht") == "yacht"
