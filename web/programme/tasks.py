"""Tasks as programme managers deal with them: what waits, what is late, and giving one to somebody else."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import aliased
from wtforms import RadioField
from wtforms.validators import InputRequired

from models.claims import Claim
from models.people import Partner, User
from models.tasks import Task
from models.vocabulary import Role
from web.access import allow, claim_or_404
from web.auth.visitor import actor
from web.claims.fields import long_text_field
from web.forms import PageForm, choices
from web.moving import put_at_fields, try_act
from web.paging import page_of
from web.programme.room import room
from web.services import now, reading, services, today
from workflow.acts.tasks import reassign as hand_over
from workflow.assignment import NAMED, colleagues, in_their_own_right
from workflow.dossier import Query
from workflow.moves import in_transaction
from workflow.refusals import Refused
from workflow.routing import groups_of
from workflow.table import ROLE_OF_TASK
from workflow.tasks import needs_of

LONGEST_REASON = 4000

WHY: dict[str, str] = {
    "no_approver": _l(
        "Nobody may decide it: it needs an approver of another organisation who can sign in, and who did not"
        " decide on it before where it is disputed."
    ),
    "no_finance": _l(
        "Nobody may pay it: it needs somebody in finance who can sign in, of another organisation, "
        "who did not accept it."
    ),
    "above_limits": _l("Nobody may decide it: its amount is above the limit of every approver."),
    "not_named": _l("Nobody whom the routing rules name may decide it."),
    "all_absent": _l("Everybody who may do it is out of office, without a substitute who may."),
}
"""Why a task waits at the programme managers."""


class ReassignForm(PageForm):
    """Who gets a task."""

    assignee = RadioField(_l("Give the task to"), [InputRequired(_l("Choose somebody."))])
    reason = long_text_field(_l("Reason"), LONGEST_REASON, _l("For the record; auditors read it."))


@dataclass(frozen=True, slots=True)
class Waiting:
    """A task that waits. `why` says why nobody has it."""

    row: Any
    why: str


@room.get("/waiting")
@allow(Role.manager)
def waiting() -> ResponseReturnValue:
    """Show the tasks that nobody has, and those that are late."""
    keys = (Task.opened_at, Task.id)
    page = page_of(_tasks().where(Task.unassigned_why.is_not(None)), keys)
    late = reading().execute(_tasks().where(Task.due_on < today()).order_by(*keys).limit(MOST_LATE)).all()
    return render_template(
        "programme/waiting.html",
        page=page,
        waiting=[_waiting(row) for row in page.rows],
        late=[_waiting(row) for row in late],
    )


MOST_LATE = 100
"""Late tasks shown at once, those that wait longest."""


@room.get("/claims/<int:claim_id>/reassign")
@allow(Role.manager)
def reassign(claim_id: int) -> ResponseReturnValue:
    """Show who could take a claim's task over."""
    claim, task = claim_or_404(claim_id), _named_task(claim_id)
    if task is None:
        flash(
            _("This claim has no task that one person holds. Open tasks to pay are for all of finance."),
            "info",
        )
        return redirect(url_for("claims.show", claim_id=claim_id))
    return _page(claim, task, _form(claim, task))


@room.post("/claims/<int:claim_id>/reassign")
@allow(Role.manager)
def reassigned(claim_id: int) -> ResponseReturnValue:
    """Give a claim's task to somebody else. Doing it twice changes nothing the second time."""
    claim, task = claim_or_404(claim_id), _named_task(claim_id)
    if task is None:
        return render_template("programme/no_task.html", claim=claim), 409
    form = _form(claim, task)
    if not form.validate():
        return _page(claim, task, form), 422
    user_id, reason = int(form.assignee.data or 0), form.reason.data or ""
    answer = try_act(
        lambda: in_transaction(
            services().database,
            lambda connection: hand_over(connection, actor(), now(), claim_id, user_id, reason),
        )
    )
    if isinstance(answer, Refused):
        return _page(claim, task, form, put_at_fields(form, answer)), 409
    flash(_("The task on %(number)s has a new holder, who is told.", number=claim.number), "success")
    return redirect(url_for("claims.show", claim_id=claim_id))


def _named_task(claim_id: int) -> Task | None:
    """Return the claim's open task, if it is of a kind that one person holds."""
    return reading().scalar(
        select(Task).where(Task.claim_id == claim_id, Task.closed_at.is_(None), Task.kind.in_(sorted(NAMED)))
    )


def _form(claim: Claim, task: Task) -> ReassignForm:
    form = ReassignForm()
    form.assignee.choices = choices(_candidates(claim, task))
    return form


def _candidates(claim: Claim, task: Task) -> dict[int, str]:
    """Return who may take a task, with their load, the least loaded first."""
    everyone = colleagues(reading().connection(), ROLE_OF_TASK[task.kind], today())
    needs = needs_of(task.kind, claim, groups_of(reading().connection()))._replace(named=None)
    able = in_their_own_right(everyone, needs)
    return {
        one.user_id: _("%(name)s, open tasks: %(count)s", name=one.name, count=one.open_tasks)
        for one in sorted(able, key=lambda one: (one.open_tasks, one.user_id))
        if one.user_id not in (task.assignee_id, actor().user_id)
    }


def _page(claim: Claim, task: Task, form: ReassignForm, problems: Sequence[str] = ()) -> str:
    holder = reading().get(User, task.assignee_id) if task.assignee_id else None
    return render_template(
        "programme/reassign.html",
        claim=claim,
        task=task,
        form=form,
        holder=holder,
        why=WHY.get(task.unassigned_why or "", ""),
        problems=problems,
    )


def _tasks() -> Query:
    holder = aliased(User)
    return (
        select(
            Task.kind,
            Task.opened_at,
            Task.unassigned_why,
            Task.due_on,
            Claim.id,
            Claim.number,
            Claim.title,
            Partner.name.label("partner"),
            holder.name.label("holder"),
        )
        .join(Claim, Claim.id == Task.claim_id)
        .join(Partner, Partner.id == Claim.partner_id)
        .outerjoin(holder, holder.id == Task.assignee_id)
        .where(Task.closed_at.is_(None))
    )


def _waiting(row: Any) -> Waiting:
    return Waiting(row, str(WHY.get(row.unassigned_why or "", "")))
