"""Gathers, before a move and in bulk, everything that its rules and its consequences may need to know.

A fixed number of statements, whether for one claim or for thousands.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from models.driver import Question, ask
from workflow.dossier import AnyRow, Dossier, Query, Rows
from workflow.gathering_statements import (
    CERTIFICATES,
    CLAIMS,
    CLAIMS_FOR_EXPIRY,
    EVIDENCE,
    FUNDS,
    LINES,
    LOCK,
    PERFORMANCE,
    TOLD,
)


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
    claims = _read(connection, CLAIMS, claim_ids, lock)
    more: list[Question] = [
        (LINES, {"ids": claim_ids}),
        (EVIDENCE, {"ids": claim_ids}),
        (PERFORMANCE, {"ids": sorted({claim.partner_id for claim in claims})}),
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
    claims = _read(connection, CLAIMS_FOR_EXPIRY, claim_ids, lock)
    around, _ = _around(connection, claims, lock, ())
    return {claim.id: around.dossier(claim) for claim in claims}


def certificates_of(connection: Connection, partner_ids: Iterable[int]) -> defaultdict[int, list[AnyRow]]:
    """Return each partner's certificates that no later row replaces."""
    return _grouped(*ask(connection, [(CERTIFICATES, {"ids": sorted(partner_ids)})]))


def _read(connection: Connection, statement: Query, claim_ids: Sequence[int], lock: bool) -> Rows:
    questions: list[Question] = [(statement, {"ids": claim_ids})]
    if lock and connection.dialect.name == "postgresql":
        # In a statement of its own: one that had to wait would see tasks as they were before the wait.
        questions.insert(0, (LOCK, {"ids": claim_ids}))
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
            (FUNDS[lock], {"pairs": pairs}),
            (CERTIFICATES, {"ids": partner_ids}),
            (TOLD, {"partners": partner_ids, "authors": author_ids}),
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
