"""The words of the forecast: why a claim expires, and what keeps it from that."""

from datetime import date
from fractions import Fraction

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from models.vocabulary import State
from web.formats import day
from workflow.forecast.expiries import AtRisk
from workflow.lapsing import CERTIFICATION, REPORT

BECAUSE: dict[str, str] = {
    CERTIFICATION: _l("Certification lapses"),
    REPORT: _l("Report overdue"),
}
"""What claims expire by."""


def remedy(claim: AtRisk, today: date) -> str:
    """Return what keeps a claim from expiring, and until when; that nothing does where it is due today."""
    if claim.day <= today:
        return str(_("It is due now: the scheduler expires it within a quarter of an hour."))
    by = day(claim.in_time)
    if claim.lapse.because == REPORT:
        return str(_("Report by %(day)s.", day=by))
    if claim.state is State.executed:
        return str(_("Record a certificate for that day, or accept the report, by %(day)s.", day=by))
    return str(_("Record a certificate for that day by %(day)s.", day=by))


def tenths(part: Fraction) -> str:
    """Return a number of reports that is shared out, rounded to a tenth: `2.5`."""
    whole, tenth = divmod((part * 10 + Fraction(1, 2)) // 1, 10)
    return f"{whole}.{tenth}"
