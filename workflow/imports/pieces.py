"""Reads a long list piece by piece, so that no transaction stays open while somebody downloads it."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import InstrumentedAttribute

from models.database import Database
from workflow.dossier import AnyRow, Query

SIZE = 2_000


def pieces(database: Database, query: Query, key: InstrumentedAttribute[Any]) -> Iterator[AnyRow]:
    """Yield the rows of a query in the order of a whole, unique `key`, which they bear as `id`."""
    after = 0
    while True:
        with database.read() as connection:
            rows = connection.execute(query.where(key > after).order_by(key).limit(SIZE)).all()
        yield from rows
        if len(rows) < SIZE:
            return
        after = rows[-1].id
