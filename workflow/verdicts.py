"""What is found when a rule is judged: ids, codes and figures. Sentences are workflow/wording.py's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

Figures = Mapping[str, str]
"""The values compared, as plain text: `4000.00`, `0.50`, `2026-04-10`, `2, 5`."""

LOCAL = "_local"
"""Ends the name of a figure that says another in the claim's own currency: `total_local`, `921.15 EUR`."""


class Outcome(StrEnum):
    """How a rule came out. `unknown`: a fact that it needs is not there yet."""

    holds = "holds"
    broken = "broken"
    unknown = "unknown"


class Whose(StrEnum):
    """Who has to put it right: the partner, or the vendor (the programme owner's people)."""

    partner = "partner"
    vendor = "vendor"


class Op(StrEnum):
    """What one step of a remedy does to the check document.

    `set` the value at a path; `remove` the item at a path; `add` a value to the list at a path; bring the
    `total` of the lines at a path to a value.
    """

    set = "set"
    remove = "remove"
    add = "add"
    total = "total"


class Step(NamedTuple):
    """One step of a remedy: what is done, where in the check document, and the value as JSON."""

    op: Op
    path: str
    value: Any = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that keeps a rule from holding.

    `code` is scoped by the rule. `missing` says that only a fact is absent. `paths` are the fields it is
    about. `steps`, where the remedy is that definite, make the rule hold when those of all its findings are
    taken.
    """

    code: str
    figures: Figures = field(default_factory=dict)
    missing: bool = False
    whose: Whose = Whose.partner
    paths: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()


class Ruling(NamedTuple):
    """A rule's own answer: what it compared and what it found or, finding nothing, how it holds."""

    code: str
    figures: Figures
    findings: tuple[Finding, ...] = ()


def holds(code: str, figures: Figures) -> Ruling:
    """Return that the rule holds, with the code of the way it does."""
    return Ruling(code, figures)


def broken(figures: Figures, *findings: Finding) -> Ruling:
    """Return that the rule is broken by the findings."""
    return Ruling("", figures, findings)


SILENT = Ruling("silent", {})
"""The answer of a rule that has nothing to say: the activity type it would go by is not in the catalogue."""


class Verdict(NamedTuple):
    """How one rule came out on one claim. `code` names the way it holds, or why it is silent."""

    rule: str
    outcome: Outcome
    code: str
    figures: Figures
    findings: tuple[Finding, ...] = ()

    @property
    def broken(self) -> bool:
        """Return whether the rule is broken."""
        return self.outcome is Outcome.broken

    @property
    def missing(self) -> bool:
        """Return whether nothing is wrong but absent facts."""
        return bool(self.findings) and all(finding.missing for finding in self.findings)

    @property
    def whose(self) -> Whose | None:
        """Return whose turn it is: the vendor's where it alone can act, None where nothing is to be done."""
        if not self.findings:
            return None
        at_partner = any(finding.whose is Whose.partner for finding in self.findings)
        return Whose.partner if at_partner else Whose.vendor


def verdict_to_row(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict as JSON, for history: ids, codes and figures only."""
    return {
        "rule": verdict.rule,
        "outcome": verdict.outcome,
        "code": verdict.code,
        "figures": verdict.figures,
        "findings": list(map(_finding_to_row, verdict.findings)),
    }


def verdict_from_row(row: Mapping[str, Any]) -> Verdict:
    """Return the verdict that `verdict_to_row` wrote."""
    return Verdict(
        rule=row["rule"],
        outcome=Outcome(row["outcome"]),
        code=row["code"],
        figures=row["figures"],
        findings=tuple(_finding_from_row(finding) for finding in row["findings"]),
    )


def _finding_to_row(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "figures": dict(finding.figures),
        "missing": finding.missing,
        "whose": finding.whose.value,
        "paths": list(finding.paths),
        "steps": [{"op": step.op.value, "path": step.path, "value": step.value} for step in finding.steps],
    }


def _finding_from_row(row: Mapping[str, Any]) -> Finding:
    return Finding(
        code=row["code"],
        figures=row["figures"],
        missing=row["missing"],
        whose=Whose(row["whose"]),
        paths=tuple(row["paths"]),
        steps=tuple(Step(Op(step["op"]), step["path"], step["value"]) for step in row["steps"]),
    )
