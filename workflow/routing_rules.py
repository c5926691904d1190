"""The routing rules of a policy version: which claims go to whom, in how many tiers.

They name groups of approvers, never people: who belongs to a group is changed at once, a version never.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from models.money import Cents
from workflow.reading import Field, FormError, Shape, amount, count, country, items, mapping, reader, text

Decider = Mapping[str, int]
"""Who decides in a tier: `{"group": 2}`, or `{}` for any approver. Older routes also hold `{"user": 3}`."""

ANYBODY: Decider = {}

MOST_TIERS = 4

MOST_RULES = 100
"""More than anybody reads, and few enough for one page."""

_CODE = re.compile(r"\w{1,60}")


@dataclass(frozen=True, kw_only=True)
class RoutingRule:
    """Leads the claims that meet every condition to those who decide, tier by tier.

    A condition that is None holds for every claim; `above` (cents) for those that ask for more.
    """

    code: str
    label: str
    country: str | None = None
    activity_type: str | None = None
    partner_id: int | None = None
    above: Cents = 0
    tiers: tuple[Decider, ...] = field(hash=False)

    @property
    def groups(self) -> frozenset[int]:
        """Return the ids of the groups that it names."""
        return frozenset(tier["group"] for tier in self.tiers if "group" in tier)


def _code(value: object) -> str:
    """Read a code: it names the rule in addresses."""
    found = text(value)
    if not _CODE.fullmatch(found):
        raise FormError("", "not_code")
    return found


LARGEST_ID = 10**18 - 1
"""No row has a larger one, and every database can look for it."""


def _id(value: object) -> int:
    """Read the id of a group or a partner."""
    found = count(value)
    if found > LARGEST_ID:
        raise FormError("", "unknown")
    return found


def _tier(value: object) -> Decider:
    """Read who decides in a tier."""
    said = mapping(value)
    for name in said:
        if name != "group":
            raise FormError(name, "unknown")
    if not said:
        return ANYBODY
    try:
        return {"group": _id(said["group"])}
    except FormError as error:
        raise error.under("group") from None


ROUTING = Shape(
    RoutingRule,
    (
        Field("code", _code),
        Field("label", text),
        Field("country", country, None),
        Field("activity_type", text, None),
        Field("partner_id", _id, None),
        Field("above", amount, 0),
        Field("tiers", items(_tier)),
    ),
    many=True,
    closed=True,
)
"""The form of the routing rules in a policy document, the first that is tried first."""

read_rules = reader(ROUTING)
"""Reads them from a document that holds policies, as a tuple. Raises FormError."""


def check_rules(rules: Sequence[RoutingRule], activity_types: Iterable[str]) -> None:
    """Raise FormError at the first rule whose code stands twice, that names no activity type, or nobody."""
    known, codes = frozenset(activity_types), set[str]()
    if len(rules) > MOST_RULES:
        raise FormError(f"[{MOST_RULES}]", "too_many_rules")
    for index, rule in enumerate(rules):
        if rule.code in codes:
            raise FormError(f"[{index}].code", "twice")
        if rule.activity_type is not None and rule.activity_type not in known:
            raise FormError(f"[{index}].activity_type", "unknown")
        if not 1 <= len(rule.tiers) <= MOST_TIERS:
            raise FormError(f"[{index}].tiers", "not_tiers")
        codes.add(rule.code)
