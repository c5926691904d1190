"""The entries of the ledgers of all funds."""

from collections.abc import Mapping
from operator import attrgetter

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from models.claims import Claim
from models.funds import Fund, LedgerEntry
from models.history import Act, Move
from models.people import Partner, User
from models.programme import Period
from workflow.searches.search import Column, Condition, Holds, Search, of_partner, of_user

MOVER = aliased(User)
"""Who made the move that caused an entry."""

CONDITIONS: Mapping[str, Condition] = {
    "partner": lambda asked: of_partner(Fund.partner_id, asked["partner"]),
    "period": lambda asked: Fund.period_id == int(asked["period"]),
    "kind": lambda asked: LedgerEntry.kind == asked["kind"],
    "number": lambda asked: Claim.number.istartswith(asked["number"], autoescape=True),
    "actor": lambda asked: or_(
        of_user(Move.actor_id, asked["actor"]),
        of_user(Act.actor_id, asked["actor"]),
    ),
    "first": lambda asked: LedgerEntry.at >= asked["first"],
    "last": lambda asked: LedgerEntry.at < asked["last"],
    "least": lambda asked: LedgerEntry.amount >= asked["least"],
    "most": lambda asked: LedgerEntry.amount <= asked["most"],
}

_EVERY_ENTRY = (
    select(
        LedgerEntry.__table__,
        Partner.name.label("partner"),
        Period.code.label("period"),
        Move.id.label("move_id"),
        Claim.number,
        Act.kind.label("act_kind"),
        func.coalesce(MOVER.name, User.name).label("actor"),
    )
    .join(Fund, Fund.id == LedgerEntry.fund_id)
    .join(Partner, Partner.id == Fund.partner_id)
    .join(Period, Period.id == Fund.period_id)
    .outerjoin(Claim, Claim.id == LedgerEntry.claim_id)
    .outerjoin(Move, and_(Move.claim_id == LedgerEntry.claim_id, Move.number == LedgerEntry.move_number))
    .outerjoin(Act, Act.id == LedgerEntry.act_id)
    .outerjoin(MOVER, MOVER.id == Move.actor_id)
    .outerjoin(User, User.id == Act.actor_id)
)

LEDGER = Search(
    key=LedgerEntry.id,
    listed=_EVERY_ENTRY,
    exported=_EVERY_ENTRY,
    conditions=CONDITIONS,
    columns=(
        Column("entry_id", Holds.number, attrgetter("id")),
        Column("at_utc", Holds.moment, attrgetter("at")),
        Column("partner"),
        Column("period"),
        Column("fund_id", Holds.number),
        Column("entry", read=attrgetter("kind")),
        Column("from_bucket", read=attrgetter("source")),
        Column("to_bucket", read=attrgetter("target")),
        Column("amount_usd", Holds.cents, attrgetter("amount")),
        Column("claim_number", read=attrgetter("number")),
        Column("move_id", Holds.number),
        Column("act_id", Holds.number),
        Column("act", read=attrgetter("act_kind")),
        Column("actor"),
    ),
)
