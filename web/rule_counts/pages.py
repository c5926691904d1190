"""How often each rule was checked, failed, was put right, drove a rejection; and what never fired."""

from collections import Counter
from datetime import date, datetime
from functools import partial
from typing import Any

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms import ValidationError

from models.jobs import Job, JobItem
from models.people import User
from models.vocabulary import JobKind, Role
from web.access import allow
from web.auth.visitor import actor
from web.forms import DayField, PageForm
from web.long_work import ask_for
from web.moving import words_of
from web.services import reading
from web.verdicts import TITLES
from workflow.refusals import Refused
from workflow.rule_counts.counting import Did
from workflow.rule_counts.running import ask

room = Blueprint("rule_counts", __name__, url_prefix="/rule-counts")

MOST_LISTED = 25

COLUMNS: dict[Did, str] = {
    Did.submit: _l("Submission"),
    Did.approve: _l("Approval"),
    Did.report: _l("Report"),
    Did.accept: _l("Acceptance"),
    Did.failed: _l("Failed"),
    Did.righted: _l("Put right"),
    Did.rejected: _l("Rejection"),
}
"""What is counted of a rule, as the columns of its table."""


class DaysForm(PageForm):
    """The days that are counted; without any, all of history."""

    first = DayField(_l("From"))
    last = DayField(_l("Until"))

    def validate_first(self, field: Any) -> None:
        """Refuse a first day that may begin before time does: in UTC it is the day before in some zones."""
        if field.data == date.min:
            raise ValidationError(_("Enter a later day."))

    def validate_last(self, field: Any) -> None:
        """Refuse a last day before the first, or one after which there is none."""
        if field.data and self.first.data and field.data < self.first.data:
            raise ValidationError(_("The last day is before the first."))
        if field.data == date.max:
            raise ValidationError(_("Enter an earlier day."))


@room.get("")
@allow(Role.auditor, Role.manager)
def index() -> ResponseReturnValue:
    """Show the form to count with, and what was counted before."""
    return _page(DaysForm())


@room.post("")
@allow(Role.auditor, Role.manager)
def counted() -> ResponseReturnValue:
    """Have it counted, and lead to the result."""
    form = DaysForm()
    if not form.validate():
        return _page(form), 422
    answer = ask_for(partial(ask, first=form.first.data, last=form.last.data))
    if isinstance(answer, Refused):
        return _page(form, words_of(answer.problems[0])), 422
    return redirect(url_for("rule_counts.show", count_id=answer))


@room.get("/<int:count_id>")
@allow(Role.auditor, Role.manager)
def show(count_id: int) -> ResponseReturnValue:
    """Show what each rule did, so far as it is counted."""
    wanted = select(Job).where(Job.id == count_id, Job.kind == JobKind.count_rules)
    job = reading().scalar(wanted) or abort(404)
    results = reading().scalars(select(JobItem.result).where(JobItem.job_id == count_id)).all()
    counts: Counter[tuple[str, Did]] = Counter()
    for result in filter(None, results):
        counts.update({(rule, Did(did)): number for rule, did, number in result.get("counts", ())})
    since = job.input["attempts_since"]
    return render_template(
        "rule_counts/show.html",
        job=job,
        by=reading().get_one(User, job.actor_id),
        may_stop=job.actor_id == actor().user_id,
        first=_day(job.input["first"]),
        last=_day(job.input["last"]),
        since=datetime.fromisoformat(since) if since else None,
        counts=counts,
        columns=COLUMNS,
        rules=TITLES,
        silent=[
            title
            for rule, title in TITLES.items()
            if not counts[rule, Did.failed] + counts[rule, Did.rejected]
        ],
        done=sum(result is not None for result in results),
        chunks=len(results),
        left_out=sum(result is not None and result["outcome"] != "done" for result in results),
    )


def _page(form: DaysForm, problem: str = "") -> str:
    rows = reading().execute(
        select(Job, User.name.label("by"))
        .join(User, User.id == Job.actor_id)
        .where(Job.kind == JobKind.count_rules)
        .order_by(Job.id.desc())
        .limit(MOST_LISTED)
    )
    told = [(row.Job, row.by, _day(row.Job.input["first"]), _day(row.Job.input["last"])) for row in rows]
    return render_template("rule_counts/index.html", form=form, told=told, problem=problem)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
