"""Writing an execution report: actual costs and evidence, saved incomplete at any time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from models.claims import Claim
from models.vocabulary import Role, State, Trigger
from web.access import allow, claim_or_404
from web.auth.visitor import actor
from web.claims.files import change_files, file_status, files_stand, taken_off
from web.claims.history import sent_back
from web.claims.judging import dossier_of, judged, policy_for, reported
from web.claims.onward import saved_onward
from web.claims.problems import show_problems, stopped, told_so_far
from web.claims.proofs import coverage_of, kinds_of_files
from web.claims.report_form import ReportForm, activity_of, refusals, report_form, stored_lines
from web.claims.room import room
from web.moving import sent_version
from web.notices import Notice
from web.services import read_afresh, services
from workflow.completeness import report_problems
from workflow.coverage import suggested
from workflow.deadlines import report_deadline
from workflow.dossier import Dossier
from workflow.drafts import save_report
from workflow.duplicates.invoices import invoice_key
from workflow.file_types import EXTENSIONS, FileRefused
from workflow.policies import Policy
from workflow.refusals import Refused


@dataclass(frozen=True, slots=True)
class Report:
    """A report on the partner's desk, with its form and all that it goes by."""

    claim: Claim
    dossier: Dossier
    policy: Policy
    form: ReportForm

    @property
    def kinds(self) -> dict[str, str]:
        """Return what an attached file may show, by kind."""
        return kinds_of_files(self.claim.activity_type, self.policy)

    @property
    def is_stored(self) -> bool:
        """Return whether the claim holds just what was typed: the same request came before."""
        return self.pointed(stored_lines(self.claim)) == self.pointed(self.form.lines.rows)

    def pointed(self, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Return cost lines as they are stored: each with the invoice that it will point to."""
        keyed = [{**row, "invoice_key": invoice_key(row["supplier"], row["invoice_number"])} for row in rows]
        meant = suggested(reported(self.dossier, keyed).actual, self.dossier.evidence)
        return [{**row, "proof_id": meant.get(place, row["proof_id"])} for place, row in enumerate(rows)]


@room.get("/<int:claim_id>/report")
@allow(Role.partner)
def report(claim_id: int) -> ResponseReturnValue:
    """Show the report of an approved claim."""
    present = _report_of(claim_id)
    if present.claim.state is not State.approved:
        return redirect(url_for("claims.show", claim_id=claim_id))
    show_problems(present.form, report_problems(present.dossier))
    return _page(present)


@room.post("/<int:claim_id>/report")
@allow(Role.partner)
def save_costs(claim_id: int) -> ResponseReturnValue:
    """Do what the button wishes: save, check, change the lines or the files, or go on to send."""
    present, wish = _report_of(claim_id), request.form.get("do", "save")
    if present.claim.state is not State.approved:
        return _page(present, stopped("wrong_state", present.claim)), 409
    if present.form.lines.change(wish):
        present.form.lines.offer(present.policy.catalogue, activity_of(present.claim, present.policy))
        return _page(present)
    loosened = present.form.lines.loosen(taken_off(wish))
    if not present.form.validate():
        return _page(present), 422
    return _page(present) if wish == "check" else _saved(present, wish, loosened)


@room.post("/<int:claim_id>/report/check")
@allow(Role.partner)
def check_report(claim_id: int) -> ResponseReturnValue:
    """Return what the rules say of a report that is being typed, as a part of the page. Nothing is saved."""
    present = _report_of(claim_id)
    if present.claim.state is not State.approved:
        abort(409)
    present.form.validate()
    return render_template("claims/_judged_report.html", **_judged(present))


def _saved(present: Report, wish: str, loosened: int) -> ResponseReturnValue:
    claim_id = present.claim.id
    try:
        version = save_report(services().database, actor(), claim_id, sent_version(), present.form.lines.rows)
        unfit = change_files(claim_id, version, wish, present.kinds)
    except Refused as refused:
        return _not_saved(_report_again(claim_id), wish, loosened, refused)
    if unfit:
        return _page(_report_again(claim_id), unfit=unfit), file_status(unfit)
    return _onward(claim_id, wish, loosened)


def _onward(claim_id: int, wish: str, loosened: int, *, again: bool = False) -> ResponseReturnValue:
    """Return the way on once all is stored, by this request or, `again`, by the same one before it.

    It says how many cost lines lost their proof with the file that was taken off.
    """
    if loosened:
        told = ngettext(
            "%(num)s cost line no longer has an invoice that proves it.",
            "%(num)s cost lines no longer have an invoice that proves them.",
            loosened,
        )
        flash(told, "info")
    return saved_onward(claim_id, wish, Trigger.report, again=again)


def _not_saved(present: Report, wish: str, loosened: int, refused: Refused) -> ResponseReturnValue:
    present.form.lines.loosen(taken_off(wish))
    present.form.validate()
    if refused.why == "stale" and present.is_stored and files_stand(present.claim, wish):
        return _onward(present.claim.id, wish, loosened, again=True)
    return _page(present, stopped(refused.why, present.claim)), 409


def _report_again(claim_id: int) -> Report:
    """Return a report as it stands after what the request has written, or was refused to write."""
    read_afresh()
    return _report_of(claim_id)


def _report_of(claim_id: int) -> Report:
    claim = claim_or_404(claim_id)
    policy = policy_for(claim)
    return Report(claim, dossier_of(claim_id), policy, report_form(claim, policy))


def _judged(present: Report) -> dict[str, Any]:
    rows = present.form.lines.rows
    dossier = reported(present.dossier, rows)
    problems = report_problems(dossier) if present.claim.state is State.approved else []
    return {
        "claim": present.claim,
        "gone_by": dossier.claim,
        "total": sum(row["amount"] or 0 for row in rows),
        "unread": present.form.lines.unread,
        "judged": judged(dossier, present.policy),
        "missing": told_so_far(present.form, problems),
        "coverage": coverage_of(reported(present.dossier, present.pointed(rows)), present.policy),
    }


def _page(present: Report, notice: Notice | None = None, unfit: Sequence[FileRefused] = ()) -> str:
    present.form.lines.ensure_one(present.policy.catalogue, activity_of(present.claim, present.policy))
    return render_template(
        "claims/report.html",
        form=present.form,
        refused=refusals(present.claim, present.form),
        kinds=present.kinds,
        back=sent_back(present.claim.id),
        deadline=report_deadline(present.dossier.claim, present.policy),
        notice=notice,
        file_problems=[one.words(_) for one in unfit],
        accepts=",".join(EXTENSIONS),
        files=present.claim.evidence,
        limit=services().settings.max_file_mb,
        **_judged(present),
    )
