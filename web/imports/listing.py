"""The files that came in, the newest first, and the forms to send one and to take one home."""

from functools import partial

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms import FileField, SelectField

from models.imports import ImportFile
from models.people import User
from models.vocabulary import ImportKind, Role
from web.access import allow
from web.claims.files import file_status, keep_file
from web.forms import PageForm, choices
from web.imports.room import room
from web.imports.words import standing
from web.labels import IMPORT_KINDS
from web.long_work import ask_for
from web.moving import words_of
from web.paging import page_of
from web.services import read_afresh
from workflow.file_types import FileRefused, clean_name
from workflow.imports.asking import take_in
from workflow.imports.registry import KINDS
from workflow.refusals import Refused

SIZE = 20
ENDINGS = (".csv", ".txt", ".xlsx")


class FileForm(PageForm):
    """A file, and what its rows are about."""

    kind = SelectField(
        _l("What its rows are about"),
        choices=choices(IMPORT_KINDS, blank=_l("Choose…")),
        validate_choice=False,
    )
    file = FileField(
        _l("File"), description=_l("CSV in UTF-8, or XLSX: its first sheet. Up to 100,000 rows.")
    )


@room.get("")
@allow(Role.manager)
def index() -> ResponseReturnValue:
    """Show what came in, and what can be sent and taken home."""
    return _page(FileForm(formdata=None))


@room.post("")
@allow(Role.manager)
def send() -> ResponseReturnValue:
    """Take a file in and have it looked through; nothing of it is written yet."""
    form, sent = FileForm(), request.files.get("file")
    name = clean_name(sent.filename) if sent and sent.filename else ""
    if form.kind.data not in set(ImportKind):
        form.kind.errors = [_("Choose what its rows are about.")]
    if not name.lower().endswith(ENDINGS):
        form.file.errors = [_("Choose a file that ends in .csv or .xlsx.")]
    if form.errors or sent is None:
        return _page(form), 422
    try:
        stored = keep_file(sent.stream, name)
    except FileRefused as refused:
        form.file.errors = [refused.words(_)]
        return _page(form), file_status([refused])
    kind = ImportKind(form.kind.data)
    answer = ask_for(partial(take_in, kind=kind, stored=stored))
    if isinstance(answer, Refused):
        return _page(form, words_of(answer.problems[0])), 422
    return redirect(url_for("imports.show", import_id=answer))


def _page(form: FileForm, problem: str = "") -> str:
    read_afresh()
    query = select(ImportFile.__table__, User.name.label("by")).outerjoin(
        User, User.id == ImportFile.sent_by_id
    )
    page = page_of(query, (ImportFile.id,), descending=True, size=SIZE, at=url_for("imports.index"))
    return render_template(
        "imports/index.html",
        form=form,
        problem=problem,
        page=page,
        labels=IMPORT_KINDS,
        kinds=KINDS,
        standings={row.id: standing(row) for row in page.rows},
    )
