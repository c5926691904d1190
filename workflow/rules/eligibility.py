"""Who may draw on the fund, and for which kind of activity."""

from workflow.case import Case
from workflow.marking import N_
from workflow.rules.rule import A, Rule, S
from workflow.verdicts import Finding, Ruling, broken, holds


def _partner_type(case: Case) -> Ruling:
    partner_type, eligible = case.facts.partner.partner_type, case.policy.eligible_partner_types
    figures = {"partner_type": partner_type, "eligible": ", ".join(eligible)}
    if partner_type in eligible:
        return holds("eligible", figures)
    finding = Finding("not-eligible", paths=("partner.partner_type",))
    return broken(figures, finding)


def _activity_type(case: Case) -> Ruling:
    partner_type = case.facts.partner.partner_type
    figures = {"activity_type": case.facts.claim.activity_type, "partner_type": partner_type}
    paths = ("claim.activity_type",)
    if case.activity is None:
        return broken(figures, Finding("not-in-catalogue", paths=paths))
    if case.activity.open_to is None:
        return holds("open-to-all", figures)
    figures["open_to"] = ", ".join(case.activity.open_to)
    if partner_type in case.activity.open_to:
        return holds("open", figures)
    return broken(figures, Finding("not-open", paths=paths))


PARTNER_TYPE = Rule(
    id="partner-type",
    clause=N_("Only partners of an eligible type may draw on the fund (Eligibility, 1st item)."),
    checkpoints=frozenset({S, A}),
    reads=("partner.partner_type",),
    judge=_partner_type,
)

ACTIVITY_TYPE = Rule(
    id="activity-type",
    clause=N_(
        "The fund pays for purchases of demo products and for the activity types of the catalogue, some of"
        " which are open to certain partner types only (Eligibility, 2nd and 3rd item; Activity Type)."
    ),
    checkpoints=frozenset({S, A}),
    reads=("claim.activity_type", "partner.partner_type"),
    judge=_activity_type,
)
