"""Which costs are never paid, and which an activity type admits."""

from workflow.case import Case, NumberedLine
from workflow.marking import N_
from workflow.rules.rule import EACH_LINE, A, C, Rule, S, at, numbers, paths, take_out
from workflow.verdicts import SILENT, Finding, Ruling, broken, holds


def _entertainment(case: Case) -> Ruling:
    prohibited = case.policy.prohibited_categories
    figures = {"prohibited": ", ".join(prohibited)}
    found = [(index, line) for index, line in case.lines if line.category in prohibited]
    return broken(figures, _out_of_place(case, "prohibited", found)) if found else holds("none", figures)


def _expenses(case: Case) -> Ruling:
    if case.activity is None:
        return SILENT
    admitted = case.activity.categories
    prohibited = case.policy.prohibited_categories
    figures = {"activity_type": case.activity.code}
    found = [
        (index, line)
        for index, line in case.lines
        if line.category not in admitted and line.category not in prohibited
    ]
    return (
        broken(figures, _out_of_place(case, "not-admitted", found)) if found else holds("admitted", figures)
    )


def _out_of_place(case: Case, code: str, lines: list[NumberedLine]) -> Finding:
    categories = dict.fromkeys(line.category for _, line in lines)
    return Finding(
        at(case, code),
        {"lines": numbers(lines), "categories": ", ".join(categories)},
        paths=paths(case, lines, "category"),
        steps=take_out(case, lines),
    )


ENTERTAINMENT = Rule(
    id="entertainment",
    clause=N_("The fund does not pay for entertainment (Prohibited, 2nd item)."),
    checkpoints=frozenset({S, A, C}),
    reads=(EACH_LINE, "claim.{lines}.category"),
    judge=_entertainment,
)

EXPENSES = Rule(
    id="expenses",
    clause=N_("An activity type admits certain expenses only (Activity Type)."),
    checkpoints=frozenset({S, A, C}),
    reads=(EACH_LINE, "claim.activity_type", "claim.{lines}.category"),
    judge=_expenses,
)
