"""What an approver sees when a task is not, or no longer, theirs: what happened, and where to go on."""

from collections.abc import Collection

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from models.claims import Claim
from models.people import User
from models.tasks import Task
from models.vocabulary import Trigger
from web.decisions.inbox import next_task
from web.desk import Desk
from web.happened import last_happened
from web.labels import state_words
from web.services import reading
from workflow.refusals import Refused


def chosen_trigger(offered: Collection[Trigger]) -> Trigger:
    """Return which of the moves that a page offers was chosen; 400 for any other."""
    chosen = request.form.get("decision", "")
    if chosen not in offered:
        abort(400)
    return Trigger(chosen)


def leave(desk: Desk) -> ResponseReturnValue:
    """Return the way to the claim's own page, which tells what has happened meanwhile."""
    flash(_holder_words(desk.task) if desk.is_open else _state_words(desk.claim), "info")
    return redirect(url_for("claims.show", claim_id=desk.claim.id))


def _holder_words(task: Task | None) -> str:
    """Return whose an open task is that is not the visitor's."""
    holder = reading().get(User, task.assignee_id) if task and task.assignee_id else None
    if holder is None:
        return str(_("Nobody may do this task yet, so nobody has it. A programme manager can assign it."))
    return str(
        _(
            "This task is assigned to somebody else, %(name)s. A programme manager can reassign it.",
            name=holder.name,
        )
    )


def _state_words(claim: Claim) -> str:
    """Return where a claim stands that waits for no decision, and who brought it there."""
    stands = _("There is nothing to do here: the claim is %(state)s now.", state=state_words(claim.state))
    return " ".join(filter(None, (stands, last_happened(claim.id))))


def gone(desk: Desk, refused: Refused, reason: str) -> ResponseReturnValue:
    """Return the page that says why a move did not happen and can no longer; what was typed stays to copy."""
    return render_template(
        "decisions/gone.html",
        claim=desk.claim,
        problems=[problem.message(_) for problem in refused.problems],
        happened=last_happened(desk.claim.id),
        reason=reason,
        onward=next_task(desk.task),
    ), 409
