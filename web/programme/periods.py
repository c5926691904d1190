"""JMF periods: opened, corrected, closed, and opened again."""

from collections.abc import Sequence

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from wtforms.validators import InputRequired

from models.base import canonical
from models.claims import Claim
from models.funds import Fund
from models.programme import Period
from models.vocabulary import Role
from web.access import allow
from web.acting import act, act_once, overtaken, sent_seen
from web.auth.visitor import actor
from web.claims.fields import text_field
from web.forms import DayField, PageForm
from web.moving import put_at_fields
from web.notices import Notice
from web.programme.room import room
from web.services import now, read_afresh, reading, today
from workflow.acts.periods import correct_period, is_in_use, named, open_period, set_period_closed
from workflow.refusals import Refused


class PeriodForm(PageForm):
    """The code and the days of a JMF period."""

    code = text_field(_l("Code"), 19, _l("Stands in every claim's number, such as 2026H1."))
    first_day = DayField(_l("First day"), [InputRequired(_l("Enter the first day."))])
    last_day = DayField(_l("Last day"), [InputRequired(_l("Enter the last day."))])


@room.get("/periods")
@allow(Role.manager)
def periods() -> ResponseReturnValue:
    """Show the JMF periods, the latest first."""
    return _page(PeriodForm())


@room.post("/periods")
@allow(Role.manager)
def open_new_period() -> ResponseReturnValue:
    """Open a new JMF period."""
    form = PeriodForm()
    if not form.validate():
        return _page(form), 422
    code = form.code.data or ""
    answer = act_once(
        lambda connection, key: open_period(
            connection,
            actor(),
            now(),
            code=code,
            first_day=form.first_day.data,
            last_day=form.last_day.data,
            key=key,
        ),
        _("The JMF period %(code)s is open. Next: performance records and funds for it.", code=code),
    )
    if isinstance(answer, Refused):
        put_at_fields(form, answer)
        return _page(form), 422
    return redirect(url_for("programme.periods"))


@room.get("/periods/<int:period_id>/change")
@allow(Role.manager)
def edit_period(period_id: int) -> ResponseReturnValue:
    """Show the code and the days of a period, to be corrected."""
    period = _period_or_404(period_id)
    return _change_page(PeriodForm(obj=period), period, canonical(named(period)))


@room.post("/periods/<int:period_id>/change")
@allow(Role.manager)
def save_period(period_id: int) -> ResponseReturnValue:
    """Correct the code and the days of a period that no claim uses yet."""
    period, form, seen = _period_or_404(period_id), PeriodForm(), sent_seen()
    if not form.validate():
        return _change_page(form, period, seen), 422
    typed = {name: form[name].data for name in ("code", "first_day", "last_day")}
    answer = act(
        lambda connection: correct_period(connection, actor(), now(), period_id, seen=seen, **typed),
        _("Saved."),
    )
    if not isinstance(answer, Refused):
        return redirect(url_for("programme.periods"))
    if answer.why == "changed_meanwhile":
        return _overtaken_page(form, period_id), 409
    return _change_page(form, period, seen, put_at_fields(form, answer)), 422


@room.post("/periods/<int:period_id>/close")
@allow(Role.manager)
def close_period(period_id: int) -> ResponseReturnValue:
    """Close a period to new submissions."""
    return _set_closed(period_id, True)


@room.post("/periods/<int:period_id>/reopen")
@allow(Role.manager)
def reopen_period(period_id: int) -> ResponseReturnValue:
    """Open a closed period again."""
    return _set_closed(period_id, False)


def _set_closed(period_id: int, closed: bool) -> ResponseReturnValue:
    period = _period_or_404(period_id)
    said = _("%(code)s is closed to new submissions.") if closed else _("%(code)s is open again.")
    act(
        lambda connection: set_period_closed(connection, actor(), now(), period_id, closed=closed),
        said % {"code": period.code},
    )
    return redirect(url_for("programme.periods"))


def _period_or_404(period_id: int) -> Period:
    return reading().get(Period, period_id) or abort(404)


def _overtaken_page(form: PeriodForm, period_id: int) -> str:
    read_afresh()
    period = _period_or_404(period_id)
    notice = overtaken("period_corrected", f"period:{period.code}")
    return _change_page(form, period, canonical(named(period)), notice=notice)


def _change_page(
    form: PeriodForm, period: Period, seen: str, problems: Sequence[str] = (), notice: Notice | None = None
) -> str:
    return render_template(
        "programme/period_form.html", form=form, period=period, seen=seen, problems=problems, notice=notice
    )


def _page(form: PeriodForm) -> str:
    claims = select(func.count()).where(Claim.period_id == Period.id, Claim.moves > 0).scalar_subquery()
    funds = select(func.count()).where(Fund.period_id == Period.id).scalar_subquery()
    rows = reading().execute(
        select(
            Period.__table__, claims.label("claims"), funds.label("funds"), is_in_use().label("is_in_use")
        ).order_by(Period.first_day.desc(), Period.id.desc())
    )
    return render_template("programme/periods.html", form=form, rows=rows.all(), today=today())
