"""The statements by which dossiers are gathered, each built once."""

from typing import Any

from sqlalchemy import BindParameter, and_, bindparam, case, or_, select, tuple_
from sqlalchemy.orm import aliased

from models.claims import Claim, ClaimLine, Evidence
from models.exchange import ExchangeRate
from models.funds import Fund
from models.links import Link
from models.people import Partner, User
from models.programme import Period, Programme
from models.standing import Certificate, Performance
from models.tasks import Task
from workflow.dossier import Query
from workflow.rates import RATE, goes_by

IDS: BindParameter[Any] = bindparam("ids", expanding=True)

LOCK = select(Claim.id).where(Claim.id.in_(IDS)).order_by(Claim.id).with_for_update()

_OTHER_PERIOD = aliased(Period)
_OPEN_PERIOD = (
    select(_OTHER_PERIOD.id)
    .where(
        _OTHER_PERIOD.first_day <= Claim.starts_on,
        _OTHER_PERIOD.last_day >= Claim.starts_on,
        _OTHER_PERIOD.closed_at.is_(None),
    )
    .limit(1)
    .correlate(Claim)
    .scalar_subquery()
)

_LAST_LINK = and_(Link.chain == Claim.id, Link.position == Claim.moves)

CLAIMS: Query = (
    select(
        *Claim.__table__.columns,
        Partner.name.label("partner_name"),
        Partner.partner_type,
        Partner.country,
        Period.code.label("period_code"),
        Period.first_day,
        Period.last_day,
        Period.closed_at,
        case((Claim.period_id.is_(None), _OPEN_PERIOD)).label("open_period_id"),
        Task.id.label("task_id"),
        Task.kind.label("task_kind"),
        Task.assignee_id,
        Task.on_behalf_of_id,
        Task.unassigned_why,
        Task.due_on,
        Task.opened_at,
        Task.held_since,
        *RATE,
        Programme.time_zone.label("zone"),
        Link.hash.label("head"),
    )
    .select_from(Claim)
    .join(Programme, Programme.id == 1)
    .join(Partner, Partner.id == Claim.partner_id)
    .outerjoin(Period, Period.id == Claim.period_id)
    .outerjoin(Task, and_(Task.claim_id == Claim.id, Task.closed_at.is_(None)))
    .outerjoin(ExchangeRate, goes_by())
    .outerjoin(Link, _LAST_LINK)
    .where(Claim.id.in_(IDS))
    .order_by(Claim.id)
)

CLAIMS_FOR_EXPIRY: Query = (
    select(
        Claim.id,
        Claim.number,
        Claim.version,
        Claim.moves,
        Claim.partner_id,
        Claim.author_id,
        Claim.period_id,
        Claim.policy_version_id,
        Claim.state,
        Claim.title,
        Claim.starts_on,
        Claim.ends_on,
        Claim.submitted_on,
        Claim.report_by,
        Claim.requested,
        Claim.approved,
        Claim.reimbursable,
        Claim.accepted_on,
        Claim.reserved,
        Claim.paid,
        Partner.name.label("partner_name"),
        Task.id.label("task_id"),
        Programme.time_zone.label("zone"),
        Link.hash.label("head"),
    )
    .select_from(Claim)
    .join(Programme, Programme.id == 1)
    .join(Partner, Partner.id == Claim.partner_id)
    .outerjoin(Task, and_(Task.claim_id == Claim.id, Task.closed_at.is_(None)))
    .outerjoin(Link, _LAST_LINK)
    .where(Claim.id.in_(IDS))
    .order_by(Claim.id)
)

_EACH_FUND: Query = (
    select(Fund.id, Fund.partner_id, Fund.period_id, Fund.available, Fund.reserved, Fund.paid)
    .where(tuple_(Fund.partner_id, Fund.period_id).in_(bindparam("pairs", expanding=True)))
    .order_by(Fund.id)
)
FUNDS: dict[bool, Query] = {False: _EACH_FUND, True: _EACH_FUND.with_for_update(of=Fund)}

TOLD: Query = (
    select(User.id, User.partner_id, User.is_contact)
    .where(
        User.deactivated_at.is_(None),
        or_(
            User.id.in_(bindparam("authors", expanding=True)),
            and_(User.is_contact, User.partner_id.in_(bindparam("partners", expanding=True))),
        ),
    )
    .order_by(User.id)
)

LINES: Query = (
    select(ClaimLine.claim_id.label("group"), *ClaimLine.__table__.columns)
    .where(ClaimLine.claim_id.in_(IDS))
    .order_by(ClaimLine.claim_id, ClaimLine.kind, ClaimLine.position)
)

EVIDENCE: Query = (
    select(Evidence.claim_id.label("group"), *Evidence.__table__.columns)
    .where(Evidence.claim_id.in_(IDS))
    .order_by(Evidence.id)
)

_NEWER_CERTIFICATE = aliased(Certificate)

CERTIFICATES: Query = (
    select(
        Certificate.partner_id.label("group"),
        Certificate.valid_from,
        Certificate.valid_until,
        Certificate.revoked_on,
    )
    .select_from(Certificate)
    .outerjoin(_NEWER_CERTIFICATE, _NEWER_CERTIFICATE.replaces_id == Certificate.id)
    .where(Certificate.partner_id.in_(IDS), _NEWER_CERTIFICATE.id.is_(None))
    .order_by(Certificate.valid_from, Certificate.id)
)

_NEWER_PERFORMANCE = aliased(Performance)

PERFORMANCE: Query = (
    select(
        Performance.partner_id.label("group"),
        Period.code.label("period"),
        Performance.required,
        Performance.achieved,
    )
    .select_from(Performance)
    .join(Period, Period.id == Performance.period_id)
    .outerjoin(_NEWER_PERFORMANCE, _NEWER_PERFORMANCE.replaces_id == Performance.id)
    .where(Performance.partner_id.in_(IDS), _NEWER_PERFORMANCE.id.is_(None))
    .order_by(Period.first_day, Performance.id)
)
