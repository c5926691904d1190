"""Money by state, period, country and activity type."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from models.programme import Period
from models.vocabulary import Role
from web.access import allow
from web.auth.visitor import actor
from web.dashboards.figures import Chart, Line, behind, chart
from web.dashboards.filters import Filters, activity_labels, country_labels
from web.dashboards.room import OF_CLAIMS, asking, room
from web.dashboards.words import NO_PERIOD
from web.formats import money as written
from web.labels import STATES
from web.services import reading
from workflow.dashboards.facets import NONE
from workflow.dashboards.money import Sums, money_by, money_of

HEADS: dict[str, str] = {
    "state": _l("State"),
    "period": _l("JMF period"),
    "country": _l("Country"),
    "activity": _l("Activity"),
}
"""By what money is shown, in this order."""

TITLES: dict[str, str] = {
    "state": _l("By state"),
    "period": _l("By JMF period"),
    "country": _l("By country"),
    "activity": _l("By activity"),
}

KEY = (_l("Paid"), _l("Reserved, not paid yet"), _l("Asked for, neither reserved nor paid"))


@room.get("")
@allow(*OF_CLAIMS)
def money() -> ResponseReturnValue:
    """Show the money of claims, each as it stands now."""
    form = Filters()
    if not form.validate():
        return render_template("dashboards/money.html", form=form, parts=[], total=None), 422
    total = money_of(asking(), form.asked)
    parts = [_part(by, form.asked) for by in HEADS if by != "country" or Role.partner not in actor().roles]
    return render_template(
        "dashboards/money.html", form=form, parts=parts, total=total, all=behind(form.asked)
    )


def names_of(by: str) -> Mapping[Any, Any]:
    """Return what the keys of a grouping are called, in the order in which they are shown."""
    if by == "period":
        rows = reading().execute(select(Period.id, Period.code).order_by(Period.first_day.desc()))
        return {**{row.id: row.code for row in rows}, None: NO_PERIOD}
    if by == "activity":
        return activity_labels()
    return STATES if by == "state" else country_labels()


def in_order(found: Mapping[Any, Any], names: Mapping[Any, Any]) -> list[Any]:
    """Return the keys that were found, those with names in the order of the names, then the others."""
    return [key for key in names if key in found] + sorted(key for key in found if key not in names)


def _part(by: str, asked: Mapping[str, str]) -> tuple[str, Any, Chart, Sequence[Line]]:
    """Return a grouping: its name, what its rows are called, its chart and its rows."""
    found, names = {sums.key: sums for sums in money_by(asking(), asked, by)}, names_of(by)
    keys = in_order(found, names)
    lines = [
        Line(names.get(key, key), behind(asked, **{by: NONE if key is None else key}), found[key])
        for key in keys
    ]
    drawn = chart(TITLES[by], KEY, [_bar(line) for line in lines])
    return by, HEADS[by], drawn, lines


def _bar(line: Line) -> tuple[Any, str, Sequence[int]]:
    sums: Sums = line.figures
    neither = max(0, sums.asked - sums.paid - sums.reserved)
    return line.name, written(sums.asked), (sums.paid, sums.reserved, neither)
