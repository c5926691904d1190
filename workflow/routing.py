"""Where a claim goes: which routing rule fits it, who decides in how many tiers, and which tier it is in.

A route is worked out at each submission, by the claim's policy version, and kept on the claim, so that later
versions move nothing that is under way. Who belongs to a group is read anew each time.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from models.claims import Claim
from models.money import Cents, parse_amount
from models.people import Partner
from models.routing import ApproverGroup, GroupMember
from workflow.dossier import AnyRow
from workflow.routing_rules import ANYBODY, Decider, RoutingRule

Groups = Mapping[int, frozenset[int]]
"""The members of each group, by its id."""


class Route(NamedTuple):
    """Who decides, tier by tier, and the code of the rule that said so: None where no rule fitted."""

    tiers: tuple[Decider, ...] = (ANYBODY,)
    rule: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the route as a claim keeps it."""
        return {"rule": self.rule, "tiers": [dict(tier) for tier in self.tiers]}


ONE_APPROVER = Route()


class Stage(NamedTuple):
    """How far a decision is: the tiers of the route, how many have endorsed, and what they left, in cents.

    `taken_part` are those who endorsed and those on whose behalf they did; `days_late` is by how many days
    they did so late.
    """

    tiers: Sequence[Decider]
    endorsed: int
    at_most: Cents | None
    taken_part: frozenset[int]
    days_late: int = 0

    @property
    def is_last(self) -> bool:
        """Return whether this tier's decision is the approval itself."""
        return self.endorsed >= len(self.tiers) - 1

    @property
    def decider(self) -> Decider:
        """Return who decides in this tier."""
        return self.tiers[min(self.endorsed, len(self.tiers) - 1)]


def route_of(
    rules: Iterable[RoutingRule], *, country: str, activity_type: str, partner_id: int, requested: Cents
) -> Route:
    """Return the route of the first rule that fits a claim; any one approver decides where none does."""
    for rule in rules:
        fits = (
            rule.country in (None, country)
            and rule.activity_type in (None, activity_type)
            and rule.partner_id in (None, partner_id)
            and requested > rule.above
        )
        if fits:
            return Route(rule.tiers, rule.code)
    return ONE_APPROVER


def stage_of(claim: AnyRow | Claim, values: Mapping[str, Any]) -> Stage:
    """Return how far the decision on a claim is, once the claim has these new values."""
    route = values.get("route", claim.route)
    endorsements = values.get("endorsements", claim.endorsements) or []
    return Stage(
        tiers=route["tiers"] if route else ONE_APPROVER.tiers,
        endorsed=len(endorsements),
        at_most=parse_amount(endorsements[-1]["amount"]) if endorsements else None,
        taken_part=frozenset(one[name] for one in endorsements for name in ("by", "for") if one[name]),
        days_late=sum(one.get("days_late", 0) for one in endorsements),
    )


def members(decider: Decider, groups: Groups) -> frozenset[int] | None:
    """Return the ids of those whom a tier names; None where it is for any approver."""
    if "user" in decider:
        return frozenset({decider["user"]})
    return groups.get(decider["group"], frozenset()) if "group" in decider else None


def first_unknown(connection: Connection, rules: Iterable[RoutingRule]) -> RoutingRule | None:
    """Return the first rule that names a group or a partner which is not on file; None where none does."""
    groups = frozenset(connection.scalars(select(ApproverGroup.id)))
    for rule in rules:
        partner = select(Partner.id).where(Partner.id == rule.partner_id)
        if rule.groups - groups or (rule.partner_id is not None and connection.scalar(partner) is None):
            return rule
    return None


def groups_of(connection: Connection) -> Groups:
    """Return the members of every group."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    for row in connection.execute(select(GroupMember.group_id, GroupMember.user_id)):
        found[row.group_id].add(row.user_id)
    return {group_id: frozenset(ids) for group_id, ids in found.items()}
