"""Claims as an auditor reads them: the search, and one claim's full history."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from models.claims import Claim
from models.funds import LedgerEntry
from models.history import Move, RefusedAttempt
from models.people import User
from models.vocabulary import Role, SearchKind
from web.access import allow, claim_or_404
from web.acting import told_acts
from web.audit.refused import why_words
from web.audit.room import room
from web.audit.search_page import SearchPage, search_page
from web.claim_search import ClaimSearch
from web.claims.alike import alike_of
from web.claims.history import acts_on_amount, ended_unanswered, in_order
from web.claims.judging import dossier_of, policy_for
from web.claims.outcomes import outcomes_of
from web.claims.proofs import coverage_of
from web.claims.split import splits_in
from web.erasure.told import acts_of_erasure
from web.happened import ABSENT
from web.policies import policy_of
from web.searching import SearchForm
from web.services import reading
from workflow.payments import clawed_back, payments_of

MOST_REFUSED = 20
"""How many refused attempts a claim's history shows, the latest."""


@room.get("")
@allow(Role.auditor)
def index() -> ResponseReturnValue:
    """Search claims."""
    return search_page(PAGE)


@room.get("/claims/<int:claim_id>")
@allow(Role.auditor)
def claim(claim_id: int) -> ResponseReturnValue:
    """Show one claim's full history: moves, money, refused attempts."""
    found = claim_or_404(claim_id)
    dossier, policy = dossier_of(claim_id), policy_for(found)
    acts = acts_on_amount(claim_id)
    entries = in_order(_moves(claim_id), acts)
    return render_template(
        "audit/claim.html",
        claim=found,
        dossier=dossier,
        alike=alike_of(found),
        splits=splits_in(dossier, policy),
        coverage=coverage_of(dossier, policy) if dossier.actual else None,
        outcomes=outcomes_of(claim_id),
        entries=entries,
        unanswered=ended_unanswered(entries),
        acts=dict(zip((act.id for act in acts), told_acts(acts), strict=True)),
        payments=payments_of(reading().connection(), claim_id),
        taken=clawed_back(reading().connection(), claim_id),
        ledger=_ledger(claim_id),
        personal=acts_of_erasure(found),
        refused=[(row, why_words(row.why)) for row in _refused(claim_id)],
    )


def _moves(claim_id: int) -> Sequence[Any]:
    return (
        reading()
        .execute(
            select(
                Move.id,
                Move.number,
                Move.at,
                Move.trigger,
                Move.source,
                Move.target,
                Move.role,
                Move.requested,
                Move.approved,
                Move.reimbursable,
                Move.reserved,
                Move.paid,
                Move.policy_version_id,
                User.name.label("actor"),
                ABSENT.name.label("on_behalf_of"),
            )
            .outerjoin(User, User.id == Move.actor_id)
            .outerjoin(ABSENT, ABSENT.id == Move.on_behalf_of_id)
            .where(Move.claim_id == claim_id)
            .order_by(Move.number)
        )
        .all()
    )


def _ledger(claim_id: int) -> Sequence[Any]:
    return (
        reading()
        .scalars(select(LedgerEntry).where(LedgerEntry.claim_id == claim_id).order_by(LedgerEntry.id))
        .all()
    )


def _refused(claim_id: int) -> Sequence[Any]:
    return (
        reading()
        .execute(
            select(RefusedAttempt.__table__, User.name.label("actor"))
            .outerjoin(User, User.id == RefusedAttempt.actor_id)
            .where(RefusedAttempt.claim_id == claim_id)
            .order_by(RefusedAttempt.id.desc())
            .limit(MOST_REFUSED)
        )
        .all()
    )


def _told(_form: SearchForm, _rows: Sequence[Any]) -> Mapping[str, Any]:
    return {"labels": policy_of(None).catalogue.labels["activity_type"]}


PAGE = SearchPage(
    SearchKind.claims,
    _l("Claims"),
    ClaimSearch,
    "audit.index",
    "audit/claims.html",
    (Claim.id,),
    _told,
)
