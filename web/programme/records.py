"""Certificates and performance as they were recorded: every row, which it replaces, and what stands now."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from models.history import Act, Reason
from models.people import User
from models.programme import Period
from models.standing import Certificate, Performance
from web.services import reading
from workflow.dossier import Query


def certificates_told(partner_id: int) -> Sequence[Any]:
    """Return all of a partner's certificates, the latest first. `replaced_by` is empty for what stands."""
    later = aliased(Certificate)
    query = select(Certificate.__table__, later.id.label("replaced_by")).outerjoin(
        later, later.replaces_id == Certificate.id
    )
    query = _with_act(query, Certificate).where(Certificate.partner_id == partner_id)
    return reading().execute(query.order_by(Certificate.valid_until.desc(), Certificate.id.desc())).all()


def performance_told(partner_id: int) -> Sequence[Any]:
    """Return all of a partner's performance records, the newest period first."""
    later = aliased(Performance)
    query = (
        select(Performance.__table__, Period.code, later.id.label("replaced_by"))
        .join(Period, Period.id == Performance.period_id)
        .outerjoin(later, later.replaces_id == Performance.id)
    )
    query = _with_act(query, Performance).where(Performance.partner_id == partner_id)
    return reading().execute(query.order_by(Period.first_day.desc(), Performance.id.desc())).all()


def _with_act(query: Query, model: type[Certificate] | type[Performance]) -> Query:
    return (
        query.add_columns(User.name.label("recorded_by"), Reason.text.label("reason"))
        .join(Act, Act.id == model.act_id)
        .outerjoin(User, User.id == Act.actor_id)
        .outerjoin(Reason, Reason.hash == Act.reason_hash)
    )
