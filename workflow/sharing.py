"""Shared invoices: how much of each is taken, by the cost lines that bear it, and what remains."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from models.claims import Claim, ClaimLine
from models.money import Cents
from models.sharing import SharedDocument
from models.vocabulary import LineKind, State
from workflow.dossier import AnyRow, Dossier, Query
from workflow.exchange import USD

TAKING = frozenset({State.executed, State.accepted, State.reimbursed})
"""States in which the cost lines of a claim take their part. A claim that came to a bad end gives it back."""


@dataclass(frozen=True, slots=True)
class Share:
    """A shared invoice, as one claim takes part of it: its total, and what other claims have taken.

    Amounts are in hundredths of its `currency`. A claim in another takes no part of it.
    """

    supplier: str
    invoice_number: str
    invoice_key: str
    total: Cents
    taken: Cents
    currency: str = USD

    @property
    def name(self) -> str:
        """Return supplier and number."""
        return f"{self.supplier} {self.invoice_number}"

    @property
    def remains(self) -> Cents:
        """Return what the claim may take."""
        return max(0, self.total - self.taken)

    def part_in(self, lines: Iterable[AnyRow]) -> Cents:
        """Return what these cost lines take of it; a refused line takes nothing."""
        mine = (line for line in lines if line.invoice_key == self.invoice_key)
        return sum(line.amount or 0 for line in mine if line.accepted is not False)


def shares_of(connection: Connection, dossier: Dossier, *, lock: bool) -> tuple[Share, ...]:
    """Return the shared invoices that a claim's cost lines bear.

    With `lock`, nobody else takes a part of them until the transaction ends.
    """
    keys = sorted({line.invoice_key for line in dossier.actual if line.invoice_key})
    claim = dossier.claim
    declared = (
        select(SharedDocument.__table__)
        .where(SharedDocument.partner_id == claim.partner_id, SharedDocument.invoice_key.in_(keys))
        .order_by(SharedDocument.id)
    )
    rows = connection.execute(declared.with_for_update() if lock else declared).all()
    if not rows:
        return ()
    # After the lock, in a statement of its own: it sees what was taken while this one waited.
    taken = taken_by_key(connection, claim.partner_id, keys, Claim.id != claim.id)
    return tuple(
        Share(
            row.supplier,
            row.invoice_number,
            row.invoice_key,
            row.total,
            taken.get(row.invoice_key, 0),
            row.currency,
        )
        for row in rows
    )


def taken_by_key(
    connection: Connection, partner_id: int, keys: Iterable[str], *which: ColumnElement[bool]
) -> dict[str, Cents]:
    """Return what the claims of a partner have taken of its invoices, by key, in cents."""
    sums: Query = select(ClaimLine.invoice_key, func.sum(ClaimLine.amount).label("taken"))
    found = connection.execute(taking(sums, partner_id, keys).where(*which).group_by(ClaimLine.invoice_key))
    return {row.invoice_key: int(row.taken) for row in found}


def taking(query: Query, partner_id: int, keys: Iterable[str]) -> Query:
    """Return a query on cost lines, narrowed to those that take a part of a partner's invoices."""
    not_refused = or_(ClaimLine.accepted.is_(None), ClaimLine.accepted.is_(True))
    return query.join(Claim, Claim.id == ClaimLine.claim_id).where(
        and_(Claim.partner_id == partner_id, Claim.state.in_(sorted(TAKING))),
        and_(ClaimLine.kind == LineKind.actual, ClaimLine.invoice_key.in_(sorted(keys)), not_refused),
    )
