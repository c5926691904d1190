"""Partners: the list, one partner with everything on file, and putting one on file."""

from collections.abc import Mapping, Sequence
from datetime import date

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from models.base import canonical
from models.funds import Fund
from models.history import Act
from models.people import Partner, User
from models.programme import Period
from models.vocabulary import Role
from web.access import allow
from web.acting import act, act_once, acts_page, overtaken, sent_seen, told_acts
from web.auth.visitor import actor
from web.claims.fields import OpenSelectField, text_field
from web.forms import PageForm, choices
from web.moving import put_at_fields
from web.notices import Notice
from web.paging import ListPage, page_of
from web.policies import policy_of
from web.programme.records import certificates_told, performance_told
from web.programme.room import room
from web.searching import SearchForm, choice_field, words_field
from web.services import now, read_afresh, reading, today
from workflow.acts.partners import add_partner, change_partner, on_file
from workflow.banking import on_file as accounts_on_file
from workflow.certification import last_certified_day
from workflow.gathering import certificates_of
from workflow.refusals import Refused
from workflow.searches.search import Condition, conditions


class PartnerSearch(SearchForm):
    """What partners are searched by."""

    name = words_field(_l("Name"))
    partner_type = choice_field(_l("Type"))
    country = words_field(_l("Country"))

    def __init__(self) -> None:
        super().__init__()
        self.partner_type.choices = choices(type_labels(), blank=_l("Any"))


CONDITIONS: Mapping[str, Condition] = {
    "name": lambda asked: Partner.name.icontains(asked["name"], autoescape=True),
    "partner_type": lambda asked: Partner.partner_type == asked["partner_type"],
    "country": lambda asked: Partner.country == asked["country"].upper(),
}


class PartnerForm(PageForm):
    """What is on file of a partner."""

    name = text_field(_l("Name"), 200)
    partner_type = OpenSelectField(_l("Type"), description=_l("Decides whether the partner is eligible."))
    country = text_field(_l("Country"), 10, _l("Two letters, such as DE."))
    number = text_field(_l("Partner number"), 40, _l("What you call it elsewhere: imports name it by that."))

    def __init__(self, partner: Partner | None = None) -> None:
        super().__init__(obj=partner)
        labels = type_labels()
        if partner is not None:
            labels.setdefault(partner.partner_type, partner.partner_type)
        self.partner_type.choices = choices(labels, blank=_l("Choose…"))

    @property
    def values(self) -> dict[str, str]:
        """Return what was typed, as the acts take it."""
        return {
            "name": self.name.data or "",
            "partner_type": self.partner_type.data or "",
            "country": (self.country.data or "").upper(),
            "number": self.number.data or "",
        }


def type_labels() -> dict[str, str]:
    """Return the partner types of the policy in force with their labels."""
    return dict(policy_of(None).catalogue.labels["partner_type"])


@room.get("/partners")
@allow(Role.manager)
def partners() -> ResponseReturnValue:
    """Search partners, in the order of their names."""
    form = PartnerSearch()
    found = form.validate()
    asked = conditions(form.asked, CONDITIONS)
    query = select(Partner.__table__).where(*asked)
    page = page_of(query, (Partner.name,)) if found else ListPage([], None, None)
    answer = render_template(
        "programme/partners.html",
        form=form,
        page=page,
        is_search=bool(asked) or not found,
        labels=type_labels(),
        eligible=policy_of(None).eligible_partner_types,
        certified=_certified([row.id for row in page.rows]),
        today=today(),
    )
    return answer, 200 if found else 422


def _certified(partner_ids: Sequence[int]) -> dict[int, date | None]:
    """Return the day until which each partner is certified without a gap from today on."""
    certificates = certificates_of(reading().connection(), partner_ids)
    return {key: last_certified_day(certificates[key], today()) for key in partner_ids}


@room.get("/partners/new")
@allow(Role.manager)
def new_partner() -> ResponseReturnValue:
    """Show the form of a new partner."""
    return _form_page(PartnerForm())


