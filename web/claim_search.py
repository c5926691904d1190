"""The search for claims, for the auditor and the programme managers: all that were ever submitted."""

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from models.claims import Claim
from models.people import Partner, User
from models.programme import Period
from models.tasks import Task
from web.access import can_see_claim
from web.labels import STATES
from web.paging import ListPage, page_of
from web.searching import (
    Condition,
    SearchForm,
    activity_choices,
    choice_field,
    conditions,
    of_partner,
    period_choices,
    words_field,
)
from workflow.dossier import Query


class ClaimSearch(SearchForm):
    """What claims are searched by."""

    number = words_field(_l("Number"))
    partner = words_field(_l("Partner"))
    state = choice_field(_l("State"), STATES)
    period = choice_field(_l("JMF period"))
    activity = choice_field(_l("Activity"))

    def __init__(self) -> None:
        super().__init__()
        self.period.choices = period_choices()
        self.activity.choices = activity_choices()


CONDITIONS: dict[str, Condition] = {
    "number": lambda text: Claim.number.istartswith(text, autoescape=True),
    "partner": lambda text: of_partner(Claim.partner_id, text),
    "state": lambda state: Claim.state == state,
    "period": lambda period_id: Claim.period_id == int(period_id),
    "activity": lambda code: Claim.activity_type == code,
}


def find_claims(form: ClaimSearch) -> ListPage:
    """Return the claims that a search finds, the newest first. A search with an error finds none."""
    if not form.validate():
        return ListPage([], None, None)
    return page_of(_claims().where(*conditions(form, CONDITIONS)), (Claim.id,), descending=True)


def _claims() -> Query:
    assignee: Any = aliased(User)
    return (
        select(
            Claim.id,
            Claim.number,
            Claim.title,
            Claim.activity_type,
            Claim.state,
            Claim.state_since,
            Claim.requested,
            Claim.approved,
            Claim.reimbursable,
            Claim.policy_version_id,
            Partner.name.label("partner"),
            Period.code.label("period"),
            Task.kind.label("task"),
            Task.unassigned_why,
            Task.assignee_id,
            assignee.name.label("assignee"),
        )
        .join(Partner, Partner.id == Claim.partner_id)
        .outerjoin(Period, Period.id == Claim.period_id)
        .outerjoin(Task, and_(Task.claim_id == Claim.id, Task.closed_at.is_(None)))
        .outerjoin(assignee, assignee.id == Task.assignee_id)
        .where(can_see_claim(), Claim.moves > 0)
    )
