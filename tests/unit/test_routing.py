"""Which routing rule fits a claim, and which tier its decision is in."""

from types import SimpleNamespace
from typing import Any

from workflow.routing import ONE_APPROVER, Route, members, route_of, stage_of
from workflow.routing_rules import RoutingRule

CLAIM: dict[str, Any] = {
    "country": "DE",
    "activity_type": "seminar",
    "partner_id": 7,
    "requested": 400_000,
}


def rule(code: str, *tiers: dict[str, int], **conditions: Any) -> RoutingRule:
    return RoutingRule(code=code, label=code.title(), tiers=tiers, **conditions)


def claim(**stands: Any) -> Any:
    return SimpleNamespace(**{"route": None, "endorsements": None, **stands})


def test_without_a_rule_that_fits_any_one_approver_decides() -> None:
    assert route_of([], **CLAIM) == ONE_APPROVER == Route(({},), None)
    assert route_of([rule("one", {"group": 1}, country="FR")], **CLAIM) == ONE_APPROVER


def test_a_rule_fits_only_where_every_condition_holds() -> None:
    for name, other in (("country", "FR"), ("activity_type", "webcast"), ("partner_id", 8)):
        fitting = rule("one", {"group": 1}, **{name: CLAIM[name]})
        assert route_of([fitting], **CLAIM).rule == "one"
        assert route_of([fitting], **{**CLAIM, name: other}) == ONE_APPROVER


def test_above_an_amount_means_above_it() -> None:
    limit = rule("one", {}, {"group": 2}, above=CLAIM["requested"])
    assert route_of([limit], **CLAIM) == ONE_APPROVER
    assert route_of([limit], **{**CLAIM, "requested": 400_001}).tiers == ({}, {"group": 2})


def test_the_first_rule_that_fits_applies() -> None:
    rules = [rule("french", {"group": 1}, country="FR"), rule("two", {"group": 2}), rule("three", {})]
    assert route_of(rules, **CLAIM).rule == "two"


def test_a_tier_names_a_person_a_group_or_nobody_in_particular() -> None:
    groups = {2: frozenset({4, 5})}
    assert members({"user": 3}, groups) == frozenset({3})
    assert members({"group": 2}, groups) == frozenset({4, 5})
    assert members({"group": 9}, groups) == frozenset(), "a group without members has none to decide"
    assert members({}, groups) is None


def test_each_endorsement_leads_to_the_next_tier_and_bounds_it() -> None:
    route = {"rule": 1, "tiers": [{"user": 1}, {"group": 2}]}
    first = stage_of(claim(route=route, endorsements=[]), {})
    assert (first.decider, first.is_last, first.at_most) == ({"user": 1}, False, None)

    endorsed = [{"by": 9, "for": 1, "amount": "3000.00"}]
    second = stage_of(claim(route=route, endorsements=endorsed), {})
    assert (second.decider, second.is_last, second.at_most) == ({"group": 2}, True, 300_000)
    assert second.taken_part == {9, 1}


def test_a_claim_from_before_there_were_routes_needs_one_approver() -> None:
    stage = stage_of(claim(), {})
    assert (stage.decider, stage.is_last, stage.taken_part) == ({}, True, frozenset())
