"""What proves history: a chain of hashes beside it, and checkpoints that bind the heads of all chains.

Each claim has a chain, one link for each of its moves, and so have the administrative acts with the rows
that they record. A link holds the canonical text of its row, so that what was hashed can be read again.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, JsonText, Key, Moment, WholeNumber, canonical

ACTS = 0
"""The chain of administrative acts; every other chain bears the id of its claim."""

GENESIS = "0" * 64
"""The hash before the first link of a chain."""

UNNAMED = ("id", "claim_id", "move_number")
"""What a folded row leaves out: its own id, and the move, which the text around it names."""


class Link(Base):
    """One row of history as it was written, bound to all that came before it in its chain. Append-only."""

    __tablename__ = "link"

    chain: Mapped[int] = mapped_column(WholeNumber, primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    """From 1 on. In a claim's chain it is the number of the move."""
    subject: Mapped[str | None] = mapped_column(String(40), unique=True)
    """The row in the chain of acts, as `act:12` or `certificate:5`."""
    text: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(String(64))


class Checkpoint(Base):
    """The heads of all chains at one moment as one hash, signed, and bound to the checkpoint before.

    `text` is what was signed, `signature` the Ed25519 signature in hexadecimal digits. Append-only.
    """

    __tablename__ = "checkpoint"

    number: Mapped[int] = mapped_column(WholeNumber, primary_key=True, autoincrement=False)
    at: Mapped[Moment]
    text: Mapped[str] = mapped_column(Text)
    signature: Mapped[str] = mapped_column(String(128))


class CheckpointHead(Base):
    """How long a chain was at a checkpoint, for those that had grown since the one before. Append-only."""

    __tablename__ = "checkpoint_head"

    checkpoint: Mapped[int] = mapped_column(ForeignKey("checkpoint.number"), primary_key=True)
    chain: Mapped[int] = mapped_column(WholeNumber, primary_key=True)
    length: Mapped[int] = mapped_column(Integer)


class Verification(Base):
    """History was verified: from which checkpoint on, up to which, how many rows, and what did not agree.

    `findings` are the first of them, each the name of a row and what is wrong with it. Append-only.
    """

    __tablename__ = "verification"

    id: Mapped[Key]
    at: Mapped[Moment]
    since: Mapped[int] = mapped_column(Integer)
    """The checkpoint that it began at; 0 where it verified everything."""
    checkpoint: Mapped[int] = mapped_column(Integer)
    """The newest that it verified, 0 where there was none."""
    rows: Mapped[int] = mapped_column(WholeNumber)
    unsigned: Mapped[int] = mapped_column(WholeNumber)
    """Rows that no checkpoint covers yet."""
    unproved: Mapped[int] = mapped_column(WholeNumber)
    """Rows that no checkpoint outside the database covers yet."""
    found: Mapped[int] = mapped_column(Integer)
    findings: Mapped[list[list[str]]] = mapped_column(JsonText)


def row_text(table: str, row: Mapping[str, Any], **folded: Mapping[str, Any] | None) -> str:
    """Return the canonical text of a row: its table, and each value that is there by its column.

    A column that a later version adds is empty in older rows, and so changes none of their texts.
    """
    rows = {name: _filled(values, UNNAMED) for name, values in folded.items() if values is not None}
    return canonical({"table": table, **_filled(row), **rows})


def link_hash(chain: int, position: int, previous: str, text: str) -> str:
    """Return the SHA-256 of a link: of its place, the hash before it and its text, with blanks between."""
    return hashlib.sha256(f"{chain} {position} {previous} {text}".encode()).hexdigest()


def linked(
    chain: int, length: int, head: str | None, texts: Iterable[tuple[str | None, str]]
) -> Iterator[dict[str, Any]]:
    """Yield the links that make a chain of `length`, which ends in `head`, longer by subjects with texts."""
    previous = head or GENESIS
    for position, (subject, text) in enumerate(texts, length + 1):
        previous = link_hash(chain, position, previous, text)
        yield {
            "chain": chain,
            "position": position,
            "subject": subject,
            "text": text,
            "hash": previous,
        }


def _filled(row: Mapping[str, Any], without: Sequence[str] = ()) -> dict[str, Any]:
    return {
        name: value.astimezone(UTC) if isinstance(value, datetime) else value
        for name, value in row.items()
        if value is not None and name not in without
    }
