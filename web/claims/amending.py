"""Changing an approved plan: told before it is done that the approval has to be renewed, and why."""

from collections.abc import Sequence
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from models.vocabulary import Role, State, Trigger
from web.access import allow
from web.acting import act
from web.auth.visitor import actor
from web.changes import changed_words
from web.claims.judging import as_typed, judged_at
from web.claims.plan import Draft, draft_again, draft_of
from web.claims.problems import STATUS, show_problems, stopped, told_so_far
from web.claims.room import room
from web.moving import command_for, move, sent_version
from web.notices import Notice
from web.services import now, services, today
from workflow.amending import amend, correct, needs_approval
from workflow.changes import changes_between
from workflow.completeness import plan_problems
from workflow.dossier import Dossier
from workflow.record import document_of
from workflow.refusals import Refused
from workflow.texts import texts_changed, texts_of


@room.get("/<int:claim_id>/amend")
@allow(Role.partner)
def amending(claim_id: int) -> ResponseReturnValue:
    """Show the form of an approved plan."""
    draft = draft_of(claim_id)
    if draft.claim.state is not State.approved:
        return redirect(url_for("claims.show", claim_id=claim_id))
    return _page(draft)


@room.post("/<int:claim_id>/amend")
@allow(Role.partner, moves=[Trigger.amend])
def amended(claim_id: int) -> ResponseReturnValue:
    """Correct what no rule reads; or tell what has to be renewed and, once that was told, send it."""
    draft, wish = draft_of(claim_id), request.form.get("do", "save")
    if draft.claim.state is not State.approved:
        sent_before = wish == "amend"  # by a double click: the move itself knows
        return _sent(draft) if sent_before else (_page(draft, stopped("wrong_state", draft.claim)), 409)
    if draft.form.lines.change(wish):
        draft.form.lines.offer(draft.policy.catalogue, draft.form.activity)
        return _page(draft)
    if not draft.form.validate():
        return _page(draft), 422
    if not needs_approval(draft.claim, draft.typed, draft.form.lines.rows):
        return _corrected(draft)
    if wish != "amend":
        return _page(draft, asks=True)
    return _sent(draft)


@room.post("/<int:claim_id>/amend/check")
@allow(Role.partner)
def check_amended(claim_id: int) -> ResponseReturnValue:
    """Return what the rules say of the plan that is being typed, as a part of the page. Nothing is saved."""
    draft = draft_of(claim_id)
    if draft.claim.state is not State.approved:
        abort(409)
    draft.form.validate()
    return render_template("claims/_judged.html", **_judged(draft, _typed_dossier(draft)))


def _corrected(draft: Draft) -> ResponseReturnValue:
    claim_id, version = draft.claim.id, sent_version()
    answer = act(
        lambda connection: correct(connection, actor(), now(), claim_id, version, draft.typed),
        _("Saved. No rule reads what you changed, so the approval stands."),
    )
    if isinstance(answer, Refused):
        return _page(draft_again(claim_id), stopped(answer.why, draft.claim)), 409
    return redirect(url_for("claims.show", claim_id=claim_id))


def _sent(draft: Draft) -> ResponseReturnValue:
    plan, lines = draft.typed, draft.form.lines.rows
    command = command_for(draft.claim, Trigger.amend)
    answer = move(command, by=lambda: amend(services().database, command, plan, lines, now()))
    if not isinstance(answer, Refused):
        return redirect(url_for("claims.show", claim_id=draft.claim.id))
    draft = draft_again(draft.claim.id)
    draft.form.validate()
    show_problems(draft.form, answer.problems)
    notice = stopped(answer.why, draft.claim) if answer.why in ("stale", "wrong_state") else None
    return _page(draft, notice, asks=True, refused=answer), STATUS.get(answer.why, 422)


def _typed_dossier(draft: Draft) -> Dossier:
    """Return the claim with what is typed; its JMF period, and so its fund, stay what they are."""
    typed = {**draft.typed, "period_id": draft.claim.period_id, "currency": draft.claim.currency}
    return as_typed(draft.dossier, typed, draft.form.lines.rows, draft.claim.period, draft.fund)


def _judged(draft: Draft, typed: Dossier) -> dict[str, Any]:
    return {
        "judged": judged_at(Trigger.submit, typed, draft.policy),
        "typed": typed.claim,
        "unread": draft.form.lines.unread,
        "missing": told_so_far(draft.form, plan_problems(typed)),
    }


def _changes(draft: Draft, typed: Dossier) -> Sequence[Any]:
    stands = draft.dossier
    changes = [
        *texts_changed(texts_of(stands.claim), texts_of(typed.claim)),
        *changes_between(document_of(stands, today()), document_of(typed, today())),
    ]
    return changed_words(changes, draft.policy, draft.claim.activity_type, stands.exchange)


def _page(
    draft: Draft, notice: Notice | None = None, *, asks: bool = False, refused: Refused | None = None
) -> str:
    draft.form.lines.ensure_one(draft.policy.catalogue, draft.form.activity)
    typed = _typed_dossier(draft)
    return render_template(
        "claims/amend.html",
        claim=draft.claim,
        form=draft.form,
        notice=notice,
        changes=_changes(draft, typed) if asks else (),
        refused=refused is not None and refused.why == "rules",
        **_judged(draft, typed),
    )
