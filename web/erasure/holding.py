"""Which legal holds stand, which of them the visitor may lift, and which files they keep aside."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from models.claims import Claim
from models.erasure import ErasureRequest, LegalHold, TakenOffFile
from models.history import Act, Reason
from models.people import Partner, User
from web.auth.visitor import actor
from web.moving import words_of
from web.services import now, reading
from workflow.acts.legal_holds import not_to_lift
from workflow.dossier import Query
from workflow.second_person import why_not_second

_HOLDS: Query = (
    select(
        LegalHold.id,
        LegalHold.claim_id,
        LegalHold.partner_id,
        LegalHold.set_at,
        LegalHold.set_by_id,
        Act.role.label("set_as"),
        Claim.number,
        Partner.name.label("partner"),
        User.name.label("by"),
        Reason.text.label("reason"),
    )
    .join(User, User.id == LegalHold.set_by_id)
    .join(Act, Act.id == LegalHold.act_id)
    .outerjoin(Reason, Reason.hash == Act.reason_hash)
    .outerjoin(Claim, Claim.id == LegalHold.claim_id)
    .outerjoin(Partner, Partner.id == LegalHold.partner_id)
    .order_by(LegalHold.id)
)


def all_holds() -> Sequence[Any]:
    """Return every hold: on what it is, who set it in which role, when and why."""
    return reading().execute(_HOLDS).all()


def holds_on(claim: Claim) -> Sequence[Any]:
    """Return the holds on a claim and on its partner."""
    mine = or_(LegalHold.claim_id == claim.id, LegalHold.partner_id == claim.partner_id)
    return reading().execute(_HOLDS.where(mine)).all()


def taken_off(claim: Claim) -> Sequence[Any]:
    """Return the files that holds on a claim keep although its partner took them off, with both names."""
    uploader, taker = aliased(User), aliased(User)
    return (
        reading()
        .execute(
            select(TakenOffFile.__table__, uploader.name.label("uploader"), taker.name.label("taker"))
            .join(uploader, uploader.id == TakenOffFile.uploaded_by)
            .join(taker, taker.id == TakenOffFile.taken_off_by)
            .where(TakenOffFile.claim_id == claim.id)
            .order_by(TakenOffFile.id)
        )
        .all()
    )


def barred(holds: Sequence[Any]) -> Mapping[int, str]:
    """Return of some holds those that the visitor may not lift, by their ids, with the reason in words."""
    problems = not_to_lift(reading().connection(), actor(), now(), holds)
    return {hold_id: words_of(problem) for hold_id, problem in problems.items()}


def why_not_confirmed(request: ErasureRequest | None) -> str:
    """Return why the visitor may not confirm a request, in words; empty where they may."""
    if request is None:
        return ""
    proposer = request.proposed_by_id
    problems = why_not_second(reading().connection(), actor(), now(), [proposer], "proposed_erasure")
    return words_of(problems[proposer]) if problems else ""
