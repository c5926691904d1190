"""The payment runs there are, the newest first, and what could be collected into another."""

from collections.abc import Sequence
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import case, func, select
from wtforms import SelectField
from wtforms.validators import InputRequired

from models.claims import Claim
from models.payment_runs import PaymentRun, RunClaim
from models.people import User
from models.vocabulary import Role, State
from web.access import allow
from web.acting import act_once
from web.auth.visitor import actor
from web.formats import money
from web.forms import DayField, PageForm, choices
from web.moving import put_at_fields
from web.paging import page_of
from web.payment_runs.room import room
from web.services import now, read_afresh, reading, today
from workflow.dossier import Query
from workflow.payment_runs.collecting import collect
from workflow.payment_runs.contents import MOST, payable_by_currency
from workflow.payment_runs.rejections import rejected_and_owed
from workflow.rates import without_rate
from workflow.refusals import Refused

SIZE = 20


class CollectForm(PageForm):
    """What to collect: for accounts of one currency, what is due until a day, to be paid on another."""

    # A choice that is gone is not refused here: a second click on the form changes nothing, and says so.
    currency = SelectField(
        _l("Accounts in"), [InputRequired(_l("Choose a currency."))], validate_choice=False
    )
    due_until = DayField(_l("Due until"), description=_l("Leaves out what is due later. Empty: everything."))
    due_on = DayField(
        _l("To be paid on"),
        [InputRequired(_l("Enter the day."))],
        description=_l("The day on which the bank is asked to pay."),
    )

    def __init__(self, ready: Sequence[Any], **given: Any) -> None:
        super().__init__(**given)
        self.ready = [row.currency for row in ready]
        self.currency.choices = choices({row.currency: _ready_words(row) for row in ready})

    @property
    def values(self) -> dict[str, Any]:
        """Return what was typed, as the act takes it."""
        return {name: self[name].data for name in ("currency", "due_until", "due_on")}


@room.get("")
@allow(Role.finance)
def index() -> ResponseReturnValue:
    """Show the runs, with the form to collect another."""
    return _page(CollectForm(payable_by_currency(reading().connection()), due_on=today()))


@room.post("")
@allow(Role.finance)
def collect_run() -> ResponseReturnValue:
    """Collect what can be paid into a draft."""
    form = CollectForm(payable_by_currency(reading().connection()))
    if not form.validate():
        return _page(form), 422
    answer = act_once(
        lambda connection, key: collect(connection, actor(), now(), key=key, **form.values),
        _("Collected. Somebody else in finance releases the run, who accepted none of its claims."),
    )
    if isinstance(answer, Refused):
        return _page(form, put_at_fields(form, answer)), 422
    if answer is None:
        return redirect(url_for("payment_runs.index"))
    return redirect(url_for("payment_runs.show", run_id=answer))


def _ready_words(row: Any) -> str:
    """Return what could be collected for accounts in a currency, in words."""
    if row.number > MOST:
        figures = {"currency": row.currency, "most": MOST, "number": row.number}
        return str(_("%(currency)s: the first %(most)s of %(number)s claims", **figures))
    return str(
        ngettext(
            "%(currency)s: one claim, %(total)s",
            "%(currency)s: %(num)s claims, %(total)s",
            row.number,
            currency=row.currency,
            total=money(int(row.amount)),
        )
    )


def _page(form: CollectForm, problems: Sequence[str] = ()) -> str:
    read_afresh()
    return render_template(
        "payment_runs/index.html",
        form=form,
        no_rates=without_rate(reading().connection(), form.ready, today()),
        problems=problems,
        rejected=rejected_and_owed(reading().connection()),
        today=today(),
        page=page_of(_runs(), (PaymentRun.id,), descending=True, size=SIZE, at=url_for("payment_runs.index")),
    )


def _runs() -> Query:
    inside = (
        select(
            RunClaim.run_id,
            func.count().label("number"),
            func.sum(RunClaim.amount).label("amount"),
            func.count(case((Claim.state == State.reimbursed, Claim.id))).label("paid"),
        )
        .join(Claim, Claim.id == RunClaim.claim_id)
        .where(RunClaim.taken_out_at.is_(None))
        .group_by(RunClaim.run_id)
        .subquery()
    )
    return (
        select(
            PaymentRun.id,
            PaymentRun.state,
            PaymentRun.currency,
            PaymentRun.due_on,
            User.name.label("collected_by"),
            func.coalesce(inside.c.number, 0).label("number"),
            func.coalesce(inside.c.amount, 0).label("amount"),
            func.coalesce(inside.c.paid, 0).label("paid"),
        )
        .join(User, User.id == PaymentRun.collected_by_id)
        .outerjoin(inside, inside.c.run_id == PaymentRun.id)
    )
