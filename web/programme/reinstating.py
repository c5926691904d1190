"""Bringing an expired claim back, or saying why it cannot be."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from models.vocabulary import Role, State, TaskKind, Trigger
from web.access import allow
from web.auth.visitor import actor
from web.claims.fields import long_text_field
from web.desk import Desk, desk_of
from web.forms import DayField, PageForm
from web.happened import last_happened
from web.labels import state_words
from web.moving import command_for, move, put_at_fields, words_of
from web.programme.room import room
from web.services import now, read_afresh, reading, today
from workflow.attempt import Command
from workflow.deadlines import report_deadline
from workflow.machine import decide
from workflow.moves import attempt_of
from workflow.refusals import Problem, Refused
from workflow.table import HOLDS_A_RESERVE

LONGEST_REASON = 4000

MENDED_HERE = frozenset({"deadline_needed", "reason_missing"})
"""Problems that the form itself puts right."""


class ReinstateForm(PageForm):
    """How a claim comes back."""

    reason = long_text_field(_l("Reason"), LONGEST_REASON, _l("The partner reads it."))
    report_by = DayField(_l("New day to report by"))


@room.get("/claims/<int:claim_id>/reinstate")
@allow(Role.manager)
def reinstate(claim_id: int) -> ResponseReturnValue:
    """Show what reinstating a claim would do, or what keeps it from being reinstated."""
    desk = desk_of(claim_id, TaskKind.decide)
    if desk.claim.state is not State.expired:
        state = state_words(desk.claim.state)
        flash(_("There is nothing to reinstate: the claim is %(state)s now.", state=state), "info")
        return redirect(url_for("claims.show", claim_id=claim_id))
    return _page(desk, ReinstateForm())


@room.post("/claims/<int:claim_id>/reinstate")
@allow(Role.manager, moves=[Trigger.reinstate])
def reinstated(claim_id: int) -> ResponseReturnValue:
    """Bring the claim back."""
    desk, form = desk_of(claim_id, TaskKind.decide), ReinstateForm()
    if not form.validate():
        return _page(desk, form), 422
    reason, report_by = form.reason.data or "", form.report_by.data
    answer = move(command_for(desk.claim, Trigger.reinstate, reason=reason, report_by=report_by))
    if not isinstance(answer, Refused):
        return redirect(url_for("claims.show", claim_id=claim_id))
    read_afresh()
    problems = put_at_fields(form, answer)
    return _page(desk_of(claim_id, TaskKind.decide), form, problems), 409 if problems else 422


def _page(desk: Desk, form: ReinstateForm, problems: Sequence[str] = ()) -> str:
    found = why_not(desk)
    return render_template(
        "programme/reinstate.html",
        desk=desk,
        form=form,
        problems=problems,
        blocked=[words_of(one) for one in found if one.code not in MENDED_HERE],
        asks_for_day=_has_a_deadline(desk),
        needs_day=any(one.code == "deadline_needed" for one in found),
        expired=desk.claim.state is State.expired,
        reserves_again=desk.claim.expired_from in HOLDS_A_RESERVE,
        happened=None if desk.claim.state is State.expired else last_happened(desk.claim.id),
        today=today(),
    )


def _has_a_deadline(desk: Desk) -> bool:
    """Return whether a report will be due once the claim is back where it expired from."""
    return desk.claim.expired_from is State.approved and bool(
        report_deadline(desk.dossier.claim, desk.policy)
    )


def why_not(desk: Desk) -> tuple[Problem, ...]:
    """Return what keeps a claim from being reinstated today, by trying it without writing anything."""
    command = Command(desk.claim.id, Trigger.reinstate, actor(), key="", reason="-")
    try:
        decide(attempt_of(reading().connection(), desk.dossier, command, now()))
    except Refused as refused:
        return refused.problems
    return ()
