"""Administrative acts."""

from collections.abc import Mapping
from operator import attrgetter

from sqlalchemy import select

from models.history import Act, Reason
from models.people import Partner, User
from workflow.dossier import Query
from workflow.erasure.noted import ERASING, NOTED, reason_or_erased
from workflow.searches.search import Column, Condition, Holds, Search, of_partner, of_user

EVERY_ACT: Query = (
    select(
        Act.__table__,
        Partner.name.label("partner"),
        User.name.label("actor"),
        Reason.text.label("reason"),
        *NOTED,
    )
    .outerjoin(Partner, Partner.id == Act.partner_id)
    .outerjoin(User, User.id == Act.actor_id)
    .outerjoin(Reason, Reason.hash == Act.reason_hash)
    .outerjoin(ERASING, ERASING.id == Reason.erased_by)
)
"""All administrative acts, with the names and the reason that tell them."""

CONDITIONS: Mapping[str, Condition] = {
    "kind": lambda asked: Act.kind == asked["kind"],
    "partner": lambda asked: of_partner(Act.partner_id, asked["partner"]),
    "actor": lambda asked: of_user(Act.actor_id, asked["actor"]),
    "first": lambda asked: Act.at >= asked["first"],
    "last": lambda asked: Act.at < asked["last"],
}

ACTS = Search(
    key=Act.id,
    listed=EVERY_ACT,
    exported=EVERY_ACT,
    conditions=CONDITIONS,
    columns=(
        Column("act_id", Holds.number, attrgetter("id")),
        Column("at_utc", Holds.moment, attrgetter("at")),
        Column("act", read=attrgetter("kind")),
        Column("actor"),
        Column("role"),
        Column("partner"),
        Column("subject"),
        Column("figures", Holds.figures),
        Column("reason", read=reason_or_erased),
    ),
)
