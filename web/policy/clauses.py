"""The programme's rules as people read them: each clause with the figures of a version, beside its rule.

A sentence names its figures by the policy's parameters, so that it says nothing that the rule does not hold.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from models.vocabulary import Trigger
from web.policy.entries import ENTRIES
from web.policy.words import value_of
from web.verdicts import TITLES
from workflow.policies import Policy
from workflow.rules import RULES, Rule
from workflow.wording import clause


class Clause(NamedTuple):
    """What a rule's clause says, with the policy's parameters in braces, and the heading it stands under."""

    heading: str
    sentence: str


_ELIGIBILITY, _REQUIREMENTS = _l("Who and what is funded"), _l("What is required")
_PROHIBITED, _TYPES = _l("What is never funded"), _l("What each activity type demands")

CLAUSES: Mapping[str, Clause] = {
    "partner-type": Clause(_ELIGIBILITY, _l("The fund is open to: {eligible_partner_types}.")),
    "activity-type": Clause(
        _ELIGIBILITY,
        _l("An activity is of one of the {activity_types} types below. Not open to all: {restricted}."),
    ),
    "funding-share": Clause(
        _REQUIREMENTS,
        _l("{owner} bears at most {max_funding_share} of an activity’s costs; the partner bears the rest."),
    ),
    "activity-cap": Clause(
        _REQUIREMENTS, _l("For one activity no more than {max_amount_per_activity} can be asked for.")
    ),
    "available-amount": Clause(
        _REQUIREMENTS,
        _l("No more is granted than the partner’s fund holds; what goes beyond, the partner bears."),
    ),
    "period": Clause(_REQUIREMENTS, _l("The activity lies within the JMF period that it is claimed in.")),
    "certification": Clause(
        _REQUIREMENTS,
        _l(
            "The partner is certified without a gap, from the claim’s submission or the activity’s first day,"
            " whichever is earlier, to the activity’s end. When its certification lapses, claims expire in"
            " these states: {expirable_states}."
        ),
    ),
    "performance": Clause(
        _REQUIREMENTS, _l("The partner has reached the performance that the JMF period demands of it.")
    ),
    "execution": Clause(
        _REQUIREMENTS, _l("The activity is over, and each of its costs has a supplier and an invoice number.")
    ),
    "acceptance": Clause(
        _REQUIREMENTS,
        _l(
            "There is evidence of every kind that the activity type needs, it meets the standard, and the"
            " approver has ticked all that is checked of it."
        ),
    ),
    "large-gifts": Clause(
        _PROHIBITED, _l("No gift, door gift or lottery prize is worth more than {large_gift_unit_value}.")
    ),
    "reward-share": Clause(
        _PROHIBITED,
        _l(
            "Door gifts and lottery prizes are for activities with {large_activity_attendees} attendees or"
            " more, and come to at most {max_reward_share} of the costs together."
        ),
    ),
    "entertainment": Clause(_PROHIBITED, _l("Costs of these kinds are never paid: {prohibited_categories}.")),
    "expenses": Clause(_TYPES, _l("Each cost is of a kind that the activity type admits.")),
    "organiser": Clause(
        _TYPES, _l("It is organised by whom its type says: the partner, or a named third party.")
    ),
    "activity-details": Clause(
        _TYPES,
        _l(
            "The details that the activity type demands are given and right. A promotional item is worth no"
            " more than the limit of the partner’s country: {promotional_item_limits}."
        ),
    ),
}
"""By the id of the rule that enforces it."""

CHECKED: Mapping[Trigger, str] = {
    Trigger.submit: _l("when the claim is submitted"),
    Trigger.approve: _l("when it is approved"),
    Trigger.report: _l("when the activity is reported"),
    Trigger.accept: _l("when the report is accepted"),
}
"""When a rule is checked, in the order of a claim's life."""

DEADLINES = tuple(name for name, entry in ENTRIES.items() if name.endswith("_within_days"))
"""The deadlines, which are the programme owner's own: moves hold them, and no rule."""


@dataclass(frozen=True, slots=True)
class RuleItem:
    """One rule on the page: the clause with its figures, and how it is enforced."""

    id: str
    title: str
    sentence: str
    checks: str
    checked: str


def rule_book(policy: Policy, owner: str) -> list[tuple[str, list[RuleItem]]]:
    """Return every rule with its clause, in the order of the rulebook, under its heading."""
    return [
        (heading, [_item(rule, policy, owner) for rule in rules])
        for heading, rules in groupby(RULES, key=lambda rule: str(CLAUSES[rule.id].heading))
    ]


def _item(rule: Rule, policy: Policy, owner: str) -> RuleItem:
    template = str(CLAUSES[rule.id].sentence)
    figures = {name: value_of(name, policy) for name in figures_in(template) if name in ENTRIES}
    figures |= {
        "owner": owner,
        "activity_types": str(len(policy.catalogue.activity_types)),
        "restricted": _restricted(policy),
    }
    return RuleItem(
        rule.id,
        str(TITLES[rule.id]),
        template.format_map(figures),
        clause(rule.id, _),
        ", ".join(str(words) for trigger, words in CHECKED.items() if trigger in rule.checkpoints),
    )


def _restricted(policy: Policy) -> str:
    """Return the activity types that are open to certain partners only, and to whom."""
    open_to = ENTRIES["catalogue.activity_types.*.open_to"].kind
    return ", ".join(
        f"{one.title} ({open_to.words(list(one.open_to), policy.catalogue)})"
        for one in policy.catalogue.activity_types
        if one.open_to is not None
    ) or str(_("none"))


def figures_in(template: str) -> list[str]:
    """Return the names of the figures in a sentence."""
    return re.findall(r"{(\w+)}", template)


def deadlines(policy: Policy) -> list[tuple[str, str]]:
    """Return each deadline with what a policy says of it."""
    return [(str(ENTRIES[name].label), value_of(name, policy)) for name in DEADLINES]
