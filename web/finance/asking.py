"""A page of finance's that asks for one move of a claim, with what it is about and a form."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from models.vocabulary import TaskKind, Trigger
from web.auth.visitor import actor
from web.desk import Desk, desk_of
from web.forms import PageForm
from web.moving import command_for, move, put_at_fields, words_of
from web.services import now, read_afresh, reading, today
from workflow.attempt import Attempt, Command
from workflow.guards import who_problems
from workflow.payments import payments_of
from workflow.refusals import Problem, Refused
from workflow.table import moves_from


@dataclass(frozen=True, slots=True)
class Ask:
    """The words of a page that asks for a move, and the endpoint that its form goes to."""

    trigger: Trigger
    endpoint: str
    title: str
    lead: str
    button: str


def show(claim_id: int, ask: Ask, form: PageForm) -> ResponseReturnValue:
    """Show the form, or lead back to the claim and say why the move cannot be made now."""
    desk = desk_of(claim_id, TaskKind.pay)
    problem = why_not(desk, ask.trigger)
    if problem is not None:
        flash(words_of(problem), "info")
        return redirect(url_for("claims.show", claim_id=claim_id))
    return page(desk, ask, form)


def send(
    claim_id: int,
    ask: Ask,
    form: PageForm,
    **asked: Any,
) -> ResponseReturnValue:
    """Make the move that is `asked` for, or show the form again with everything that stands in the way."""
    desk = desk_of(claim_id, TaskKind.pay)
    if not form.validate():
        return page(desk, ask, form), 422
    answer = move(command_for(desk.claim, ask.trigger, **asked), desk.claim.number)
    if not isinstance(answer, Refused):
        return redirect(url_for("claims.show", claim_id=claim_id))
    read_afresh()
    problems = put_at_fields(form, answer)
    return page(desk_of(claim_id, TaskKind.pay), ask, form, problems), 409 if problems else 422


def why_not(desk: Desk, trigger: Trigger) -> Problem | None:
    """Return why the visitor may not make a move of the claim as it stands, or None where they may."""
    state = desk.claim.state
    row = next((row for row in moves_from(state) if row.trigger is trigger), None)
    if row is None:
        return Problem("wrong_state", figures={"state": state.value})
    command = Command(desk.claim.id, trigger, actor(), key="")
    attempt = Attempt(desk.dossier, command, None, None, now(), today(), state)
    return next(iter(who_problems(attempt, row)), None)


def page(desk: Desk, ask: Ask, form: PageForm, problems: Sequence[str] = ()) -> str:
    """Return the page. The form is left out where the move cannot be made any more."""
    return render_template(
        "finance/ask.html",
        desk=desk,
        ask=ask,
        form=form,
        fields=[field for field in form if field.type != "CSRFTokenField"],
        problems=problems,
        open=why_not(desk, ask.trigger) is None,
        payments=payments_of(reading().connection(), desk.claim.id),
        today=today(),
    )
