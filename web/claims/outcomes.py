"""What came of an activity: its partner reports it, again and again as results come in; the newest counts."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms.validators import InputRequired

from models.claims import Claim
from models.history import Act
from models.money import Cents, parse_amount
from models.people import User
from models.vocabulary import Role
from web.access import allow, claim_or_404
from web.acting import act_once
from web.auth.visitor import actor
from web.claims.fields import CountField
from web.claims.room import room
from web.forms import MoneyField, PageForm
from web.moving import put_at_fields
from web.services import now, reading
from workflow.acts.outcomes import HELD, report_outcomes
from workflow.refusals import Refused

GIVEN = [InputRequired(_l("Enter a number; 0 if there were none."))]


class OutcomesForm(PageForm):
    """All that came of an activity so far. `revenue` is in hundredths of the claim's currency."""

    leads = CountField(_l("Leads"), GIVEN, description=_l("People or companies that may buy."))
    meetings = CountField(_l("Meetings"), GIVEN, description=_l("Held with them since."))
    revenue = MoneyField(_l("Revenue"), [InputRequired(_l("Enter an amount; 0 if there was none."))])


class Told(NamedTuple):
    """One report: its figures, when it was made and by whom. `worth` is in cents of a US dollar."""

    leads: int
    meetings: int
    revenue: Cents
    currency: str
    worth: Cents
    at: Any
    who: str


@room.get("/<int:claim_id>/outcomes")
@allow(Role.partner)
def outcomes(claim_id: int) -> ResponseReturnValue:
    """Show the form, with what was reported last."""
    claim, told = claim_or_404(claim_id), outcomes_of(claim_id)
    if claim.state not in HELD:
        return redirect(url_for("claims.show", claim_id=claim_id))
    last = told[0]._asdict() if told else {}
    return _page(claim, OutcomesForm(data=last))


@room.post("/<int:claim_id>/outcomes")
@allow(Role.partner)
def outcomes_reported(claim_id: int) -> ResponseReturnValue:
    """Keep what was reported: once, however often the form is sent."""
    claim, form = claim_or_404(claim_id), OutcomesForm()
    if not form.validate():
        return _page(claim, form), 422
    said = {name: form[name].data for name in ("leads", "meetings", "revenue")}
    try:
        answer = act_once(
            lambda connection, key: report_outcomes(connection, actor(), now(), claim_id, **said, key=key),
            _("Thank you. You can report again as more comes of it."),
        )
    except LookupError:
        abort(404)
    if isinstance(answer, Refused):
        return _page(claim, form, put_at_fields(form, answer)), 409
    return redirect(url_for("claims.show", claim_id=claim_id, _anchor="outcomes"))


def outcomes_of(claim_id: int) -> list[Told]:
    """Return every report of what came of a claim, the newest, which counts, first."""
    rows = reading().execute(
        select(Act.figures, Act.at, User.name)
        .outerjoin(User, User.id == Act.actor_id)
        .where(Act.subject == f"claim:{claim_id}", Act.kind == "outcomes_reported")
        .order_by(Act.id.desc())
    )
    return [_told(row) for row in rows]


def _told(row: Any) -> Told:
    figures = row.figures
    revenue = parse_amount(figures["revenue"])
    worth = parse_amount(figures["worth"].split()[0]) if figures["worth"] else revenue
    counts = (figures["leads"], figures["meetings"])
    return Told(*counts, revenue, figures["currency"], worth, row.at, row.name or "–")


def _page(claim: Claim, form: OutcomesForm, problems: Sequence[str] = ()) -> str:
    told = outcomes_of(claim.id)
    return render_template("claims/outcomes.html", claim=claim, form=form, told=told, problems=problems)
