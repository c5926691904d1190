"""Which past claims are judged again: chosen by what they say, read in their order, so many at a time."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, Text, case, func, select, type_coerce

from models.claims import Claim
from models.history import Move
from models.people import Partner
from workflow.dossier import AnyRow
from workflow.what_if.decisions import JUDGED

CHUNK = 250
"""Claims that are judged in one transaction: a fraction of a second's work."""

Chosen = Mapping[str, Any]
"""What claims are chosen by, as JSON: the keys of CONDITIONS, each with what is asked for."""

CONDITIONS: Mapping[str, Callable[[Any], ColumnElement[bool]]] = {
    "period": lambda period_id: Claim.period_id == period_id,
    "partner": lambda words: Claim.partner_id.in_(
        select(Partner.id).where(Partner.name.icontains(words, autoescape=True))
    ),
    "country": lambda country: Claim.partner_id.in_(select(Partner.id).where(Partner.country == country)),
    "first": lambda day: Claim.submitted_on >= date.fromisoformat(day),
    "last": lambda day: Claim.submitted_on <= date.fromisoformat(day),
}


def last_move(connection: Connection) -> int:
    """Return the id of the latest move: what happens later is no part of the question."""
    return connection.scalar(select(func.max(Move.id))) or 0


def chunks(connection: Connection, chosen: Chosen) -> list[dict[str, int]]:
    """Return the first and the last claim of each chunk of those that were ever submitted."""
    return chunks_of(connection, *_which(chosen))


def chunks_of(connection: Connection, *which: ColumnElement[bool]) -> list[dict[str, int]]:
    """Return the first and the last claim of each chunk of some."""
    ids = connection.scalars(select(Claim.id).where(*which).order_by(Claim.id)).all()
    parts = (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))
    return [{"first": part[0], "last": part[-1]} for part in parts]


def histories(
    connection: Connection, chunk: Mapping[str, int], chosen: Chosen, until: int
) -> Iterator[tuple[int, list[AnyRow]]]:
    """Yield the moves of each chosen claim of a chunk, in order, up to a move.

    Documents and verdicts are those of JUDGED alone; the verdicts are still text, since few are read.
    """
    rows = connection.execute(
        select(
            Move.id,
            Move.claim_id,
            Move.trigger,
            Move.source,
            Move.target,
            Move.requested,
            Move.approved,
            Move.reimbursable,
            Move.reserved,
            Move.paid,
            Move.policy_version_id,
            case((Move.trigger.in_(sorted(JUDGED)), type_coerce(Move.verdicts, Text))).label("verdicts"),
            case((Move.trigger.in_(sorted(JUDGED)), Move.document)).label("document"),
        )
        .join(Claim, Claim.id == Move.claim_id)
        .where(Claim.id.between(chunk["first"], chunk["last"]), Move.id <= until, *_which(chosen))
        .order_by(Move.claim_id, Move.number)
    )
    for claim_id, moves in groupby(rows, key=attrgetter("claim_id")):
        yield claim_id, list(moves)


def _which(chosen: Chosen) -> list[ColumnElement[bool]]:
    return [Claim.number.is_not(None), *(CONDITIONS[name](asked) for name, asked in chosen.items())]
