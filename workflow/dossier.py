"""Gathers, before a move and in bulk, everything that its rules and its consequences may need to know.

A fixed number of statements, whether for one claim or for thousands; each is built once. Rules never query.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, Select, and_, bindparam, case, or_, select, tuple_
from sqlalchemy.orm import aliased

from models.claims import Claim, ClaimLine, Evidence
from models.driver import Question, ask
from models.exchange import ExchangeRate
from models.funds import Fund
from models.money import Exact
from models.people import Partner, User
from models.programme import Period, Programme
from models.standing import Certificate, Performance
from models.tasks import Task
from models.vocabulary import LineKind
from workflow.exchange import Exchange, exchange_of
from workflow.rates import RATE, goes_by

AnyRow = Row[*tuple[Any, ...]]
"""A row, or a record: whatever bears the names of its columns."""

Query = Select[*tuple[Any, ...]]
Rows = Sequence[AnyRow]


@dataclass(frozen=True, slots=True)
class Dossier:
    """One claim and all that is known about it at one moment. Rows bear the names of their columns.

    `claim` holds the claim's own columns and those of its partner, period, open task and programme:
    `partner_type`, `country`, `period_code`, `first_day`, `last_day`, `closed_at`, `task_id`, `task_kind`,
    `assignee_id`, `on_behalf_of_id`, `unassigned_why`, `due_on`, `opened_at`, `held_since`, `zone`; those of
    the rate that it goes by, `rate_id`, `rate_day`, `rate_usd`, `rate_local`, `rate_source`; while it
    has no period, `open_period_id` is an open one that holds the first day, if there is any. `told` are the
    partner's users who hear of decisions: the author and the contacts.
    """

    claim: AnyRow
    fund: AnyRow | None = None
    certificates: tuple[AnyRow, ...] = ()
    performance: Rows = ()
    lines: Rows = ()
    evidence: Rows = ()
    told: tuple[int, ...] = ()

    @property
    def exchange(self) -> Exchange | None:
        """Return what the amounts of its lines go by; None where their currency has no rate."""
        return exchange_of(self.claim)

    @property
    def planned(self) -> list[AnyRow]:
        """Return the planned budget lines."""
        return [line for line in self.lines if line.kind == LineKind.planned]

    @property
    def actual(self) -> list[AnyRow]:
        """Return the actual cost lines of the report."""
        return [line for line in self.lines if line.kind == LineKind.actual]


def worth(dossier: Dossier, lines: Iterable[AnyRow]) -> Exact:
    """Return what lines of a submitted claim are worth in all, in cents of a US dollar, unrounded."""
    assert dossier.exchange is not None
    return dossier.exchange.in_usd(sum(line.amount for line in lines))


def gather(connection: Connection, claim_ids: Sequence[int], *, lock: bool) -> dict[int, Dossier]:
    """Return the dossier of each claim that exists, by its id.

    With `lock`, claims and their funds stay locked until the transaction ends (on SQLite the write
    transaction holds the whole database already).
    """
    return gather_and_ask(connection, claim_ids, (), lock=lock)[0]


def gather_and_ask(
    connection: Connection, claim_ids: Sequence[int], questions: Sequence[Question], *, lock: bool
) -> tuple[dict[int, Dossier], list[list[AnyRow]]]:
    """Return the dossiers, and what is asked besides, in one breath with them once they are locked."""
    claims = _read(connection, _CLAIMS, claim_ids, lock)
    more: list[Question] = [
        (_LINES, {"ids": claim_ids}),
        (_EVIDENCE, {"ids": claim_ids}),
        (_PERFORMANCE, {"ids": sorted({claim.partner_id for claim in claims})}),
        *questions,
    ]
    around, (lines, evidence, performance, *answers) = _around(connection, claims, lock, more)
    lines_of, evidence_of, performance_of_partner = map(_grouped, (lines, evidence, performance))
    dossiers = {
        claim.id: around.dossier(
            claim,
            performance=performance_of_partner[claim.partner_id],
            lines=lines_of[claim.id],
            evidence=evidence_of[claim.id],
        )
        for claim in claims
    }
    return dossiers, answers


def gather_for_expiry(connection: Connection, claim_ids: Sequence[int], *, lock: bool) -> dict[int, Dossier]:
    """Return what an expiry needs of each claim, by its id; see `gather`.

    Lines, evidence and performance are left out, and so is what the claim says of its plan.
    """
    claims = _read(connection, _CLAIMS_FOR_EXPIRY, claim_ids, lock)
    around, _ = _around(connection, claims, lock, ())
    return {claim.id: around.dossier(claim) for claim in claims}


def certificates_of(connection: Connection, partner_ids: Iterable[int]) -> defaultdict[int, list[AnyRow]]:
    """Return each partner's certificates that no later row replaces."""
    return _grouped(*ask(connection, [(_CERTIFICATES, {"ids": sorted(partner_ids)})]))


def _read(connection: Connection, statement: Query, claim_ids: Sequence[int], lock: bool) -> Rows:
    questions: list[Question] = [(statement, {"ids": claim_ids})]
    if lock and connection.dialect.name == "postgresql":
        # In a statement of its own: one that had to wait would see tasks as they were before the wait.
        questions.insert(0, (_LOCK, {"ids": claim_ids}))
    return ask(connection, questions)[-1]


