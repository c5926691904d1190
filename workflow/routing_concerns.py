"""What to look at in routing rules before they hold: a rule that never applies, tiers that too few can fill.

None of it is wrong: who belongs to a group may change before the rules hold, and a rule may wait for others
to be taken out. So nothing is refused for it.
"""

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import NamedTuple

from workflow.routing import Groups, members
from workflow.routing_rules import Decider, RoutingRule

_CONDITIONS = ("country", "activity_type", "partner_id")


class NeverReached(NamedTuple):
    """A rule that no claim comes to, since an earlier one fits every claim that it fits."""

    rule: RoutingRule
    earlier: RoutingRule


class TooFew(NamedTuple):
    """Tiers of a rule that have not one person each, and how many people they have between them."""

    rule: RoutingRule
    tiers: Sequence[Decider]
    people: int


def never_reached(rules: Sequence[RoutingRule]) -> list[NeverReached]:
    """Return the rules that no claim comes to, each beside the first one that takes its claims."""
    found = []
    for place, rule in enumerate(rules):
        earlier = next((one for one in rules[:place] if _covers(one, rule)), None)
        if earlier is not None:
            found.append(NeverReached(rule, earlier))
    return found


def too_few(rules: Iterable[RoutingRule], groups: Groups, approvers: frozenset[int]) -> list[TooFew]:
    """Return the rules whose tiers cannot each be decided by somebody else, as the groups are now.

    `approvers` are the ids of those who can decide at all. Of each rule it tells the fewest tiers that are
    short of people: one whose group has nobody, before two that share one person.
    """
    return [found for rule in rules if (found := _short(rule, groups, approvers)) is not None]


def _covers(earlier: RoutingRule, later: RoutingRule) -> bool:
    named = all(getattr(earlier, name) in (None, getattr(later, name)) for name in _CONDITIONS)
    return named and earlier.above <= later.above


def _short(rule: RoutingRule, groups: Groups, approvers: frozenset[int]) -> TooFew | None:
    """Return the fewest tiers with less people than tiers: only then can others fill all (Hall's theorem)."""
    for size in range(1, len(rule.tiers) + 1):
        for tiers in combinations(rule.tiers, size):
            people = frozenset[int]().union(*(_able(tier, groups, approvers) for tier in tiers))
            if len(people) < size:
                return TooFew(rule, tiers, len(people))
    return None


def _able(tier: Decider, groups: Groups, approvers: frozenset[int]) -> frozenset[int]:
    named = members(tier, groups)
    return approvers if named is None else named & approvers
