"""Claims that were ever submitted or withdrawn."""

from collections.abc import Mapping
from datetime import date
from operator import attrgetter
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from models.claims import Claim
from models.people import Partner, User
from models.programme import Period
from models.tasks import Task
from workflow.searches.search import Asked, Column, Condition, Holds, Search, of_partner

SUMS: Mapping[str, Any] = {
    "about": func.coalesce(Claim.reimbursable, Claim.approved, Claim.requested),
    "requested": Claim.requested,
    "approved": Claim.approved,
    "reimbursable": Claim.reimbursable,
    "reserved": Claim.reserved,
    "paid": Claim.paid,
}
"""The sums of a claim that are searched, in cents; `about` where none is named."""


def _sum(asked: Asked) -> Any:
    return SUMS[asked.get("sum", "about")]


CONDITIONS: Mapping[str, Condition] = {
    "number": lambda asked: Claim.number.istartswith(asked["number"], autoescape=True),
    "partner": lambda asked: of_partner(Claim.partner_id, asked["partner"]),
    "state": lambda asked: Claim.state == asked["state"],
    "period": lambda asked: Claim.period_id == int(asked["period"]),
    "activity": lambda asked: Claim.activity_type == asked["activity"],
    "submitted_from": lambda asked: Claim.submitted_on >= date.fromisoformat(asked["submitted_from"]),
    "submitted_until": lambda asked: Claim.submitted_on <= date.fromisoformat(asked["submitted_until"]),
    "least": lambda asked: asked["least"] <= _sum(asked),
    "most": lambda asked: asked["most"] >= _sum(asked),
}

_HOLDER: Any = aliased(User)

# Whoever may search sees these (workflow/sight.py).
_FOUND = (
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
    )
    .join(Partner, Partner.id == Claim.partner_id)
    .outerjoin(Period, Period.id == Claim.period_id)
    .where(Claim.moves > 0)
)

CLAIMS = Search(
    key=Claim.id,
    listed=_FOUND.add_columns(
        Task.kind.label("task"), Task.unassigned_why, Task.assignee_id, _HOLDER.name.label("assignee")
    )
    .outerjoin(Task, and_(Task.claim_id == Claim.id, Task.closed_at.is_(None)))
    .outerjoin(_HOLDER, _HOLDER.id == Task.assignee_id),
    exported=_FOUND.add_columns(
        Claim.submitted_on,
        Claim.starts_on,
        Claim.ends_on,
        Claim.reserved,
        Claim.paid,
        Claim.paid_on,
        Claim.moves,
        Partner.number.label("partner_number"),
        Partner.country,
    ),
    conditions=CONDITIONS,
    columns=(
        Column("claim_id", Holds.number, attrgetter("id")),
        Column("claim_number", read=attrgetter("number")),
        Column("title"),
        Column("partner"),
        Column("partner_number"),
        Column("country"),
        Column("period"),
        Column("activity_type"),
        Column("starts_on", Holds.day),
        Column("ends_on", Holds.day),
        Column("state"),
        Column("state_since_utc", Holds.moment, attrgetter("state_since")),
        Column("submitted_on", Holds.day),
        *(Column(f"{name}_usd", Holds.cents, attrgetter(name)) for name in SUMS if name != "about"),
        Column("paid_on", Holds.day),
        Column("policy_version_id", Holds.number),
        Column("moves", Holds.number),
    ),
)
