"""The forecast at a glance: claims at risk, open periods, approvers."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from flask import render_template
from flask.typing import ResponseReturnValue

from models.money import Cents
from models.vocabulary import Role
from web.access import allow
from web.forecast.periods import burn_of, open_periods
from web.forecast.room import room
from web.forecast.words import BECAUSE, tenths
from web.services import now, reading, today
from workflow.forecast.expiries import HORIZONS, AtRisk, at_risk
from workflow.forecast.load import WORKING_DAYS, loads


class AtStake(NamedTuple):
    """How many claims are at risk, and what their partners lose, in cents."""

    claims: int
    stake: Cents


@room.get("")
@allow(Role.manager, Role.auditor)
def index() -> ResponseReturnValue:
    """Show what comes if things go on as they are."""
    risky = at_risk(reading().connection(), today())
    work, reports = loads(reading().connection(), now(), today())
    return render_template(
        "forecast/index.html",
        sums={because: _sums(one for one in risky if one.lapse.because == because) for because in BECAUSE},
        totals=_sums(risky),
        periods=[(row, burn_of(row, risky, today())) for row in open_periods()],
        loads=work,
        nobody=sum(not report.able for report in reports),
        because=BECAUSE,
        horizons=HORIZONS,
        working_days=WORKING_DAYS,
        tenths=tenths,
    )


def _sums(claims: Iterable[AtRisk]) -> Sequence[Any]:
    """Return what is at stake within each of the horizons, the nearer in the farther."""
    found = list(claims)
    return [_sum(one for one in found if one.day <= today() + timedelta(days=days)) for days in HORIZONS]


def _sum(claims: Iterable[AtRisk]) -> AtStake:
    stakes = [claim.stake for claim in claims]
    return AtStake(len(stakes), sum(stakes))
