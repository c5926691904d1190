"""The form of the routing rules in a policy document."""

from typing import Any

import pytest

from tests.support.routing import rule
from workflow.policies import PolicyError, default_document, policy_document, read_policy
from workflow.policy_parts import route_part, route_place
from workflow.routing_rules import LARGEST_ID, MOST_RULES, RoutingRule


def routed(*rules: dict[str, Any]) -> dict[str, Any]:
    """Return a policy document with these routing rules."""
    return {**default_document(), "routing": list(rules)}


WHOLE = rule({"group": 2}, {}, above=300_000, country="DE", activity_type="seminar", partner_id=7)


def test_a_rule_is_read_with_its_conditions_and_tiers_and_written_as_it_was() -> None:
    policy = read_policy(routed(WHOLE))
    assert policy.routing == (
        RoutingRule(
            code="first",
            label="First",
            country="DE",
            activity_type="seminar",
            partner_id=7,
            above=300_000,
            tiers=({"group": 2}, {}),
        ),
    )
    assert policy_document(policy)["routing"] == [WHOLE]


def test_a_document_may_say_nothing_of_routing() -> None:
    silent = {name: value for name, value in default_document().items() if name != "routing"}
    assert read_policy(silent).routing is None
    assert read_policy(default_document()).routing == ()


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"code": " "}, "routing[0].code"),
        ({"code": "a/b"}, "routing[0].code"),
        ({"code": "x" * 61}, "routing[0].code"),
        ({"code": 7}, "routing[0].code"),
        ({"label": None}, "routing[0].label"),
        ({"country": "de"}, "routing[0].country"),
        ({"country": "Germany"}, "routing[0].country"),
        ({"activity_type": "regatta"}, "routing[0].activity_type"),
        ({"partner_id": "7"}, "routing[0].partner_id"),
        ({"partner_id": True}, "routing[0].partner_id"),
        ({"partner_id": LARGEST_ID + 1}, "routing[0].partner_id"),
        ({"above": 3000}, "routing[0].above"),
        ({"above": "-1.00"}, "routing[0].above"),
        ({"above": "100000000000.00"}, "routing[0].above"),
        ({"tiers": []}, "routing[0].tiers"),
        ({"tiers": [{}] * 5}, "routing[0].tiers"),
        ({"tiers": [{}, {"user": 3}]}, "routing[0].tiers[1].user"),
        ({"tiers": [{"group": "2"}]}, "routing[0].tiers[0].group"),
        ({"tiers": [{"group": LARGEST_ID + 1}]}, "routing[0].tiers[0].group"),
        ({"tiers": ["group"]}, "routing[0].tiers[0]"),
        ({"place": 1}, "routing[0].place"),
    ],
)
def test_what_is_wrong_with_a_rule_is_named_by_its_path(wrong: dict[str, Any], path: str) -> None:
    with pytest.raises(PolicyError) as refused:
        read_policy(routed({**WHOLE, **wrong}))
    assert refused.value.path == path


def test_no_two_rules_have_one_code() -> None:
    with pytest.raises(PolicyError) as refused:
        read_policy(routed(rule({}), rule({}, country="DE")))
    assert refused.value.path == "routing[1].code"


def test_there_are_no_more_rules_than_anybody_reads() -> None:
    many = [rule({}, code=f"rule_{number}") for number in range(MOST_RULES + 1)]
    assert len(read_policy(routed(*many[1:])).routing or ()) == MOST_RULES
    with pytest.raises(PolicyError) as refused:
        read_policy(routed(*many))
    assert refused.value.path == f"routing[{MOST_RULES}]"


def test_a_rule_is_put_at_its_place_moved_and_taken_out() -> None:
    document: Any = routed(rule({}, code="one"), rule({}, code="two"))
    three = {**rule({}, code="three"), "place": 1}
    document = route_part("three").into(document, three)
    assert codes(document) == ["three", "one", "two"]
    assert route_part("three").of(document) == rule({}, code="three")
    assert [route_place(document, code) for code in ("three", "two", "none")] == [1, 3, None]
    document = route_part("one").into(document, rule({}, {}, code="one"))
    assert codes(document) == ["three", "one", "two"], "it stays where it is"
    document = route_part("three").into(document, {**three, "place": 9})
    assert codes(document) == ["one", "two", "three"], "no place is after the last"
    assert "place" not in document["routing"][2]
    document = route_part("four").into(document, rule({}, code="four"))
    assert codes(document) == ["one", "two", "three", "four"], "a new one is put last"
    document = route_part("one").into(document, None)
    assert codes(document) == ["two", "three", "four"]
    assert route_part("one").of(document) is None


def codes(document: Any) -> list[str]:
    """Return the codes of a document's rules, in their order."""
    return [one["code"] for one in document["routing"]]
