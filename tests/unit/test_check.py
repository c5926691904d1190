"""The check answers every line in order, and no line can stop it."""

import json
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import example, given
from hypothesis import strategies as st

from models.vocabulary import Trigger
from tests.support.check_documents import CASES, document
from tests.unit.test_document_form import JSON
from web.commands.check import check
from workflow.check import check_document, check_line, check_stream
from workflow.policies import Policy, default_policy, override

PLAIN = document(Trigger.submit)


def answer(**changes: Any) -> dict[str, Any]:
    """Return the answer to a plain document with changed members."""
    found = check_line(json.dumps({**PLAIN, **changes}))
    assert found is not None
    return found


def test_a_case_is_answered_in_the_rulebooks_form() -> None:
    cap = next(case for case in CASES if case["id"] == "cap-exceeded")
    assert check_line(json.dumps(cap)) == {
        "id": "cap-exceeded",
        "violations": [
            {
                "rule": "activity-cap",
                "clause": "There is a highest amount for any one activity (Requirements, 1st paragraph).",
                "message": "The 10,000.01 USD asked for is above 10,000.00 USD, the most for one activity.",
                "figures": {"amount": "10000.01", "limit": "10000.00"},
                "remedy": "Lower the amount to 10,000.00 USD.",
            }
        ],
    }


def test_what_breaks_no_rule_has_no_violations() -> None:
    assert answer() == {"id": "plain-seminar", "violations": []}


def test_a_bad_field_is_an_error_and_no_violation() -> None:
    lines = [{"category": "venue", "amount": "1.00"}, {"category": "venue", "amount": 1}]
    assert answer(claim={**PLAIN["claim"], "lines": lines}) == {
        "id": "plain-seminar",
        "error": "claim.lines[1].amount: must be an amount as text, such as 4000.00",
    }


@pytest.mark.parametrize("identifier", [None, "", "a\ud800", 7, 1.5, True, ["a"], {"b": [None]}, -(10**30)])
def test_the_id_is_echoed_as_it_stands(identifier: Any) -> None:
    assert json.loads(next(check_stream([json.dumps({**PLAIN, "id": identifier})])))["id"] == identifier


def test_a_document_without_an_id_is_answered_with_null() -> None:
    assert check_line("{}") == {"id": None, "error": "trigger: is missing"}


@pytest.mark.parametrize(
    ("policy", "error"),
    [
        ({"max_funding": "1"}, "policy.max_funding: is not known here"),
        ({"catalogue": {}}, "policy.catalogue: is not known here"),
        ({"limits_are_examples": True}, "policy.limits_are_examples: is not known here"),
        ({"max_funding_share": 0.5}, "policy.max_funding_share: must be a share as text, such as 0.50"),
        ({"max_funding_share": "-0.5"}, "policy.max_funding_share: must be a share as text, such as 0.50"),
        ({"prohibited_categories": ["a", 1]}, "policy.prohibited_categories[1]: must be text"),
        ({"promotional_item_limits": {"DE": 1}},
         "policy.promotional_item_limits.DE: must be an amount as text, such as 4000.00"),
        ([], "policy: must be a JSON object"),
    ],
)  # fmt: skip
def test_an_override_without_its_form_is_an_error(policy: Any, error: str) -> None:
    assert answer(policy=policy)["error"] == error


def test_an_override_of_null_is_left_out() -> None:
    assert answer(policy={"max_funding_share": None, "golf": None})["violations"] == []


def test_an_override_replaces_a_parameter_as_a_whole() -> None:
    table = {"promotional_item_limits": {"FR": "20.00"}}
    items = next(case for case in CASES if case["id"] == "plain-promotional-items")
    found = check_line(json.dumps({**items, "policy": table}))
    assert found is not None
    assert [violation["rule"] for violation in found["violations"]] == ["activity-details"]


