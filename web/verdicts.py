"""Verdicts as pages show them: a title for each rule, and its words in the reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from models.vocabulary import Role
from web.auth.visitor import actor
from workflow.policies import Policy
from workflow.verdicts import Verdict, Whose
from workflow.wording import advice, clause, is_approvers, message

TITLES: dict[str, str] = {
    "partner-type": _l("Eligible partner"),
    "activity-type": _l("Activity type"),
    "funding-share": _l("Share of the costs"),
    "activity-cap": _l("Most for one activity"),
    "available-amount": _l("Available in the fund"),
    "period": _l("Within the JMF period"),
    "certification": _l("Certified throughout"),
    "performance": _l("Performance reached"),
    "execution": _l("Carried out and billed"),
    "acceptance": _l("Evidence and checklist"),
    "large-gifts": _l("No large gifts"),
    "reward-share": _l("Rewards within limits"),
    "entertainment": _l("No entertainment"),
    "expenses": _l("Kinds of cost"),
    "organiser": _l("Organiser"),
    "activity-details": _l("Details of the activity"),
}
"""What people call a rule, by its id."""


@dataclass(frozen=True, slots=True)
class VerdictItem:
    """One verdict in words, as the `verdict_list` macro shows it.

    `advice` are the steps that would put it right. `vendor` says that the programme managers have to record
    something, to a partner who reads it.
    """

    rule: str
    title: str
    outcome: str
    message: str
    advice: list[str]
    clause: str
    vendor: bool


def verdict_items(verdicts: Iterable[Verdict], policy: Policy | None) -> list[VerdictItem]:
    """Return verdicts in words. `policy` names the labels; the partner's people read whose turn it is."""
    to_partner = Role.partner in actor().roles
    return [_item(verdict, policy, to_partner) for verdict in verdicts]


def troubles_first(items: list[VerdictItem]) -> list[VerdictItem]:
    """Return the items with the broken ones first, then the unknown ones, each in the table's order."""
    order = {"broken": 0, "unknown": 1, "holds": 2}
    return sorted(items, key=lambda item: order[item.outcome])


def _item(verdict: Verdict, policy: Policy | None, to_partner: bool) -> VerdictItem:
    return VerdictItem(
        rule=verdict.rule,
        title=str(TITLES.get(verdict.rule, verdict.rule)),
        outcome=verdict.outcome.value,
        message=message(verdict, _, policy),
        advice=advice(verdict, _, policy, to_partner=to_partner),
        clause=clause(verdict.rule, _),
        vendor=to_partner and verdict.broken and verdict.whose is Whose.vendor and not is_approvers(verdict),
    )
