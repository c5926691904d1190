"""Routing rules in words: which claims each leads, and who decides on them, tier by tier."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from flask_babel import gettext as _

from models.people import Partner
from web.formats import country, money
from web.names import names_of
from web.tiers import decider_names
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
    names = iter(decider_names([tier for rule in rules for tier in rule.tiers]))
    return [
        RouteWords(
            rule.code,
            rule.label,
            _claims(rule, partners, catalogue),
            _one_after_the_other(islice(names, len(rule.tiers))),
        )
        for rule in rules
    ]


def rule_words(document: Mapping[str, Any], catalogue: Catalogue) -> str:
    """Return a rule of a policy document in words: `Seminars (Germany (DE), Seminar: group North)`."""
    (said,) = routes_in_words(read_rules([document]), catalogue)
    return f"{said.label} ({said.claims}: {said.deciders})"


def tiers_in_words(tiers: Sequence[Decider]) -> str:
    """Return who decides in each tier, in words."""
    return _one_after_the_other(decider_names(tiers))


def _claims(rule: RoutingRule, partners: Mapping[int, str], catalogue: Catalogue) -> str:
    parts: list[str | None] = [
        rule.country and country(rule.country),
        rule.activity_type and catalogue.label("activity_type", rule.activity_type),
        partners.get(rule.partner_id, "–") if rule.partner_id is not None else None,
        _("above %(amount)s", amount=money(rule.above)) if rule.above else None,
    ]
    return ", ".join(filter(None, parts)) or str(_("all claims"))


def _one_after_the_other(names: Iterable[str]) -> str:
    return f", {_('then')} ".join(names)
