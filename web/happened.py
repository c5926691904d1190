"""What happened to a claim, in words: one sentence for each move, from the table of moves."""

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import aliased

from models.history import Move
from models.people import User
from models.vocabulary import Role, State, Trigger
from web.formats import moment
from web.services import reading
from workflow.table import MOVES

ABSENT = aliased(User)
"""Whom the actor of a move stood in for."""

_PAST: dict[Trigger, str] = {row.trigger: row.past for row in MOVES}

TONES: dict[State, str] = {
    State.submitted: "waiting",
    State.approved: "active",
    State.executed: "waiting",
    State.accepted: "active",
    State.reimbursed: "done",
    State.rejected: "stopped",
    State.expired: "stopped",
}
"""How a move looks in the history, by the state that it led to."""


def did(trigger: Trigger, who: str | None, on_behalf_of: str | None = None) -> str:
    """Return the sentence of a move: who did what with the claim, and for whom. Time itself is nobody."""
    if who is None:
        return str(_("The claim %(did)s.", did=_(_PAST[trigger])))
    if on_behalf_of is not None:
        who = str(_("%(who)s, for %(absent)s,", who=who, absent=on_behalf_of))
    return str(_("%(who)s %(did)s the claim.", who=who, did=_(_PAST[trigger])))


def last_happened(claim_id: int) -> str | None:
    """Return what was last done with a claim, by whom and when; None where it was never moved."""
    found = (
        reading()
        .execute(
            select(Move.trigger, Move.role, Move.at, User.name, ABSENT.name.label("on_behalf_of"))
            .outerjoin(User, User.id == Move.actor_id)
            .outerjoin(ABSENT, ABSENT.id == Move.on_behalf_of_id)
            .where(Move.claim_id == claim_id)
            .order_by(Move.number.desc())
            .limit(1)
        )
        .first()
    )
    if found is None:
        return None
    who = None if found.role is Role.scheduler else found.name
    when = _("That was on %(moment)s.", moment=moment(found.at))
    return f"{did(found.trigger, who, found.on_behalf_of)} {when}"
