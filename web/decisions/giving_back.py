"""A task is given back by whoever holds it: it then goes to the next who is entitled."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from models.claims import Claim
from models.tasks import Task
from models.vocabulary import Role
from web.access import allow, claim_or_404
from web.auth.visitor import actor
from web.claims.fields import long_text_field
from web.decisions.deciding import LONGEST_REASON
from web.decisions.inbox import next_task
from web.decisions.room import room
from web.forms import PageForm
from web.moving import put_at_fields, try_act
from web.services import now, read_afresh, reading, services
from workflow.acts.tasks import give_back
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


def _own_task(claim_id: int) -> Task | None:
    """Return the claim's open task, if the visitor holds it."""
    mine = (Task.claim_id == claim_id, Task.closed_at.is_(None), Task.assignee_id == actor().user_id)
    return reading().scalar(select(Task).where(*mine))


def _page(claim: Claim, form: GiveBackForm, problems: Sequence[str] = ()) -> str:
    return render_template("decisions/give_back.html", claim=claim, form=form, problems=problems)
