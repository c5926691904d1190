"""Checkpoints: the heads of all chains as one signed hash, in the database and outside of it.

A chain alone does not show that its end was cut off, nor that it was written anew. A checkpoint that is kept
elsewhere does: whoever has one can tell that nothing it covers has changed since.
"""

import hashlib
import os
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, and_, func, insert, select, text

from models.base import canonical
from models.database import Database
from models.links import GENESIS, Checkpoint, CheckpointHead, Link
from workflow.dossier import AnyRow, Rows
from workflow.moves import in_transaction
from workflow.proof.signing import SigningKey
from workflow.proof.verify import Mark, Tree

_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('cofund.checkpoint'))")


class CutOff(Exception):
    """A chain is shorter than a checkpoint says: history was cut off. The text names the chain."""


class Differs(Exception):
    """A checkpoint that was written outside is not the one in the database. The text names the file."""


def make_checkpoint(database: Database, key: SigningKey, now: datetime) -> int | None:
    """Sign the heads of all chains as they are; return its number, or None where none grew since the last.

    Raises CutOff where a chain lost its end: what was lost must not be signed away.
    """
    return in_transaction(database, partial(_make, key=key, now=now))


def newest(connection: Connection) -> AnyRow | None:
    """Return the newest checkpoint, or None."""
    query = select(Checkpoint.__table__).order_by(Checkpoint.number.desc()).limit(1)
    return connection.execute(query).one_or_none()


def _make(connection: Connection, key: SigningKey, now: datetime) -> int | None:
    if connection.dialect.name == "postgresql":
        connection.execute(_ONE_AT_A_TIME)
    last = newest(connection)
    known = _known(connection)
    heads = {row.chain: row for row in _heads(connection)}
    for chain in known:
        if chain not in heads or heads[chain].position < known[chain]:
            raise CutOff(f"Chain {chain} was {known[chain]} links long and is shorter now.")
    grown = [row for row in heads.values() if row.position > known.get(row.chain, 0)]
    if not grown:
        return None
    order = [*known, *(row.chain for row in grown if row.chain not in known)]
    tree = Tree()
    for index, chain in enumerate(order):
        tree.put(index, chain, heads[chain].position, heads[chain].hash)
    number = last.number + 1 if last else 1
    signed = canonical(
        {
            "checkpoint": number,
            "at": now,
            "previous": hashlib.sha256(last.text.encode()).hexdigest() if last else GENESIS,
            "chains": len(order),
            "links": sum(row.position for row in heads.values()),
            "root": tree.root(),
            "key": key.public,
        }
    )
    connection.execute(
        insert(Checkpoint).values(number=number, at=now, text=signed, signature=key.sign(signed))
    )
    connection.execute(
        insert(CheckpointHead),
        [{"checkpoint": number, "chain": row.chain, "length": row.position} for row in grown],
    )
    return number


def _heads(connection: Connection) -> Rows:
    """Return the last link of each chain, by chain."""
    last = select(Link.chain, func.max(Link.position).label("position")).group_by(Link.chain).subquery()
    here = and_(Link.chain == last.c.chain, Link.position == last.c.position)
    return connection.execute(
        select(Link.chain, Link.position, Link.hash).join(last, here).order_by(Link.chain)
    ).all()


def _known(connection: Connection) -> dict[int, int]:
    """Return the length of each chain at the last checkpoint, in the order of the leaves."""
    first = func.min(CheckpointHead.checkpoint)
    query = (
        select(CheckpointHead.chain, func.max(CheckpointHead.length).label("length"))
        .group_by(CheckpointHead.chain)
        .order_by(first, CheckpointHead.chain)
    )
    return {row.chain: row.length for row in connection.execute(query)}


def file_name(number: int) -> str:
    """Return the name of a checkpoint's file."""
    return f"checkpoint-{number:08d}.txt"


def written(mark: Mark) -> str:
    """Return a checkpoint as it is written outside: the line that was signed, and the line that signs it."""
    return f"{mark.text}\n{mark.signature}\n"


def write_outside(database: Database, folder: Path) -> int:
    """Write every checkpoint that a folder lacks into it; return how many there were.

    What is there is never replaced: Differs is raised where it says something else.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    done = 0
    with database.read() as connection:
        rows = connection.execute(select(Checkpoint.__table__).order_by(Checkpoint.number)).all()
    for row in rows:
        file, content = folder / file_name(row.number), written(Mark(row.number, row.text, row.signature))
        if not file.exists():
            _put(file, content)
            done += 1
        elif file.read_bytes() != content.encode():
            raise Differs(f"{file} is not the checkpoint that the database holds.")
    return done


def _put(file: Path, content: str) -> None:
    """Write a file that is there whole or not at all, and stays there when the power fails."""
    part = file.with_suffix(".part")
    with part.open("w") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # the name is safe once the folder is
    finally:
        os.close(folder)


def outside(folder: Path) -> list[Path]:
    """Return the files of the checkpoints in a folder, oldest first."""
    return sorted(folder.glob("checkpoint-*.txt"))
