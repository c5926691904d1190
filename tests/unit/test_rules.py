"""Every rule holds and breaks where the rulebook says, and reads no more than it declares."""

import re
from typing import Any

import pytest

from models.vocabulary import Trigger
from tests.support.check_documents import CASES, TRIGGERS, Document, document, verdicts
from tests.support.rule_examples import EXAMPLES, Example
from workflow.documents import checklist_items, read_document, reader_for
from workflow.judgement import judge, judge_partial, rules_at, violations
from workflow.policies import default_policy, override
from workflow.rules import RULES, Rule
from workflow.sentences import FOUND, HOLDS
from workflow.verdicts import Outcome

CHECKPOINTS = {
    "partner-type": "S A",
    "activity-type": "S A",
    "funding-share": "S A",
    "activity-cap": "S A",
    "available-amount": "A",
    "period": "S A X",
    "certification": "S A X C",
    "performance": "S A",
    "execution": "X C",
    "acceptance": "C",
    "large-gifts": "S A C",
    "reward-share": "S A C",
    "entertainment": "S A C",
    "expenses": "S A C",
    "organiser": "S A",
    "activity-details": "S A C",
}
"""The rulebook's table of rules."""

LETTERS = dict(zip("SAXC", TRIGGERS, strict=True))


def named(example: Example) -> str:
    """Return the name under which a test of an example runs."""
    return f"{example.rule}: {example.sentence}"


def test_the_rule_book_is_the_rulebooks_table_in_its_order() -> None:
    table = [(rule, {LETTERS[letter] for letter in letters.split()}) for rule, letters in CHECKPOINTS.items()]
    assert [(rule.id, set(rule.checkpoints)) for rule in RULES] == table


@pytest.mark.parametrize("rule", [rule.id for rule in RULES])
def test_every_rule_has_a_passing_a_failing_and_a_boundary_example(rule: str) -> None:
    kinds = {example.kind for example in EXAMPLES if example.rule == rule}
    assert kinds == {"passing", "failing", "boundary"}, (
        f"add examples of {rule} to tests/support/rule_examples"
    )


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_clause_cites_its_source(rule: Rule) -> None:
    assert re.search(r"\((Eligibility|Requirements|Prohibited|Activity Type)\b.*\)\.$", rule.clause)


@pytest.mark.parametrize("example", EXAMPLES, ids=named)
def test_a_rule_comes_out_as_its_example_says(example: Example) -> None:
    verdict = verdicts(document(example.trigger, example.changes))[example.rule]
    assert verdict.outcome is (Outcome.holds if example.holds else Outcome.broken), verdict


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_a_worked_case_breaks_exactly_the_rules_it_names(case: Document) -> None:
    trigger = Trigger(case["trigger"])
    policy = override(default_policy(), case.get("policy", {}))
    broken = [verdict.rule for verdict in violations(read_document(case, trigger), policy, trigger)]
    assert sorted(broken) == case["expect"]
    order = [rule.id for rule in RULES]
    assert broken == sorted(broken, key=order.index)


@pytest.mark.parametrize("trigger", TRIGGERS)
def test_every_rule_of_a_checkpoint_has_a_verdict_in_the_tables_order(trigger: Trigger) -> None:
    ids = [rule.id for rule in RULES if trigger in rule.checkpoints]
    facts = read_document(document(trigger), trigger)
    assert [verdict.rule for verdict in judge(facts, default_policy(), trigger)] == ids
    assert [verdict.rule for verdict in judge_partial({}, default_policy(), trigger)] == ids


def test_no_rule_is_judged_where_the_rulebook_names_none() -> None:
    facts = read_document(document(Trigger.submit), Trigger.submit)
    assert judge(facts, default_policy(), Trigger.withdraw) == ()


@pytest.mark.parametrize("example", EXAMPLES, ids=named)
def test_a_rule_sees_nothing_but_what_it_declares_to_read(example: Example) -> None:
    whole = document(example.trigger, example.changes)
    policy = override(default_policy(), whole.get("policy", {}))
    alone = reader_for(example.rule, example.trigger, checklist_items(policy))(whole)
    verdict = next(one for one in judge(alone, policy, example.trigger) if one.rule == example.rule)
    assert verdict == verdicts(whole)[example.rule]


def test_rules_on_the_activity_type_are_silent_where_the_catalogue_lacks_it() -> None:
    silent = {"acceptance", "expenses", "organiser", "activity-details"}
    golf: dict[str, Any] = {"claim.activity_type": "golf_day", "claim.evidence": [], "claim.checklist": {}}
    for trigger in (Trigger.submit, Trigger.approve, Trigger.accept):
        unknown = {
            verdict.rule
            for verdict in verdicts(document(trigger, golf)).values()
            if verdict.outcome is Outcome.unknown
        }
        assert unknown == silent & {rule.id for rule in rules_at(trigger)}
    assert not any(verdict.broken for verdict in verdicts(document(Trigger.accept, golf)).values())


def test_every_code_has_a_sentence_and_every_sentence_an_example() -> None:
    judged = [verdicts(document(example.trigger, example.changes)) for example in EXAMPLES]
    judged += [verdicts(case) for case in CASES]
    every = [verdict for found in judged for verdict in found.values()]
    broken = {(verdict.rule, finding.code) for verdict in every for finding in verdict.findings}
    holding = {(verdict.rule, verdict.code) for verdict in every if verdict.outcome is Outcome.holds}
    assert broken == {(rule, code) for rule, codes in FOUND.items() for code in codes}
    assert holding == {(rule, code) for rule, codes in HOLDS.items() for code in codes}
