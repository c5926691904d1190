"""What to look at in routing rules before they hold: rules that never apply, tiers that could find nobody.

None of it is wrong: who belongs to a group may change before the rules hold, and a rule may wait for others
to be taken out. So nothing is refused for it.
"""

from collections.abc import Iterable, Sequence
from itertools import permutations
from typing import NamedTuple

from workflow.routing import Groups, members
from workflow.routing_rules import Decider, RoutingRule

_CONDITIONS = ("country", "activity_type", "partner_id")


class NeverReached(NamedTuple):
    """A rule that no claim comes to, since an earlier one fits every claim that it fits."""

    rule: RoutingRule
    earlier: RoutingRule


class MayWait(NamedTuple):
    """A tier of a rule, from 1 on, for which nobody may be left, and how many can decide in it at all."""

    rule: RoutingRule
    place: int
    people: int

    @property
    def tier(self) -> Decider:
        """Return whom the tier names."""
        return self.rule.tiers[self.place - 1]


def never_reached(rules: Sequence[RoutingRule]) -> list[NeverReached]:
    """Return the rules that no claim comes to, each beside the first one that takes its claims."""
    found = []
    for place, rule in enumerate(rules):
        earlier = next((one for one in rules[:place] if _covers(one, rule)), None)
        if earlier is not None:
            found.append(NeverReached(rule, earlier))
    return found


def may_wait(rules: Iterable[RoutingRule], groups: Groups, approvers: frozenset[int]) -> list[MayWait]:
    """Return, of each rule, the first tier for which nobody may be left, as the groups are now.

    `approvers` are the ids of those who can decide at all. Nobody decides in two tiers of a claim, and each
    tier goes to whoever has the least to do, whether or not a later one needs them.
    """
    found = []
    for rule in rules:
        able = [_able(tier, groups, approvers) for tier in rule.tiers]
        place = next((at for at, people in enumerate(able) if _all_taken(people, able[:at])), None)
        if place is not None:
            found.append(MayWait(rule, place + 1, len(able[place])))
    return found


def _covers(earlier: RoutingRule, later: RoutingRule) -> bool:
    named = all(getattr(earlier, name) in (None, getattr(later, name)) for name in _CONDITIONS)
    return named and earlier.above <= later.above


def _all_taken(people: frozenset[int], earlier: Sequence[frozenset[int]]) -> bool:
    """Return whether earlier tiers can take everybody, each of them somebody else."""
    if len(people) > len(earlier):
        return False
    taken = permutations(earlier, len(people))
    return any(all(one in tier for one, tier in zip(people, tiers, strict=True)) for tiers in taken)


def _able(tier: Decider, groups: Groups, approvers: frozenset[int]) -> frozenset[int]:
    named = members(tier, groups)
    return approvers if named is None else named & approvers
