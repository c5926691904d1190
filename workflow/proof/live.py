"""Reads history from the database for what verifies it: each table as a stream, in one state of the whole."""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import orjson
from sqlalchemy import Connection, Subquery, Table, and_, func, or_, select
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, ProgrammingError

from models.base import Base, canonical
from models.claims import Claim
from models.funds import Fund, LedgerEntry
from models.history import Move, Reason
from models.links import ACTS, Checkpoint, CheckpointHead, Link, Verification
from workflow.dossier import AnyRow, Query
from workflow.proof.verify import FOLDED, STANDS, TROUBLE, Mark, Row, Source, ordinal
from workflow.proof.verify import Link as LinkBytes

AT_A_TIME = 500
"""How many rows are fetched together."""

Columns = Mapping[str, Sequence[str]]
"""Which columns are read of tables that are no history; all are of those that it leaves out."""

PROVED_OF_REASONS = ("hash", "salt", "text", "erased_by")
"""What is verified of a reason. Of which claim it is, its move says."""

NARROW: Columns = {
    Claim.__tablename__: ("id", "moves", "state", *STANDS),
    Fund.__tablename__: ("id", "available", "reserved", "paid"),
    Reason.__tablename__: PROVED_OF_REASONS,
    Verification.__tablename__: ("id", "at", "since", "checkpoint", "found"),
}
"""What history must agree with, and by what it is looked at again."""

Starts = dict[int, tuple[int, str]]

