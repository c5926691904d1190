"""One file: how far it is, the preview of every row, and applying it as it was seen."""

from collections.abc import Sequence
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import func, select

from models.imports import ImportFile, ImportRow
from models.jobs import Job, JobItem
from models.people import User
from models.vocabulary import JobKind, Role, RowVerdict
from web.access import allow
from web.auth.visitor import actor
from web.imports.room import room
from web.imports.words import VERDICTS, line_of, problem_in, standing
from web.labels import IMPORT_KINDS
from web.moving import sent_key, try_act, words_of
from web.paging import page_of
from web.services import now, read_afresh, reading, services
from workflow.imports.applying import writes
from workflow.imports.asking import apply_later, judge_again
from workflow.imports.registry import KINDS
from workflow.jobs import problem_of
from workflow.moves import settled
from workflow.refusals import Refused


@room.get("/<int:import_id>")
@allow(Role.manager)
def show(import_id: int) -> ResponseReturnValue:
    """Show how far a file is, or what would become of each of its rows."""
    return _page(_file_or_404(import_id))


@room.post("/<int:import_id>/judge")
@allow(Role.manager)
def judge(import_id: int) -> ResponseReturnValue:
    """Have a file looked through once more, by what is on file now."""
    _file_or_404(import_id)
    key = sent_key()
    return _asked(import_id, lambda connection: judge_again(connection, actor(), now(), import_id, key))


@room.post("/<int:import_id>/apply")
@allow(Role.manager)
def apply(import_id: int) -> ResponseReturnValue:
    """Have a file applied, if it would still become what the page showed."""
    _file_or_404(import_id)
    key, seen = sent_key(), request.form.get("seen", "")
    return _asked(import_id, lambda connection: apply_later(connection, actor(), now(), import_id, seen, key))


def _asked(import_id: int, work: Any) -> ResponseReturnValue:
    answer = try_act(lambda: settled(services().database, work))
    if isinstance(answer, Refused):
        read_afresh()
        status = 422 if answer.why == "jobs_full" else 409
        return _page(_file_or_404(import_id), [words_of(problem) for problem in answer.problems]), status
    return redirect(url_for("imports.show", import_id=import_id))


def _file_or_404(import_id: int) -> ImportFile:
    return reading().get(ImportFile, import_id) or abort(404)


def _page(file: ImportFile, problems: Sequence[str] = ()) -> str:
    job = reading().get(Job, file.job_id) if file.job_id else None
    chosen = _chosen(file)
    page = _rows(file, chosen)
    return render_template(
        "imports/show.html",
        file=file,
        title=IMPORT_KINDS[file.kind],
        standing=standing(file),
        sender=reading().get(User, file.sent_by_id) if file.sent_by_id else None,
        job=job if job and job.ended_at is None else None,
        is_mine=job is not None and job.actor_id == actor().user_id,
        progress=_progress(job) if job else (0, 0),
        problems=[*problems, *_why_not(file, job)],
        unreadable=words_of(problem_in(file.problem)) if file.problem else "",
        verdicts=VERDICTS,
        chosen=chosen,
        page=page,
        lines=[line_of(row) for row in page.rows] if page else [],
        writes=file.counts is not None and writes(file.counts) and not _is_outdated(file, job),
        rows_in_all=sum(file.counts.values()) if file.counts else 0,
        columns=KINDS[file.kind].columns,
    )


def _chosen(file: ImportFile) -> RowVerdict | None:
    """Return the verdict whose rows are shown: the one that is asked for, else the first that a row has."""
    if file.counts is None:
        return None
    asked = request.args.get("verdict", "")
    if asked in set(RowVerdict):
        return RowVerdict(asked)
    return next((verdict for verdict in VERDICTS if file.counts[verdict]), None)


def _rows(file: ImportFile, chosen: RowVerdict | None) -> Any:
    if chosen is None:
        return None
    query = select(ImportRow.line, ImportRow.verdict, ImportRow.told).where(
        ImportRow.import_id == file.id, ImportRow.verdict == chosen
    )
    return page_of(query, (ImportRow.line,), at=url_for("imports.show", import_id=file.id))


def _progress(job: Job) -> tuple[int, int]:
    """Return how many items of a job are done, and how many there are as far as that is known."""
    row = (
        reading()
        .execute(select(func.count(JobItem.done_at), func.count(JobItem.id)).where(JobItem.job_id == job.id))
        .one()
    )
    return row[0], row[1]


def _is_outdated(file: ImportFile, job: Job | None) -> bool:
    """Return whether the rows were not written, since they would not become any more what the page shows."""
    if job is None or job.kind is not JobKind.apply_import or job.ended_at is None or file.applied_at:
        return False
    results = reading().scalars(select(JobItem.result).where(JobItem.job_id == job.id))
    return any(result and result["outcome"] == "refused" for result in results)


def _why_not(file: ImportFile, job: Job | None) -> list[str]:
    """Return why the last that was asked for came to nothing."""
    if job is None or job.ended_at is None or file.applied_at is not None:
        return []
    items = select(JobItem.result).where(JobItem.job_id == job.id, JobItem.result.is_not(None))
    results = {result["outcome"]: result for result in reading().scalars(items)}
    if "refused" in results:
        return [words_of(problem_of(one)) for one in results["refused"]["problems"]]
    if "failed" in results:
        return [_("Something of ours failed, and nothing was written. Have the file looked through again.")]
    if "cancelled" in results and job.kind is JobKind.read_import:
        return [_("It was stopped before every row was looked at.")]
    return []
