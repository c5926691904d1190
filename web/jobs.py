"""Long work: how far a job is, what came of each item, and stopping it. Everybody sees their own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from models.claims import Claim
from models.jobs import Job, JobItem
from models.people import Partner
from models.vocabulary import JobKind, Role, Trigger
from web.access import allow
from web.auth.visitor import actor
from web.forms import sent_number
from web.labels import trigger_label
from web.long_work import ask_for
from web.moving import words_of
from web.services import now, reading, services
from workflow import jobs
from workflow.jobs import Item, problem_of
from workflow.moves import in_transaction
from workflow.refusals import Refused
from workflow.verdicts import verdict_from_row
from workflow.wording import message

room = Blueprint("jobs", __name__, url_prefix="/jobs")

TITLES: dict[JobKind, str] = {
    JobKind.decide: _l("Decisions on several claims"),
    JobKind.give_back: _l("Several tasks given back"),
    JobKind.reassign: _l("Several tasks reassigned"),
    JobKind.record_answers: _l("A bank’s answers recorded"),
    JobKind.read_import: _l("A file looked through"),
    JobKind.apply_import: _l("A file imported"),
    JobKind.what_if: _l("Past claims judged by another policy"),
    JobKind.count_rules: _l("What each rule did, counted"),
    JobKind.make_package: _l("An audit package"),
    JobKind.verify_history: _l("History verified"),
    JobKind.draw_sample: _l("A sample drawn"),
    JobKind.export: _l("What a search found, as a file"),
}
"""What people call a job."""

TONES = {"done": "done", "refused": "stopped", "failed": "stopped", "cancelled": "quiet"}

DONE: dict[JobKind, str] = {
    JobKind.give_back: _l("Given back"),
    JobKind.reassign: _l("Reassigned"),
    JobKind.record_answers: _l("Rejected by the bank: taken out of the run"),
}

OUTCOMES: dict[str, str] = {
    "refused": _l("Not done"),
    "failed": _l("Failed"),
    "cancelled": _l("Not begun"),
}

MOST_LISTED = 50

ASKERS = (Role.approver, Role.auditor, Role.finance, Role.manager)
"""Who may have a job of their own. What an auditor asks for changes nothing of what is on file."""


@dataclass(frozen=True, slots=True)
class Line:
    """What came of one item, in words. `tone` is empty while it waits."""

    row: Any
    outcome: str
    tone: str
    reasons: Sequence[str]


def start_job(kind: JobKind, shared: Mapping[str, Any], items: Sequence[Item]) -> str | Refused:
    """Ask for a job under the form's key; return the address of its page, or why there is none."""
    answer = ask_for(partial(jobs.start, kind=kind, shared=shared, items=items))
    return answer if isinstance(answer, Refused) else url_for("jobs.show", job_id=answer)


def ticked(most: int) -> list[int]:
    """Return the ids of the claims that were ticked, each once."""
    ids = {sent_number(one) for one in request.values.getlist("claim")}
    return sorted(filter(None, ids))[:most]


@room.get("")
@allow(Role.approver, Role.finance, Role.manager)
def index() -> ResponseReturnValue:
    """Show the visitor's latest jobs."""
    done = select(func.count()).where(JobItem.job_id == Job.id, JobItem.done_at.is_not(None))
    items = select(func.count()).where(JobItem.job_id == Job.id)
    rows = reading().execute(
        select(Job, items.scalar_subquery().label("items"), done.scalar_subquery().label("done"))
        .where(Job.actor_id == actor().user_id)
        .order_by(Job.id.desc())
        .limit(MOST_LISTED)
    )
    return render_template("jobs/index.html", rows=rows.all(), titles=TITLES)


@room.get("/<int:job_id>")
@allow(*ASKERS)
def show(job_id: int) -> ResponseReturnValue:
    """Show how far a job is and what came of each of its items; some have a page of their own."""
    job = _own_or_404(job_id)
    if "import" in job.input:
        return redirect(url_for("imports.show", import_id=job.input["import"]))
    if job.kind in PAGES:
        endpoint, name = PAGES[job.kind]
        values: dict[str, Any] = {name: job_id} if name else {}
        return redirect(url_for(endpoint, **values))
    lines = [_line(job, row) for row in _items(job_id)]
    done = sum(line.tone != "" for line in lines)
    return render_template(
        "jobs/show.html",
        job=job,
        title=TITLES[job.kind],
        lines=lines,
        done=done,
        refused=sum(line.tone == "stopped" for line in lines),
        back=BACK.get(job.kind, "decisions.inbox"),
    )


PAGES: Mapping[JobKind, tuple[str, str]] = {
    JobKind.what_if: ("what_if.show", "what_if_id"),
    JobKind.count_rules: ("rule_counts.show", "count_id"),
    JobKind.make_package: ("audit.proof", ""),
    JobKind.verify_history: ("audit.proof", ""),
    JobKind.draw_sample: ("sampling.index", ""),
    JobKind.export: ("searches.exports", ""),
}
"""The kinds with pages of their own: where, and what the address calls the job's id, if it holds it."""

BACK = {JobKind.reassign: "programme.waiting", JobKind.record_answers: "payment_runs.index"}
"""Where a job was asked for, if not in the inbox."""


@room.post("/<int:job_id>/cancel")
@allow(*ASKERS)
def cancel(job_id: int) -> ResponseReturnValue:
    """Begin no further item of a job."""
    _own_or_404(job_id)
    in_transaction(services().database, lambda connection: jobs.cancel(connection, actor(), now(), job_id))
    flash(_("No further item will be begun."), "info")
    return redirect(url_for("jobs.show", job_id=job_id))


def _own_or_404(job_id: int) -> Job:
    job = reading().scalar(select(Job).where(Job.id == job_id, Job.actor_id == actor().user_id))
    if job is None:
        abort(404)
    return job


def _items(job_id: int) -> Sequence[Any]:
    return (
        reading()
        .execute(
            select(JobItem, Claim.id, Claim.number, Claim.title, Partner.name.label("partner"))
            .outerjoin(Claim, Claim.id == JobItem.claim_id)
            .outerjoin(Partner, Partner.id == Claim.partner_id)
            .where(JobItem.job_id == job_id)
            .order_by(JobItem.position)
        )
        .all()
    )


def _line(job: Job, row: Any) -> Line:
    result = row.JobItem.result
    if result is None:
        return Line(row, str(_("Waits")), "", ())
    outcome = result["outcome"]
    said = OUTCOMES.get(outcome) or _done(job, result)
    return Line(row, str(said), TONES[outcome], _reasons(result))


def _done(job: Job, result: Mapping[str, Any]) -> str:
    return trigger_label(Trigger(result["trigger"])) if "trigger" in result else str(DONE[job.kind])


def _reasons(result: Mapping[str, Any]) -> list[str]:
    """Return why an item was refused: each problem and each broken rule."""
    problems = [words_of(problem_of(one)) for one in result.get("problems", ()) if one["code"] != "rules"]
    rules = [message(verdict_from_row(one), _) for one in result.get("verdicts", ())]
    return [*problems, *rules]
