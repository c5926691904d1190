"""Exchange rates: what is on file, one put there by hand, those of a file put there together."""

from collections.abc import Sequence
from datetime import date

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from wtforms import FileField
from wtforms.validators import InputRequired

from models.exchange import ExchangeRate
from models.history import Act
from models.people import User
from models.vocabulary import Role
from web.access import allow
from web.acting import act_once
from web.auth.visitor import actor
from web.claims.currencies import currency_field
from web.claims.fields import text_field
from web.formats import day
from web.forms import DayField, PageForm, TicksField
from web.moving import put_at_fields
from web.paging import page_of
from web.rates.room import room
from web.services import now, read_afresh, reading, today
from workflow.acts.exchange import LONGEST_SOURCE, Rate, load_rates, record_rate
from workflow.dossier import Query
from workflow.ecb import NotRates, read_reference_rates
from workflow.exchange import MOST_DAYS_OLD
from workflow.refusals import Problem, Refused

LARGEST = 500_000
"""Bytes that a file of rates may have: several times what ninety days take."""

_LONGEST_FIGURE = 23


class RateForm(PageForm):
    """One rate: so many US dollars and so many units of a currency are worth the same."""

    currency = currency_field(_l("Currency"), foreign=True)
    usd = text_field(_l("US dollars"), _LONGEST_FIGURE, _l("Such as 1.0856, to the letter of the source"))
    local = text_field(_l("Units of the currency"), _LONGEST_FIGURE, _l("Worth as much as these US dollars"))
    day = DayField(
        _l("Day"), [InputRequired(_l("Enter the day."))], description=_l("On which the source states it")
    )
    source = text_field(_l("Source"), LONGEST_SOURCE, _l("Where an auditor can look it up"))
    sure = TicksField(_l("Far from the latest rate"), choices=(), coerce=int, validate_choice=False)

    @property
    def rate(self) -> Rate:
        """Return what was typed."""
        figures = {name: self[name].data or "" for name in ("usd", "local", "source")}
        return Rate(self.currency.data, self.day.data, **figures)

    @property
    def sure_of(self) -> int | None:
        """Return of which deviation, in percent, it was said that it is right."""
        return next(iter(self.sure.data or ()), None)

    def ask_whether_sure(self, far: Problem) -> None:
        """Offer the tick that says that a rate is right, however far it is from the latest."""
        off, last = int(far.figures["off"]), day(date.fromisoformat(far.figures["day"]))
        words = {"percent": abs(off), "day": last}
        more = _("It is right: %(percent)s %% more than the rate of %(day)s", **words)
        less = _("It is right: %(percent)s %% less than the rate of %(day)s", **words)
        self.sure.choices = [(off, more if off > 0 else less)]
        self.sure.data = []


class FileForm(PageForm):
    """A file of the European Central Bank."""

    file = FileField(_l("File"), description=_l("eurofxref-daily.xml or eurofxref-hist-90d.xml"))


@room.get("")
@allow(Role.manager, Role.finance)
def index() -> ResponseReturnValue:
    """Show the latest rate of each currency, and all that is on file."""
    return _page()


@room.post("")
@allow(Role.manager, Role.finance)
def record() -> ResponseReturnValue:
    """Put one rate on file."""
    form = RateForm()
    if not form.validate():
        return _page(form), 422
    answer = act_once(
        lambda connection, key: record_rate(
            connection, actor(), now(), form.rate, key=key, sure_of=form.sure_of
        ),
        _("The rate is on file. Submissions from now on go by it."),
    )
    if isinstance(answer, Refused):
        for problem in answer.problems:
            if problem.field == "sure":
                form.ask_whether_sure(problem)
        return _page(form, problems=put_at_fields(form, answer)), 422
    return redirect(url_for("rates.index"))


@room.post("/file")
@allow(Role.manager, Role.finance)
def load() -> ResponseReturnValue:
    """Put the rates of a file on file, those that are not there yet."""
    form = FileForm()
    sent = request.files.get("file")
    content = sent.read(LARGEST + 1) if sent else b""
    try:
        rates = read_reference_rates(content) if len(content) <= LARGEST else []
    except NotRates:
        rates = []
    if not rates:
        form.file.errors = [_("Choose the bank’s file of reference rates, as it is.")]
        return _page(loading=form), 422
    answer = act_once(
        lambda connection, key: load_rates(connection, actor(), now(), rates, key=key),
        _("The rates are on file. Submissions from now on go by the latest."),
    )
    if isinstance(answer, Refused):
        put_at_fields(form, answer)
        return _page(loading=form), 422
    return redirect(url_for("rates.index"))


def _page(form: RateForm | None = None, loading: FileForm | None = None, problems: Sequence[str] = ()) -> str:
    read_afresh()
    return render_template(
        "rates/index.html",
        form=form or RateForm(formdata=None, day=today(), local="1"),
        loading=loading or FileForm(formdata=None),
        latest=reading().execute(_latest()).all(),
        page=page_of(_every(), (ExchangeRate.id,), descending=True, at=url_for("rates.index")),
        today=today(),
        most=MOST_DAYS_OLD,
        problems=problems,
    )


def _every() -> Query:
    return (
        select(ExchangeRate.__table__, User.name.label("by"))
        .join(Act, Act.id == ExchangeRate.act_id)
        .outerjoin(User, User.id == Act.actor_id)
    )


def _latest() -> Query:
    """Return the query of the rate of each currency that a submission today would pin."""
    first = func.row_number().over(
        partition_by=ExchangeRate.currency, order_by=(ExchangeRate.day.desc(), ExchangeRate.id.desc())
    )
    ranked = select(ExchangeRate.id, first.label("place")).subquery()
    return (
        select(ExchangeRate.__table__)
        .join(ranked, ranked.c.id == ExchangeRate.id)
        .where(ranked.c.place == 1)
        .order_by(ExchangeRate.currency)
    )
