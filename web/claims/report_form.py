"""The form of an execution report: what it cost in the end, line by line."""

from typing import Any

from wtforms import FormField

from models.claims import Claim
from models.vocabulary import LineKind
from web.claims.lines import ActualLine, LineList
from web.erased import file_name
from web.forms import PageForm
from web.labels import DEDUCTIONS
from workflow.catalogue import ActivityType
from workflow.coverage import invoices_in
from workflow.deductions import Deduction
from workflow.drafts import ACTUAL_COLUMNS
from workflow.policies import Policy


class ReportForm(PageForm):
    """The actual costs of an approved claim."""

    lines = LineList(FormField(ActualLine))


def report_form(claim: Claim, policy: Policy) -> ReportForm:
    """Return the form of a claim's report, filled in with what was typed, else stored, else planned."""
    form = ReportForm(data={"lines": stored_lines(claim) or _planned_lines(claim)})
    form.lines.invoices = {file.id: file_name(file) for file in invoices_in(claim.evidence)}
    form.lines.currency = claim.currency
    form.lines.offer(policy.catalogue, activity_of(claim, policy))
    return form


def activity_of(claim: Claim, policy: Policy) -> ActivityType | None:
    """Return a claim's activity type, or None where the catalogue lacks it."""
    return policy.catalogue.types.get(claim.activity_type)


def stored_lines(claim: Claim) -> list[dict[str, Any]]:
    """Return the actual cost lines as they are stored."""
    return [_values(line) for line in claim.lines if line.kind is LineKind.actual]


def refusals(claim: Claim, form: ReportForm) -> dict[int, str]:
    """Return why the approver refused a line that is still the same, by its place in the form."""
    refused = [line for line in claim.lines if line.kind is LineKind.actual and line.accepted is False]
    return {
        place: refusal_words(line)
        for place, entry in enumerate(form.lines.entries)
        for line in refused
        if entry.form.row == _values(line)
    }


def _planned_lines(claim: Claim) -> list[dict[str, Any]]:
    return [_values(line) for line in claim.lines if line.kind is LineKind.planned]


def _values(line: Any) -> dict[str, Any]:
    return {name: getattr(line, name) for name in ACTUAL_COLUMNS}


def refusal_words(line: Any) -> str:
    """Return why a cost line was refused: the reason's word, where there is one, and what was said."""
    word = str(DEDUCTIONS[Deduction(line.reason_code)]) if line.reason_code else ""
    return f"{word}: {line.comment}" if word and line.comment else word or line.comment
