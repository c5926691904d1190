"""The claims that the scheduler will expire if nothing else happens to them, the soonest first."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from models.claims import Claim
from models.vocabulary import Role
from web.access import allow
from web.forecast.room import room
from web.forecast.words import BECAUSE, remedy
from web.forms import choices
from web.paging import page_of_rows
from web.searching import SearchForm, choice_field, period_choices, words_field
from web.services import reading, today
from workflow.forecast.expiries import HORIZONS, AtRisk, at_risk, released
from workflow.searches.search import Condition, conditions, of_partner

WITHIN: dict[str, str] = {"30": _l("30 days"), "60": _l("60 days")}


class RiskSearch(SearchForm):
    """What claims at risk are searched by."""

    within = SelectField(_l("Expires within"), choices=choices(WITHIN, blank=_l("90 days")), default="")
    because = choice_field(_l("Because"), BECAUSE)
    partner = words_field(_l("Partner"))
    period = choice_field(_l("JMF period"))

    def __init__(self) -> None:
        super().__init__()
        self.period.choices = period_choices()


CONDITIONS: dict[str, Condition] = {
    "partner": lambda asked: of_partner(Claim.partner_id, asked["partner"]),
    "period": lambda asked: Claim.period_id == int(asked["period"]),
}


@room.get("/claims")
@allow(Role.manager, Role.auditor)
def claims() -> ResponseReturnValue:
    """Search the claims at risk."""
    form = RiskSearch()
    found = _found(form) if form.validate() else []
    answer = render_template(
        "forecast/claims.html",
        form=form,
        page=page_of_rows(found, lambda claim: claim.claim_id),
        count=len(found),
        stake=sum(claim.stake for claim in found),
        released=released(found),
        because=BECAUSE,
        remedy=remedy,
        today=today(),
    )
    return answer, 422 if form.errors else 200


def _found(form: RiskSearch) -> list[AtRisk]:
    days = int(form.within.data or HORIZONS[-1])
    found = at_risk(reading().connection(), today(), *conditions(form.asked, CONDITIONS), days=days)
    return [one for one in found if form.because.data in ("", one.lapse.because)]
