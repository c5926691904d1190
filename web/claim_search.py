"""The search for claims, for the auditor and the programme managers: all that were ever submitted."""

from flask_babel import lazy_gettext as _l

from models.claims import Claim
from web.access import can_see_claim
from web.forms import MoneyField
from web.labels import STATES
from web.paging import ListPage, page_of
from web.searching import (
    SearchForm,
    activity_choices,
    choice_field,
    day_field,
    period_choices,
    sum_field,
    words_field,
)
from workflow.searches.claims import CLAIMS
from workflow.searches.search import conditions


class ClaimSearch(SearchForm):
    """What claims are searched by."""

    number = words_field(_l("Number"))
    partner = words_field(_l("Partner"))
    state = choice_field(_l("State"), STATES)
    period = choice_field(_l("JMF period"))
    activity = choice_field(_l("Activity"))
    submitted_from = day_field(_l("Submitted from"))
    submitted_until = day_field(_l("Submitted until"))
    sum = sum_field()
    least = MoneyField(_l("Amount from"))
    most = MoneyField(_l("Amount to"))

    def __init__(self) -> None:
        super().__init__()
        self.period.choices = period_choices()
        self.activity.choices = activity_choices()


def find_claims(form: ClaimSearch) -> ListPage:
    """Return the claims that a search finds, the newest first. A search with an error finds none."""
    if not form.validate():
        return ListPage([], None, None)
    query = CLAIMS.listed.where(can_see_claim(), *conditions(form.asked, CLAIMS.conditions))
    return page_of(query, (Claim.id,), descending=True)
