"""The claims behind a figure: exactly those that it sums."""

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from models.claims import Claim
from models.people import Partner
from models.programme import Period
from web.access import allow
from web.dashboards.filters import Behind, activity_labels
from web.dashboards.room import EVERYBODY, asking, room
from web.paging import page_of
from workflow.dashboards.facets import Which, population
from workflow.dashboards.money import ASKED, GRANTED, money_of
from workflow.dossier import Query


@room.get("/claims")
@allow(*EVERYBODY)
def claims() -> ResponseReturnValue:
    """Show the claims behind a figure with their sums, the newest first."""
    form = Behind()
    if not form.validate():
        return render_template("dashboards/claims.html", form=form, page=None), 422
    page = page_of(_claims(form.asked), (Claim.id,), descending=True)
    return render_template(
        "dashboards/claims.html",
        form=form,
        page=page,
        sums=money_of(asking(), form.asked),
        labels=activity_labels(),
    )


def _claims(which: Which) -> Query:
    money: tuple[Any, ...] = (ASKED.label("asked"), GRANTED.label("granted"), Claim.reserved, Claim.paid)
    return (
        select(
            Claim.id,
            Claim.number,
            Claim.title,
            Claim.activity_type,
            Claim.state,
            Claim.state_since,
            *money,
            Partner.name.label("partner"),
            Partner.country,
            Period.code.label("period"),
        )
        .join(Partner, Partner.id == Claim.partner_id)
        .outerjoin(Period, Period.id == Claim.period_id)
        .where(*population(asking(), which))
    )
