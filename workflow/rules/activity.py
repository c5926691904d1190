"""What an activity type demands of its organiser and of its own details, as the catalogue declares it."""

from collections.abc import Callable, Iterator
from typing import Any

from models.money import digits
from workflow.case import Case, NumberedLine
from workflow.catalogue import THIRD_PARTY, ActivityType, Detail
from workflow.marking import N_
from workflow.rules.gifts import above, too_dear
from workflow.rules.rule import EACH_LINE, A, C, Rule, S, limit, numbers, paths
from workflow.verdicts import SILENT, Finding, Op, Ruling, Step, Whose, broken, holds


def _organiser(case: Case) -> Ruling:
    if case.activity is None:
        return SILENT
    organiser, demanded = case.facts.claim.organiser, case.activity.organiser
    figures = {"organiser": organiser.kind, "demanded": demanded}
    findings = []
    if organiser.kind != demanded:
        path = "claim.organiser.kind"
        findings.append(Finding("wrong-kind", paths=(path,), steps=(Step(Op.set, path, demanded),)))
    if demanded == THIRD_PARTY and organiser.name is None:
        findings.append(Finding("name-missing", missing=True, paths=("claim.organiser.name",)))
    return broken(figures, *findings) if findings else holds("right", figures)


def _activity_details(case: Case) -> Ruling:
    activity = case.activity
    if activity is None:
        return SILENT
    figures = {"activity_type": activity.code}
    findings = [
        *_details(case, activity),
        *_line_details(case, activity),
        *_undescribed(case),
        *_country_limit(case, activity),
    ]
    return broken(figures, *findings) if findings else holds("complete", figures)


def _is_count(value: Any) -> bool:
    return type(value) is int and value >= 0


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value) and not value.isspace()


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


_HAS_TYPE: dict[str, Callable[[Any], bool]] = {
    "count": _is_count,
    "text": _is_text,
    "flag": _is_flag,
    "choice": _is_text,
}
"""What a detail's value must be; any other counts as left out."""


def _details(case: Case, activity: ActivityType) -> Iterator[Finding]:
    given = case.facts.claim.details
    for detail in activity.details:
        condition = detail.needed_if
        if condition is not None and given.get(condition.detail) != condition.equals:
            continue
        value = given.get(detail.name)
        if _HAS_TYPE[detail.type](value):
            yield from _NOT_AS_DEMANDED[detail.type](detail, value)
        else:
            yield _detail_finding("missing", detail, missing=True)


def _too_few(detail: Detail, value: Any) -> Iterator[Finding]:
    if value < detail.minimum:
        figures = {"given": digits(value), "minimum": digits(detail.minimum)}
        yield _detail_finding("below-minimum", detail, figures, detail.minimum)


def _not_a_choice(detail: Detail, value: Any) -> Iterator[Finding]:
    codes = [choice.code for choice in detail.choices]
    if value not in codes:
        yield _detail_finding("not-a-choice", detail, {"choices": ", ".join(codes)})


def _wrong_answer(detail: Detail, value: Any) -> Iterator[Finding]:
    if detail.must_be is not None and value != detail.must_be:
        code = "must-be-true" if detail.must_be else "must-be-false"
        yield _detail_finding(code, detail, answer=detail.must_be)


def _nothing(_detail: Detail, _value: Any) -> Iterator[Finding]:
    yield from ()


_NOT_AS_DEMANDED: dict[str, Callable[[Detail, Any], Iterator[Finding]]] = {
    "count": _too_few,
    "text": _nothing,
    "flag": _wrong_answer,
    "choice": _not_a_choice,
}


def _detail_finding(
    code: str,
    detail: Detail,
    figures: dict[str, str] | None = None,
    answer: int | bool | None = None,
    *,
    missing: bool = False,
) -> Finding:
    path = f"claim.details.{detail.name}"
    return Finding(
        code,
        {"detail": detail.name, **(figures or {})},
        missing=missing,
        paths=(path,),
        steps=() if answer is None else (Step(Op.set, path, answer),),
    )


def _line_details(case: Case, activity: ActivityType) -> Iterator[Finding]:
    if "product_model" in activity.line_details:
        lacking = [(index, line) for index, line in case.lines if line.product_model is None]
        yield from _lines_lack(case, "model-missing", lacking, "product_model")
    if "quantity" in activity.line_details:
        lacking = [(index, line) for index, line in case.lines if line.quantity is None]
        yield from _lines_lack(case, "quantity-missing", lacking, "quantity")
        none = [(index, line) for index, line in case.lines if line.quantity == 0]
        if none:
            where = paths(case, none, "quantity")
            steps = tuple(Step(Op.set, path, 1) for path in where)
            yield Finding("quantity-nothing", {"lines": numbers(none)}, paths=where, steps=steps)


def _undescribed(case: Case) -> Iterator[Finding]:
    described = case.policy.catalogue.described
    lacking = [
        (index, line) for index, line in case.lines if line.description is None and line.category in described
    ]
    yield from _lines_lack(case, "description-missing", lacking, "description")


def _lines_lack(case: Case, code: str, lines: list[NumberedLine], field: str) -> Iterator[Finding]:
    if lines:
        yield Finding(code, {"lines": numbers(lines)}, missing=True, paths=paths(case, lines, field))


def _country_limit(case: Case, activity: ActivityType) -> Iterator[Finding]:
    if not activity.country_limited:
        return
    country = case.facts.partner.country
    if country is None:
        yield Finding("country-missing", missing=True, whose=Whose.vendor, paths=("partner.country",))
        return
    most = case.policy.promotional_item_limits.get(country)
    if most is None:
        yield Finding(
            "no-country-limit", {"country": country}, whose=Whose.vendor, paths=("partner.country",)
        )
        return
    limited = [(index, line) for index, line in case.lines if line.category in activity.country_limited]
    dear = above(case, limited, most)
    if dear:
        finding = too_dear(case, dear, most, "above-country-limit")
        yield _with_figures(finding, {"country": country, **limit(case, "country_limit", most)})


def _with_figures(finding: Finding, figures: dict[str, str]) -> Finding:
    return Finding(finding.code, {**finding.figures, **figures}, paths=finding.paths, steps=finding.steps)


ORGANISER = Rule(
    id="organiser",
    clause=N_("An activity type says who organises it: the partner, or a named third party (Activity Type)."),
    checkpoints=frozenset({S, A}),
    reads=("claim.activity_type", "claim.organiser"),
    judge=_organiser,
)

ACTIVITY_DETAILS = Rule(
    id="activity-details",
    clause=N_("An activity has what the description of its type demands (Activity Type)."),
    checkpoints=frozenset({S, A, C}),
    reads=(
        EACH_LINE,
        "claim.activity_type",
        "claim.details",
        "partner.country",
        "claim.{lines}.category",
        "claim.{lines}.description",
        "claim.{lines}.quantity",
        "claim.{lines}.unit_value",
        "claim.{lines}.product_model",
        "claim.exchange",
    ),
    judge=_activity_details,
)
