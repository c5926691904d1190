"""What an approver found of a report: a verdict on each cost line and each file, and the checklist."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any, cast

from flask import request
from flask_babel import gettext as _

from models.vocabulary import Trigger
from web.desk import Desk
from web.forms import sent_number
from web.moving import words_of
from workflow.coverage import suggested
from workflow.deductions import CHOSEN, Deduction
from workflow.demands.granting import accepted_without_proof, takes_invoices, unexplained
from workflow.dossier import AnyRow, Dossier
from workflow.readable import one_line
from workflow.refusals import Problem
from workflow.reviewing import LineFinding

ANSWERS: Mapping[str, bool | None] = {"yes": True, "no": False}
"""What a choice says; any other leaves it open."""

CODES: Mapping[str, Deduction] = {code.value: code for code in CHOSEN}
"""Why a cost may be refused."""

LONGEST_COMMENT = 500


@dataclass(frozen=True, slots=True)
class Review:
    """Findings and comments by the id of the line or the file, and the ticks by checklist item.

    A finding is None where it is still open. `errors` stand by the name of their field.
    """

    lines: Mapping[int, LineFinding]
    evidence: Mapping[int, tuple[bool | None, str]]
    checklist: Mapping[str, bool]
    errors: Mapping[str, str] = field(default_factory=dict)

    def same_as(self, other: "Review") -> bool:
        """Return whether both found the same."""
        return (self.lines, self.evidence, self.checklist) == (other.lines, other.evidence, other.checklist)


def stored_review(desk: Desk) -> Review:
    """Return what was saved so far."""
    return Review(
        lines={line.id: _stored(line) for line in desk.dossier.actual},
        evidence={file.id: (file.meets_standard, file.comment) for file in desk.dossier.evidence},
        checklist={item: bool(desk.claim.checklist.get(item)) for item in checklist_of(desk)},
    )


def offered_review(desk: Desk) -> Review:
    """Return what the form begins with: what was saved so far and, where only one can be meant, the proof."""
    stored, meant = stored_review(desk), suggested(desk.dossier.actual, desk.dossier.evidence)
    proven = {
        line.id: stored.lines[line.id]._replace(proof_id=meant[place])
        for place, line in enumerate(desk.dossier.actual)
        if place in meant
    }
    return replace(stored, lines={**stored.lines, **proven})


def sent_review(desk: Desk, trigger: Trigger | None = None) -> Review:
    """Return what the present form says; whatever it leaves out is open, and a comment too long an error.

    Once it is decided, a refused cost line has to say why; to be accepted, it needs proof.
    """
    evidence = {file.id: _sent("file", "comment", file.id) for file in desk.dossier.evidence}
    ticks = {item: f"tick-{item}" in request.form for item in checklist_of(desk)}
    review = Review({line.id: _sent_line(line.id) for line in desk.dossier.actual}, evidence, ticks)
    said = {f"why-{key}": found.comment for key, found in review.lines.items()}
    said |= {f"comment-{key}": comment for key, (_meets, comment) in evidence.items()}
    errors = {
        name: str(_("Keep the comment within 500 characters."))
        for name, comment in said.items()
        if len(comment) > LONGEST_COMMENT
    }
    problems = _problems(desk, review, trigger) if trigger in EXPLAINED else ()
    return replace(review, errors=errors | {one.field: words_of(one) for one in problems})


EXPLAINED = frozenset({Trigger.accept, Trigger.rework})
"""Decisions that demand something of each cost line."""


def _problems(desk: Desk, review: Review, trigger: Trigger | None) -> Iterator[Problem]:
    dossier = with_review(desk, review)
    yield from unexplained(dossier.actual)
    if trigger is Trigger.accept and takes_invoices(desk.policy, desk.claim.activity_type):
        yield from accepted_without_proof(dossier.actual, dossier.evidence)


def with_review(desk: Desk, review: Review) -> Dossier:
    """Return the claim's dossier as it would stand with a review."""
    claim = SimpleNamespace(**{**desk.dossier.claim._asdict(), "checklist": dict(review.checklist)})
    lines = [
        SimpleNamespace(**{**line._asdict(), **review.lines[line.id]._asdict()})
        for line in desk.dossier.actual
    ]
    evidence = [
        SimpleNamespace(**{**file._asdict(), "meets_standard": review.evidence[file.id][0]})
        for file in desk.dossier.evidence
    ]
    return replace(
        desk.dossier,
        claim=cast(AnyRow, claim),
        lines=cast(Any, [*desk.dossier.planned, *lines]),
        evidence=cast(Any, evidence),
    )


def _stored(line: AnyRow) -> LineFinding:
    code = Deduction(line.reason_code) if line.reason_code else None
    return LineFinding(line.accepted, line.comment, code, line.proof_id)


def _sent_line(key: int) -> LineFinding:
    accepted, comment = _sent("line", "why", key)
    code = CODES.get(request.form.get(f"code-{key}", ""))
    return LineFinding(accepted, comment, code, sent_number(request.form.get(f"proof-{key}", "")))


def _sent(answer: str, comment: str, key: int) -> tuple[bool | None, str]:
    """Return what the form says of one thing: the finding and the comment."""
    sent = request.form
    return ANSWERS.get(sent.get(f"{answer}-{key}", "")), one_line(sent.get(f"{comment}-{key}", ""))


def checklist_of(desk: Desk) -> tuple[str, ...]:
    """Return the checklist items of the claim's activity type; none for a type that the policy lacks."""
    activity = desk.policy.catalogue.types.get(desk.claim.activity_type)
    return activity.checklist if activity else ()
