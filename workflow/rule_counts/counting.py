"""Counts what rules did in the life of one claim: pure, over its moves and refused attempts in order."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any

from models.vocabulary import Role, State, Trigger
from workflow.dossier import AnyRow
from workflow.judgement import judge_partial
from workflow.table import REFUSED_AT
from workflow.verdicts import Outcome, Whose, verdict_to_row
from workflow.what_if.decisions import CHECKPOINT_OF
from workflow.what_if.judging import PolicyOf


class Did(StrEnum):
    """What a rule did. `submit` to `accept`: it was checked at that checkpoint."""

    submit = "submit"
    approve = "approve"
    report = "report"
    accept = "accept"
    failed = "failed"
    righted = "righted"
    rejected = "rejected"


Counts = Counter[tuple[str, Did]]
"""How often, by the rule's id and what it did."""


def count(events: Iterable[AnyRow], policy_of: PolicyOf) -> Counts:
    """Return what rules did in a claim's moves and refused attempts, in the order in which they happened.

    An attempt has no `number`. A return or a rejection recorded no verdicts: its document is judged by its
    own version, by what is there. Put right is what failed and was the partner's to mend, and held when it
    next sent.
    """
    counts: Counts = Counter()
    failing: set[str] = set()
    for event in events:
        checkpoint = CHECKPOINT_OF.get(event.trigger)
        made = event.number is not None
        for verdict in _verdicts(event, policy_of):
            rule, broken = verdict["rule"], verdict["outcome"] == Outcome.broken
            if checkpoint is not None:
                counts[rule, Did(checkpoint.value)] += 1
                counts[rule, Did.failed] += broken
            elif broken and event.trigger is Trigger.reject:
                counts[rule, Did.rejected] += 1
            if broken and _is_partners(verdict):
                failing.add(rule)
            elif made and event.role is Role.partner and not broken and rule in failing:
                counts[rule, Did.righted] += 1
                failing.discard(rule)
    return +counts


def _verdicts(event: AnyRow, policy_of: PolicyOf) -> Iterator[Mapping[str, Any]]:
    """Yield the verdicts of an event that say something, as rows."""
    rows = event.verdicts
    if event.trigger in (Trigger.reject, Trigger.return_) and event.number is not None:
        at = REFUSED_AT[State(event.source)]
        rows = map(verdict_to_row, judge_partial(event.document, policy_of(event.policy_version_id), at))
    yield from (row for row in rows if row["outcome"] != Outcome.unknown)


def _is_partners(verdict: Mapping[str, Any]) -> bool:
    return any(finding["whose"] == Whose.partner for finding in verdict["findings"])
