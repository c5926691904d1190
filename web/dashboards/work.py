"""What approvers did and have to do, and what finance has to pay and paid."""

from collections.abc import Sequence

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from models.vocabulary import Role, State
from web.access import allow
from web.dashboards.figures import Chart, Line, behind, chart
from web.dashboards.filters import DECIDED, Filters
from web.dashboards.room import asking, room
from web.dashboards.times import spans_part
from web.formats import money
from web.labels import TASKS, TRIGGERS
from web.services import now
from workflow.dashboards import work
from workflow.dashboards.times import own_tasks


@room.get("/decisions")
@allow(Role.approver)
def decisions() -> ResponseReturnValue:
    """Show an approver's own decisions, times and open tasks."""
    form = Filters()
    if not form.validate():
        return render_template("dashboards/decisions.html", form=form), 422
    asked, made = form.asked, work.own_decisions(asking(), form.asked)
    closed, open_ = own_tasks(asking(), asked, now())
    lines = [Line(TRIGGERS[one], behind(asked, decided=one), made[one]) for one in DECIDED if one in made]
    bars = [(line.name, _claims(line.figures[0]), line.figures[:1]) for line in lines]
    return render_template(
        "dashboards/decisions.html",
        form=form,
        made=(chart(_("Claims you decided on"), (_("Claims"),), bars), lines),
        closed=spans_part(_("How long you had your tasks"), closed, TASKS, asked, "done"),
        open=spans_part(_("Open tasks"), open_, TASKS, asked, "task"),
    )


@room.get("/payments")
@allow(Role.finance)
def payments() -> ResponseReturnValue:
    """Show what is to be paid, and what was paid by month and by currency."""
    form = Filters()
    if not form.validate():
        return render_template("dashboards/payments.html", form=form), 422
    asked = form.asked
    months = [
        Line(one.key, behind(asked, paid_in=one.key), one) for one in work.paid_by_month(asking(), asked)
    ]
    currencies = [
        Line(one.key, behind(asked, currency=one.key), one) for one in work.paid_by_currency(asking(), asked)
    ]
    return render_template(
        "dashboards/payments.html",
        form=form,
        to_pay=Line(_l("To pay"), behind(asked, state=State.accepted), work.to_pay(asking(), asked)),
        months=(_paid_chart(_("Paid by month"), months), months),
        currencies=(_paid_chart(_("Paid by the currency of the account"), currencies), currencies),
    )


def _paid_chart(title: str, lines: Sequence[Line]) -> Chart:
    bars = [(line.name, money(line.figures.amount), (line.figures.amount,)) for line in lines]
    return chart(title, (_("Paid"),), bars)


def _claims(number: int) -> str:
    return str(ngettext("one claim", "%(num)s claims", number))
