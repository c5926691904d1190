"""What was asked before, and the form that asks how past claims come out by another policy."""

from datetime import date
from functools import partial
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms import FileField, ValidationError

from models.jobs import Job
from models.people import User
from models.vocabulary import JobKind, Role
from web.access import allow
from web.auth.visitor import actor
from web.claims.fields import OpenSelectField, text_field
from web.forms import DayField, PageForm, choices
from web.long_work import ask_for
from web.moving import words_of
from web.searching import period_choices
from web.services import reading
from web.what_if.room import room
from web.what_if.sources import Asked, policies_on_file, sent_policy, words_of_sources
from workflow.refusals import Refused
from workflow.what_if.running import ask

MOST_LISTED = 25


class AskForm(PageForm):
    """The policy that is asked, and which claims."""

    policy = OpenSelectField(_l("Policy"))
    file = FileField(
        _l("Policy file"), description=_l("A JSON document, such as a version downloaded and edited.")
    )
    period = OpenSelectField(_l("JMF period"))
    partner = text_field(_l("Partner"), 200, _l("A part of the name."))
    country = text_field(_l("Country"), 2, _l("Two letters, such as DE."))
    first = DayField(_l("Submitted from"))
    last = DayField(_l("Submitted until"))

    def __init__(self) -> None:
        super().__init__()
        self.policy.choices = choices(policies_on_file(), blank=_l("A policy file"))
        self.period.choices = period_choices()

    def validate_last(self, field: Any) -> None:
        """Refuse a last day before the first."""
        if field.data and self.first.data and field.data < self.first.data:
            raise ValidationError(_("The last day is before the first."))

    @property
    def chosen(self) -> dict[str, Any]:
        """Return which claims are asked about, as it is kept."""
        asked = {
            "period": int(self.period.data) if self.period.data else None,
            "partner": self.partner.data,
            "country": (self.country.data or "").upper(),
            "first": _written(self.first.data),
            "last": _written(self.last.data),
        }
        return {name: value for name, value in asked.items() if value}


@room.get("")
@allow(Role.manager, Role.auditor)
def index() -> ResponseReturnValue:
    """Show what was asked, the latest first, and to programme managers the form to ask with."""
    return _page(AskForm())


@room.post("")
@allow(Role.manager)
def asked() -> ResponseReturnValue:
    """Ask, and lead to the result, which fills while it is worked out."""
    form = AskForm()
    policy = _policy(form)
    if policy is None:
        return _page(form), 422
    document, source = policy
    answer = ask_for(partial(ask, document=document, source=source, chosen=form.chosen))
    if isinstance(answer, Refused):
        return _page(form, words_of(answer.problems[0])), 422
    return redirect(url_for("what_if.show", what_if_id=answer))


def _policy(form: AskForm) -> Asked | None:
    """Return the policy that is asked; None, with what is wrong at the fields, where the form has errors."""
    valid = form.validate()
    try:
        policy = sent_policy(form.policy.data or "") if not form.policy.errors else None
    except ValueError as error:
        form.file.errors = [str(error)]
        return None
    return policy if valid else None


def _page(form: AskForm, problem: str = "") -> str:
    query = (
        select(Job, User.name.label("by"))
        .join(User, User.id == Job.actor_id)
        .where(Job.kind == JobKind.what_if)
        .order_by(Job.id.desc())
        .limit(MOST_LISTED)
    )
    rows = reading().execute(query).all()
    words = words_of_sources([row.Job.input["source"] for row in rows])
    told = [(row.Job, row.by, source) for row, source in zip(rows, words, strict=True)]
    asks = Role.manager in actor().roles
    return render_template("what_if/index.html", form=form, told=told, asks=asks, problem=problem)


def _written(day: date | None) -> str | None:
    return day.isoformat() if day else None
