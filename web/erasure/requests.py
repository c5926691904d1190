"""A second manager confirms a request, for good, or turns it down."""

from collections.abc import Callable
from functools import partial

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from models.claims import Claim
from models.erasure import ErasureRequest
from models.people import User
from models.vocabulary import Role
from web.access import allow
from web.acting import act_once
from web.auth.visitor import actor
from web.erasure.forms import ReasonForm
from web.erasure.one_claim import claim_page
from web.erasure.one_user import user_page
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
    asked = _asked(request_id)
    if asked is None:
        return _gone()
    page, place = asked
    answer = act_once(
        lambda connection, key: confirm_erasure(connection, actor(), now(), request_id, key),
        _("Erased for good. History says that it was, and why."),
    )
    if isinstance(answer, Refused):
        return page(problems=[words_of(one) for one in answer.problems]), 409
    read_afresh()  # A page that is still being read would keep the write-ahead log as it is.
    finish(services().database, now(), files=services().files)
    return redirect(place)


@room.post("/requests/<int:request_id>/turn-down")
@allow(Role.manager)
def turn_down(request_id: int) -> ResponseReturnValue:
    """Close a request without erasing anything."""
    asked, form = _asked(request_id), ReasonForm("down")
    if asked is None:
        return _gone()
    page, place = asked
    if not form.validate():
        return page(why=form), 422
    answer = act_once(
        lambda connection, key: turn_down_erasure(
            connection, actor(), now(), request_id, reason=form.reason.data or "", key=key
        ),
        _("Turned down. Nothing was erased."),
    )
    if isinstance(answer, Refused):
        return page(why=form, problems=put_at_fields(form, answer)), 422
    return redirect(place)


def _asked(request_id: int) -> tuple[Callable[..., str], str] | None:
    """Return the page of the claim, or of the user, that a request is about, and its address."""
    request = reading().get(ErasureRequest, request_id)
    if request is None:
        return None
    if request.user_id is not None:
        place = url_for("erasure.user", user_id=request.user_id)
        return partial(user_page, reading().get_one(User, request.user_id)), place
    place = url_for("erasure.claim", claim_id=request.claim_id)
    return partial(claim_page, reading().get_one(Claim, request.claim_id)), place


def _gone() -> ResponseReturnValue:
    flash(words_of(Problem("erasure_gone")), "info")
    return redirect(url_for("erasure.index"))
