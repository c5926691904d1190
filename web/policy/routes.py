"""Routing rules in words: which claims each leads, and who decides on them, tier by tier."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from models.people import Partner
from models.routing import ApproverGroup
from web.formats import money
from web.names import country_name, names_of
from web.tiers import decider_words
from workflow.catalogue import Catalogue
from workflow.routing_rules import Decider, RoutingRule, read_rules


@dataclass(frozen=True, slots=True)
class RouteWords:
    """A routing rule in words: what it is called, which claims it leads, and who decides."""

    code: str
    label: str
    claims: str
    deciders: str


def routes_in_words(rules: Sequence[RoutingRule], catalogue: Catalogue) -> list[RouteWords]:
    """Return routing rules in words, in their order."""
    partners = names_of(Partner, (rule.partner_id for rule in rules))
    groups = group_names([tier for rule in rules for tier in rule.tiers])
    return [
        RouteWords(
            rule.code,
            rule.label,
            _claims(rule, partners, catalogue),
            _deciders(rule.tiers, groups),
        )
        for rule in rules
    ]


def rule_words(document: Mapping[str, Any], catalogue: Catalogue) -> str:
    """Return a rule of a policy document in words: `Seminars (Germany, Seminar: group North)`."""
    (said,) = routes_in_words(read_rules([document]), catalogue)
    return f"{said.label} ({said.claims}: {said.deciders})"


def tiers_in_words(tiers: Sequence[Decider]) -> str:
    """Return who decides in each tier, in words."""
    return _deciders(tiers, group_names(tiers))


def group_names(tiers: Sequence[Decider]) -> dict[int, str]:
    """Return the names of the groups that tiers name, by their ids."""
    return names_of(ApproverGroup, (tier.get("group") for tier in tiers))


def _claims(rule: RoutingRule, partners: Mapping[int, str], catalogue: Catalogue) -> str:
    parts: list[str | None] = [
        rule.country and country_name(rule.country),
        rule.activity_type and catalogue.label("activity_type", rule.activity_type),
        partners.get(rule.partner_id, "–") if rule.partner_id is not None else None,
        _("above %(amount)s", amount=money(rule.above)) if rule.above else None,
    ]
    return ", ".join(filter(None, parts)) or str(_("all claims"))


def _deciders(tiers: Sequence[Decider], groups: Mapping[int, str]) -> str:
    between = f", {_('then')} "
    return between.join(decider_words(tier, {}, groups) for tier in tiers)
