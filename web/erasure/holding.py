"""Which legal holds stand on a claim."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, select

from models.claims import Claim
from models.erasure import LegalHold
from models.history import Act, Reason
from models.people import User
from web.services import reading


def holds_on(claim: Claim) -> Sequence[Any]:
    """Return the holds on a claim and on its partner: who set each, when and why."""
    mine = or_(LegalHold.claim_id == claim.id, LegalHold.partner_id == claim.partner_id)
    query = (
        select(
            LegalHold.id,
            LegalHold.partner_id,
            LegalHold.set_at,
            LegalHold.set_by_id,
            User.name.label("by"),
            Reason.text.label("reason"),
        )
        .join(User, User.id == LegalHold.set_by_id)
        .join(Act, Act.id == LegalHold.act_id)
        .outerjoin(Reason, Reason.hash == Act.reason_hash)
    )
    return reading().execute(query.where(mine).order_by(LegalHold.id)).all()
