"""What a plan or a report must have before it can be judged (rulebook, Forms): plain sense, no rule."""

from collections.abc import Iterator, Sequence

from models.money import written
from workflow.dossier import AnyRow, Dossier
from workflow.refusals import Problem

PLAN_FIELDS = ("title", "period_id", "starts_on", "ends_on", "organiser_kind", "requested")
LINE_FIELDS = ("category", "quantity", "unit_value", "amount")


def plan_problems(dossier: Dossier) -> list[Problem]:
    """Return what still keeps a plan from being submitted, each at its field."""
    claim = dossier.claim
    problems = [_blank(claim, field) for field in PLAN_FIELDS if _is_blank(getattr(claim, field))]
    if claim.starts_on and claim.ends_on and claim.ends_on < claim.starts_on:
        problems.append(Problem("ends_before_start", "ends_on"))
    return problems + list(line_problems(dossier.planned, "lines", claim.currency))


def _blank(claim: AnyRow, field: str) -> Problem:
    """Return the problem of an empty field. A period that nobody opened is not the partner's to fill in."""
    if field == "period_id" and claim.starts_on is not None and claim.open_period_id is None:
        return Problem("no_open_period", field, {"day": claim.starts_on.isoformat()})
    return Problem("field_missing", field)


def report_problems(dossier: Dossier) -> list[Problem]:
    """Return what still keeps a report's cost lines from being judged, each at its field."""
    return list(line_problems(dossier.actual, "actual_lines", dossier.claim.currency))


def line_problems(lines: Sequence[AnyRow], prefix: str, currency: str) -> Iterator[Problem]:
    """Yield what is wrong with the lines themselves: none at all, empty fields, sums that do not fit."""
    if not lines:
        yield Problem("no_lines", prefix)
    for index, line in enumerate(lines):
        missing = [field for field in LINE_FIELDS if _is_blank(getattr(line, field))]
        for field in missing:
            yield Problem("field_missing", f"{prefix}[{index}].{field}")
        if not missing and not sum_fits(line.quantity, line.unit_value, line.amount):
            yield Problem(
                "line_sum",
                f"{prefix}[{index}].amount",
                {
                    "amount": written(line.amount, currency),
                    "quantity": str(line.quantity),
                    "unit_value": written(line.unit_value, currency),
                    "product": written(line.quantity * line.unit_value, currency),
                },
            )


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def sum_fits(quantity: int, unit_value: int, amount: int) -> bool:
    """Return whether an amount is quantity × unit value, give or take a cent a unit for rounding."""
    return abs(amount - quantity * unit_value) <= quantity
