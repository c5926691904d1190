"""What came of the money: the fund's part against leads, meetings and revenue."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from models.money import grouped
from models.people import Partner
from models.vocabulary import Role
from web.access import allow
from web.auth.visitor import actor
from web.dashboards.figures import Chart, Line, behind, chart
from web.dashboards.filters import Filters
from web.dashboards.money import names_of
from web.dashboards.room import OF_CLAIMS, asking, room
from web.dashboards.words import RETURNS
from web.names import names_of as names_by_id
from workflow.dashboards.money import money_of
from workflow.dashboards.returns import COUNTED, Return, returns_by

MOST_PARTNERS = 50
"""Partners shown: those for which the fund paid most."""

HEADS: dict[str, str] = {"activity": _l("Activity"), "country": _l("Country"), "partner_id": _l("Partner")}
"""By what returns are shown; to a partner, by activity alone."""


@room.get("/returns")
@allow(*OF_CLAIMS)
def returns() -> ResponseReturnValue:
    """Show what paid claims cost and brought, and how many claims are left out of it."""
    form = Filters()
    if not form.validate():
        return render_template("dashboards/returns.html", form=form), 422
    shown = ["activity"] if Role.partner in actor().roles else list(HEADS)
    parts = [_part(by, form.asked) for by in shown]
    return render_template(
        "dashboards/returns.html", form=form, parts=parts, counts=_counts(form.asked), most=MOST_PARTNERS
    )


def _counts(asked: Mapping[str, str]) -> list[Line]:
    """Return how many claims count, and how many do not."""
    return [
        Line(words, behind(asked, returns=name), money_of(asking(), {**asked, "returns": name}).claims)
        for name, words in RETURNS.items()
    ]


def _part(by: str, asked: Mapping[str, str]) -> tuple[str, Any, Chart, Sequence[Line]]:
    """Return a grouping: its name, what its rows are called, its chart and its rows."""
    found = returns_by(asking(), asked, by, MOST_PARTNERS)
    names = names_by_id(Partner, [one.key for one in found]) if by == "partner_id" else names_of(by)
    lines = [
        Line(names.get(one.key, one.key), behind(asked, **{by: one.key}, **COUNTED), one) for one in found
    ]
    title = _("Revenue for each US dollar of the fund")
    return by, HEADS[by], chart(title, (title,), [_bar(line) for line in lines]), lines


def _bar(line: Line) -> tuple[Any, str, tuple[int]]:
    one: Return = line.figures
    told = "–" if one.per_dollar is None else f"{grouped(one.per_dollar)} USD"
    return line.name, told, (one.per_dollar or 0,)
