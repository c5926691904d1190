"""A task is given back by its holder, and taken over by a colleague whom it is for too."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from models.claims import Claim
from models.people import User
from models.tasks import Task
from models.vocabulary import Role
from web.access import allow, claim_or_404
from web.auth.visitor import actor
from web.claims.fields import long_text_field
from web.decisions.deciding import LONGEST_REASON
from web.decisions.inbox import PAGE_OF, next_task
from web.decisions.room import room
from web.forms import PageForm
from web.moving import put_at_fields, try_act, words_of
from web.services import now, read_afresh, reading, services
from workflow.acts.tasks import give_back, take
from workflow.moves import in_transaction
from workflow.refusals import Refused


class GiveBackForm(PageForm):
    """Why a task is given back."""

    reason = long_text_field(_l("Reason"), LONGEST_REASON, _l("The next holder and auditors read it."))


@room.get("/claims/<int:claim_id>/give-back")
@allow(Role.approver)
def giving_back(claim_id: int) -> ResponseReturnValue:
    """Ask why the task is given back."""
    claim = claim_or_404(claim_id)
    if _own_task(claim_id) is None:
        flash(_("This claim has no task of yours to give back."), "info")
        return redirect(url_for("claims.show", claim_id=claim_id))
    return _page(claim, GiveBackForm())


@room.post("/claims/<int:claim_id>/give-back")
@allow(Role.approver)
def given_back(claim_id: int) -> ResponseReturnValue:
    """Give the task back, and go on to the next one."""
    claim, form, task = claim_or_404(claim_id), GiveBackForm(), _own_task(claim_id)
    if not form.validate():
        return _page(claim, form), 422
    reason = form.reason.data or ""
    answer = try_act(
        lambda: in_transaction(
            services().database,
            lambda connection: give_back(connection, actor(), now(), claim_id, reason),
        )
    )
    if isinstance(answer, Refused):
        return _page(claim, form, put_at_fields(form, answer)), 422
    flash(_("%(number)s: given back. It goes to whoever may do it next.", number=claim.number), "success")
    read_afresh()
    return redirect(next_task(task) or url_for("decisions.inbox"))


@room.get("/claims/<int:claim_id>/take")
@allow(Role.approver)
def taking(claim_id: int) -> ResponseReturnValue:
    """Ask whether the task is to be taken over from its holder."""
    return _take_page(claim_or_404(claim_id))


@room.post("/claims/<int:claim_id>/take")
@allow(Role.approver)
def taken(claim_id: int) -> ResponseReturnValue:
    """Take the task over, and open it."""
    claim = claim_or_404(claim_id)
    answer = try_act(
        lambda: in_transaction(
            services().database, lambda connection: take(connection, actor(), now(), claim_id)
        )
    )
    if isinstance(answer, Refused):
        return _take_page(claim, [words_of(one) for one in answer.problems]), 409
    flash(_("%(number)s: the task is yours now.", number=claim.number), "success")
    read_afresh()
    task = _own_task(claim_id)
    return redirect(url_for(PAGE_OF[task.kind], claim_id=claim_id) if task else url_for("decisions.inbox"))


def _take_page(claim: Claim, problems: Sequence[str] = ()) -> str:
    holder = reading().scalar(
        select(User.name)
        .join(Task, Task.assignee_id == User.id)
        .where(Task.claim_id == claim.id, Task.closed_at.is_(None))
    )
    return render_template("decisions/take.html", claim=claim, holder=holder, problems=problems)


def _own_task(claim_id: int) -> Task | None:
    """Return the claim's open task, if the visitor holds it."""
    mine = (Task.claim_id == claim_id, Task.closed_at.is_(None), Task.assignee_id == actor().user_id)
    return reading().scalar(select(Task).where(*mine))


def _page(claim: Claim, form: GiveBackForm, problems: Sequence[str] = ()) -> str:
    return render_template("decisions/give_back.html", claim=claim, form=form, problems=problems)
