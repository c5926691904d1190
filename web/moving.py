"""How a page asks for a move or an act, and how it shows that one was refused."""

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from flask import abort, flash, request
from flask_babel import gettext as _
from wtforms import Form

from models.claims import Claim
from models.money import Cents
from models.vocabulary import Trigger
from web.auth.visitor import actor
from web.forms import sent_number
from web.happened import did
from web.labels import state_label
from web.services import now, services
from workflow.attempt import Command
from workflow.deductions import Deduction
from workflow.moves import Done, perform
from workflow.refusals import ClaimNotFound, Problem, Refused
from workflow.refused_attempts import remember

Result = TypeVar("Result")

LONGEST_KEY = 64


def command_for(
    claim: Claim,
    trigger: Trigger,
    *,
    approved: Cents | None = None,
    reason: str = "",
    reason_code: Deduction = Deduction.other,
    payment_reference: str = "",
    paid_on: date | None = None,
    report_by: date | None = None,
    amount: Cents | None = None,
) -> Command:
    """Return the command that the present form sends: its `key` and `version` are those of `move_fields`."""
    return Command(
        claim_id=claim.id,
        trigger=trigger,
        actor=actor(),
        key=sent_key(),
        version=sent_version(),
        approved=approved,
        reason=reason,
        reason_code=reason_code,
        payment_reference=payment_reference,
        paid_on=paid_on,
        report_by=report_by,
        amount=amount,
    )


def move(command: Command, number: str | None = None, by: Callable[[], Done] | None = None) -> Done | Refused:
    """Make a move, and say so on the next page. A refusal is remembered and returned, to be shown at once.

    `number` names the claim, where the next page is another one's. `by` makes the move where more than the
    move itself is to be stored with it.
    """
    database = services().database
    try:
        done = by() if by is not None else perform(database, command, now())
    except ClaimNotFound:
        abort(404)
    except Refused as refused:
        remember(database, command, refused, now())
        return refused
    told = _told(done)
    flash(f"{number}: {told}" if number else told, "info" if done.repeated else "success")
    return done


def try_act(act: Callable[[], Result]) -> Result | Refused:
    """Return what an act (or the saving of a draft) returns; where it is refused, return the refusal."""
    try:
        return act()
    except Refused as refused:
        return refused


def words_of(problem: Problem) -> str:
    """Return a problem and its remedy in words."""
    return f"{problem.message(_)} {problem.remedy(_)}"


def put_at_fields(form: Form, refused: Refused) -> list[str]:
    """Put each problem at the field of the form that it is about; return the words of those without one."""
    homeless = []
    for problem in refused.problems:
        field = form._fields.get(problem.field)
        if field is None:
            homeless.append(words_of(problem))
        else:
            field.errors = [*field.errors, words_of(problem)]
    return homeless


def sent_version() -> int:
    """Return the claim's version as the form showed it; 400 where the form sends none."""
    version = sent_number(request.form.get("version", ""), digits=9)
    if version is None:
        abort(400)
    return version


def sent_key() -> str:
    """Return the form's idempotency key; 400 where the form sends none."""
    key = request.form.get("key", "")
    if not (key.isascii() and key.isalnum() and len(key) <= LONGEST_KEY):
        abort(400)
    return key


def _told(done: Done) -> str:
    if done.repeated:
        return str(_("You had done this already. Nothing was changed a second time."))
    state = _("The claim is now: %(state)s.", state=state_label(done.target))
    return f"{did(done.trigger, str(_('You')))} {state}"
