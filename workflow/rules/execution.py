"""Whether the activity was carried out, and accepted according to the standards."""

from collections.abc import Iterator

from workflow.case import Case, NumberedLine
from workflow.catalogue import ActivityType
from workflow.marking import N_
from workflow.rules.rule import C, Rule, X, numbers
from workflow.verdicts import SILENT, Finding, Op, Ruling, Step, Whose, broken, holds


def _execution(case: Case) -> Ruling:
    claim, today = case.facts.claim, case.facts.today
    lines = case.lines if case.accepting else tuple(enumerate(claim.actual_lines))
    figures = {
        "ends_on": claim.ends_on.isoformat(),
        "today": today.isoformat(),
        "cost_lines": str(len(lines)),
    }
    findings = [*_not_over(case), *_no_costs(case, lines), *_without_invoice(lines)]
    return broken(figures, *findings) if findings else holds("done", figures)


def _not_over(case: Case) -> Iterator[Finding]:
    ends_on = case.facts.claim.ends_on
    if case.facts.today < ends_on:
        yield Finding(
            "not-over", paths=("claim.ends_on",), steps=(Step(Op.set, "today", ends_on.isoformat()),)
        )


def _no_costs(case: Case, lines: tuple[NumberedLine, ...]) -> Iterator[Finding]:
    reported = case.facts.claim.actual_lines
    if lines:
        return
    if not reported:
        yield Finding("no-costs", missing=True, paths=("claim.actual_lines",))
        return
    undecided = any(line.accepted is None for line in reported)
    yield Finding("none-accepted", missing=undecided, whose=Whose.vendor, paths=("claim.actual_lines",))


def _without_invoice(lines: tuple[NumberedLine, ...]) -> Iterator[Finding]:
    for field, code in (("supplier", "no-supplier"), ("invoice_number", "no-invoice-number")):
        lacking = [line for line in lines if getattr(line[1], field) is None]
        if lacking:
            yield Finding(
                code,
                {"lines": numbers(lacking)},
                missing=True,
                paths=tuple(f"claim.actual_lines[{index}].{field}" for index, _ in lacking),
            )


def _acceptance(case: Case) -> Ruling:
    if case.activity is None:
        return SILENT
    figures = {
        "evidence": ", ".join(case.activity.evidence),
        "checklist": ", ".join(case.activity.checklist),
    }
    findings = [*_evidence(case, case.activity), *_checklist(case, case.activity)]
    return broken(figures, *findings) if findings else holds("complete", figures)


def _evidence(case: Case, activity: ActivityType) -> Iterator[Finding]:
    """Yield the kinds of evidence that are absent, not judged yet, or below the standard."""
    judged: dict[str, set[bool | None]] = {kind: set() for kind in activity.evidence}
    for item in case.facts.claim.evidence:
        if item.kind in judged:
            judged[item.kind].add(item.meets_standard)
    yield from _kinds("evidence-absent", [kind for kind, found in judged.items() if not found], missing=True)
    undecided = [kind for kind, found in judged.items() if None in found and True not in found]
    yield from _kinds("evidence-undecided", undecided, missing=True, whose=Whose.vendor)
    yield from _kinds("evidence-below", [kind for kind, found in judged.items() if found == {False}])


def _kinds(
    code: str, kinds: list[str], *, missing: bool = False, whose: Whose = Whose.partner
) -> Iterator[Finding]:
    if kinds:
        yield Finding(
            code,
            {"kinds": ", ".join(kinds)},
            missing=missing,
            whose=whose,
            paths=("claim.evidence",),
            steps=tuple(
                Step(Op.add, "claim.evidence", {"kind": kind, "meets_standard": True}) for kind in kinds
            ),
        )


def _checklist(case: Case, activity: ActivityType) -> Iterator[Finding]:
    ticks = case.facts.claim.checklist
    open_items = [item for item in activity.checklist if not ticks.get(item)]
    if open_items:
        paths = tuple(f"claim.checklist.{item}" for item in open_items)
        yield Finding(
            "checklist-open",
            {"items": ", ".join(open_items)},
            missing=not any(item in ticks for item in open_items),
            whose=Whose.vendor,
            paths=paths,
            steps=tuple(Step(Op.set, path, True) for path in paths),
        )


EXECUTION = Rule(
    id="execution",
    clause=N_(
        "The partner carries the activity out and accounts for its costs with suppliers and invoices"
        " (Requirements, 4th paragraph)."
    ),
    checkpoints=frozenset({X, C}),
    reads=(
        "today",
        "claim.ends_on",
        "claim.actual_lines.supplier",
        "claim.actual_lines.invoice_number",
        "claim.actual_lines.accepted",
    ),
    judge=_execution,
)

ACCEPTANCE = Rule(
    id="acceptance",
    clause=N_(
        "The activity is accepted according to the standards: all evidence of its type, and the whole"
        " checklist (Requirements, 4th paragraph)."
    ),
    checkpoints=frozenset({C}),
    reads=("claim.activity_type", "claim.evidence", "claim.checklist"),
    judge=_acceptance,
)