@dataclass(frozen=True, slots=True)
class _Around:
    """What claims share: funds by partner and period, certificates by partner, told by partner and author."""

    funds: Mapping[tuple[int, int | None], AnyRow]
    certificates: Mapping[int, tuple[AnyRow, ...]]
    told: Mapping[tuple[int, int], tuple[int, ...]]

    def dossier(self, claim: AnyRow, **more: Rows) -> Dossier:
        """Return a claim's dossier: its share of this, and more."""
        partner_id = claim.partner_id
        return Dossier(
            claim=claim,
            fund=self.funds.get((partner_id, claim.period_id)),
            certificates=self.certificates.get(partner_id, ()),
            told=self.told[partner_id, claim.author_id],
            **more,
        )


def _around(
    connection: Connection, claims: Rows, lock: bool, more: Sequence[Question]
) -> tuple[_Around, list[list[AnyRow]]]:
    """Return what these claims share, and what else was asked in the same breath."""
    claimants = {(claim.partner_id, claim.author_id) for claim in claims}
    partner_ids = sorted({partner_id for partner_id, _ in claimants})
    author_ids = sorted({author_id for _, author_id in claimants})
    pairs = sorted({(claim.partner_id, claim.period_id) for claim in claims if claim.period_id is not None})
    funds, certificates, users, *rest = ask(
        connection,
        [
            (_FUNDS[lock], {"pairs": pairs}),
            (_CERTIFICATES, {"ids": partner_ids}),
            (_TOLD, {"partners": partner_ids, "authors": author_ids}),
            *more,
        ],
    )
    around = _Around(
        {(fund.partner_id, fund.period_id): fund for fund in funds},
        {partner_id: tuple(rows) for partner_id, rows in _grouped(certificates).items()},
        {claimant: _told(users, *claimant) for claimant in claimants},
    )
    return around, rest


def _told(users: Rows, partner_id: int, author_id: int) -> tuple[int, ...]:
    """Return who hears of decisions on the claims of a partner and an author."""
    return tuple(
        user.id
        for user in users
        if user.id == author_id or (user.is_contact and user.partner_id == partner_id)
    )


def _grouped(rows: Rows) -> defaultdict[int, list[AnyRow]]:
    groups: defaultdict[int, list[AnyRow]] = defaultdict(list)
    for row in rows:
        groups[row.group].append(row)
    return groups


_IDS: BindParameter[Any] = bindparam("ids", expanding=True)

_LOCK = select(Claim.id).where(Claim.id.in_(_IDS)).order_by(Claim.id).with_for_update()

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

_CLAIMS: Query = (
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
    )
    .select_from(Claim)
    .join(Programme, Programme.id == 1)
    .join(Partner, Partner.id == Claim.partner_id)
    .outerjoin(Period, Period.id == Claim.period_id)
    .outerjoin(Task, and_(Task.claim_id == Claim.id, Task.closed_at.is_(None)))
    .outerjoin(ExchangeRate, goes_by())
    .where(Claim.id.in_(_IDS))
    .order_by(Claim.id)
)

_CLAIMS_FOR_EXPIRY: Query = (
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
    )
    .select_from(Claim)
    .join(Programme, Programme.id == 1)
    .join(Partner, Partner.id == Claim.partner_id)
    .outerjoin(Task, and_(Task.claim_id == Claim.id, Task.closed_at.is_(None)))
    .where(Claim.id.in_(_IDS))
    .order_by(Claim.id)
)

_EACH_FUND: Query = (
    select(Fund.id, Fund.partner_id, Fund.period_id, Fund.available, Fund.reserved, Fund.paid)
    .where(tuple_(Fund.partner_id, Fund.period_id).in_(bindparam("pairs", expanding=True)))
    .order_by(Fund.id)
)
_FUNDS: dict[bool, Query] = {False: _EACH_FUND, True: _EACH_FUND.with_for_update(of=Fund)}

_TOLD: Query = (
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

_LINES: Query = (
    select(ClaimLine.claim_id.label("group"), *ClaimLine.__table__.columns)
    .where(ClaimLine.claim_id.in_(_IDS))
    .order_by(ClaimLine.claim_id, ClaimLine.kind, ClaimLine.position)
)

_EVIDENCE: Query = (
    select(Evidence.claim_id.label("group"), *Evidence.__table__.columns)
    .where(Evidence.claim_id.in_(_IDS))
    .order_by(Evidence.id)
)

_NEWER_CERTIFICATE = aliased(Certificate)

_CERTIFICATES: Query = (
    select(
        Certificate.partner_id.label("group"),
        Certificate.valid_from,
        Certificate.valid_until,
        Certificate.revoked_on,
    )
    .select_from(Certificate)
    .outerjoin(_NEWER_CERTIFICATE, _NEWER_CERTIFICATE.replaces_id == Certificate.id)
    .where(Certificate.partner_id.in_(_IDS), _NEWER_CERTIFICATE.id.is_(None))
    .order_by(Certificate.valid_from, Certificate.id)
)

_NEWER_PERFORMANCE = aliased(Performance)

_PERFORMANCE: Query = (
    select(
        Performance.partner_id.label("group"),
        Period.code.label("period"),
        Performance.required,
        Performance.achieved,
    )
    .select_from(Performance)
    .join(Period, Period.id == Performance.period_id)
    .outerjoin(_NEWER_PERFORMANCE, _NEWER_PERFORMANCE.replaces_id == Performance.id)
    .where(Performance.partner_id.in_(_IDS), _NEWER_PERFORMANCE.id.is_(None))
    .order_by(Period.first_day, Performance.id)
)
