"""What search pages share: forms that are sent by address, and the conditions their fields stand for."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import request
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Text, or_, select, true, type_coerce
from sqlalchemy.orm import InstrumentedAttribute
from wtforms import SelectField

from models.base import canonical
from models.people import Partner, User
from models.programme import Period
from web.claims.fields import text_field
from web.forms import DayField, PageForm, choices
from web.policies import policy_of
from web.services import reading, zone

Condition = Callable[[Any], ColumnElement[bool]]

LONGEST = 200
"""Characters in a search field."""


class SearchForm(PageForm):
    """A form that changes nothing: its fields stand in the address, so a search can be kept and shared."""

    class Meta:
        """No token: there is nothing to protect."""

        csrf = False

    def __init__(self) -> None:
        super().__init__(formdata=request.args)

    @property
    def is_used(self) -> bool:
        """Return whether anything is searched for."""
        return any(field.data not in (None, "") for field in self)


def words_field(label: Any, hint: Any = "") -> Any:
    """Return a field for a part of a name or number."""
    return text_field(label, LONGEST, hint)


def choice_field(label: Any, words: Any = None) -> Any:
    """Return a field for one of some words, or any; without words, the form sets its choices itself."""
    return SelectField(label, choices=choices(words or {}, blank=_l("Any")), default="")


def day_field(label: Any) -> Any:
    """Return a field for a calendar day of the programme."""
    return DayField(label)


def period_choices() -> list[Any]:
    """Return every JMF period as a choice, the latest first."""
    rows = reading().execute(select(Period.id, Period.code).order_by(Period.first_day.desc()))
    return choices({row.id: row.code for row in rows}, blank=_l("Any"))


def partner_choices() -> list[Any]:
    """Return every partner as a choice, by name."""
    rows = reading().execute(select(Partner.id, Partner.name).order_by(Partner.name))
    return choices({row.id: row.name for row in rows}, blank=_l("Any"))


def activity_choices() -> list[Any]:
    """Return every activity type of the policy in force as a choice."""
    return choices(policy_of(None).catalogue.labels["activity_type"], blank=_l("Any"))


def conditions(form: SearchForm, table: Mapping[str, Condition]) -> list[ColumnElement[bool]]:
    """Return what a form asks for: the condition of the table for each field that is filled in well."""
    asked = [name for name in table if form[name].data not in (None, "") and not form[name].errors]
    return [table[name](form[name].data) for name in asked]


def of_partner(column: InstrumentedAttribute[Any], name: str) -> ColumnElement[bool]:
    """Return the condition that a column names a partner whose name holds some words."""
    return column.in_(select(Partner.id).where(Partner.name.icontains(name, autoescape=True)))


def of_user(column: InstrumentedAttribute[Any], words: str) -> ColumnElement[bool]:
    """Return the condition that a column names a user whose name or address holds some words."""
    found = or_(User.name.icontains(words, autoescape=True), User.email.icontains(words, autoescape=True))
    return column.in_(select(User.id).where(found))


def from_day(column: InstrumentedAttribute[datetime], day: date) -> ColumnElement[bool]:
    """Return the condition that a moment is on a programme day or later."""
    return true() if day == date.min else column >= _start_of(day)


def until_day(column: InstrumentedAttribute[datetime], day: date) -> ColumnElement[bool]:
    """Return the condition that a moment is on a programme day or earlier."""
    return true() if day == date.max else column < _start_of(day + timedelta(days=1))


def about_rule(column: InstrumentedAttribute[Any], rule: str, **more: str) -> ColumnElement[bool]:
    """Return the condition that a column of verdicts holds one on a rule (and with an `outcome`).

    Verdicts are kept as canonical text, in which `outcome` and `rule` stand side by side.
    """
    fragment = canonical({"rule": rule, **more})[1:-1]
    return type_coerce(column, Text).contains(fragment, autoescape=True)


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone())).astimezone(UTC)
