"""Every member of a policy document, once: what it is called, of what kind it is, and what is said of it.

Forms, comparisons and the rule page are all made of it. A `*` stands for the code of a thing in a list.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from web.policy import kinds, route_kinds
from web.policy.kinds import Kind


@dataclass(frozen=True, slots=True)
class Entry:
    """One member of a policy document.

    `rule` is the one whose clause it stands in; none for what only the programme owner's deadlines read.
    `more` and `less` say that `what` was added to a list, or taken out, `order` that it is in another order.
    """

    label: str
    kind: Kind
    hint: str = ""
    rule: str = ""
    more: str = _l("{label}: also {what}")
    less: str = _l("{label}: no longer {what}")
    order: str = _l("{label}: in another order")


_FIGURES: dict[str, Entry] = {
    "eligible_partner_types": Entry(
        _l("Eligible partner types"), kinds.PARTNER_TYPES, _l("Whose claims are funded."), "partner-type"
    ),
    "max_funding_share": Entry(
        _l("Highest share of an activity's costs"),
        kinds.PERCENT,
        _l("The partner bears the rest."),
        "funding-share",
    ),
    "max_amount_per_activity": Entry(
        _l("Most for one activity"), kinds.AMOUNT, _l("However much it costs."), "activity-cap"
    ),
    "large_gift_unit_value": Entry(
        _l("Largest gift, for each"), kinds.AMOUNT, _l("A gift worth more is never funded."), "large-gifts"
    ),
    "max_reward_share": Entry(
        _l("Highest share of rewards"),
        kinds.PERCENT,
        _l("Of an activity's costs, for door gifts and lottery prizes together."),
        "reward-share",
    ),
    "large_activity_attendees": Entry(
        _l("Attendees that make an activity large"),
        kinds.COUNT,
        _l("Only a large activity may have rewards."),
        "reward-share",
    ),
    "prohibited_categories": Entry(
        _l("Prohibited categories"), kinds.CATEGORIES, _l("Costs that are never funded."), "entertainment"
    ),
    "expirable_states": Entry(
        _l("States that expire when certification lapses"),
        kinds.STATES,
        _l("Claims in other states stay as they are."),
        "certification",
    ),
    "report_within_days": Entry(
        _l("Time to report after the last day"), kinds.DAYS, _l("A claim reported later expires.")
    ),
    "resubmit_within_days": Entry(
        _l("Time to submit again after a return"), kinds.DAYS, _l("A claim is copied after that.")
    ),
    "decide_within_days": Entry(
        _l("Time to decide on a submission"), kinds.DAYS, _l("Partners read it as a promise.")
    ),
    "dispute_within_days": Entry(
        _l("Time to dispute a decision"), kinds.DAYS, _l("A dispute after that is refused.")
    ),
    "pay_within_days": Entry(
        _l("Time to pay after the acceptance"), kinds.DAYS, _l("What is due first is paid first.")
    ),
}

_LIMITS: dict[str, Entry] = {
    "promotional_item_limits": Entry(
        _l("Largest promotional item by country"), kinds.AMOUNT, rule="activity-details"
    ),
    "promotional_item_limits.*": Entry(_l("Largest promotional item"), kinds.AMOUNT, rule="activity-details"),
    "limits_are_examples": Entry(
        _l("The limits are examples"),
        kinds.SAID,
        _l("Nobody has checked them: only a demo may be run with them."),
        "activity-details",
    ),
}

LIST_LABELS: Mapping[str, Any] = {
    "partner_types": _l("Partner types"),
    "organisers": _l("Organisers"),
    "categories": _l("Expense categories"),
    "evidence_kinds": _l("Kinds of evidence"),
    "checklist_items": _l("Checklist"),
}


def _words(name: str, label: Any) -> dict[str, Entry]:
    path = f"catalogue.{name}"
    return {
        path: Entry(label, kinds.CHOICES),
        f"{path}.*.label": Entry(_l("Label"), kinds.NEEDED_LINE),
        f"{path}.*.hint": Entry(_l("Hint"), kinds.LINE),
    }


_CATEGORY = "catalogue.categories.*."
_TYPE = "catalogue.activity_types.*."
_DETAIL = f"{_TYPE}details.*."

_ROUTING: dict[str, Entry] = {
    "routing": Entry(
        _l("Routing"),
        route_kinds.ROUTES,
        more=_l("A new routing rule: {what}"),
        less=_l("No longer a routing rule: {what}"),
        order=_l("Routing rules are tried in this order: {what}"),
    ),
    "routing.*.label": Entry(_l("Label"), kinds.NEEDED_LINE, _l("For colleagues, such as: Large seminars.")),
    "routing.*.country": Entry(
        _l("Country"), route_kinds.COUNTRY, _l("Two capital letters, such as DE. Empty: every country.")
    ),
    "routing.*.activity_type": Entry(_l("Activity"), route_kinds.ACTIVITY_TYPE),
    "routing.*.partner_id": Entry(_l("Partner"), route_kinds.PARTNER),
    "routing.*.above": Entry(
        _l("Asks for more than"), route_kinds.ABOVE, _l("In US dollars. Empty: every amount.")
    ),
    "routing.*.tiers": Entry(_l("Who decides"), route_kinds.TIERS),
}

ENTRIES: dict[str, Entry] = {
    **_FIGURES,
    **_LIMITS,
    **_ROUTING,
    **{path: one for name, label in LIST_LABELS.items() for path, one in _words(name, label).items()},
    f"{_CATEGORY}needs_description": Entry(
        _l("Needs a description"), kinds.FLAG, _l("A line of it must say what it is."), "activity-details"
    ),
    "catalogue.activity_types": Entry(
        _l("Activity types"),
        kinds.CHOICES,
        rule="activity-type",
        more=_l("A new activity type: {what}"),
        less=_l("No longer an activity type: {what}"),
    ),
    f"{_TYPE}title": Entry(_l("Title"), kinds.NEEDED_LINE, rule="activity-type"),
    f"{_TYPE}description": Entry(
        _l("Description"), kinds.NEEDED_TEXT, _l("What partners read when they choose it."), "activity-type"
    ),
    f"{_TYPE}organiser": Entry(_l("Organiser"), kinds.ORGANISER, rule="organiser"),
    f"{_TYPE}open_to": Entry(
        _l("Open to"), kinds.OPEN_TO, _l("None ticked: to all eligible partners."), "activity-type"
    ),
    f"{_TYPE}categories": Entry(
        _l("Admits"),
        kinds.CATEGORIES,
        rule="expenses",
        more=_l("also admits: {what}"),
        less=_l("no longer admits: {what}"),
    ),
    f"{_TYPE}evidence": Entry(
        _l("Evidence"),
        kinds.EVIDENCE,
        rule="acceptance",
        more=_l("also needs as evidence: {what}"),
        less=_l("no longer needs as evidence: {what}"),
    ),
    f"{_TYPE}checklist": Entry(
        _l("Checklist"),
        kinds.CHECKLIST,
        rule="acceptance",
        more=_l("is also checked: {what}"),
        less=_l("is no longer checked: {what}"),
    ),
    f"{_TYPE}line_details": Entry(
        _l("Every cost line has"),
        kinds.LINE_DETAIL,
        rule="activity-details",
        more=_l("every cost line also has: {what}"),
        less=_l("no cost line needs any longer: {what}"),
    ),
    f"{_TYPE}country_limited": Entry(
        _l("Limited by country"),
        kinds.GIFT_CATEGORIES,
        _l("No line of these may be worth more than the limit of the partner's country."),
        "activity-details",
        more=_l("the limits by country also hold for: {what}"),
        less=_l("the limits by country no longer hold for: {what}"),
    ),
    f"{_TYPE}details": Entry(
        _l("Details it demands"),
        kinds.CHOICES,
        rule="activity-details",
        more=_l("also asks for: {what}"),
        less=_l("no longer asks for: {what}"),
    ),
    f"{_DETAIL}label": Entry(_l("Label"), kinds.NEEDED_LINE, rule="activity-details"),
    f"{_DETAIL}type": Entry(_l("What is entered"), kinds.DETAIL_TYPE, rule="activity-details"),
    f"{_DETAIL}hint": Entry(_l("Hint"), kinds.LINE, rule="activity-details"),
    f"{_DETAIL}unit": Entry(_l("Unit"), kinds.LINE, _l("Of a number, as customers."), "activity-details"),
    f"{_DETAIL}minimum": Entry(_l("At least"), kinds.LEAST, _l("Of a number."), "activity-details"),
    f"{_DETAIL}must_be": Entry(_l("Right answer"), kinds.ANSWER, _l("Of yes or no."), "activity-details"),
    f"{_DETAIL}choices": Entry(
        _l("Choices"),
        kinds.CHOICES,
        _l("One to a line: code | label | hint. A label alone is given a code."),
        "activity-details",
    ),
    f"{_DETAIL}choices.*.label": Entry(_l("Label"), kinds.NEEDED_LINE, rule="activity-details"),
    f"{_DETAIL}choices.*.hint": Entry(_l("Hint"), kinds.LINE, rule="activity-details"),
    f"{_DETAIL}needed_if": Entry(
        _l("Asked for only if"),
        kinds.CONDITION,
        _l("Code of another detail = value, such as showcase_owner = partner. Empty: always."),
        "activity-details",
    ),
}
"""The members of a policy document by their paths."""

KEYED = frozenset(
    {*LIST_LABELS, "activity_types", "details", "choices", "promotional_item_limits", "routing"}
)
"""Members whose own members go by a code."""


def pattern(path: tuple[str, ...]) -> str:
    """Return a path with a `*` in place of each code: the key of its entry."""
    steps, before = [], ""
    for step in path:
        steps.append("*" if before in KEYED else step)
        before = "" if steps[-1] == "*" else step
    return ".".join(steps)


def members(prefix: str) -> dict[str, Entry]:
    """Return the entries just below a path that ends with a point, by their names."""
    return {
        path.removeprefix(prefix): entry
        for path, entry in ENTRIES.items()
        if path.startswith(prefix) and "." not in path.removeprefix(prefix)
    }
