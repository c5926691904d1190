"""Why claims came back, were rejected or got less."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from web.access import allow
from web.dashboards.figures import Chart, Line, behind, chart
from web.dashboards.filters import Filters
from web.dashboards.room import OF_CLAIMS, asking, room
from web.dashboards.words import REJECTED_WHY, SENT_BACK_WORDS
from web.labels import DEDUCTIONS
from web.verdicts import TITLES
from workflow.dashboards import reasons as counted
from workflow.dashboards.reasons import Reason
from workflow.deductions import Deduction
from workflow.wording import clause

RULE_OF: Mapping[str, str] = {
    **{rule: rule for rule in TITLES},
    Deduction.share: "funding-share",
    Deduction.cap: "activity-cap",
    Deduction.available: "available-amount",
}
"""The rule whose clause stands beside a reason: itself, or that behind a limit."""

NAMES: dict[str, tuple[str, Mapping[Any, Any]]] = {
    "sent_back": (_l("Came back or rejected"), SENT_BACK_WORDS),
    "why": (_l("Rejected, by the reason that was chosen"), REJECTED_WHY),
    "rule": (_l("Rejected, by the rules that were broken then"), TITLES),
    "reduced": (_l("Granted or paid less, by reason"), DEDUCTIONS),
}
"""The facets of reasons, in the order shown: the title of each, and what its reasons are called."""


@dataclass(frozen=True, slots=True)
class Reasons:
    """Reasons, the most frequent first: how they are drawn, and each row with the clause of its rule."""

    title: str
    drawn: Chart
    lines: Sequence[tuple[Line, str]]


@room.get("/reasons")
@allow(*OF_CLAIMS)
def reasons() -> ResponseReturnValue:
    """Show what said no, or less, how often and to how much."""
    form = Filters()
    if not form.validate():
        return render_template("dashboards/reasons.html", form=form), 422
    asked, of = form.asked, asking()
    said_no = {f"{trigger}-{source}": one for (trigger, source), one in counted.sent_back(of, asked).items()}
    found: dict[str, Mapping[str, Reason]] = {
        "sent_back": said_no,
        "why": counted.rejected_why(of, asked),
        "rule": counted.rejected_rules(of, asked),
        "reduced": counted.reduced(of, asked),
    }
    parts = {facet: _reasons(asked, facet, found[facet]) for facet in NAMES}
    return render_template("dashboards/reasons.html", form=form, parts=parts)


def _reasons(asked: Mapping[str, str], facet: str, found: Mapping[str, Reason]) -> Reasons:
    title, names = NAMES[facet]
    codes = sorted(found, key=lambda code: (-found[code].claims, code))
    lines = [Line(names.get(code, code), behind(asked, **{facet: code}), found[code]) for code in codes]
    clauses = [clause(RULE_OF[code], _) if code in RULE_OF else "" for code in codes]
    drawn = chart(title, (_("Claims"),), [_bar(line) for line in lines])
    return Reasons(title, drawn, list(zip(lines, clauses, strict=True)))


def _bar(line: Line) -> tuple[Any, str, tuple[int]]:
    reason: Reason = line.figures
    return line.name, ngettext("one claim", "%(num)s claims", reason.claims), (reason.claims,)
