"""Gathers, before a move and in bulk, everything that its rules and its consequences may need to know.

A fixed number of statements, whether for one claim or for thousands. Rules never query.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, or_, select
from sqlalchemy.orm import aliased

from models.claims import Claim, ClaimLine, Evidence
from models.funds import Fund
from models.people import Partner, User
from models.programme import Period, Programme
from models.standing import Certificate, Performance
from models.tasks import Task
from models.vocabulary import LineKind

AnyRow = Row[*tuple[Any, ...]]
Query = Select[*tuple[Any, ...]]
Rows = Sequence[AnyRow]


@dataclass(frozen=True, slots=True)
class Dossier:
    """One claim and all that is known about it at one moment. Rows bear the names of their columns.

    `claim` holds the claim's own columns and those of its partner, period, open task and programme:
    `partner_type`, `country`, `period_code`, `first_day`, `last_day`, `closed_at`, `task_id`, `task_kind`,
    `assignee_id`, `zone`. `told` are the partner's users who hear of decisions: the author and the contacts.
    """

    claim: AnyRow
    fund: AnyRow | None = None
    certificates: Rows = ()
    performance: Rows = ()
    lines: Rows = ()
    evidence: Rows = ()
    told: tuple[int, ...] = ()

    @property
    def planned(self) -> list[AnyRow]:
        """Return the planned budget lines."""
        return [line for line in self.lines if line.kind == LineKind.planned]

    @property
    def actual(self) -> list[AnyRow]:
        """Return the actual cost lines of the report."""
        return [line for line in self.lines if line.kind == LineKind.actual]


def gather(connection: Connection, claim_ids: Sequence[int], *, lock: bool) -> dict[int, Dossier]:
    """Return the dossier of each claim that exists, by its id.

    With `lock`, claims and their funds stay locked until the transaction ends (on SQLite the write
    transaction holds the whole database already).
    """
    claims = connection.execute(_locked(_claims(claim_ids), Claim, lock)).all()
    funds = {row.claim_id: row for row in connection.execute(_locked(_funds(claim_ids), Fund, lock))}
    lines = _grouped(connection, _lines(claim_ids))
    evidence = _grouped(connection, _evidence(claim_ids))
    told = _grouped(connection, _told(claim_ids))
    partner_ids = {claim.partner_id for claim in claims}
    certificates = certificates_of(connection, partner_ids)
    performance = performance_of(connection, partner_ids)
    return {
        claim.id: Dossier(
            claim=claim,
            fund=funds.get(claim.id),
            certificates=certificates[claim.partner_id],
            performance=performance[claim.partner_id],
            lines=lines[claim.id],
            evidence=evidence[claim.id],
            told=tuple(row.user_id for row in told[claim.id]),
        )
        for claim in claims
    }


def gather_for_expiry(connection: Connection, claim_ids: Sequence[int], *, lock: bool) -> dict[int, Dossier]:
    """Return what an expiry needs of each claim: all but lines, evidence and performance. See `gather`."""
    claims = connection.execute(_locked(_claims(claim_ids), Claim, lock)).all()
    funds = {row.claim_id: row for row in connection.execute(_locked(_funds(claim_ids), Fund, lock))}
    told = _grouped(connection, _told(claim_ids))
    certificates = certificates_of(connection, {claim.partner_id for claim in claims})
    return {
        claim.id: Dossier(
            claim=claim,
            fund=funds.get(claim.id),
            certificates=certificates[claim.partner_id],
            told=tuple(row.user_id for row in told[claim.id]),
        )
        for claim in claims
    }


def certificates_of(connection: Connection, partner_ids: Iterable[int]) -> defaultdict[int, list[AnyRow]]:
    """Return each partner's certificates that no later row replaces."""
    newer = aliased(Certificate)
    return _grouped(
        connection,
        select(
            Certificate.partner_id.label("group"),
            Certificate.valid_from,
            Certificate.valid_until,
            Certificate.revoked_on,
        )
        .select_from(Certificate)
        .outerjoin(newer, newer.replaces_id == Certificate.id)
        .where(Certificate.partner_id.in_(sorted(partner_ids)), newer.id.is_(None))
        .order_by(Certificate.valid_from, Certificate.id),
    )


def performance_of(connection: Connection, partner_ids: Iterable[int]) -> defaultdict[int, list[AnyRow]]:
    """Return each partner's performance records that no later row replaces."""
    newer = aliased(Performance)
    return _grouped(
        connection,
        select(
            Performance.partner_id.label("group"),
            Period.code.label("period"),
            Performance.required,
            Performance.achieved,
        )
        .select_from(Performance)
        .join(Period, Period.id == Performance.period_id)
        .outerjoin(newer, newer.replaces_id == Performance.id)
        .where(Performance.partner_id.in_(sorted(partner_ids)), newer.id.is_(None))
        .order_by(Period.first_day, Performance.id),
    )


def _claims(claim_ids: Sequence[int]) -> Query:
    return (
        select(
            *Claim.__table__.columns,
            Partner.name.label("partner_name"),
            Partner.partner_type,
            Partner.country,
            Period.code.label("period_code"),
            Period.first_day,
            Period.last_day,
            Period.closed_at,
            Task.id.label("task_id"),
            Task.kind.label("task_kind"),
            Task.assignee_id,
            Programme.time_zone.label("zone"),
        )
        .select_from(Claim)
        .join(Programme, Programme.id == 1)
        .join(Partner, Partner.id == Claim.partner_id)
        .outerjoin(Period, Period.id == Claim.period_id)
        .outerjoin(Task, and_(Task.claim_id == Claim.id, Task.closed_at.is_(None)))
        .where(Claim.id.in_(claim_ids))
        .order_by(Claim.id)
    )


def _funds(claim_ids: Sequence[int]) -> Query:
    return (
        select(Claim.id.label("claim_id"), Fund.id, Fund.available, Fund.reserved, Fund.paid)
        .select_from(Claim)
        .join(Fund, and_(Fund.partner_id == Claim.partner_id, Fund.period_id == Claim.period_id))
        .where(Claim.id.in_(claim_ids))
        .order_by(Fund.id)
    )


def _lines(claim_ids: Sequence[int]) -> Query:
    return (
        select(ClaimLine.claim_id.label("group"), *ClaimLine.__table__.columns)
        .where(ClaimLine.claim_id.in_(claim_ids))
        .order_by(ClaimLine.claim_id, ClaimLine.kind, ClaimLine.position)
    )


def _evidence(claim_ids: Sequence[int]) -> Query:
    return (
        select(Evidence.claim_id.label("group"), *Evidence.__table__.columns)
        .where(Evidence.claim_id.in_(claim_ids))
        .order_by(Evidence.id)
    )


def _told(claim_ids: Sequence[int]) -> Query:
    return (
        select(Claim.id.label("group"), User.id.label("user_id"))
        .select_from(Claim)
        .join(
            User,
            or_(User.id == Claim.author_id, and_(User.partner_id == Claim.partner_id, User.is_contact)),
        )
        .where(Claim.id.in_(claim_ids), User.deactivated_at.is_(None))
        .order_by(User.id)
    )


def _locked(statement: Query, of: type[Claim] | type[Fund], lock: bool) -> Query:
    return statement.with_for_update(of=of) if lock else statement


def _grouped(connection: Connection, statement: Query) -> defaultdict[int, list[AnyRow]]:
    groups: defaultdict[int, list[AnyRow]] = defaultdict(list)
    for row in connection.execute(statement):
        groups[row.group].append(row)
    return groups
