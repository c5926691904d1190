"""What waits to be paid, what is due first, and what was paid lately."""

from collections.abc import Sequence
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from models.claims import Claim
from models.exchange import ExchangeRate
from models.history import Move
from models.payments import ClawBack, Payment, PaymentFailure
from models.people import Partner, User
from models.vocabulary import Role, State
from web.access import allow
from web.auth.visitor import actor
from web.finance.room import room
from web.paging import page_of
from web.services import reading
from workflow.banking import pending_of
from workflow.dossier import Query
from workflow.payment_runs.contents import open_run_of
from workflow.payments import bank_paid
from workflow.rates import RATE

RECENT = 15
"""How many of the latest payments, and of the oldest claw-backs that wait, are shown."""


@room.get("/payments")
@allow(Role.finance)
def payments() -> ResponseReturnValue:
    """Show the accepted claims that wait to be paid, and the latest payments."""
    page = page_of(_to_pay(), (Claim.pay_by, Claim.id))
    count, total = reading().execute(_sums()).one()
    return render_template(
        "finance/payments.html",
        page=page,
        me=actor().user_id,
        count=count,
        total=int(total or 0),
        to_release=_to_release(),
        recent=_recently_paid(),
    )


def _to_pay() -> Query:
    acceptor = aliased(User)
    return (
        select(
            Claim.id,
            Claim.number,
            Claim.title,
            Claim.reserved,
            Claim.paid,
            Claim.accepted_on,
            Claim.pay_by,
            Claim.accepted_by_id,
            Claim.accepted_for_id,
            Partner.name.label("partner"),
            acceptor.name.label("accepted_by"),
            pending_of(Claim.partner_id).label("pending_account_id"),
            open_run_of(Claim.id).label("run_id"),
        )
        .join(Partner, Partner.id == Claim.partner_id)
        .outerjoin(acceptor, acceptor.id == Claim.accepted_by_id)
        .where(Claim.state == State.accepted)
    )


def _sums() -> Query:
    return select(func.count(), func.sum(Claim.reserved)).where(Claim.state == State.accepted)


def _to_release() -> Sequence[Any]:
    """Return the claw-backs that wait to be released, the oldest first."""
    return (
        reading()
        .execute(
            select(
                ClawBack.amount,
                *bank_paid(ClawBack.claim_id),
                ClawBack.proposed_by_id,
                Claim.id,
                Claim.number,
                Partner.name.label("partner"),
                User.name.label("proposed_by"),
            )
            .select_from(ClawBack)
            .join(Claim, Claim.id == ClawBack.claim_id)
            .join(Partner, Partner.id == Claim.partner_id)
            .join(User, User.id == ClawBack.proposed_by_id)
            .where(ClawBack.closed_at.is_(None))
            .order_by(ClawBack.id)
            .limit(RECENT)
        )
        .all()
    )


def _recently_paid() -> Sequence[Any]:
    return (
        reading()
        .execute(
            select(
                Payment.amount,
                Payment.paid_on,
                Payment.reference,
                Payment.currency,
                Payment.instructed,
                *RATE,
                PaymentFailure.move_number.label("failed_by"),
                Claim.id,
                Claim.number,
                Partner.name.label("partner"),
                User.name.label("payer"),
            )
            .select_from(Payment)
            .join(Claim, Claim.id == Payment.claim_id)
            .join(Move, and_(Move.claim_id == Payment.claim_id, Move.number == Payment.move_number))
            .join(Partner, Partner.id == Claim.partner_id)
            .outerjoin(PaymentFailure, PaymentFailure.payment_id == Payment.id)
            .outerjoin(ExchangeRate, ExchangeRate.id == Payment.day_rate_id)
            .outerjoin(User, User.id == Move.actor_id)
            .order_by(Payment.id.desc())
            .limit(RECENT)
        )
        .all()
    )
