"""Writing a plan: saved incomplete at any time, judged while it is typed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import or_, select

from models.claims import Claim
from models.funds import Fund
from models.programme import Period
from models.vocabulary import LineKind, Role, State, Trigger
from web.access import allow, claim_or_404
from web.auth.visitor import actor
from web.claims.files import change_files, file_status, files_stand
from web.claims.history import sent_back
from web.claims.judging import as_typed, dossier_of, judged, policy_for
from web.claims.onward import saved_onward
from web.claims.plan_form import PlanForm, plan_form
from web.claims.problems import show_problems, stopped, told_so_far
from web.claims.room import room
from web.moving import sent_version
from web.notices import Notice
from web.services import read_afresh, reading, services, today
from workflow.attaching import ATTACHMENT
from workflow.completeness import plan_problems
from workflow.demands.claiming import to_submit
from workflow.dossier import Dossier
from workflow.drafts import LINE_COLUMNS, save_plan
from workflow.file_types import EXTENSIONS, FileRefused
from workflow.policies import Policy
from workflow.refusals import Refused


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft on the partner's desk, with its form and all that the form goes by."""

    claim: Claim
    dossier: Dossier
    policy: Policy
    periods: Sequence[Period]
    form: PlanForm

    @property
    def typed(self) -> dict[str, Any]:
        """Return the plan as it would be stored."""
        return self.form.plan(self.periods)

    @property
    def fund(self) -> Fund | None:
        """Return the fund that the claim draws on as it is stored."""
        return reading().scalar(
            select(Fund).where(
                Fund.partner_id == self.claim.partner_id, Fund.period_id == self.claim.period_id
            )
        )

    @property
    def is_stored(self) -> bool:
        """Return whether the claim holds just what was typed: the same request came before."""
        lines = [line for line in self.claim.lines if line.kind is LineKind.planned]
        rows = self.form.lines.rows
        same_plan = all(getattr(self.claim, name) == value for name, value in self.typed.items())
        return same_plan and [{name: getattr(line, name) for name in LINE_COLUMNS} for line in lines] == rows


@room.get("/<int:claim_id>/plan")
@allow(Role.partner)
def plan(claim_id: int) -> ResponseReturnValue:
    """Show the form of a draft."""
    draft = draft_of(claim_id)
    if draft.claim.state is not State.draft:
        return redirect(url_for("claims.show", claim_id=claim_id))
    show_problems(draft.form, plan_problems(draft.dossier))
    return _page(draft)


@room.post("/<int:claim_id>/plan")
@allow(Role.partner)
def save(claim_id: int) -> ResponseReturnValue:
    """Do what the button wishes: save, check, change the lines or the files, or go on to submit."""
    draft, wish = draft_of(claim_id), request.form.get("do", "save")
    if draft.claim.state is not State.draft:
        return _page(draft, stopped("wrong_state", draft.claim)), 409
    if draft.form.lines.change(wish):
        draft.form.lines.offer(draft.policy.catalogue, draft.form.activity)
        return _page(draft)
    if not draft.form.validate():
        return _page(draft), 422
    return _page(draft) if wish == "check" else _saved(draft, wish)


@room.post("/<int:claim_id>/check")
@allow(Role.partner)
def check(claim_id: int) -> ResponseReturnValue:
    """Return what the rules say of a plan that is being typed, as a part of the page. Nothing is saved."""
    draft = draft_of(claim_id)
    if draft.claim.state is not State.draft:
        abort(409)
    draft.form.validate()
    return render_template("claims/_judged.html", **_judged(draft))


def _saved(draft: Draft, wish: str) -> ResponseReturnValue:
    claim_id = draft.claim.id
    try:
        version = save_plan(
            services().database, actor(), claim_id, sent_version(), draft.typed, draft.form.lines.rows
        )
        unfit = change_files(claim_id, version, wish, (ATTACHMENT,))
    except Refused as refused:
        return _not_saved(draft_again(claim_id), wish, refused)
    if unfit:
        return _page(draft_again(claim_id), unfit=unfit), file_status(unfit)
    return saved_onward(claim_id, wish, Trigger.submit)


def _not_saved(draft: Draft, wish: str, refused: Refused) -> ResponseReturnValue:
    draft.form.validate()
    if refused.why == "stale" and draft.is_stored and files_stand(draft.claim, wish):
        return saved_onward(draft.claim.id, wish, Trigger.submit, again=True)
    return _page(draft, stopped(refused.why, draft.claim)), 409


def draft_again(claim_id: int) -> Draft:
    """Return a draft as it stands after what the request has written, or was refused to write."""
    read_afresh()
    return draft_of(claim_id)


def draft_of(claim_id: int) -> Draft:
    """Return a claim of the visitor's with the form of its plan, filled in with what was typed."""
    claim = claim_or_404(claim_id)
    policy = policy_for(claim)
    periods = reading().scalars(
        select(Period)
        .where(or_(Period.closed_at.is_(None), Period.id == claim.period_id))
        .order_by(Period.first_day)
    )
    every = periods.all()
    return Draft(claim, dossier_of(claim_id), policy, every, plan_form(claim, policy, every))


def _judged(draft: Draft) -> dict[str, Any]:
    typed = draft.typed
    period = next((one for one in draft.periods if one.id == typed["period_id"]), None)
    fund = reading().scalar(
        select(Fund).where(Fund.partner_id == draft.claim.partner_id, Fund.period_id == typed["period_id"])
    )
    dossier = as_typed(draft.dossier, typed, draft.form.lines.rows, period, fund)
    problems = to_submit(dossier, today()) if draft.claim.state is State.draft else []
    return {
        "judged": judged(dossier, draft.policy),
        "typed": dossier.claim,
        "unread": draft.form.lines.unread,
        "missing": told_so_far(draft.form, problems),
    }


def _page(draft: Draft, notice: Notice | None = None, unfit: Sequence[FileRefused] = ()) -> str:
    draft.form.lines.ensure_one(draft.policy.catalogue, draft.form.activity)
    return render_template(
        "claims/plan.html",
        claim=draft.claim,
        form=draft.form,
        back=sent_back(draft.claim.id),
        notice=notice,
        file_problems=[one.words(_) for one in unfit],
        accepts=",".join(EXTENSIONS),
        files=draft.claim.evidence,
        limit=services().settings.max_file_mb,
        **_judged(draft),
    )
