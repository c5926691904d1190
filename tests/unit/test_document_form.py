"""A check document is read strictly, at its trigger, and the first field without its form is named."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.vocabulary import Trigger
from tests.support.check_documents import LEFT_OUT, TRIGGERS, document, verdicts
from workflow.documents import parts_read, read_document, read_trigger
from workflow.policies import default_document, default_policy, read_policy
from workflow.reading import PROBLEMS, FormError
from workflow.rules import RULES

S, A, X, C = TRIGGERS

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def error_of(trigger: Trigger, changes: dict[str, Any]) -> str:
    """Return the path and the problem of the first bad field, or nothing."""
    try:
        read_document(document(trigger, changes), trigger)
    except FormError as error:
        return f"{error.path} {error.problem}"
    return ""


GIFT: dict[str, Any] = {"category": "gift", "amount": "1.00"}

BAD: list[tuple[Trigger, str, Any, str]] = [
    (S, "today", LEFT_OUT, "today missing"),
    (S, "today", "2026-02-30", "today not_day"),
    (S, "today", "2026-1-1", "today not_day"),
    (S, "today", "20260101", "today not_day"),
    (S, "today", "2026-W01-1", "today not_day"),
    (S, "today", "0000-01-01", "today not_day"),
    (S, "today", "2026-01-01\n", "today not_day"),
    (S, "today", "２０２６-01-01", "today not_day"),
    (S, "today", 20260101, "today not_day"),
    (S, "partner", LEFT_OUT, "partner missing"),
    (X, "partner", None, "partner missing"),
    (S, "partner", [], "partner not_object"),
    (S, "partner.partner_type", LEFT_OUT, "partner.partner_type missing"),
    (S, "partner.partner_type", " ", "partner.partner_type missing"),
    (S, "partner.partner_type", 7, "partner.partner_type not_text"),
    (C, "partner.country", 49, "partner.country not_text"),
    (S, "partner.certificates", {}, "partner.certificates not_list"),
    (S, "partner.certificates", [None], "partner.certificates[0] missing"),
    (S, "partner.certificates", ["x"], "partner.certificates[0] not_object"),
    (S, "partner.certificates[0].valid_from", None, "partner.certificates[0].valid_from missing"),
    (C, "partner.certificates[0].valid_until", "2024-12-31",
     "partner.certificates[0].valid_until ends_before_start"),
    (X, "partner.certificates[0].revoked_on", "soon", "partner.certificates[0].revoked_on not_day"),
    (A, "partner.performance[0].required", 5, "partner.performance[0].required not_amount"),
    (A, "partner.performance[0].achieved", LEFT_OUT, "partner.performance[0].achieved missing"),
    (S, "period.code", "", "period.code missing"),
    (X, "period.last_day", "2025-12-31", "period.last_day ends_before_start"),
    (A, "fund", None, "fund missing"),
    (A, "fund.available", "-1.00", "fund.available not_amount"),
    (S, "claim", "x", "claim not_object"),
    (S, "claim.activity_type", None, "claim.activity_type missing"),
    (S, "claim.ends_on", "2026-04-09", "claim.ends_on ends_before_start"),
    (A, "claim.submitted_on", None, "claim.submitted_on missing"),
    (S, "claim.organiser", None, "claim.organiser missing"),
    (S, "claim.organiser", {}, "claim.organiser.kind missing"),
    (S, "claim.organiser.name", 1, "claim.organiser.name not_text"),
    (S, "claim.expected_attendees", 80.0, "claim.expected_attendees not_count"),
    (S, "claim.expected_attendees", -1, "claim.expected_attendees not_count"),
    (S, "claim.expected_attendees", True, "claim.expected_attendees not_count"),
    (S, "claim.expected_attendees", "80", "claim.expected_attendees not_count"),
    (S, "claim.requested", None, "claim.requested missing"),
    (S, "claim.requested", 4000, "claim.requested not_amount"),
    (S, "claim.requested", 4000.0, "claim.requested not_amount"),
    (S, "claim.requested", "4000", "claim.requested not_amount"),
    (S, "claim.requested", "4000.0", "claim.requested not_amount"),
    (S, "claim.requested", "4,000.00", "claim.requested not_amount"),
    (S, "claim.requested", "٤٠٠٠.٠٠", "claim.requested not_amount"),
    (S, "claim.requested", "0.00", "claim.requested nothing"),
    (A, "claim.approved", "000.00", "claim.approved nothing"),
    (S, "claim.details", [], "claim.details not_object"),
    (S, "claim.lines", LEFT_OUT, "claim.lines missing"),
    (S, "claim.lines[0].category", " ", "claim.lines[0].category missing"),
    (S, "claim.lines[0].description", 1, "claim.lines[0].description not_text"),
    (S, "claim.lines[0].quantity", 2.0, "claim.lines[0].quantity not_count"),
    (S, "claim.lines[0].quantity", -1, "claim.lines[0].quantity not_count"),
    (S, "claim.lines[0].product_model", [], "claim.lines[0].product_model not_text"),
    (S, "claim.lines[0].amount", LEFT_OUT, "claim.lines[0].amount missing"),
    (S, "claim.lines[1]", {"category": "venue", "amount": 1}, "claim.lines[1].amount not_amount"),
    (S, "claim.lines[1]", GIFT, "claim.lines[1].unit_value missing"),
    (C, "claim.actual_lines[1]", GIFT, "claim.actual_lines[1].unit_value missing"),
    (C, "claim.actual_lines[1]", {**GIFT, "category": "lottery_prize", "unit_value": "x"},
     "claim.actual_lines[1].unit_value not_amount"),
    (X, "claim.actual_lines[0].supplier", 1, "claim.actual_lines[0].supplier not_text"),
    (C, "claim.actual_lines[0].accepted", "yes", "claim.actual_lines[0].accepted not_flag"),
    (C, "claim.actual_lines[0].accepted", 1, "claim.actual_lines[0].accepted not_flag"),
    (C, "claim.evidence[0].kind", None, "claim.evidence[0].kind missing"),
    (C, "claim.evidence[0].meets_standard", 0, "claim.evidence[0].meets_standard not_flag"),
    (C, "claim.checklist", [], "claim.checklist not_object"),
    (C, "claim.checklist.co_brand_correct", "true", "claim.checklist.co_brand_correct not_flag"),
]  # fmt: skip

FINE: list[tuple[Trigger, str, Any]] = [
    (S, "fund", "not read"),
    (S, "claim.submitted_on", "not read"),
    (S, "claim.approved", "0.00"),
    (S, "claim.actual_lines", "not read"),
    (S, "claim.evidence", "not read"),
    (S, "claim.checklist", "not read"),
    (S, "colour", {"of": ["the", "claim"]}),
    (S, "policy", None),
    (S, "partner.certificates", None),
    (S, "partner.performance", LEFT_OUT),
    (S, "claim.details", None),
    (S, "claim.lines[0].unit_value", "only read in gifts"),
    (S, "claim.lines[0].supplier", 7),
    (S, "claim.lines", [{"category": "venue", "amount": "0.00"}]),
    (S, "claim.requested", "00004000.00"),
    (S, "claim.requested", "9" * 5000 + ".99"),
    (S, "claim.details", {"invited_customers": ["of", "any", "type"]}),
    (A, "claim.requested", "not read"),
    (X, "period.code", 7),
    (X, "partner.partner_type", 7),
    (X, "claim.lines", "not read"),
    (X, "claim.actual_lines[0].amount", "not read"),
    (X, "claim.actual_lines[0].accepted", "not read"),
    (X, "claim.activity_type", None),
    (C, "period", "not read"),
    (C, "claim.organiser", "not read"),
    (C, "claim.approved", "not read"),
    (C, "partner.performance", "not read"),
    (C, "claim.actual_lines", None),
    (C, "claim.evidence", LEFT_OUT),
    (C, "claim.checklist", None),
    (C, "claim.checklist", {"signed_by": "somebody"}),
]


@pytest.mark.parametrize(("trigger", "path", "value", "problem"), BAD)
def test_a_field_without_its_form_is_named(trigger: Trigger, path: str, value: Any, problem: str) -> None:
    assert error_of(trigger, {path: value}) == problem


@pytest.mark.parametrize(("trigger", "path", "value"), FINE)
def test_what_is_not_read_or_may_be_left_out_is_no_error(trigger: Trigger, path: str, value: Any) -> None:
    assert error_of(trigger, {path: value}) == ""


def test_the_first_bad_field_is_the_first_of_the_documents_order() -> None:
    wrong = {"claim.requested": 1, "period": None, "today": "x"}
    assert error_of(S, wrong) == "today not_day"
    del wrong["today"]
    assert error_of(S, wrong) == "period missing"


@pytest.mark.parametrize("value", [None, "", " ", 7, [], {}, "withdraw", "Submit", "golf"])
def test_a_trigger_without_a_checkpoint_is_refused(value: Any) -> None:
    with pytest.raises(FormError):
        read_trigger(value)


def test_the_triggers_of_the_four_checkpoints_are_known() -> None:
    assert [read_trigger(word) for word in ("submit", "approve", "report", "accept")] == [S, A, X, C]


@given(JSON, st.sampled_from(TRIGGERS))
def test_any_json_is_read_or_refused_with_a_path(value: Any, trigger: Trigger) -> None:
    with pytest.raises(FormError) as refused:
        read_document(value, trigger)
    assert refused.value.problem in PROBLEMS


PATHS = sorted({path for _, path, _, _ in BAD if "[" not in path})


@given(st.sampled_from(TRIGGERS), st.sampled_from(PATHS), JSON)
def test_any_json_in_any_field_is_judged_or_refused_with_a_path(
    trigger: Trigger, path: str, value: Any
) -> None:
    changed = document(trigger, {path: value})
    try:
        verdicts(changed)
    except FormError as error:
        assert error.path.split(".")[0] in changed  # noqa: PT017 - either outcome is right


def test_a_checklist_item_of_another_policy_is_judged_by_it() -> None:
    other = default_document()
    other["catalogue"]["checklist_items"].append({"code": "signed", "label": "Signed"})
    with pytest.raises(FormError, match=r"claim\.checklist\.signed: must be true or false"):
        read_document(document(C, {"claim.checklist.signed": "yes"}), C, read_policy(other))
    facts = read_document(document(C, {"claim.checklist.signed": True}), C)
    assert facts.claim.checklist["signed"] is True


def test_every_part_that_a_rule_reads_is_a_part_of_the_document() -> None:
    changes = {"claim.lines[0].product_model": "S1", "claim.actual_lines[0].product_model": "S1"}
    example = document(C, {**changes, "claim.exchange": {"currency": "EUR", "usd": "1.0856", "local": "1"}})
    for rule in RULES:
        for trigger in rule.checkpoints:
            for part in parts_read(rule, trigger):
                place: Any = example
                for name in part.split("."):
                    place = place[name]
                    place = place[0] if isinstance(place, list) and place else place


def test_the_default_policy_names_the_checklist_items() -> None:
    assert default_policy().catalogue.ticks == {
        "executed_as_approved",
        "co_brand_correct",
        "costs_match_invoices",
    }