@room.post("/partners/new")
@allow(Role.manager)
def add_new_partner() -> ResponseReturnValue:
    """Put a partner on file."""
    form = PartnerForm()
    if not form.validate():
        return _form_page(form), 422
    answer = act_once(
        lambda connection, key: add_partner(connection, actor(), now(), key=key, **form.values),
        _("The partner is on file. Next: a certificate, performance, a fund, and its people."),
    )
    if isinstance(answer, Refused):
        put_at_fields(form, answer)
        return _form_page(form), 422
    if answer is None:
        return redirect(url_for("programme.partners"))
    return redirect(url_for("programme.partner", partner_id=answer))


@room.get("/partners/<int:partner_id>")
@allow(Role.manager)
def partner(partner_id: int) -> ResponseReturnValue:
    """Show everything on file of a partner."""
    found = partner_or_404(partner_id)
    certificates = certificates_of(reading().connection(), [partner_id])[partner_id]
    page = acts_page(Act.partner_id == partner_id, at=url_for("programme.partner", partner_id=partner_id))
    return render_template(
        "programme/partner.html",
        partner=found,
        labels=type_labels(),
        eligible=found.partner_type in policy_of(None).eligible_partner_types,
        certified_until=last_certified_day(certificates, today()),
        people=_people(partner_id),
        certificates=certificates_told(partner_id),
        performance=performance_told(partner_id),
        funds=_funds(partner_id),
        accounts=accounts_on_file(reading().connection(), [partner_id])[partner_id],
        page=page,
        told=told_acts(page.rows),
        today=today(),
    )


@room.get("/partners/<int:partner_id>/change")
@allow(Role.manager)
def edit_partner(partner_id: int) -> ResponseReturnValue:
    """Show what is on file of a partner, to be corrected."""
    found = partner_or_404(partner_id)
    return _form_page(PartnerForm(found), found, seen=canonical(on_file(found)))


@room.post("/partners/<int:partner_id>/change")
@allow(Role.manager)
def save_partner(partner_id: int) -> ResponseReturnValue:
    """Correct what is on file of a partner."""
    found, seen = partner_or_404(partner_id), sent_seen()
    form = PartnerForm(found)
    if not form.validate():
        return _form_page(form, found, seen=seen), 422
    answer = act(
        lambda connection: change_partner(connection, actor(), now(), partner_id, seen=seen, **form.values),
        _("Saved."),
    )
    if not isinstance(answer, Refused):
        return redirect(url_for("programme.partner", partner_id=partner_id))
    if answer.why == "changed_meanwhile":
        return _overtaken_page(form, partner_id), 409
    put_at_fields(form, answer)
    return _form_page(form, found, seen=seen), 422


def _overtaken_page(form: PartnerForm, partner_id: int) -> str:
    read_afresh()
    found, notice = partner_or_404(partner_id), overtaken("partner_changed", f"partner:{partner_id}")
    return _form_page(form, found, seen=canonical(on_file(found)), notice=notice)


def _form_page(
    form: PartnerForm, partner: Partner | None = None, *, seen: str = "", notice: Notice | None = None
) -> str:
    return render_template(
        "programme/partner_form.html", form=form, partner=partner, seen=seen, notice=notice
    )


def partner_or_404(partner_id: int) -> Partner:
    """Return a partner; 404 where there is none."""
    return reading().get(Partner, partner_id) or abort(404)


def _people(partner_id: int) -> Sequence[User]:
    return (
        reading()
        .scalars(select(User).where(User.partner_id == partner_id).order_by(User.name, User.id))
        .all()
    )


def _funds(partner_id: int) -> Sequence[object]:
    """Return the partner's funds and, without one, the periods that are open."""
    return (
        reading()
        .execute(
            select(
                Period.id.label("period_id"),
                Period.code,
                Period.closed_at,
                Fund.id.label("fund_id"),
                func.coalesce(Fund.available, 0).label("available"),
                func.coalesce(Fund.reserved, 0).label("reserved"),
                func.coalesce(Fund.paid, 0).label("paid"),
            )
            .outerjoin(Fund, (Fund.period_id == Period.id) & (Fund.partner_id == partner_id))
            .where(Fund.id.is_not(None) | Period.closed_at.is_(None))
            .order_by(Period.first_day.desc())
        )
        .all()
    )
