"""While a draft is typed, a rule that lacks a fact is not yet known, and never broken for that."""

from typing import Any

import pytest
from hypothesis import given, settings

from models.vocabulary import Trigger
from tests.support.check_documents import LEFT_OUT, Document, document
from tests.support.random_documents import documents
from tests.support.rule_examples.example import activity
from workflow.documents import read_document
from workflow.judgement import judge, judge_partial
from workflow.policies import default_policy, override
from workflow.verdicts import Outcome, Verdict, Whose
from workflow.wording import message, remedy

POLICY = default_policy()
S, A, C = Trigger.submit, Trigger.approve, Trigger.accept


def so_far(trigger: Trigger, changes: dict[str, Any]) -> dict[str, Verdict]:
    """Return the verdicts on an unfinished document by their rules' ids."""
    return {verdict.rule: verdict for verdict in judge_partial(document(trigger, changes), POLICY, trigger)}


@pytest.mark.parametrize("trigger", [Trigger.submit, Trigger.approve, Trigger.report, Trigger.accept])
def test_nothing_is_known_of_nothing(trigger: Trigger) -> None:
    found = judge_partial({}, POLICY, trigger)
    assert {verdict.outcome for verdict in found} == {Outcome.unknown}


@settings(max_examples=200)
@given(documents())
def test_a_whole_document_is_judged_alike_save_that_absent_facts_are_unknown(whole: Document) -> None:
    trigger, policy = Trigger(whole["trigger"]), override(POLICY, whole["policy"])
    strict = judge(read_document(whole, trigger), policy, trigger)
    for hard, soft in zip(strict, judge_partial(whole, policy, trigger), strict=True):
        if hard.missing:
            assert (soft.outcome, soft.figures, soft.findings) == (
                Outcome.unknown,
                hard.figures,
                hard.findings,
            )
        else:
            assert soft == hard


ABSENT: list[tuple[str, Trigger, dict[str, Any], Whose]] = [
    ("activity-details", S, {"claim.details": {}}, Whose.partner),
    ("activity-details", S, {"claim.details.invited_customers": ""}, Whose.partner),
    ("funding-share", S, {"claim.lines": []}, Whose.partner),
    ("funding-share", S, {"claim.lines": None}, Whose.partner),
    ("funding-share", S, {"claim.lines[0].amount": "12"}, Whose.partner),
    ("funding-share", S, {"claim.requested": "0.00"}, Whose.partner),
    ("activity-cap", A, {"claim.approved": LEFT_OUT}, Whose.vendor),
    ("available-amount", A, {"fund": None}, Whose.vendor),
    ("period", S, {"period": None}, Whose.partner),
    ("period", S, {"period.last_day": None}, Whose.vendor),
    ("period", S, {"claim.starts_on": None}, Whose.partner),
    ("certification", S, {"partner.certificates": []}, Whose.vendor),
    ("performance", S, {"partner.performance": []}, Whose.vendor),
    ("partner-type", S, {"partner.partner_type": None}, Whose.vendor),
    ("organiser", S, {"claim.organiser.kind": ""}, Whose.partner),
    ("reward-share", S, {"claim.lines[0].category": "door_gift", "claim.lines[0].amount": "0.00",
                         "claim.expected_attendees": None}, Whose.partner),
    ("execution", Trigger.report, {"claim.actual_lines": []}, Whose.partner),
    ("execution", C, {"claim.actual_lines[0].accepted": None}, Whose.vendor),
    ("acceptance", C, {"claim.evidence[0].meets_standard": None}, Whose.vendor),
    ("acceptance", C, {"claim.checklist": {}}, Whose.vendor),
    ("acceptance", C, {"claim.evidence": []}, Whose.partner),
    ("execution", C, {"claim.actual_lines[0].supplier": " "}, Whose.partner),
    ("organiser", S, activity("exhibition", "booth") | {"claim.organiser.name": None}, Whose.partner),
    ("activity-details", S, {"claim.lines[0].category": "other", "claim.lines[0].description": ""},
     Whose.partner),
    ("activity-details", S, {**activity("promotional_items", law_declared=True), "partner.country": None},
     Whose.vendor),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "trigger", "changes", "whose"), ABSENT)
def test_an_absent_fact_is_not_yet_known_and_says_whose_turn_it_is(
    rule: str, trigger: Trigger, changes: dict[str, Any], whose: Whose
) -> None:
    verdict = so_far(trigger, changes)[rule]
    assert (verdict.outcome, verdict.missing, verdict.whose) == (Outcome.unknown, True, whose)
    assert message(verdict).startswith("Not yet known: ")


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("available-amount", {"fund": None}),
        ("performance", {"partner.performance": []}),
        ("certification", {"partner.certificates": []}),
        ("period", {"period.last_day": None}),
    ],
)
def test_what_the_programme_owner_has_to_record_is_not_laid_at_the_partners_door(
    rule: str, changes: dict[str, Any]
) -> None:
    said = remedy(so_far(A, changes)[rule])
    assert "the programme owner's turn, the partner is not at fault" in said
    assert "programme manager" in said


def test_a_rule_that_reads_nothing_absent_is_judged() -> None:
    found = so_far(S, {"claim.requested": "12000.00", "claim.lines": None, "period": None})
    assert found["activity-cap"].outcome is Outcome.broken
    assert found["partner-type"].outcome is Outcome.holds


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("activity-details", {"claim.details.invited_customers": 1}),
        ("funding-share", {"claim.lines[0].amount": "0.00"}),
        ("certification", {"partner.certificates[0].valid_until": "2026-04-01"}),
        ("reward-share", {"claim.lines[0].category": "door_gift", "claim.expected_attendees": None}),
        ("organiser", {"claim.activity_type": "exhibition"}),
        ("activity-details", {"claim.details.invited_customers": 0}),
    ],
)
def test_what_is_there_and_wrong_is_broken_though_a_fact_is_absent(
    rule: str, changes: dict[str, Any]
) -> None:
    assert so_far(S, changes)[rule].outcome is Outcome.broken


@pytest.mark.parametrize(
    ("rule", "trigger", "changes", "whose"),
    [
        ("activity-cap", S, {"claim.requested": "12000.00"}, Whose.partner),
        ("activity-cap", A, {"claim.approved": "12000.00"}, Whose.vendor),
        ("activity-details", S, {**activity("promotional_items", law_declared=True), "partner.country": "FR"},
         Whose.vendor),
        ("period", Trigger.report, {"period.last_day": "2026-04-10"}, Whose.vendor),
        ("organiser", S, {"claim.organiser.kind": "third_party"}, Whose.partner),
    ],
)  # fmt: skip
def test_what_is_broken_says_who_puts_it_right(
    rule: str, trigger: Trigger, changes: dict[str, Any], whose: Whose
) -> None:
    verdict = so_far(trigger, changes)[rule]
    assert (verdict.outcome, verdict.whose) == (Outcome.broken, whose)


def test_what_holds_is_nobodys_turn() -> None:
    assert {verdict.whose for verdict in so_far(S, {}).values()} == {None}
