"""What an approver sees when a task is not, or no longer, theirs: what happened, and where to go on."""

from collections.abc import Collection

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from models.vocabulary import Trigger
from web.decisions.inbox import next_task
from web.desk import Desk
from web.happened import last_happened
from web.labels import state_words
from workflow.refusals import Refused


def chosen_trigger(offered: Collection[Trigger]) -> Trigger:
    """Return which of the moves that a page offers was chosen; 400 for any other."""
    chosen = request.form.get("decision", "")
    if chosen not in offered:
        abort(400)
    return Trigger(chosen)


def leave(desk: Desk) -> ResponseReturnValue:
    """Return the way to the claim's own page, which tells why there is nothing to do here."""
    if desk.is_open:
        flash(_("This task is assigned to somebody else. A programme manager can reassign it."), "info")
    else:
        state = state_words(desk.claim.state)
        flash(_("There is nothing to do here: the claim is %(state)s now.", state=state), "info")
    return redirect(url_for("claims.show", claim_id=desk.claim.id))


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
