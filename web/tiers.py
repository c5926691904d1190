"""The tiers of a claim's decision, in words: who decided in those before, and who decides in each after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from models.claims import Claim
from models.money import Cents, parse_amount
from models.people import User
from models.routing import ApproverGroup
from web.names import names_of
from workflow.routing import stage_of
from workflow.routing_rules import Decider


@dataclass(frozen=True, slots=True)
class Tier:
    """One tier: who decides, or has endorsed and for how much (cents); `is_present` where it waits now."""

    who: str
    endorsed: Cents | None
    is_present: bool


@dataclass(frozen=True, slots=True)
class Tiers:
    """The tiers of a decision in their order. `is_last` says that the present one approves."""

    rows: Sequence[Tier]
    is_last: bool


def tiers_of(claim: Claim) -> Tiers:
    """Return the tiers of the decision on a claim."""
    stage, done = stage_of(claim, {}), claim.endorsements or []
    names = names_of(User, [one[name] for one in done for name in ("by", "for")])
    rows = [Tier(_endorser(one, names), parse_amount(one["amount"]), False) for one in done]
    words = decider_names(stage.tiers)
    rows += [Tier(words[at], None, at == len(done)) for at in range(len(done), len(stage.tiers))]
    return Tiers(rows, stage.is_last)


def decider_names(tiers: Sequence[Decider]) -> list[str]:
    """Return who decides in each tier, in words."""
    people = names_of(User, (tier.get("user") for tier in tiers))
    groups = names_of(ApproverGroup, (tier.get("group") for tier in tiers))
    return [decider_words(tier, people, groups) for tier in tiers]


def decider_words(tier: Decider, people: Mapping[int, str], groups: Mapping[int, str]) -> str:
    """Return who decides in a tier, in words; a name that is not known is left open."""
    if "user" in tier:
        return people.get(tier["user"], "–")
    if "group" in tier:
        return str(_("group %(name)s", name=groups.get(tier["group"], "–")))
    return str(_("any approver"))


def _endorser(one: dict[str, int | None], names: dict[int, str]) -> str:
    by, absent = names.get(one["by"] or 0, "–"), names.get(one["for"] or 0)
    return str(_("%(who)s, for %(absent)s", who=by, absent=absent)) if absent else by
