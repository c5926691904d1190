"""The tasks, decisions and reports to come behind each figure of an approver's load."""

from collections.abc import Callable
from typing import Any

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, select, true

from models.claims import Claim
from models.history import Move
from models.people import Partner
from models.tasks import Task
from models.vocabulary import Role
from web.access import allow
from web.forecast.room import room
from web.paging import ListPage, page_of, page_of_rows
from web.services import now, reading, today
from workflow.assignment import Colleague, colleagues
from workflow.dossier import Query
from workflow.forecast.load import RECENT, coming, due_until, within
from workflow.task_deadlines import office_of

Due = Callable[[int], ColumnElement[bool]]


def _within(days: int) -> Due:
    """Return the condition on tasks of somebody that they are due within so many of their working days."""
    return lambda user_id: Task.due_on.between(
        today(), due_until(user_id, today(), days, office_of(reading().connection()))
    )


TASKS: dict[str, Due] = {
    "open": lambda _: true(),
    "overdue": lambda _: Task.due_on < today(),
    "due_5": _within(5),
    "due_10": _within(10),
    "due_20": _within(20),
}
"""Which of somebody's open tasks each figure counts."""

COMING = {"coming_30": 30, "coming_60": 60, "coming_90": 90}

WORDS: dict[str, str] = {
    "open": _l("Open tasks"),
    "overdue": _l("Overdue tasks"),
    "due_5": _l("Tasks due within 5 working days"),
    "due_10": _l("Tasks due within 10 working days"),
    "due_20": _l("Tasks due within 20 working days"),
    "decided": _l("Decisions of the last 30 days"),
    "coming_30": _l("Reports that may come: activities that end within 30 days"),
    "coming_60": _l("Reports that may come: activities that end within 60 days"),
    "coming_90": _l("Reports that may come: activities that end within 90 days"),
}
"""What stands behind a figure."""

_ANY = f"any({', '.join(WORDS)})"


@room.get(f"/approvers/<int:user_id>/<{_ANY}:figure>")
@allow(Role.manager, Role.auditor)
def approver(user_id: int, figure: str) -> ResponseReturnValue:
    """Show what one figure of an approver's load counts."""
    everyone = colleagues(reading().connection(), Role.approver, today())
    who = next((one for one in everyone if one.user_id == user_id), None) or abort(404)
    if figure in TASKS:
        page = page_of(_tasks().where(Task.assignee_id == user_id, TASKS[figure](user_id)), (Task.id,))
    elif figure == "decided":
        page = page_of(_decisions(user_id), (Move.id,), descending=True)
    else:
        page = _coming(everyone, user_id, COMING[figure])
    return render_template(
        "forecast/approver.html", who=who, figure=figure, words=WORDS, page=page, today=today(), tasks=TASKS
    )


def _coming(everyone: list[Colleague], user_id: int, days: int) -> ListPage:
    reports = within(coming(reading().connection(), today(), everyone), today(), days)
    return page_of_rows([one for one in reports if user_id in one.able], lambda one: int(one.claim.id))


def _tasks() -> Query:
    return (
        _of_claim(Task.kind, Task.opened_at, Task.due_on)
        .join(Task, Task.claim_id == Claim.id)
        .where(Task.closed_at.is_(None))
    )


def _decisions(user_id: int) -> Query:
    return (
        _of_claim(Move.trigger, Move.at)
        .join(Move, Move.claim_id == Claim.id)
        .where(Move.actor_id == user_id, Move.role == Role.approver, Move.at >= now() - RECENT)
    )


def _of_claim(*columns: Any) -> Query:
    """Return a query of claims by what names them, and more of what is joined to it."""
    named = (Claim.id, Claim.number, Claim.title, Partner.name.label("partner"))
    return select(*named, *columns).select_from(Claim).join(Partner, Partner.id == Claim.partner_id)
