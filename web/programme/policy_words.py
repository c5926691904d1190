"""A policy in words: each parameter with its value and its clause, and what differs between two versions."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from web.formats import money
from web.labels import state_label
from web.verdicts import TITLES
from workflow.catalogue import ActivityType, Detail
from workflow.policies import Policy, plain_share, policy_document
from workflow.wording import clause

Reader = Callable[[Any, Policy], str]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter in words: its value in a version and, where two are compared, in the one before."""

    label: str
    value: str
    rule: str
    clause: str
    before: str | None = None

    @property
    def is_changed(self) -> bool:
        """Return whether the other version has another value."""
        return self.before is not None and self.before != self.value


@dataclass(frozen=True, slots=True)
class CatalogueChange:
    """An activity type, or a list of words, that differs between two versions."""

    title: str
    what: str


def _list(kind: str) -> Reader:
    return lambda codes, policy: ", ".join(policy.catalogue.label(kind, code) for code in codes) or _("none")


def _percent(share: Fraction, _policy: Policy) -> str:
    return f"{plain_share(share * 100).rstrip('0').rstrip('.')} %"


def _days(days: int | None, _policy: Policy) -> str:
    return str(_("no deadline")) if days is None else str(_("%(days)s days", days=days))


def _limits(table: dict[str, int], policy: Policy) -> str:
    listed = ", ".join(f"{country} {money(limit)}" for country, limit in sorted(table.items()))
    if not listed:
        return str(_("none: promotional items cannot be claimed"))
    return f"{listed} ({_('examples')})" if policy.limits_are_examples else listed


PARAMETERS: tuple[tuple[str, str, str, Reader], ...] = (
    ("eligible_partner_types", _l("Eligible partner types"), "partner-type", _list("partner_type")),
    ("max_funding_share", _l("Highest share of an activity's costs"), "funding-share", _percent),
    (
        "max_amount_per_activity",
        _l("Most for one activity"),
        "activity-cap",
        lambda cents, _policy: money(cents),
    ),
    (
        "large_gift_unit_value",
        _l("Largest gift, for each"),
        "large-gifts",
        lambda cents, _policy: money(cents),
    ),
    ("max_reward_share", _l("Highest share of rewards"), "reward-share", _percent),
    (
        "large_activity_attendees",
        _l("Attendees that make an activity large"),
        "reward-share",
        lambda n, _policy: str(n),
    ),
    ("prohibited_categories", _l("Prohibited categories"), "entertainment", _list("category")),
    ("promotional_item_limits", _l("Largest promotional item by country"), "activity-details", _limits),
    (
        "expirable_states",
        _l("States that expire when certification lapses"),
        "certification",
        lambda states, _policy: ", ".join(state_label(state) for state in states),
    ),
    ("report_within_days", _l("Time to report after the last day"), "", _days),
    ("resubmit_within_days", _l("Time to submit again after a return"), "", _days),
    ("decide_within_days", _l("Time to decide on a submission"), "", _days),
    ("dispute_within_days", _l("Time to dispute a decision"), "", _days),
    ("pay_within_days", _l("Time to pay after the acceptance"), "", _days),
)
"""Name, label, the rule whose clause it stands in, and how its value reads."""

WORD_LISTS = {
    "partner_types": _l("Partner types"),
    "organisers": _l("Organisers"),
    "categories": _l("Expense categories"),
    "evidence_kinds": _l("Kinds of evidence"),
    "checklist_items": _l("Checklist"),
}


def parameters(policy: Policy, before: Policy | None = None) -> list[Parameter]:
    """Return a policy's parameters in words, beside those of the version before, if one is given."""
    return [
        Parameter(
            str(label),
            read(getattr(policy, name), policy),
            str(TITLES.get(rule, "")),
            clause(rule, _) if rule else str(_("Deadlines are the programme owner's own; none by default.")),
            read(getattr(before, name), before) if before else None,
        )
        for name, label, rule, read in PARAMETERS
    ]


def demands(activity: ActivityType) -> str:
    """Return the details that an activity type demands, in words; empty where it demands none."""
    return ", ".join(_demand(detail) for detail in activity.details)


def _demand(detail: Detail) -> str:
    if detail.must_be is not None:
        return f"{detail.label}: {_('yes') if detail.must_be else _('no')}"
    if detail.minimum:
        return str(_("%(detail)s: at least %(least)s", detail=detail.label, least=detail.minimum))
    return detail.label


def catalogue_changes(policy: Policy, before: Policy) -> Iterator[CatalogueChange]:
    """Yield what differs between the catalogues of two versions."""
    new, old = policy.catalogue.types, before.catalogue.types
    for code in [*new, *(code for code in old if code not in new)]:
        title = (new.get(code) or old[code]).title
        if code not in old:
            yield CatalogueChange(title, str(_("new")))
        elif code not in new:
            yield CatalogueChange(title, str(_("gone")))
        elif new[code] != old[code]:
            yield CatalogueChange(title, str(_("changed: %(parts)s", parts=_parts(new[code], old[code]))))
    for name, title in WORD_LISTS.items():
        if getattr(policy.catalogue, name) != getattr(before.catalogue, name):
            yield CatalogueChange(str(title), str(_("changed")))


def _parts(new: Any, old: Any) -> str:
    """Return the names of the members in which two activity types differ."""
    names = [
        name.replace("_", " ") for name in type(new).__slots__ if getattr(new, name) != getattr(old, name)
    ]
    return ", ".join(names)


def is_same(policy: Policy, before: Policy) -> bool:
    """Return whether two versions say the same."""
    return policy_document(policy) == policy_document(before)
