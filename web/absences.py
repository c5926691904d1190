"""Who of the programme owner is out of office, and who stands in for them. Managers say so for everybody."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import aliased
from wtforms import SelectField
from wtforms.validators import InputRequired

from models.people import Absence, User, UserRole
from models.vocabulary import Role
from web.access import allow
from web.acting import act, act_once
from web.auth.visitor import actor
from web.forms import DayField, MoneyField, PageForm, choices
from web.moving import put_at_fields, words_of
from web.services import now, read_afresh, reading, today
from workflow.acts.absences import HAVE_TASKS, Planned, call_off, record_absence
from workflow.refusals import Refused

room = Blueprint("absences", __name__, url_prefix="/absences")


class AbsenceForm(PageForm):
    """When somebody is away, and who stands in for them."""

    user = SelectField(_l("Who"), [InputRequired(_l("Choose somebody."))], default="")
    first_day = DayField(_l("First day away"), [InputRequired(_l("Enter the first day."))])
    last_day = DayField(_l("Last day away"), [InputRequired(_l("Enter the last day."))])
    substitute = SelectField(
        _l("Substitute"),
        default="",
        description=_l(
            "Decides on behalf of who is away. Without one, tasks go to colleagues who may do them."
        ),
    )
    amount_limit = MoneyField(
        _l("Up to"),
        description=_l("The most that the substitute may decide on, in USD. Empty: as much as who is away."),
    )

    def __init__(self) -> None:
        super().__init__()
        if Role.manager in actor().roles:
            names = _people(HAVE_TASKS)
            self.user.choices = choices(names, blank=_l("Choose somebody"))
        else:
            names = _people(HAVE_TASKS & actor().roles)
            names.pop(actor().user_id or 0, None)
            del self.user
        self.substitute.choices = choices(names, blank=_l("Nobody"))

    @property
    def user_id(self) -> int:
        """Return whose absence it is: one's own, unless a manager chose somebody."""
        return int(self.user.data) if "user" in self else actor().user_id or 0

    @property
    def planned(self) -> Planned:
        """Return the absence of a valid form."""
        substitute = int(self.substitute.data) if self.substitute.data else None
        return Planned(self.first_day.data, self.last_day.data, substitute, self.amount_limit.data)


@room.get("")
@allow(Role.approver, Role.finance, Role.manager)
def index() -> ResponseReturnValue:
    """Show who is away now and later, with the form for another absence."""
    return _page(AbsenceForm())


@room.post("")
@allow(Role.approver, Role.finance, Role.manager)
def record() -> ResponseReturnValue:
    """Record an absence: once, however often the form is sent. Tasks move on from its first day."""
    form = AbsenceForm()
    if not form.validate():
        return _page(form), 422
    user_id, planned = form.user_id, form.planned
    answer = act_once(
        lambda connection, key: record_absence(connection, actor(), now(), user_id, planned, key),
        _("Saved. Tasks go to others from the first day away until the last."),
    )
    if isinstance(answer, Refused):
        return _page(form, put_at_fields(form, answer)), 422
    return redirect(url_for("absences.index"))


@room.post("/<int:absence_id>/call-off")
@allow(Role.approver, Role.finance, Role.manager)
def end(absence_id: int) -> ResponseReturnValue:
    """Call an absence off: what was done on somebody's behalf returns to them."""
    if reading().get(Absence, absence_id) is None:
        abort(404)
    answer = act(
        lambda connection: call_off(connection, actor(), now(), absence_id),
        _("Called off. Open tasks have come back."),
    )
    if isinstance(answer, Refused):
        return _page(AbsenceForm(), [words_of(one) for one in answer.problems]), 409
    return redirect(url_for("absences.index"))


def _page(form: AbsenceForm, problems: Sequence[str] = ()) -> str:
    read_afresh()
    return render_template(
        "absences/index.html", form=form, problems=problems, absences=_absences(), today=today()
    )


def _absences() -> Sequence[Any]:
    """Return the absences that have not ended, the earliest first."""
    substitute = aliased(User)
    return (
        reading()
        .execute(
            select(
                Absence.__table__,
                User.name,
                substitute.name.label("substitute"),
            )
            .join(User, User.id == Absence.user_id)
            .outerjoin(substitute, substitute.id == Absence.substitute_id)
            .where(Absence.last_day >= today(), Absence.called_off_at.is_(None))
            .order_by(Absence.first_day, Absence.id)
        )
        .all()
    )


def _people(roles: frozenset[Role]) -> dict[int, str]:
    """Return the names of those who have one of some roles and can sign in, by id."""
    rows = reading().execute(
        select(User.id, User.name)
        .where(
            User.deactivated_at.is_(None),
            User.password_hash.is_not(None),
            User.id.in_(select(UserRole.user_id).where(UserRole.role.in_(sorted(roles)))),
        )
        .order_by(User.name, User.id)
    )
    return {row.id: row.name for row in rows}
