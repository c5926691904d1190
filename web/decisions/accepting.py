"""The acceptance of a report: findings on costs, files and checklist, then accept, rework or reject."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from models.vocabulary import Role, TaskKind, Trigger
from web.access import allow
from web.auth.visitor import actor
from web.claims.alike import alike_of
from web.claims.fields import long_text_field
from web.claims.history import disputed
from web.claims.judging import shares_in
from web.claims.proofs import Coverage, coverage_of
from web.claims.split import splits_in
from web.decisions.deciding import LONGEST_REASON, code_field
from web.decisions.inbox import next_task
from web.decisions.leaving import chosen_trigger, gone, leave
from web.decisions.looking_back import look_back
from web.decisions.offer import LeastOf, payment_of
from web.decisions.review import (
    CODES,
    Review,
    offered_review,
    sent_review,
    stored_review,
    with_review,
)
from web.decisions.room import room
from web.desk import Desk, desk_of
from web.erased import file_name
from web.forms import PageForm
from web.labels import DEDUCTIONS
from web.moving import command_for, move, put_at_fields, sent_version, try_act
from web.services import read_afresh, services, today
from web.verdicts import VerdictItem, troubles_first, verdict_items
from workflow.coverage import invoices_in
from workflow.deductions import Deduction
from workflow.judgement import judge_partial
from workflow.record import document_of, judged_on
from workflow.refusals import Refused
from workflow.reviewing import save_review
from workflow.verdicts import Outcome, Verdict, Whose

TRIGGERS = (Trigger.accept, Trigger.rework, Trigger.reject)

SAVE = "save"
"""The decision to decide later."""


class AcceptanceForm(PageForm):
    """What is typed besides the findings."""

    reason = long_text_field(
        _l("Reason"),
        LONGEST_REASON,
        _l("Needed to ask for rework and to reject. The partner reads it."),
    )
    reason_code = code_field(_l("Why, if you reject it"))


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an acceptance stands: the verdicts on a review, what would be paid, and what lacks proof."""

    verdicts: Sequence[VerdictItem]
    payment: LeastOf
    coverage: Coverage


@room.get("/claims/<int:claim_id>/accept")
@allow(Role.approver)
def accept(claim_id: int) -> ResponseReturnValue:
    """Show the report with what was found so far."""
    desk = desk_of(claim_id, TaskKind.accept)
    if not desk.is_mine:
        return leave(desk)
    return _page(desk, AcceptanceForm(), offered_review(desk))


@room.post("/claims/<int:claim_id>/accept")
@allow(Role.approver, moves=TRIGGERS)
def accepted(claim_id: int) -> ResponseReturnValue:
    """Keep what was found; then make the decision, unless it is to come later."""
    desk, form = desk_of(claim_id, TaskKind.accept), AcceptanceForm()
    trigger = None if request.form.get("decision") == SAVE else chosen_trigger(TRIGGERS)
    review = sent_review(desk, trigger)
    if not form.validate() or review.errors:
        return _page(desk, form, review), 422
    version = _save(desk, review)
    if trigger is None:
        return _saved(desk, form, review, version)
    code = Deduction(form.reason_code.data) if trigger is Trigger.reject else Deduction.other
    command = command_for(desk.claim, trigger, reason=form.reason.data or "", reason_code=code)
    if not isinstance(version, Refused):
        command = command._replace(version=version)
    answer = move(command, desk.claim.number)
    if isinstance(answer, Refused):
        return _refused(claim_id, form, review, answer)
    read_afresh()
    return redirect(next_task(desk.task) or url_for("decisions.inbox"))


@room.post("/claims/<int:claim_id>/accept/standing")
@allow(Role.approver)
def acceptance_standing(claim_id: int) -> ResponseReturnValue:
    """Return where the acceptance stands with what is being ticked. Changes nothing."""
    desk = desk_of(claim_id, TaskKind.accept)
    if not desk.is_mine:
        abort(409)
    return render_template("decisions/_standing.html", standing=standing_of(desk, sent_review(desk)))


def standing_of(desk: Desk, review: Review) -> Standing:
    """Return where an acceptance stands with a review."""
    dossier, policy = with_review(desk, review), desk.policy
    document = document_of(dossier, judged_on(dossier.claim, today()))
    verdicts = judge_partial(document, policy, Trigger.accept)
    items = verdict_items([_calm(verdict) for verdict in verdicts], policy)
    accepted = sum(line.amount for line in dossier.actual if line.accepted)
    return Standing(troubles_first(items), payment_of(desk, accepted), coverage_of(dossier, policy))


def _calm(verdict: Verdict) -> Verdict:
    """Return a verdict as one whose task it is reads it: what they have not looked at yet is not broken."""
    ours = verdict.broken and verdict.whose is Whose.vendor
    return verdict._replace(outcome=Outcome.unknown) if ours else verdict


def _save(desk: Desk, review: Review) -> int | Refused:
    """Store a review and return the claim's version. What a double click stored already counts as done."""
    saved = try_act(
        lambda: save_review(
            services().database,
            actor(),
            desk.claim.id,
            sent_version(),
            lines=review.lines,
            evidence=review.evidence,
            checklist=review.checklist,
        )
    )
    if isinstance(saved, Refused) and desk.is_mine and review.same_as(stored_review(desk)):
        return desk.claim.version
    return saved


def _saved(desk: Desk, form: AcceptanceForm, review: Review, version: int | Refused) -> ResponseReturnValue:
    if isinstance(version, Refused):
        return _refused(desk.claim.id, form, review, version)
    flash(_("Saved. You can go on at any time."), "success")
    return redirect(url_for("decisions.accept", claim_id=desk.claim.id))


def _refused(claim_id: int, form: AcceptanceForm, review: Review, refused: Refused) -> ResponseReturnValue:
    read_afresh()
    desk = desk_of(claim_id, TaskKind.accept)
    if not desk.is_mine:
        return gone(desk, refused, form.reason.data or "")
    problems = put_at_fields(form, refused)
    return _page(desk, form, review, problems), 409 if refused.why == "stale" else 422


def _page(desk: Desk, form: AcceptanceForm, review: Review, problems: Sequence[str] = ()) -> str:
    return render_template(
        "decisions/accept.html",
        desk=desk,
        form=form,
        review=review,
        standing=standing_of(desk, review),
        problems=problems,
        onward=next_task(desk.task),
        dispute=disputed(desk.claim),
        looked=look_back(desk),
        alike=alike_of(desk.claim),
        splits=splits_in(desk.dossier, desk.policy),
        shares=shares_in(desk.dossier),
        codes={code: DEDUCTIONS[why] for code, why in CODES.items()},
        invoices={file.id: file_name(file) for file in invoices_in(desk.dossier.evidence)},
    )
