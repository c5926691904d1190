"""What an approver found of a report: a verdict on each cost line and each file, and the checklist."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import request
from flask_babel import gettext as _

from models.money import Cents
from web.claims.fields import one_line
from web.desk import Desk
from web.moving import words_of
from web.services import today
from workflow.record import document_of, judged_on
from workflow.refusals import Problem

ANSWERS: Mapping[str, bool | None] = {"yes": True, "no": False}
"""What a choice says; any other leaves it open."""

LONGEST_COMMENT = 500


@dataclass(frozen=True, slots=True)
class Review:
    """Findings and comments by the id of the line or the file, and the ticks by checklist item.

    A finding is None where it is still open. `errors` stand by the name of their field.
    """

    lines: Mapping[int, tuple[bool | None, str]]
    evidence: Mapping[int, tuple[bool | None, str]]
    checklist: Mapping[str, bool]
    errors: Mapping[str, str] = field(default_factory=dict)

    def same_as(self, other: "Review") -> bool:
        """Return whether both found the same."""
        return (self.lines, self.evidence, self.checklist) == (other.lines, other.evidence, other.checklist)


def stored_review(desk: Desk) -> Review:
    """Return what was saved so far."""
    return Review(
        lines={line.id: (line.accepted, line.comment) for line in desk.dossier.actual},
        evidence={file.id: (file.meets_standard, file.comment) for file in desk.dossier.evidence},
        checklist={item: bool(desk.claim.checklist.get(item)) for item in checklist_of(desk)},
    )


def sent_review(desk: Desk, *, is_decided: bool = False) -> Review:
    """Return what the present form says; whatever it leaves out is open, and a comment too long an error.

    Once it `is_decided`, a refused cost line has to say why.
    """
    lines = {line.id: _sent("line", "why", line.id) for line in desk.dossier.actual}
    evidence = {file.id: _sent("file", "comment", file.id) for file in desk.dossier.evidence}
    said = {f"why-{key}": comment for key, (_accepted, comment) in lines.items()}
    said |= {f"comment-{key}": comment for key, (_meets, comment) in evidence.items()}
    errors = {
        name: str(_("Keep the comment within 500 characters."))
        for name, comment in said.items()
        if len(comment) > LONGEST_COMMENT
    }
    unexplained = [key for key, (accepted, comment) in lines.items() if accepted is False and not comment]
    if is_decided:
        errors |= {f"why-{key}": words_of(Problem("line_why_missing")) for key in unexplained}
    ticks = {item: f"tick-{item}" in request.form for item in checklist_of(desk)}
    return Review(lines, evidence, ticks, errors)


def _sent(answer: str, comment: str, key: int) -> tuple[bool | None, str]:
    """Return what the form says of one thing: the finding and the comment."""
    sent = request.form
    return ANSWERS.get(sent.get(f"{answer}-{key}", "")), one_line(sent.get(f"{comment}-{key}", ""))


def accepted_costs(desk: Desk, review: Review) -> Cents:
    """Return the sum of the cost lines that a review accepts, in their currency."""
    return sum(line.amount for line in desk.dossier.actual if review.lines[line.id][0])


def document_with(desk: Desk, review: Review) -> dict[str, Any]:
    """Return the claim's check document as it would stand with a review."""
    document = document_of(desk.dossier, judged_on(desk.dossier.claim, today()))
    claim = document["claim"]
    for item, line in zip(claim["actual_lines"], desk.dossier.actual, strict=True):
        item["accepted"] = review.lines[line.id][0]
    for item, file in zip(claim["evidence"], desk.dossier.evidence, strict=True):
        item["meets_standard"] = review.evidence[file.id][0]
    claim["checklist"] = dict(review.checklist)
    return document


def checklist_of(desk: Desk) -> tuple[str, ...]:
    """Return the checklist items of the claim's activity type; none for a type that the policy lacks."""
    activity = desk.policy.catalogue.types.get(desk.claim.activity_type)
    return activity.checklist if activity else ()
