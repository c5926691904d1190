"""The samples that were drawn, and the form that draws one: recorded before anybody knows what comes out."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms import ValidationError
from wtforms.validators import InputRequired

from models.history import Act
from models.people import Partner, User
from models.programme import Period
from models.samples import Sample
from models.vocabulary import JobKind, Role, State
from web.access import allow
from web.auth.visitor import actor
from web.claims.fields import CountField, OpenSelectField, RadioField, text_field
from web.forms import DayField, PageForm, choices
from web.labels import STATES
from web.long_work import Work, latest
from web.moving import put_at_fields, sent_key
from web.names import names_of
from web.paging import page_of
from web.sample_words import METHODS, RISKS, chosen_text
from web.sampling.room import room
from web.searching import partner_choices
from web.services import now, reading, services
from workflow.moves import settled
from workflow.refusals import Refused
from workflow.sampling.asking import Population, ask_sample, population
from workflow.sampling.sample import MONEY, WEIGHTS

MOST = 500
"""Claims in a sample, at most."""

LONGEST_SEED = 200


class SampleForm(PageForm):
    """How a sample is drawn, and from which claims."""

    method = RadioField(
        _l("Method"),
        choices=choices(METHODS),
        default=MONEY,
        description=_l("By what a claim is likelier to be drawn: the money that it holds, or its risks."),
    )
    size = CountField(_l("How many claims"), [InputRequired(_l("Enter how many claims to take."))], least=1)
    seed_text = text_field(
        _l("Text of the seed"),
        LONGEST_SEED,
        _l("Anything that you can show you did not choose for its outcome, such as a lottery’s numbers."),
    )
    period = OpenSelectField(_l("JMF period"))
    state = OpenSelectField(_l("State"))
    partner = OpenSelectField(_l("Partner"))
    first = DayField(_l("Submitted from"))
    last = DayField(_l("Submitted until"))

    def __init__(self) -> None:
        super().__init__()
        drawn_from = {state: word for state, word in STATES.items() if state is not State.draft}
        codes = reading().scalars(select(Period.code).order_by(Period.first_day.desc()))
        self.period.choices = choices({code: code for code in codes}, blank=_l("Any"))
        self.state.choices = choices(drawn_from, blank=_l("Any"))
        self.partner.choices = partner_choices()

    @property
    def draws(self) -> bool:
        """Return whether the sample shall be drawn, not only what it would be drawn from be shown."""
        return request.form.get("do") == "draw"

    def validate_seed_text(self, field: Any) -> None:
        """Refuse to draw by no text; what a sample would be drawn from needs none."""
        if self.draws and not field.data:
            raise ValidationError(_("Enter a text."))

    def validate_size(self, field: Any) -> None:
        """Refuse more claims than anybody looks at."""
        if field.data and field.data > MOST:
            raise ValidationError(_("Enter %(most)s or less.", most=MOST))

    def validate_last(self, field: Any) -> None:
        """Refuse a last day before the first."""
        if field.data and self.first.data and field.data < self.first.data:
            raise ValidationError(_("The last day is before the first."))

    @property
    def asked(self) -> dict[str, Any]:
        """Return what is asked for, as it is recorded."""
        chosen = {
            "period": self.period.data,
            "state": self.state.data,
            "partner_id": int(self.partner.data) if self.partner.data else None,
            "first_day": self.first.data.isoformat() if self.first.data else None,
            "last_day": self.last.data.isoformat() if self.last.data else None,
        }
        how = {"method": self.method.data, "size": self.size.data, "seed_text": self.seed_text.data}
        return {**how, **{name: value for name, value in chosen.items() if value}}


@room.get("")
@allow(Role.auditor, Role.manager)
def index() -> ResponseReturnValue:
    """Show the samples that were drawn, the latest first, and what is being drawn."""
    query = (
        select(Sample, Act.at, User.name.label("by"))
        .join(Act, Act.id == Sample.act_id)
        .outerjoin(User, User.id == Act.actor_id)
    )
    page = page_of(query, (Sample.id,), descending=True)
    works = [work for work in latest(JobKind.draw_sample) if work.outcome != "done"]
    partners = names_of(Partner, (row.Sample.asked.get("partner_id") for row in page.rows))
    return render_template(
        "sampling/index.html",
        page=page,
        chosen={row.Sample.id: chosen_text(row.Sample.asked, partners) for row in page.rows},
        works=works,
        asked_for=_asked_for(works),
        waits=any(work.waits for work in works),
        methods=METHODS,
        draws=Role.auditor in actor().roles,
    )


@room.get("/new")
@allow(Role.auditor)
def new() -> ResponseReturnValue:
    """Show the form that draws a sample."""
    return _page(SampleForm())


@room.post("/new")
@allow(Role.auditor)
def asked() -> ResponseReturnValue:
    """Show what a sample would be drawn from; or have it drawn, which is recorded, and lead to the list."""
    form = SampleForm()
    if not form.validate():
        return _page(form), 422
    if not form.draws:
        return _page(form, population(reading().connection(), form.asked))
    key, wanted = sent_key(), form.asked
    try:
        settled(services().database, lambda connection: ask_sample(connection, actor(), now(), wanted, key))
    except Refused as refused:
        return _page(form, problems=put_at_fields(form, refused)), 422
    return redirect(url_for("sampling.index"))


def _asked_for(works: Sequence[Work]) -> Mapping[int, Any]:
    """Return what was asked for, by the acts that asked."""
    acts = select(Act.id, Act.figures).where(Act.id.in_([work.job.input["act"] for work in works]))
    return {act.id: act.figures for act in reading().execute(acts)}


def _page(form: SampleForm, found: Population | None = None, problems: list[str] | None = None) -> str:
    weights = [(RISKS[risk], weight) for risk, weight in WEIGHTS.items()]
    return render_template(
        "sampling/new.html", form=form, found=found, problems=problems or [], weights=weights
    )
