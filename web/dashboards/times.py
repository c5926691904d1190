"""How long claims stay in each state."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from web.access import allow
from web.dashboards.figures import Chart, Line, behind, chart
from web.dashboards.filters import Filters
from web.dashboards.room import OF_CLAIMS, asking, room
from web.formats import in_days
from web.labels import STATES
from web.services import now
from workflow.dashboards.spans import Spans
from workflow.dashboards.times import ended_stays, going_on

HALF, NINE_TENTHS = 50, 90
KEY = (_l("Half took no longer"), _l("Nine tenths took no longer"))


@room.get("/times")
@allow(*OF_CLAIMS)
def times() -> ResponseReturnValue:
    """Show how long stays in each state took, and how long those that go on have taken so far."""
    form = Filters()
    if not form.validate():
        return render_template("dashboards/times.html", form=form), 422
    asked = form.asked
    return render_template(
        "dashboards/times.html",
        form=form,
        ended=spans_part(_("Stays that ended"), ended_stays(asking(), asked), STATES, asked, "left"),
        going_on=spans_part(_("Still there"), going_on(asking(), asked, now()), STATES, asked, "state"),
    )


def spans_part(
    title: str, found: Mapping[Any, Spans], names: Mapping[Any, Any], asked: Mapping[str, str], facet: str
) -> tuple[Chart, Sequence[Line]]:
    """Return spans by what they are of, in the order of the names: their chart and their rows."""
    lines = [Line(names[key], behind(asked, **{facet: key}), found[key]) for key in names if key in found]
    return chart(title, KEY, [_bar(line) for line in lines]), lines


def _bar(line: Line) -> tuple[Any, str, Sequence[int]]:
    spans: Spans = line.figures
    half, most = spans.within(HALF) or 0, spans.within(NINE_TENTHS) or 0
    return line.name, in_days(half), (half, most - half)
