"""The figures that rules compared, in words."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from web.verdicts import TITLES
from workflow.policies import Policy
from workflow.verdicts import Verdict
from workflow.wording import figures_in_words

FIGURES: dict[str, str] = {
    "achieved": _l("Achieved"),
    "activity_type": _l("Activity type"),
    "amount": _l("Amount asked for or granted"),
    "attendees": _l("Attendees expected"),
    "checklist": _l("Checklist demanded"),
    "cost_lines": _l("Number of cost lines"),
    "demanded": _l("Organiser demanded"),
    "eligible": _l("Eligible partner types"),
    "ends_on": _l("Last day of the activity"),
    "evidence": _l("Evidence demanded"),
    "first_day": _l("First day of the JMF period"),
    "last_day": _l("Last day of the JMF period"),
    "least_attendees": _l("Attendees of a large activity, at least"),
    "limit": _l("Most that is allowed"),
    "needed_from": _l("Certification needed from"),
    "needed_until": _l("Certification needed until"),
    "open_to": _l("Partner types it is open to"),
    "organiser": _l("Organiser"),
    "partner_type": _l("Partner type"),
    "period": _l("JMF period"),
    "prohibited": _l("Prohibited kinds of cost"),
    "required": _l("Required"),
    "rewards": _l("Rewards in all"),
    "share": _l("Share allowed"),
    "starts_on": _l("First day of the activity"),
    "threshold": _l("Value from which a gift is large"),
    "today": _l("Day of the check"),
    "total": _l("Costs in all"),
    "unit_value": _l("Highest value of one gift"),
}
"""What people call a figure that a verdict keeps, by its name."""


def compared(verdicts: Iterable[Verdict], policy: Policy | None) -> list[tuple[str, str, str]]:
    """Return every figure that verdicts keep: the rule's title, the figure's name, its value."""
    return [
        (str(TITLES.get(verdict.rule, verdict.rule)), str(FIGURES.get(name, name)), value)
        for verdict in verdicts
        for name, value in figures_in_words(verdict, _, policy).items()
    ]
