"""What figures are narrowed to: every dashboard's filters, and what else tells the claims behind one."""

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms import ValidationError
from wtforms.fields import SelectChoice  # type: ignore[attr-defined] # its types lack it

from models.people import Partner
from models.programme import PolicyVersion
from models.vocabulary import Role, Trigger
from web.auth.visitor import actor
from web.dashboards.words import NO_PERIOD, REJECTED_WHY, RETURNS, SENT_BACK_WORDS
from web.formats import country as country_label
from web.forms import choices, sent_number
from web.labels import DEDUCTIONS, STATES, TASKS, TRIGGERS
from web.names import country_names
from web.policies import policy_of
from web.searching import SearchForm, choice_field, period_choices, words_field
from web.services import reading
from web.verdicts import TITLES
from workflow.dashboards.facets import NONE

DECIDED = (
    Trigger.endorse,
    Trigger.approve,
    Trigger.raise_,
    Trigger.return_,
    Trigger.accept,
    Trigger.rework,
    Trigger.reject,
)
"""What an approver decides, in the order shown."""


COMMON = ("period", "country", "activity", "partner")
"""The filters of every dashboard."""

_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


class Filters(SearchForm):
    """The filters of a dashboard. A partner's figures are its own, so it has none for partners."""

    period = choice_field(_l("JMF period"))
    country = choice_field(_l("Country"))
    activity = choice_field(_l("Activity"))
    partner = words_field(_l("Partner"))

    def __init__(self) -> None:
        super().__init__()
        none = SelectChoice(value=NONE, label=NO_PERIOD)
        self.period.choices = [*period_choices(), none]
        self.activity.choices = choices(activity_labels(), blank=_l("Any"))
        self.country.choices = choices(country_labels(), blank=_l("Any"))
        if Role.partner in actor().roles:
            del self.country, self.partner

    @property
    def asked(self) -> dict[str, str]:
        """Return the facets that are asked for, as an address and `population` take them."""
        return {field.name: field.data for field in self if field.data not in (None, "")}


class Behind(Filters):
    """What tells the claims behind a figure: every facet that figures have."""

    state = choice_field(_l("State"), STATES)
    left = choice_field(_l("Was in the state before"), STATES)
    sent_back = choice_field(_l("Decided against"), SENT_BACK_WORDS)
    why = choice_field(_l("Rejected for"), REJECTED_WHY)
    rule = choice_field(_l("Rule broken at the rejection"), TITLES)
    reduced = choice_field(_l("Less for"), DEDUCTIONS)
    returns = choice_field(_l("What came of it"), RETURNS)
    paid_in = words_field(_l("Paid in the month"))
    currency = words_field(_l("Paid in the currency"))
    decided = choice_field(_l("Your decision"), {one: TRIGGERS[one] for one in DECIDED})
    task = choice_field(_l("Open task of yours"), TASKS)
    done = choice_field(_l("Closed task of yours"), TASKS)
    partner_id = words_field(_l("Partner’s id"))

    @property
    def shown(self) -> list[Any]:
        """Return the fields that a page shows: the filters of every dashboard, and what else is asked for."""
        return [field for field in self if field.name in COMMON or field.data or field.errors]

    def validate_paid_in(self, field: Any) -> None:
        """Refuse what is no month."""
        if field.data and not _MONTH.fullmatch(field.data):
            raise ValidationError(_l("Enter a month such as 2026-05."))

    def validate_partner_id(self, field: Any) -> None:
        """Refuse what is no id."""
        if field.data and sent_number(field.data) is None:
            raise ValidationError(_l("Enter a whole number such as 40."))


def activity_labels() -> dict[str, str]:
    """Return what the activity types of all policy versions are called, by their codes."""
    labels: dict[str, str] = {}
    for version_id in reading().scalars(select(PolicyVersion.id).order_by(PolicyVersion.first_day)):
        labels |= policy_of(version_id).catalogue.labels["activity_type"]
    return labels | dict(policy_of(None).catalogue.labels["activity_type"])


def country_labels() -> dict[str, str]:
    """Return the countries of partners by their codes, each with its code; none to a partner."""
    if Role.partner in actor().roles:
        return {}
    codes = reading().scalars(select(Partner.country).distinct())
    return {code: country_label(code) for code in country_names(codes)}
