"""Makes the chains longer: by a move, within what the move writes, or by an act and what it records."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select, text

from models.base import Base
from models.bulk import inserting, new_ids
from models.driver import send
from models.history import Move
from models.links import ACTS, Link, linked, row_text

Row = Mapping[str, Any]

_ONE_AFTER_THE_OTHER = text("SELECT pg_advisory_xact_lock(hashtext('cofund.link'))")


def move_link(move: Row, head: str | None, **folded: Row | None) -> dict[str, Any]:
    """Return the link of a move that is about to be written, with the money that it moves folded in.

    `head` is the hash of the move before, None for a claim's first.
    """
    content = row_text(Move.__tablename__, move, **folded)
    (link,) = linked(move["claim_id"], move["number"] - 1, head, [(None, content)])
    return link


def append(connection: Connection, model: type[Base], rows: Sequence[Row]) -> list[int]:
    """Insert rows of a class that acts record, each with its link in the chain of acts; return their ids.

    Acts have one chain, so on PostgreSQL they queue here, each until the one before has ended.
    """
    if not rows:
        return []
    ids = new_ids(connection, model, len(rows))
    whole = [{"id": row_id, **row} for row_id, row in zip(ids, rows, strict=True)]
    if connection.dialect.name == "postgresql":
        connection.execute(_ONE_AFTER_THE_OTHER)
    last = connection.execute(
        select(Link.position, Link.hash).where(Link.chain == ACTS).order_by(Link.position.desc()).limit(1)
    ).one_or_none()
    length, head = last if last else (0, None)
    table = model.__tablename__
    texts = [(f"{table}:{row['id']}", row_text(table, row)) for row in whole]
    links = list(linked(ACTS, length, head, texts))
    dialect = connection.dialect
    send(connection, [inserting(dialect, model, whole), inserting(dialect, Link, links)])
    return ids


def append_one(connection: Connection, model: type[Base], **row: Any) -> int:
    """Insert one row as `append` does; return its id."""
    (row_id,) = append(connection, model, [row])
    return row_id