@pytest.mark.parametrize(
    "line",
    [
        b"\xff\xfe{}",
        b"{",
        b"null",
        b"[]",
        b"7",
        b'"text"',
        b"NaN",
        b'{"id": NaN}',
        b'{"id": Infinity}',
        b"{}{}",
        b"\x00",
        b"[" * 100_000,
        b'{"id": ' * 100_000,
        b'{"id": 1, "x": ' + b"[" * 5000 + b"]" * 5000 + b"}",
        b"\xc2\xa0{}",
        b"1" * 10_000,
    ],
    ids=lambda line: repr(line[:20]),
)
def test_a_line_that_is_no_json_object_gets_id_null(line: bytes) -> None:
    found = check_line(line)
    assert found is not None
    assert found["id"] is None
    assert found["error"].startswith("line: ")


@pytest.mark.parametrize("line", [b"", b"\n", b" \t\r\n", "\ufeff\n".encode(), "  "])
def test_blank_lines_are_skipped(line: bytes | str) -> None:
    assert check_line(line) is None


def test_a_byte_order_mark_and_carriage_returns_do_no_harm() -> None:
    found = check_line(("\ufeff" + json.dumps(PLAIN) + "\r\n").encode())
    assert found == {"id": "plain-seminar", "violations": []}


def test_the_last_of_duplicate_keys_counts() -> None:
    assert check_line('{"id": 1, "id": 2}') == {"id": 2, "error": "trigger: is missing"}


def test_amounts_and_counts_of_thousands_of_digits_are_judged() -> None:
    claim = {**PLAIN["claim"], "requested": "9" * 6000 + ".00"}
    line = json.dumps({**PLAIN, "claim": claim}).replace(
        '"expected_attendees": 80', f'"expected_attendees": {"8" * 6000}'
    )
    found = check_line(line)
    assert found is not None
    assert [violation["rule"] for violation in found["violations"]] == ["funding-share", "activity-cap"]


@pytest.mark.parametrize("identifier", ["1e999", "9" * 5000, "[" * 980 + "]" * 980])
def test_an_id_that_cannot_be_written_again_is_null_at_worst(identifier: str) -> None:
    found = json.loads(next(check_stream([f'{{"id": {identifier}}}'])))
    assert "error" in found


@given(st.binary(max_size=200))
def test_no_bytes_stop_the_run(line: bytes) -> None:
    assert len(list(check_stream([line, b"{}"]))) in {1, 2}


@given(JSON, JSON)
@example({"trigger": []}, None)
@example({"trigger": "submit", "today": "2026-01-01", "policy": 1}, {})
def test_no_json_stops_the_run(value: Any, identifier: Any) -> None:
    for whole in (value, {**PLAIN, "id": identifier, "policy": value}, {**PLAIN, "claim": value}):
        (found,) = check_stream([json.dumps(whole)])
        assert json.loads(found).keys() in ({"id", "error"}, {"id", "violations"})


@given(st.text(st.characters(exclude_categories=[]), max_size=20))
def test_any_text_is_said_in_ascii(text: str) -> None:
    claim = {**PLAIN["claim"], "activity_type": text}
    (found,) = check_stream([json.dumps({**PLAIN, "id": text, "claim": claim})])
    assert found.isascii()
    assert json.loads(found)["id"] == text


def test_a_policy_in_force_is_found_by_the_documents_day() -> None:
    asked = []

    def in_force(day: date) -> Policy:
        asked.append(day.isoformat())
        return override(default_policy(), {"max_funding_share": "0.10"})

    found = check_document(PLAIN, in_force)
    assert asked == ["2026-03-02"]
    assert [violation["rule"] for violation in found] == ["funding-share"]


def test_the_command_answers_standard_input_line_by_line() -> None:
    lines = [json.dumps(PLAIN), "", "nonsense", json.dumps({"id": "é\ud800"})]
    result = CliRunner().invoke(check, input="\n".join(lines))
    assert result.exit_code == 0
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [found["id"] for found in answers] == ["plain-seminar", None, "é\ud800"]


def test_the_command_answers_nothing_with_nothing() -> None:
    result = CliRunner().invoke(check, input="")
    assert (result.exit_code, result.stdout) == (0, "")
