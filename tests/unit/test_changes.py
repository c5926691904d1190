"""What changed between two looks at a claim, field by field."""

from copy import deepcopy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from workflow.changes import Change, Part, changes_between

LINE: dict[str, Any] = {"category": "venue", "quantity": 1, "unit_value": "9000.00", "amount": "9000.00"}
DOCUMENT: dict[str, Any] = {
    "period": {"code": "2026H1"},
    "claim": {
        "title": "Spring seminar",
        "starts_on": "2026-04-10",
        "requested": "4000.00",
        "organiser": {"kind": "partner"},
        "details": {"invited_customers": 40},
        "lines": [LINE],
        "evidence": [{"kind": "invoice", "commitment": "a"}],
    },
}


def changed(**claim: Any) -> dict[str, Any]:
    return {**DOCUMENT, "claim": {**DOCUMENT["claim"], **claim}}


def test_the_same_document_has_no_change() -> None:
    assert changes_between(DOCUMENT, deepcopy(DOCUMENT)) == []


def test_a_field_of_the_plan_is_told_with_both_values() -> None:
    after = changed(title="Summer seminar", place="Hamburg", requested="3000.00")
    assert changes_between(DOCUMENT, after) == [
        Change(Part.plan, "title", "Spring seminar", "Summer seminar"),
        Change(Part.plan, "place", None, "Hamburg"),
        Change(Part.plan, "requested", "4000.00", "3000.00"),
    ]


def test_period_organiser_and_details_are_fields_too() -> None:
    after = changed(organiser={"kind": "third_party", "name": "Fairs Ltd"}, details={"medium": "print"})
    after["period"] = {"code": "2026H2"}
    assert changes_between(DOCUMENT, after) == [
        Change(Part.plan, "period_id", "2026H1", "2026H2"),
        Change(Part.plan, "organiser_kind", "partner", "third_party"),
        Change(Part.plan, "organiser_name", None, "Fairs Ltd"),
        Change(Part.details, "invited_customers", 40, None),
        Change(Part.details, "medium", None, "print"),
    ]


def test_a_line_is_told_by_its_place_and_a_new_one_as_a_whole() -> None:
    dearer, new = {**LINE, "amount": "9500.00", "unit_value": "9500.00"}, {**LINE, "category": "catering"}
    assert changes_between(DOCUMENT, changed(lines=[dearer, new])) == [
        Change(Part.lines, "unit_value", "9000.00", "9500.00", 1),
        Change(Part.lines, "amount", "9000.00", "9500.00", 1),
        Change(Part.lines, "", None, new, 2),
    ]
    assert changes_between(changed(lines=[LINE, new]), DOCUMENT) == [Change(Part.lines, "", new, None, 2)]


def test_a_file_that_was_replaced_went_and_came() -> None:
    other = {"kind": "invoice", "commitment": "b"}
    assert changes_between(DOCUMENT, changed(evidence=[other])) == [
        Change(Part.evidence, "", {"kind": "invoice", "commitment": "a"}, None),
        Change(Part.evidence, "", None, other),
    ]


def test_what_was_found_of_a_file_or_a_line_is_no_change_of_the_partners() -> None:
    judged = {"kind": "invoice", "commitment": "a", "meets_standard": True}
    actual = [{**LINE, "supplier": "Hall", "accepted": False}]
    before = changed(actual_lines=[{**LINE, "supplier": "Hall"}])
    assert changes_between(before, changed(evidence=[judged], actual_lines=actual)) == []


def test_an_empty_document_compares_with_any() -> None:
    assert changes_between({}, {}) == []
    assert len(changes_between({}, DOCUMENT)) == 8


@given(
    st.lists(st.sampled_from(["a", "b", "c"]), max_size=5),
    st.lists(st.sampled_from(["a", "b", "c"]), max_size=5),
)
def test_taken_back_every_change_turns_round(before: list[str], after: list[str]) -> None:
    old, new = (changed(lines=[{**LINE, "description": one} for one in some]) for some in (before, after))
    there, back = changes_between(old, new), changes_between(new, old)
    assert [one._replace(before=one.after, after=one.before) for one in there] == back
