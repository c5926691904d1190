"""The one evaluator, for every use of a rule: a move, a greyed button, a form being typed, a check.

It reads no database, no clock and no setting.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from models.vocabulary import Trigger
from workflow.case import Case, Facts, case_of
from workflow.documents import checklist_items, reader_for
from workflow.policies import Policy
from workflow.reading import FormError
from workflow.rules import RULES, Rule
from workflow.verdicts import SILENT, Finding, Outcome, Verdict, Whose

__all__ = ["Finding", "Outcome", "Verdict", "Whose", "judge", "judge_partial", "rules_at", "violations"]


@cache
def rules_at(trigger: Trigger) -> tuple[Rule, ...]:
    """Return the rules that are judged at a trigger, in the order of the rulebook's table."""
    return tuple(rule for rule in RULES if trigger in rule.checkpoints)


def judge(facts: Facts, policy: Policy, trigger: Trigger) -> tuple[Verdict, ...]:
    """Return the verdict of every rule at a checkpoint, in order; what is left out is not fulfilled."""
    case = case_of(facts, policy, trigger)
    return tuple([_verdict(rule, case) for rule in rules_at(trigger)])


def violations(facts: Facts, policy: Policy, trigger: Trigger) -> tuple[Verdict, ...]:
    """Return the broken rules of a checkpoint, in the table's order."""
    return tuple(verdict for verdict in judge(facts, policy, trigger) if verdict.broken)


def judge_partial(document: Mapping[str, Any], policy: Policy, trigger: Trigger) -> tuple[Verdict, ...]:
    """Return the verdict of every rule on a check document that is still being filled in.

    A rule is unknown where a part that it reads is missing or has not its form, and where nothing is wrong
    but absent facts; it is broken only by what is there.
    """
    return tuple(_verdict_so_far(rule, document, policy, trigger) for rule in rules_at(trigger))


def _verdict_so_far(rule: Rule, document: Mapping[str, Any], policy: Policy, trigger: Trigger) -> Verdict:
    try:
        facts = reader_for(rule.id, trigger, checklist_items(policy))(document)
    except FormError as error:
        return Verdict(rule.id, Outcome.unknown, "", {}, (_unread(error),))
    verdict = _verdict(rule, case_of(facts, policy, trigger))
    if verdict.missing:
        return Verdict(rule.id, Outcome.unknown, "", verdict.figures, verdict.findings)
    return verdict


def _verdict(rule: Rule, case: Case) -> Verdict:
    ruling = rule.judge(case)
    if ruling.findings:
        return Verdict(rule.id, Outcome.broken, "", ruling.figures, ruling.findings)
    outcome = Outcome.unknown if ruling is SILENT else Outcome.holds
    return Verdict(rule.id, outcome, ruling.code, ruling.figures)


RECORDED_BY_VENDOR = (
    "today",
    "partner",
    "period.",
    "fund",
    "claim.approved",
    "claim.submitted_on",
    "claim.checklist",
    "claim.exchange",
)
"""How the paths of what the programme owner's people record begin. Picking a period is the partner's."""


def _unread(error: FormError) -> Finding:
    at_vendor = error.path.startswith(RECORDED_BY_VENDOR) or error.path.endswith(
        (".accepted", ".meets_standard")
    )
    return Finding(
        f"form-{error.problem}",
        {"field": error.path},
        missing=True,
        whose=Whose.vendor if at_vendor else Whose.partner,
        paths=(error.path,),
    )
