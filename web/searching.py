"""What search pages share: forms that are sent by address, and their fields."""

from datetime import date
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms import SelectField

from models.people import Partner
from models.programme import Period
from web.claims.fields import text_field
from web.forms import DayField, PageForm, choices
from web.labels import OUTCOMES, SUMS
from web.names import all_names
from web.policies import policy_of
from web.services import reading
from web.verdicts import TITLES
from workflow.searches.search import Asked

ANY = _l("Any")

LONGEST = 200
"""Characters in a search field."""

BEFORE = {"last": "first", "submitted_until": "submitted_from"}
"""The day that must not lie after one."""


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

    @property
    def asked(self) -> Asked:
        """Return what is searched for, as JSON: the fields that are filled in well."""
        filled = ((f.name, f.data) for f in self if f.data not in (None, "") and not f.errors)
        return {name: data.isoformat() if isinstance(data, date) else data for name, data in filled}

    @property
    def sent(self) -> dict[str, str]:
        """Return the fields that are filled in, as they stand in the address."""
        return {field.name: request.args[field.name] for field in self if request.args.get(field.name)}

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether every field is filled in well, and no range ends before it begins."""
        super().validate(extra_validators)
        for name, before in BEFORE.items():
            self._in_order(name, before, _("This day is before the first."))
        self._in_order("most", "least", _("This is less than the amount before."))
        return not self.errors

    def _in_order(self, name: str, before: str, told: str) -> None:
        if name not in self or None in (self[name].data, self[before].data):
            return
        if self[name].data < self[before].data:
            self[name].errors = [*self[name].errors, told]


def words_field(label: Any, hint: Any = "") -> Any:
    """Return a field for a part of a name or number."""
    return text_field(label, LONGEST, hint)


def choice_field(label: Any, words: Any = None, *, blank: Any = ANY, hint: Any = "") -> Any:
    """Return a field for one of some words, or any; without words, the form sets its choices itself."""
    return SelectField(label, choices=choices(words or {}, blank=blank), default="", description=hint)


def sum_field() -> Any:
    """Return a field for which of a claim's sums amounts are compared with."""
    hint = _l("Latest decided: to be reimbursed, else granted, else asked for.")
    return choice_field(_l("Which amount"), SUMS, blank=_l("The latest decided"), hint=hint)


def rule_fields() -> tuple[Any, Any]:
    """Return the fields for a rule and for how it, or any, came out."""
    return choice_field(_l("Rule that was checked"), TITLES), choice_field(_l("How it came out"), OUTCOMES)


def day_field(label: Any) -> Any:
    """Return a field for a calendar day of the programme."""
    return DayField(label)


def period_choices() -> list[Any]:
    """Return every JMF period as a choice, the latest first."""
    rows = reading().execute(select(Period.id, Period.code).order_by(Period.first_day.desc()))
    return choices({row.id: row.code for row in rows}, blank=_l("Any"))


def partner_choices() -> list[Any]:
    """Return every partner as a choice, by name."""
    return choices(all_names(Partner), blank=_l("Any"))


def activity_choices() -> list[Any]:
    """Return every activity type of the policy in force as a choice."""
    return choices(policy_of(None).catalogue.labels["activity_type"], blank=_l("Any"))
