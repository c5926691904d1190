"""Moves that were asked for and refused."""

from collections.abc import Mapping
from operator import attrgetter

from sqlalchemy import select

from models.claims import Claim
from models.history import RefusedAttempt
from models.people import Partner, User
from models.programme import Period
from workflow.searches.search import (
    Column,
    Condition,
    Holds,
    Search,
    about_rule,
    broken_in,
    of_partner,
    of_user,
)

CONDITIONS: Mapping[str, Condition] = {
    "number": lambda asked: Claim.number.istartswith(asked["number"], autoescape=True),
    "partner": lambda asked: of_partner(RefusedAttempt.partner_id, asked["partner"]),
    "period": lambda asked: Claim.period_id == int(asked["period"]),
    "actor": lambda asked: of_user(RefusedAttempt.actor_id, asked["actor"]),
    "trigger": lambda asked: RefusedAttempt.trigger == asked["trigger"],
    "rule": lambda asked: about_rule(
        RefusedAttempt.verdicts, outcome=asked.get("outcome"), rule=asked["rule"]
    ),
    "outcome": lambda asked: about_rule(
        RefusedAttempt.verdicts, outcome=asked["outcome"], rule=asked.get("rule")
    ),
    "first": lambda asked: RefusedAttempt.at >= asked["first"],
    "last": lambda asked: RefusedAttempt.at < asked["last"],
}

_LISTED = (
    select(
        RefusedAttempt.__table__,
        Claim.number,
        Claim.title,
        Partner.name.label("partner"),
        User.name.label("actor"),
    )
    .join(Claim, Claim.id == RefusedAttempt.claim_id)
    .join(Partner, Partner.id == RefusedAttempt.partner_id)
    .outerjoin(User, User.id == RefusedAttempt.actor_id)
)

REFUSED = Search(
    key=RefusedAttempt.id,
    listed=_LISTED,
    exported=_LISTED.add_columns(Period.code.label("period")).outerjoin(Period, Period.id == Claim.period_id),
    conditions=CONDITIONS,
    columns=(
        Column("attempt_id", Holds.number, attrgetter("id")),
        Column("at_utc", Holds.moment, attrgetter("at")),
        Column("claim_id", Holds.number),
        Column("claim_number", read=attrgetter("number")),
        Column("partner"),
        Column("period"),
        Column("actor"),
        Column("asked_for", read=attrgetter("trigger")),
        Column("state"),
        Column("why"),
        Column("rules_broken", read=lambda row: broken_in(row.verdicts)),
    ),
)
