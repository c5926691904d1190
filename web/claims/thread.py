"""Writing on a claim's thread, and the files that came with what was written."""

from functools import partial
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from models.claims import Claim
from models.vocabulary import Role
from web.access import allow, claim_or_404
from web.auth.visitor import actor
from web.claims.files import content_or_404, file_status, keep_file, send, sent_files
from web.claims.page import claim_page
from web.claims.posts import PostForm, find_file, post_form, thread_of
from web.claims.room import READERS, room
from web.moving import put_at_fields, sent_key, try_act
from web.services import now, services
from workflow.file_types import FileRefused, clean_name
from workflow.moves import in_transaction
from workflow.refusals import ClaimNotFound, Refused
from workflow.threads import Posted, is_owners, post


@room.post("/<int:claim_id>/thread")
@allow(Role.partner, Role.approver, Role.finance, Role.manager)
def write(claim_id: int) -> ResponseReturnValue:
    """Write on a claim: to the other side, or an internal note."""
    claim = claim_or_404(claim_id)
    form, internal = post_form(claim), _is_note()
    if not form.validate():
        return claim_page(claim, thread_of(claim, form)), 422
    try:
        answer = try_act(partial(_post, claim, form, internal))
    except FileRefused as refused:
        thread = thread_of(claim, form, file_problem=refused.words(_))
        return claim_page(claim, thread), file_status([refused])
    except ClaimNotFound:
        abort(404)
    if isinstance(answer, Refused):
        return claim_page(claim, thread_of(claim, form, put_at_fields(form, answer))), 422
    flash(_said(answer, internal), "info" if answer.repeated else "success")
    return redirect(url_for("claims.show", claim_id=claim_id, _anchor="thread"))


@room.get("/<int:claim_id>/thread/files/<int:post_file_id>")
@allow(*READERS)
def thread_file(claim_id: int, post_file_id: int) -> ResponseReturnValue:
    """Send a file of a claim's thread, as its evidence is sent; the partner finds none of a note."""
    file = find_file(claim_or_404(claim_id), post_file_id)
    if file is None:
        abort(404)
    return send(file, content_or_404(file))


def _is_note() -> bool:
    """Return whether an internal note is asked for: of the owner's people's, whatever is not plainly sent."""
    return is_owners(actor()) and request.form.get("do") != "send"


def _post(claim: Claim, form: PostForm, internal: bool) -> Posted:
    key, files = sent_key(), [_kept(sent) for sent in sent_files()]
    return in_transaction(
        services().database,
        lambda connection: post(
            connection,
            actor(),
            now(),
            claim.id,
            key=key,
            text=form.text.data or "",
            internal=internal,
            tell=form.tell.data or (),
            files=files,
        ),
    )


def _kept(sent: FileStorage) -> dict[str, Any]:
    row = keep_file(sent.stream, clean_name(sent.filename or ""))
    return {name: row[name] for name in ("name", "content_type", "size", "digest")}


def _said(posted: Posted, internal: bool) -> str:
    if posted.repeated:
        return str(_("You had sent this already. Nothing was written a second time."))
    if internal:
        return str(_("Saved as an internal note. Only you and your colleagues read it."))
    return str(_("Sent."))
