"""Erasing who a deactivated user was: what stays is a number."""

from collections.abc import Sequence

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from models.erasure import ErasureRequest
from models.history import Act
from models.people import User
from models.vocabulary import Role
from web.access import allow
from web.acting import act_once, told_acts
from web.auth.visitor import actor
from web.erasure.forms import PROPOSED, ReasonForm, UserRequestForm
from web.erasure.holding import why_not_confirmed
from web.erasure.room import room
from web.moving import put_at_fields, words_of
from web.services import now, read_afresh, reading
from workflow.acts.erasure import propose_forgetting
from workflow.erasure.forgetting import not_to_forget
from workflow.refusals import Refused
from workflow.searches.acts import EVERY_ACT

OF_ERASURE = ("user_erased", "user_erasure_proposed", "user_erasure_turned_down")
"""The kinds of acts that the page tells."""


@room.get("/users/<int:user_id>")
@allow(Role.manager)
def user(user_id: int) -> ResponseReturnValue:
    """Show whether somebody's name can be erased, and a request that waits."""
    return user_page(_user_or_404(user_id))


@room.post("/users/<int:user_id>/request")
@allow(Role.manager)
def propose_user(user_id: int) -> ResponseReturnValue:
    """Propose to erase who a user was."""
    found, form = _user_or_404(user_id), UserRequestForm()
    if not form.validate():
        return user_page(found, form), 422
    answer = act_once(
        lambda connection, key: propose_forgetting(connection, actor(), now(), user_id, key=key, **form.said),
        str(PROPOSED),
    )
    if isinstance(answer, Refused):
        return user_page(found, form, problems=put_at_fields(form, answer)), 422
    return redirect(url_for("erasure.user", user_id=user_id))


def user_page(
    found: User,
    form: UserRequestForm | None = None,
    why: ReasonForm | None = None,
    problems: Sequence[str] = (),
) -> str:
    """Return the page of a user, with a form as it was typed."""
    user_id = found.id
    read_afresh()
    present = _user_or_404(user_id)
    problem = not_to_forget(reading().connection(), present)
    open_now = reading().scalar(select(ErasureRequest).where(ErasureRequest.user_id == user_id))
    mine = EVERY_ACT.where(Act.subject == f"user:{user_id}", Act.kind.in_(OF_ERASURE))
    return render_template(
        "erasure/user.html",
        user=present,
        barred=words_of(problem) if problem else "",
        request_open=open_now,
        why_not=why_not_confirmed(open_now),
        acts=told_acts(reading().execute(mine.order_by(Act.id.desc())).all()),
        form=form or UserRequestForm(formdata=None),
        why=why or ReasonForm("down"),
        problems=problems,
    )


def _user_or_404(user_id: int) -> User:
    return reading().get(User, user_id) or abort(404)
