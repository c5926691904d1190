"""What is pointed out of routing rules before they hold."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.routing import members, route_of
from workflow.routing_concerns import may_wait, never_reached
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


def waits(*tiers: Decider) -> tuple[int, int] | None:
    """Return which tier of a rule nobody may be left for, and how many it has at all; None for none."""
    found = may_wait([rule("rule", *tiers)], GROUPS, APPROVERS)
    return found[0][1:] if found else None


@pytest.mark.parametrize("nobody", [EMPTY, {"group": 4}])
def test_a_tier_in_which_nobody_can_decide_is_pointed_out(nobody: Decider) -> None:
    assert waits(SOUTH, nobody) == (2, 0)


def test_a_tier_whose_people_the_earlier_ones_can_take_is_pointed_out() -> None:
    assert waits(NORTH, NORTH) == (2, 1)
    assert waits({}, NORTH) == (2, 1), "the first may go to Bob, whom the second needs"
    assert waits({}, {}, {}) == (3, 2)
    assert waits(NORTH, {}) is None
    assert waits({}, {}) is None
    assert waits(NORTH, SOUTH) is None


TIERS = st.lists(st.sampled_from([NORTH, SOUTH, EMPTY, {"group": 5}, {}]), min_size=1, max_size=4)


def stalls(able: list[frozenset[int]], taken: frozenset[int] = frozenset()) -> bool:
    """Return whether some way of giving each tier to any one who is left ends with a tier without anybody."""
    if not able:
        return False
    left = able[0] - taken
    return not left or any(stalls(able[1:], taken | {one}) for one in left)


@given(TIERS, st.sets(st.integers(1, 4)), st.sets(st.integers(1, 4)))
def test_it_is_pointed_out_just_where_a_claim_could_find_nobody(
    tiers: list[Decider], five: set[int], approvers: set[int]
) -> None:
    groups, everybody = {**GROUPS, 5: frozenset(five)}, frozenset(approvers)
    named = [members(tier, groups) for tier in tiers]
    able = [everybody if one is None else one & everybody for one in named]
    assert bool(may_wait([rule("rule", *tiers)], groups, everybody)) == stalls(able)
