"""What is pointed out of routing rules before they hold."""

from collections.abc import Mapping
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.routing import members, route_of
from workflow.routing_concerns import never_reached, too_few
from workflow.routing_rules import Decider, RoutingRule

BOB, CORA, GONE = 1, 2, 3
APPROVERS = frozenset({BOB, CORA})
NORTH, SOUTH, EMPTY = ({"group": number} for number in (1, 2, 3))
GROUPS: Mapping[int, frozenset[int]] = {
    1: frozenset({BOB}),
    2: frozenset({BOB, CORA, GONE}),
    4: frozenset({GONE}),
}


def rule(code: str, *tiers: Decider, **conditions: object) -> RoutingRule:
    """Return a rule for every claim save for what the conditions say; any approver decides."""
    return RoutingRule(code=code, label=code, tiers=tiers or ({},), **conditions)  # type: ignore[arg-type] # each has its own type


def hidden(*rules: RoutingRule) -> list[tuple[str, str]]:
    """Return the codes of the rules that no claim comes to, each with that of the rule before it."""
    return [(one.rule.code, one.earlier.code) for one in never_reached(rules)]


def test_a_rule_behind_one_that_fits_all_its_claims_is_never_reached() -> None:
    everything, seminars = rule("everything"), rule("seminars", activity_type="seminar")
    assert hidden(everything, seminars) == [("seminars", "everything")]
    assert hidden(seminars, everything) == []


@pytest.mark.parametrize(
    "later",
    [
        {"country": "DE", "above": 200},
        {"country": "DE", "above": 300, "activity_type": "seminar"},
        {"country": "DE", "above": 200, "partner_id": 7},
    ],
)
def test_one_is_never_reached_whose_conditions_are_as_narrow_or_narrower(later: dict[str, object]) -> None:
    assert hidden(rule("wide", country="DE", above=200), rule("narrow", **later)) == [("narrow", "wide")]


@pytest.mark.parametrize(
    "later", [{"country": "FR", "above": 200}, {"country": "DE", "above": 100}, {"above": 200}]
)
def test_one_is_reached_by_any_claim_that_the_earlier_ones_leave(later: dict[str, object]) -> None:
    assert hidden(rule("wide", country="DE", above=200), rule("other", **later)) == []


CONDITIONS = st.fixed_dictionaries(
    {
        "country": st.sampled_from([None, "DE", "FR"]),
        "activity_type": st.sampled_from([None, "seminar"]),
        "partner_id": st.sampled_from([None, 7]),
        "above": st.sampled_from([0, 100]),
    }
)


@given(st.lists(CONDITIONS, max_size=5))
def test_no_claim_at_all_takes_the_way_of_a_rule_that_is_never_reached(
    drawn: list[dict[str, object]],
) -> None:
    rules = [rule(str(place), **conditions) for place, conditions in enumerate(drawn)]
    taken = {
        route_of(rules, country=country, activity_type=activity, partner_id=partner, requested=asked).rule
        for country in ("DE", "FR", "IT")
        for activity in ("seminar", "fair")
        for partner in (7, 8)
        for asked in (50, 150)
    }
    assert taken.isdisjoint(one.rule.code for one in never_reached(rules))


def short(*tiers: Decider) -> tuple[list[Decider], int] | None:
    """Return which tiers of a rule are short of people, and how many these have; None for none."""
    found = too_few([rule("rule", *tiers)], GROUPS, APPROVERS)
    return (list(found[0].tiers), found[0].people) if found else None


@pytest.mark.parametrize("nobody", [EMPTY, {"group": 4}])
def test_a_group_in_which_nobody_can_decide_is_pointed_out(nobody: Decider) -> None:
    assert short(NORTH, nobody) == ([nobody], 0)


def test_tiers_that_share_too_few_people_are_pointed_out() -> None:
    assert short(NORTH, NORTH) == ([NORTH, NORTH], 1)
    assert short(NORTH, SOUTH, {}) == ([NORTH, SOUTH, {}], 2)
    assert short(NORTH, SOUTH) is None
    assert short({}, {}) is None
    assert short(SOUTH, {}) is None


TIERS = st.lists(st.sampled_from([NORTH, SOUTH, EMPTY, {"group": 5}, {}]), min_size=1, max_size=4)


@given(TIERS, st.sets(st.integers(1, 4)), st.sets(st.integers(1, 4)))
def test_nothing_is_pointed_out_where_everybody_could_take_a_tier_of_their_own(
    tiers: list[Decider], five: set[int], approvers: set[int]
) -> None:
    groups = {**GROUPS, 5: frozenset(five)}
    able = [members(tier, groups) for tier in tiers]
    fills = any(
        all(named is None or person in named for person, named in zip(people, able, strict=True))
        for people in permutations(approvers, len(tiers))
    )
    assert (too_few([rule("rule", *tiers)], groups, frozenset(approvers)) == []) == fills
