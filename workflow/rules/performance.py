"""Whether the partner achieved what the period demands."""

from models.money import plain
from workflow.case import Case, Performance
from workflow.marking import N_
from workflow.rules.rule import A, Rule, S
from workflow.verdicts import Finding, Op, Ruling, Step, Whose, broken, holds


def _performance(case: Case) -> Ruling:
    code = case.facts.period.code
    records = [
        (index, record)
        for index, record in enumerate(case.facts.partner.performance)
        if record.period == code
    ]
    if not records:
        return broken({"period": code}, _NONE_ON_FILE)
    _, worst = min(records, key=lambda numbered: numbered[1].achieved - numbered[1].required)
    figures = {"period": code, **_compared(worst)}
    missed = [_missed(index, record) for index, record in records if record.achieved < record.required]
    return broken(figures, *missed) if missed else holds("met", figures)


def _missed(index: int, record: Performance) -> Finding:
    path = f"partner.performance[{index}].achieved"
    return Finding(
        "missed",
        {**_compared(record), "shortfall": plain(record.required - record.achieved)},
        paths=(path,),
        steps=(Step(Op.set, path, plain(record.required)),),
    )


def _compared(record: Performance) -> dict[str, str]:
    return {"required": plain(record.required), "achieved": plain(record.achieved)}


_NONE_ON_FILE = Finding("none-on-file", missing=True, whose=Whose.vendor, paths=("partner.performance",))

PERFORMANCE = Rule(
    id="performance",
    clause=N_(
        "The partner meets or exceeds the least performance that the JMF period demands"
        " (Requirements, 3rd paragraph)."
    ),
    checkpoints=frozenset({S, A}),
    reads=("period.code", "partner.performance"),
    judge=_performance,
)
