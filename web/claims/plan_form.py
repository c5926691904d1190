"""The form of a plan. What an activity type demands, its catalogue says; nothing here knows a type."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import FormField, ValidationError

from models.claims import Claim
from models.programme import Period
from models.vocabulary import LineKind, State
from web.claims.currencies import currency_field, named
from web.claims.fields import CountField, OpenSelectField, long_text_field, open_choice, text_field
from web.claims.lines import LineList, PlannedLine
from web.field_names import FIELDS
from web.formats import day
from web.forms import DayField, MoneyField, PageForm, choices
from workflow.catalogue import ActivityType, Detail
from workflow.policies import Policy

_YES_NO = {"yes": _l("Yes"), "no": _l("No")}
_FLAGS = {"yes": True, "no": False}
_WORDS = {True: "yes", False: "no"}


def _more_than_nothing(_form: Any, field: MoneyField) -> None:
    if field.data == 0:
        raise ValidationError(_l("Ask for more than 0.00."))


class PlanForm(PageForm):
    """What every plan has, whatever its activity type. All of it may be left out while it is a draft."""

    title = text_field(FIELDS["title"], 200, _l("How you will recognise this claim"))
    starts_on = DayField(FIELDS["starts_on"])
    ends_on = DayField(FIELDS["ends_on"])
    period_id = OpenSelectField(FIELDS["period_id"], description=_l("Left open, it goes by the first day"))
    place = text_field(FIELDS["place"], 200)
    audience = text_field(FIELDS["audience"], 500, _l("Whom you invite or address"))
    expected_attendees = CountField(
        FIELDS["expected_attendees"], description=_l("Door gifts and prizes are for large activities only")
    )
    objective = long_text_field(FIELDS["objective"], 5000, _l("What you want to reach with it"))
    contact = text_field(FIELDS["contact"], 200, _l("Who answers questions about it"))
    organiser_kind = open_choice(FIELDS["organiser_kind"], {})
    organiser_name = text_field(FIELDS["organiser_name"], 200, _l("Where it is a third party"))
    currency = currency_field(
        FIELDS["currency"], _l("The fund is in US dollars; the exchange rate is fixed when you submit")
    )
    lines = LineList(FormField(PlannedLine))
    requested = MoneyField(
        FIELDS["requested"], [_more_than_nothing], description=_l("In US dollars, such as 4000.00")
    )

    activity: ActivityType | None = None

    @property
    def details(self) -> tuple[Detail, ...]:
        """Return the details that the activity type demands."""
        return self.activity.details if self.activity else ()

    @property
    def detail_fields(self) -> list[Any]:
        """Return the fields of the details that the activity type demands."""
        return [self[field_name(detail)] for detail in self.details]

    def plan(self, periods: Sequence[Period]) -> dict[str, Any]:
        """Return the plan's columns as they are stored."""
        chosen = next((one.id for one in periods if str(one.id) == self.period_id.data), None)
        return {
            **{name: self[name].data or "" for name in TEXTS},
            **{name: self[name].data for name in ("starts_on", "ends_on", "expected_attendees")},
            "period_id": chosen or proposed_period(self.starts_on.data, periods),
            "organiser_kind": self.organiser_kind.data or None,
            "currency": self.currency.data,
            "requested": self.requested.data,
            "details": {
                detail.name: value
                for detail in self.details
                if (value := _stored(detail, self[field_name(detail)].data)) not in (None, "")
            },
        }


TEXTS = ("title", "place", "audience", "objective", "contact", "organiser_name")


def plan_form(claim: Claim, policy: Policy, periods: Sequence[Period]) -> PlanForm:
    """Return the form of a claim's plan, filled in with what was typed, else with what is stored."""
    catalogue = policy.catalogue
    activity = catalogue.types.get(claim.activity_type)
    form = _form_class(activity)(data=_shown(claim, activity))
    form.organiser_kind.choices = choices({one.code: one.label for one in catalogue.organisers})
    form.period_id.choices = choices(
        {one.id: f"{one.code} ({day(one.first_day)} – {day(one.last_day)})" for one in periods},
        blank=str(_l("By the first day")),
    )
    if claim.state is not State.draft:
        form.currency.choices, form.currency.data = choices(named([claim.currency])), claim.currency
    form.lines.currency = form.currency.data
    form.lines.offer(catalogue, activity)
    return form


def proposed_period(starts_on: date | None, periods: Iterable[Period]) -> int | None:
    """Return the id of the period that holds the first day, or None."""
    if starts_on is None:
        return None
    return next((one.id for one in periods if one.first_day <= starts_on <= one.last_day), None)


def field_name(detail: Detail) -> str:
    """Return the name of a detail's field in the form."""
    return f"detail_{detail.name}"


def _form_class(activity: ActivityType | None) -> type[PlanForm]:
    fields = {field_name(detail): _field(detail) for detail in (activity.details if activity else ())}
    return type("PlanForm", (PlanForm,), {**fields, "activity": activity})


def _field(detail: Detail) -> Any:
    if detail.type == "count":
        return CountField(detail.label, description=detail.hint)
    if detail.type == "flag":
        return open_choice(detail.label, _YES_NO, detail.hint)
    if detail.type == "choice":
        return open_choice(detail.label, {one.code: one.label for one in detail.choices}, detail.hint)
    return text_field(detail.label, 500, detail.hint)


def _stored(detail: Detail, value: Any) -> Any:
    return _FLAGS.get(value) if detail.type == "flag" else value


def _shown(claim: Claim, activity: ActivityType | None) -> dict[str, Any]:
    """Return what is stored of a claim, as the form's fields hold it."""
    names = (*TEXTS, "starts_on", "ends_on", "expected_attendees", "currency", "requested")
    shown: dict[str, Any] = {name: getattr(claim, name) for name in names}
    shown["period_id"] = str(claim.period_id or "")
    shown["organiser_kind"] = claim.organiser_kind or (activity.organiser if activity else None)
    shown["lines"] = [
        {name: getattr(line, name) for name in PlannedLine.columns}
        for line in claim.lines
        if line.kind is LineKind.planned
    ]
    for detail in activity.details if activity else ():
        value = claim.details.get(detail.name)
        if detail.type == "flag" and value is not None:
            value = _WORDS[bool(value)]
        shown[field_name(detail)] = value
    return shown
