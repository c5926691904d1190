"""A remedy that names a figure or a date keeps its word: taking its steps makes the rule hold."""

import pytest
from hypothesis import given, settings

from models.vocabulary import Trigger
from tests.support.check_documents import Document, after, document, verdicts
from tests.support.random_documents import documents
from tests.support.rule_examples import EXAMPLES, Example
from tests.support.rule_examples.example import bill, certificates, line, performance
from workflow.sentences import FOUND
from workflow.verdicts import Outcome, Verdict

FAILING = [example for example in EXAMPLES if not example.holds]
NAMES_A_FIGURE = ("limit", "needed", "allowed", "move_from", "widen_from", "gaps", "minimum", "threshold")


def is_definite(verdict: Verdict) -> bool:
    """Return whether every finding says exactly what is to be done."""
    return verdict.broken and all(finding.steps for finding in verdict.findings)


def check_its_word(whole: Document) -> None:
    """Take the remedy of every rule that names definite steps, each on its own; the rule must then hold."""
    for rule, verdict in verdicts(whole).items():
        if is_definite(verdict):
            steps = [step for finding in verdict.findings for step in finding.steps]
            mended = verdicts(after(whole, steps))[rule]
            assert mended.outcome is Outcome.holds, (rule, steps, mended)


@settings(max_examples=400)
@given(documents())
def test_a_remedy_makes_its_rule_hold_whatever_the_claim(whole: Document) -> None:
    check_its_word(whole)


@pytest.mark.parametrize("example", FAILING, ids=lambda example: f"{example.rule}: {example.sentence}")
def test_a_remedy_makes_its_rule_hold_in_every_failing_example(example: Example) -> None:
    check_its_word(document(example.trigger, example.changes))


def test_a_remedy_that_names_a_limit_has_steps() -> None:
    for example in FAILING:
        verdict = verdicts(document(example.trigger, example.changes))[example.rule]
        for finding in verdict.findings:
            remedy = FOUND[example.rule][finding.code].remedy
            if any(f"{{{figure}}}" in remedy for figure in NAMES_A_FIGURE):
                assert finding.steps, (example.rule, finding.code)


def test_no_remedy_lowers_an_amount_to_nothing() -> None:
    for example in FAILING:
        verdict = verdicts(document(example.trigger, example.changes))[example.rule]
        for finding in verdict.findings:
            for step in finding.steps:
                assert not (step.path in {"claim.requested", "claim.approved"} and step.value == "0.00")


def test_lines_are_counted_from_one_and_named_with_the_dearest_gift() -> None:
    gifts = [line("gift", "9.00", "300.00"), line("venue", "8000.00"), line("door_gift", "9.00", "200.00")]
    verdict = verdicts(document(Trigger.submit, {"claim.lines": gifts}))["large-gifts"]
    assert verdict.findings[0].figures["lines"] == "1, 3"
    assert verdict.figures["unit_value"] == "300.00"


def test_rewards_are_lowered_no_further_than_they_must_be() -> None:
    rewards = [line("venue", "6800.00"), line("door_gift", "900.00"), line("lottery_prize", "400.00")]
    whole = document(Trigger.submit, {"claim.lines": rewards})
    steps = verdicts(whole)["reward-share"].findings[0].steps
    assert [one["amount"] for one in after(whole, steps)["claim"]["lines"]] == ["6800.00", "900.00", "300.00"]


def test_no_more_rewards_are_refused_at_acceptance_than_must_be() -> None:
    for door_gifts, refused in (("1200.00", "3"), ("1200.01", "2, 3")):
        bills = [bill("venue", "6800.00"), bill("door_gift", door_gifts), bill("lottery_prize", "100.00")]
        verdict = verdicts(document(Trigger.accept, {"claim.actual_lines": bills}))["reward-share"]
        assert verdict.findings[0].figures["lines"] == refused


def test_the_worst_record_of_performance_is_compared_and_every_shortfall_named() -> None:
    whole = document(Trigger.submit, performance("99.00", "10.00", "200.00"))
    verdict = verdicts(whole)["performance"]
    assert verdict.figures == {"period": "2026H1", "required": "100.00", "achieved": "10.00"}
    assert [finding.figures["shortfall"] for finding in verdict.findings] == ["1.00", "90.00"]


def test_an_activity_as_long_as_the_period_is_moved_and_a_longer_one_is_not() -> None:
    for ends_on, code in (("2026-07-01", "outside"), ("2026-07-02", "too-long")):
        whole = document(Trigger.submit, {"claim.starts_on": "2026-01-02", "claim.ends_on": ends_on})
        (finding,) = verdicts(whole)["period"].findings
        assert finding.code == code
        assert finding.figures == {"move_from": "2026-01-01", "move_until": "2026-06-30"}


def test_lowered_rewards_take_the_shrinking_total_into_account() -> None:
    rewards = next(example for example in EXAMPLES if example.sentence == "the share is compared unrounded")
    verdict = verdicts(document(rewards.trigger, rewards.changes))["reward-share"]
    assert verdict.findings[0].figures["allowed"] == "1199.99"


def test_uncovered_days_are_named_range_by_range() -> None:
    gap = next(
        example for example in EXAMPLES if example.sentence == "a day between two certificates is a gap"
    )
    verdict = verdicts(document(gap.trigger, gap.changes))["certification"]
    assert verdict.findings[0].figures["gaps"] == "2026-03-31"
    late = certificates(("2026-03-04", "2026-04-01"), ("2026-04-03", "2026-04-10"))
    verdict = verdicts(document(Trigger.submit, late))["certification"]
    assert verdict.findings[0].figures["gaps"] == "2026-03-02/2026-03-03, 2026-04-02, 2026-04-11"
