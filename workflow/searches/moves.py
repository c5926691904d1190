"""The moves of all claims."""

from collections.abc import Mapping
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import aliased

from models.claims import Claim
from models.history import NOT_HELD, Move, Reason
from models.people import Partner, User
from models.programme import Period
from workflow.erasure.noted import ERASING, NOTED, reason_or_erased
from workflow.searches.search import (
    Asked,
    Column,
    Condition,
    Holds,
    Search,
    about_rule,
    broken_in,
    of_partner,
    of_user,
)
from workflow.verdicts import Outcome

ABSENT = aliased(User)
"""Whom the actor of a move stood in for."""

ABOUT = func.coalesce(Move.reimbursable, Move.approved, Move.requested)
"""What a claim was about after a move: what is reimbursed, else granted, else asked for."""

SUMS: Mapping[str, Any] = {
    "about": ABOUT,
    "requested": Move.requested,
    "approved": Move.approved,
    "reimbursable": Move.reimbursable,
    "reserved": Move.reserved,
    "paid": Move.paid,
}
"""The sums of a claim after a move that are searched, in cents; `about` where none is named."""


def _sum(asked: Asked) -> Any:
    return SUMS[asked.get("sum", "about")]


STANDING = {
    "own": Move.on_behalf_of_id.is_(None),
    "substitute": Move.on_behalf_of_id.is_not(None),
}
"""Moves that somebody made in their own right, or for a colleague who was absent."""


def _came_out(outcome: str, rule: str | None) -> ColumnElement[bool]:
    said = about_rule(Move.verdicts, outcome=outcome, rule=rule)
    return said if outcome == Outcome.holds else and_(NOT_HELD, said)


CONDITIONS: Mapping[str, Condition] = {
    "number": lambda asked: Claim.number.istartswith(asked["number"], autoescape=True),
    "partner": lambda asked: of_partner(Move.partner_id, asked["partner"]),
    "period": lambda asked: Claim.period_id == int(asked["period"]),
    "actor": lambda asked: of_user(Move.actor_id, asked["actor"]),
    "acted_for": lambda asked: of_user(Move.on_behalf_of_id, asked["acted_for"]),
    "standing": lambda asked: STANDING[asked["standing"]],
    "trigger": lambda asked: Move.trigger == asked["trigger"],
    "first": lambda asked: Move.at >= asked["first"],
    "last": lambda asked: Move.at < asked["last"],
    "rule": lambda asked: about_rule(Move.verdicts, outcome=asked.get("outcome"), rule=asked["rule"]),
    "outcome": lambda asked: _came_out(asked["outcome"], asked.get("rule")),
    "least": lambda asked: asked["least"] <= _sum(asked),
    "most": lambda asked: asked["most"] >= _sum(asked),
}

_LISTED = (
    select(
        Move.id,
        Move.at,
        Move.claim_id,
        Move.trigger,
        Move.source,
        Move.target,
        *(column.label(name) for name, column in SUMS.items()),
        Claim.number,
        Claim.title,
        Partner.name.label("partner"),
        User.name.label("actor"),
        ABSENT.name.label("on_behalf_of"),
    )
    .join(Claim, Claim.id == Move.claim_id)
    .join(Partner, Partner.id == Move.partner_id)
    .outerjoin(User, User.id == Move.actor_id)
    .outerjoin(ABSENT, ABSENT.id == Move.on_behalf_of_id)
)

MOVES = Search(
    key=Move.id,
    listed=_LISTED,
    exported=_LISTED.add_columns(
        Move.number.label("move_number"),
        Move.day,
        Move.role,
        Move.policy_version_id,
        Move.verdicts,
        Period.code.label("period"),
        Reason.text.label("reason"),
        *NOTED,
    )
    .outerjoin(Period, Period.id == Claim.period_id)
    .outerjoin(Reason, Reason.hash == Move.reason_hash)
    .outerjoin(ERASING, ERASING.id == Reason.erased_by),
    conditions=CONDITIONS,
    columns=(
        Column("move_id", Holds.number, attrgetter("id")),
        Column("claim_id", Holds.number),
        Column("claim_number", read=attrgetter("number")),
        Column("claim_title", read=attrgetter("title")),
        Column("move_number", Holds.number),
        Column("at_utc", Holds.moment, attrgetter("at")),
        Column("programme_day", Holds.day, attrgetter("day")),
        Column("move", read=attrgetter("trigger")),
        Column("from_state", read=attrgetter("source")),
        Column("to_state", read=attrgetter("target")),
        Column("partner"),
        Column("period"),
        Column("actor"),
        Column("acted_for", read=attrgetter("on_behalf_of")),
        Column("role"),
        *(Column(f"{name}_usd", Holds.cents, attrgetter(name)) for name in SUMS if name != "about"),
        Column("policy_version_id", Holds.number),
        Column("rules_checked", Holds.number, lambda row: len(row.verdicts)),
        Column("rules_broken", read=lambda row: broken_in(row.verdicts)),
        Column("reason", read=reason_or_erased),
    ),
)