_SPOILED = (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
"""What SQLite says of values, tables and pages that it cannot read; all else is that it cannot work."""


class Live(Source):
    """The history of a database, by a connection that sees one state of it.

    `since` is a checkpoint up to which it was verified before: of claims only what came later is read. The
    acts are read from the first one on: what was erased, or held, before still has its say.
    """

    def __init__(self, connection: Connection, since: int = 0, columns: Columns = NARROW) -> None:
        self.connection, self.since, self.columns = connection, since, columns
        self._streams = ExitStack()

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Read a part behind a savepoint: after an error PostgreSQL reads no more but back from one.

        Streams of the part that were not read to their end are closed first. They would be gone on the
        server, and closing them then would be the next error.
        """
        around = self._streams
        try:
            with self.connection.begin_nested(), ExitStack() as self._streams:
                yield
        finally:
            self._streams = around

    def starts(self) -> Starts:
        """Return the length and the last hash of each claim's chain at the checkpoint that this begins at."""
        if not self.since:
            return {}
        covered = _covered(self.since)
        query = (
            select(covered, Link.hash)
            .join(Link, and_(Link.chain == covered.c.chain, Link.position == covered.c.length))
            .where(covered.c.chain != ACTS)
        )
        return {row.chain: (ordinal(row.length), row.hash) for row in self._stream(query, CheckpointHead)}

    def marks(self) -> Iterator[Mark]:
        """Yield the checkpoints, from the one that this begins at."""
        query = select(Checkpoint.__table__).where(Checkpoint.number >= self.since)
        for row in self._stream(query.order_by(Checkpoint.number), Checkpoint):
            yield Mark(row.number, row.text, row.signature)

    def heads(self) -> Iterator[tuple[int, int, int]]:
        """Yield what grew at each checkpoint; at the one that this begins at, all there was."""
        if self.since:
            covered = _covered(self.since)
            order = covered.c.first, covered.c.chain
            for row in self._stream(select(covered).order_by(*order), CheckpointHead):
                yield self.since, row.chain, row.length
        later = select(CheckpointHead.__table__).where(CheckpointHead.checkpoint > self.since)
        query = later.order_by(CheckpointHead.checkpoint, CheckpointHead.chain)
        for row in self._stream(query, CheckpointHead):
            yield row.checkpoint, row.chain, row.length

    def links(self) -> Iterator[LinkBytes]:
        """Yield the links."""
        query = self._later(select(Link.__table__), Link.chain, Link.position)
        for row in self._stream(query.order_by(Link.chain, Link.position), Link):
            yield LinkBytes(
                b"%d" % row.chain,
                b"%d" % row.position,
                row.hash.encode(),
                (row.subject or "-").encode(),
                row.text.encode(),
            )

    def rows(self, table: str) -> Iterator[Row]:
        """Yield the rows of a table."""
        found = Base.metadata.tables[table]
        for row in self._stream(self._query(found), found):
            yield json_of(row)

    def sums(self) -> Counter[tuple[int, str]]:
        """Return the balances that the ledger adds up to."""
        moved = func.sum(LedgerEntry.amount).label("amount")
        columns = LedgerEntry.fund_id, LedgerEntry.source, LedgerEntry.target
        sums: Counter[tuple[int, str]] = Counter()
        for row in self._stream(select(*columns, moved).group_by(*columns), LedgerEntry):
            sums[row.fund_id, row.target] += int(row.amount)
            sums[row.fund_id, row.source] -= int(row.amount)
        return sums

    def _query(self, table: Table) -> Query:
        """Return what reads a table in the order in which it is verified."""
        query: Query = select(*[table.c[name] for name in self.columns.get(table.name, table.c.keys())])
        if table.name == Move.__tablename__:
            return self._later(query, table.c.claim_id, table.c.number).order_by(
                table.c.claim_id, table.c.number
            )
        if table.name in FOLDED:
            query = self._later(query, table.c.claim_id, table.c.move_number)
            return query.order_by(table.c.claim_id, table.c.move_number, table.c.id)
        return query.order_by(*table.primary_key.columns)

    def _later(self, query: Query, chain: Any, position: Any) -> Query:
        """Return a query for rows after what was verified of their chain, for acts, and those of none."""
        if not self.since:
            return query
        covered = _covered(self.since)
        length = func.coalesce(covered.c.length, 0)
        return query.outerjoin(covered, and_(covered.c.chain == chain, chain != ACTS)).where(
            or_(position.is_(None), position > length)
        )

    def _stream(self, query: Query, of: type[Base] | Table) -> Iterator[AnyRow]:
        """Yield the rows that a query reads of a table. Raises ValueError where one cannot be read."""
        options = {"yield_per": AT_A_TIME}
        with reading(of), self.connection.execute(query, execution_options=options) as result:
            self._streams.callback(result.close)
            yield from result


@contextmanager
def reading(of: type[Base] | Table) -> Iterator[None]:
    """Raise ValueError, which names the table, where what is stored there cannot be read.

    The driver raises one class for values that are spoiled, and for a database that is away, full, or has no
    time: the latter stays what it is.
    """
    try:
        yield
    except (DBAPIError, *TROUBLE) as error:
        if isinstance(error, DBAPIError) and _cannot_work(error):
            raise
        table = of if isinstance(of, Table) else of.__table__
        raise ValueError(f"{table}: {getattr(error, 'orig', error)}") from error


def _cannot_work(error: DBAPIError) -> bool:
    """Return whether it is the database that fails, not what is stored in it."""
    if isinstance(error.orig, sqlite3.Error):
        # A text that is none has no code: the driver says so, not SQLite.
        code = getattr(error.orig, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
        return isinstance(error, InterfaceError | ProgrammingError) or code & 0xFF not in _SPOILED
    return error.connection_invalidated or isinstance(error, InterfaceError | OperationalError)


def json_of(row: AnyRow) -> Row:
    """Return a row without its empty columns, its values as JSON has them."""
    found: Row = orjson.loads(canonical({k: v for k, v in row._mapping.items() if v is not None}))
    return found


def _covered(checkpoint: int) -> Subquery:
    """Return, by chain, its length at a checkpoint and the first checkpoint that had it."""
    return (
        select(
            CheckpointHead.chain,
            func.max(CheckpointHead.length).label("length"),
            func.min(CheckpointHead.checkpoint).label("first"),
        )
        .where(CheckpointHead.checkpoint <= checkpoint)
        .group_by(CheckpointHead.chain)
        .subquery()
    )
