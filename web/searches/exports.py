"""What a search finds as a file: asked for, made by the worker, and downloaded by whoever asked."""

from collections.abc import Mapping
from typing import Any

from flask import Response, abort, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from models.jobs import Job, JobItem
from models.searches import Export
from models.vocabulary import ExportForm, Role
from web.access import allow
from web.audit.search_page import FORMS, search_page
from web.auth.visitor import actor
from web.claims.files import SANDBOX
from web.moving import sent_key, try_act, words_of
from web.paging import page_of
from web.searches.room import NAMES, page_or_404, room
from web.services import now, reading, services
from workflow import jobs
from workflow.jobs import problem_of
from workflow.moves import in_transaction, settled
from workflow.refusals import Refused
from workflow.searches.exports import KEPT, ask

MEDIA_TYPES: Mapping[ExportForm, str] = {
    ExportForm.csv: "text/csv",
    ExportForm.xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ExportForm.jsonl: "application/jsonl",
}


@room.post("/exports/<search>")
@allow(Role.auditor)
def ask_export(search: str) -> ResponseReturnValue:
    """Ask for all that the search in the address finds, as a file of the kind that the form names."""
    page, key = page_or_404(search), sent_key()
    kind, form = request.form.get("form", ""), page.form()
    if kind not in set(ExportForm):
        abort(400)
    if not form.validate():
        return search_page(page)
    answer = try_act(
        lambda: settled(
            services().database,
            lambda connection: ask(connection, actor(), now(), page.kind, ExportForm(kind), form.asked, key),
        )
    )
    if isinstance(answer, Refused):
        return search_page(page, export_problem=words_of(answer.problems[0]))
    return redirect(url_for("searches.export", export_id=answer))


@room.get("/exports")
@allow(Role.auditor)
def exports() -> ResponseReturnValue:
    """Show the visitor's exports, the latest first."""
    return _list()


@room.get("/exports/<int:export_id>")
@allow(Role.auditor)
def export(export_id: int) -> ResponseReturnValue:
    """Show how far an export is, and where its file is once it is made."""
    found = _own_or_404(export_id)
    results = reading().scalars(select(JobItem.result).where(JobItem.job_id == found.job_id)).all()
    done = [result for result in results if result is not None]
    return render_template(
        "searches/export.html",
        export=found,
        job=reading().get_one(Job, found.job_id),
        name=NAMES[found.kind],
        forms=FORMS,
        steps=len(results),
        done=len(done),
        rows=sum(result.get("rows", 0) for result in done),
        kept_until=found.asked_at + KEPT,
        problems=[words_of(problem_of(one)) for result in done for one in result.get("problems", ())],
    )


@room.post("/exports/<int:export_id>/cancel")
@allow(Role.auditor)
def cancel_export(export_id: int) -> ResponseReturnValue:
    """Begin no further step of an export."""
    job_id = _own_or_404(export_id).job_id
    in_transaction(services().database, lambda connection: jobs.cancel(connection, actor(), now(), job_id))
    return redirect(url_for("searches.export", export_id=export_id))


@room.get("/exports/<int:export_id>/file")
@allow(Role.auditor)
def export_file(export_id: int) -> ResponseReturnValue:
    """Send the file of an export, as it comes from where files are kept."""
    found = _own_or_404(export_id)
    if found.digest is None or found.size is None:
        abort(410 if found.ready_at else 404)
    try:
        content = services().files.find(found.digest)
    except FileNotFoundError:
        abort(404)
    name = f"{found.kind}-{found.asked_at:%Y-%m-%d}-{found.id}.{found.form}"
    answer: Response = send_file(
        content, MEDIA_TYPES[found.form], as_attachment=True, download_name=name, etag=False
    )
    answer.content_length = found.size
    answer.headers["Content-Security-Policy"] = SANDBOX
    return answer


def _own_or_404(export_id: int) -> Export:
    own = select(Export).where(Export.id == export_id, Export.asked_by_id == actor().user_id)
    return reading().scalar(own) or abort(404)


def _list() -> str:
    query: Any = (
        select(Export.__table__, Job.ended_at)
        .join(Job, Job.id == Export.job_id)
        .where(Export.asked_by_id == actor().user_id)
    )
    page = page_of(query, (Export.id,), descending=True, at=url_for("searches.exports"))
    return render_template("searches/exports.html", page=page, names=NAMES, forms=FORMS, days=KEPT.days)
