"""Several waiting tasks are given to one person at once, one by one as a job."""

from collections.abc import Sequence
from typing import Any

from flask import redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms import RadioField
from wtforms.validators import InputRequired

from models.claims import Claim
from models.people import Partner, User
from models.tasks import Task
from models.vocabulary import JobKind, Role
from web.access import allow
from web.auth.visitor import actor
from web.claims.fields import long_text_field
from web.forms import PageForm, choices
from web.jobs import start_job, ticked
from web.moving import words_of
from web.programme.room import room
from web.programme.tasks import LONGEST_REASON
from web.services import reading, today
from workflow.assignment import NAMED, colleagues
from workflow.jobs import Item
from workflow.refusals import Refused

MOST = 100
"""Tasks that are reassigned at once."""


class SeveralForm(PageForm):
    """Who gets the tasks."""

    assignee = RadioField(_l("Give the tasks to"), [InputRequired(_l("Choose somebody."))])
    reason = long_text_field(_l("Reason"), LONGEST_REASON, _l("For the record; auditors read it."))


@room.get("/waiting/reassign")
@allow(Role.manager)
def reassign_several() -> ResponseReturnValue:
    """Show what was ticked, and who could get it."""
    return _page(_form())


@room.post("/waiting/reassign")
@allow(Role.manager)
def reassigned_several() -> ResponseReturnValue:
    """Have the tasks reassigned. Whoever may not decide on one of them does not get that one."""
    form, tasks = _form(), _tasks()
    if not form.validate() or not tasks:
        return _page(form), 422
    shared = {"assignee": int(form.assignee.data), "reason": form.reason.data or ""}
    begun = start_job(JobKind.reassign, shared, [Item({}, task.id) for task in tasks])
    if isinstance(begun, Refused):
        return _page(form, words_of(begun.problems[0])), 422
    return redirect(begun)


def _form() -> SeveralForm:
    form = SeveralForm()
    people = colleagues(reading().connection(), Role.approver, today())
    form.assignee.choices = choices(
        {one.user_id: one.name for one in people if not one.absent and one.user_id != actor().user_id}
    )
    return form


def _tasks() -> Sequence[Any]:
    """Return the open tasks of one person or of nobody among what was ticked, oldest first."""
    return (
        reading()
        .execute(
            select(
                Claim.id,
                Claim.number,
                Claim.title,
                Task.kind,
                Partner.name.label("partner"),
                User.name.label("holder"),
            )
            .join(Claim, Claim.id == Task.claim_id)
            .join(Partner, Partner.id == Claim.partner_id)
            .outerjoin(User, User.id == Task.assignee_id)
            .where(Task.claim_id.in_(ticked(MOST)), Task.closed_at.is_(None), Task.kind.in_(sorted(NAMED)))
            .order_by(Task.opened_at, Task.id)
        )
        .all()
    )


def _page(form: SeveralForm, problem: str = "") -> str:
    tasks = _tasks()
    gone = len(ticked(MOST)) - len(tasks)
    return render_template(
        "programme/reassign_several.html", form=form, tasks=tasks, gone=gone, problem=problem
    )
