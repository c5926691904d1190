"""How many working days each kind of task may take, when it is escalated to whom; whose holidays count."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field

from models.base import canonical
from models.vocabulary import Role, TaskKind
from web.access import allow
from web.acting import act_once, overtaken, sent_seen
from web.auth.visitor import actor
from web.claims.fields import CountField, OpenSelectField
from web.forms import choices
from web.moving import put_at_fields
from web.programme.calendars import CalendarForm
from web.programme.room import room
from web.services import now, reading, today
from workflow.acts.deadlines import Deadline, deadlines_in_force, set_deadlines, told_of_escalations
from workflow.refusals import Refused
from workflow.working_days import Calendar, working_day_after


class DeadlinesForm(CalendarForm):
    """The calendar, and for every kind of task the fields that PARTS names."""

    def of(self, kind: TaskKind) -> dict[str, Any]:
        """Return the fields of one kind of task by their part's name."""
        return {part: self[f"{kind}_{part}"] for part in PARTS}


PARTS: dict[str, Callable[[], Field]] = {
    "working_days": partial(CountField, _l("Due within"), description=_l("Working days."), least=1),
    "remind_days": partial(
        CountField, _l("Remind the holder"), description=_l("Working days before it is due.")
    ),
    "escalate_days": partial(
        CountField, _l("Tell somebody else"), description=_l("Working days after it was due."), least=1
    ),
    "escalate_to": partial(
        OpenSelectField, _l("Who is told"), description=_l("Besides the holder, once it is that late.")
    ),
}
"""What makes up the deadline of a kind of task. Without working days there is none."""

for _kind in TaskKind:
    for _part, _field in PARTS.items():
        setattr(DeadlinesForm, f"{_kind}_{_part}", _field())


@room.get("/deadlines")
@allow(Role.manager)
def deadlines() -> ResponseReturnValue:
    """Show the deadlines in force, ready to be changed."""
    present = deadlines_in_force(reading().connection())
    return _page(_form(present), present)


@room.post("/deadlines")
@allow(Role.manager)
def save_deadlines() -> ResponseReturnValue:
    """Set calendar and deadlines for the tasks that are opened from now on."""
    present = deadlines_in_force(reading().connection())
    form = _form(present)
    if not form.validate():
        return _page(form, present), 422
    answer = act_once(
        lambda connection, key: set_deadlines(
            connection, actor(), now(), form.calendar, _typed(form), seen=sent_seen(), key=key
        ),
        _("Saved. Tasks that are opened from now on have these deadlines."),
    )
    if not isinstance(answer, Refused):
        return redirect(url_for("programme.deadlines"))
    if answer.why == "changed_meanwhile":
        return _page(form, present, overtaken("deadlines_set", "programme:1")), 409
    put_at_fields(form, answer)
    return _page(form, present), 422


def _form(present: dict[str, Any]) -> DeadlinesForm:
    """Return the form as it was sent, or filled with what is in force."""
    days = {f"{kind}_{part}": present[kind].get(part) for kind in TaskKind for part in PARTS if present[kind]}
    chosen = {
        f"{kind}_escalate_to": str(present[kind]["escalate_to_id"] or "")
        for kind in TaskKind
        if present[kind]
    }
    form = DeadlinesForm(data={"country": present["country"], "region": present["region"], **days, **chosen})
    form.offer_countries(blank=_("Weekends only"))
    people = choices(told_of_escalations(reading().connection()), blank=_("The programme managers"))
    for kind in TaskKind:
        form.of(kind)["escalate_to"].choices = people
    return form


def _typed(form: DeadlinesForm) -> dict[TaskKind, Deadline]:
    typed = {}
    for kind in TaskKind:
        days, remind, escalate, person = (field.data for field in form.of(kind).values())
        if days is not None:
            typed[kind] = Deadline(days, remind, escalate, int(person) if person else None)
    return typed


def _page(form: DeadlinesForm, present: dict[str, Any], notice: Any = None) -> str:
    calendar = Calendar(present["country"], present["region"])
    examples = {
        kind: working_day_after(today(), present[kind]["working_days"], calendar)
        for kind in TaskKind
        if present[kind]
    }
    return render_template(
        "programme/deadlines.html",
        form=form,
        kinds=list(TaskKind),
        seen=canonical(present),
        examples=examples,
        notice=notice,
    )
