"""A second manager confirms a request, for good, or turns it down."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from models.claims import Claim
from models.erasure import ErasureRequest
from models.vocabulary import Role
from web.access import allow
from web.acting import act_once
from web.auth.visitor import actor
from web.erasure.forms import ReasonForm
from web.erasure.one_claim import claim_page
from web.erasure.room import room
from web.moving import put_at_fields, words_of
from web.services import now, read_afresh, reading, services
from workflow.acts.erasure import confirm_erasure, turn_down_erasure
from workflow.erasure.due import finish
from workflow.refusals import Problem, Refused


@room.post("/requests/<int:request_id>/confirm")
@allow(Role.manager)
def confirm(request_id: int) -> ResponseReturnValue:
    """Erase what a request covers."""
    found = _claim_of(request_id)
    if found is None:
        return _gone()
    claim_id = found.id
    answer = act_once(
        lambda connection, key: confirm_erasure(connection, actor(), now(), request_id, key),
        _("Erased for good. History says that it was, and why."),
    )
    if isinstance(answer, Refused):
        return claim_page(found, problems=[words_of(one) for one in answer.problems]), 409
    read_afresh()  # A page that is still being read would keep the write-ahead log as it is.
    finish(services().database, now(), files=services().files)
    return redirect(url_for("erasure.claim", claim_id=claim_id))


@room.post("/requests/<int:request_id>/turn-down")
@allow(Role.manager)
def turn_down(request_id: int) -> ResponseReturnValue:
    """Close a request without erasing anything."""
    found, form = _claim_of(request_id), ReasonForm("down")
    if found is None:
        return _gone()
    if not form.validate():
        return claim_page(found, why=form), 422
    answer = act_once(
        lambda connection, key: turn_down_erasure(
            connection, actor(), now(), request_id, reason=form.reason.data or "", key=key
        ),
        _("Turned down. Nothing was erased."),
    )
    if isinstance(answer, Refused):
        return claim_page(found, why=form, problems=put_at_fields(form, answer)), 422
    return redirect(url_for("erasure.claim", claim_id=found.id))


def _claim_of(request_id: int) -> Claim | None:
    request = reading().get(ErasureRequest, request_id)
    return reading().get(Claim, request.claim_id) if request else None


def _gone() -> ResponseReturnValue:
    flash(words_of(Problem("erasure_gone")), "info")
    return redirect(url_for("erasure.index"))
