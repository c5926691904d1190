"""Samples of claims that auditors drew, and what they found. None of it stands in a claim's history."""

from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Amount, Base, JsonText, Key, LongText, Moment, WholeNumber, Word
from models.vocabulary import FindingVerdict


class Sample(Base):
    """A sample as it was drawn: by whose wish, by which checkpoint and seed, out of how much. Append-only.

    The act of its drawing holds the digest of its claims, so that a changed list shows.
    """

    __tablename__ = "sample"

    id: Mapped[Key]
    act_id: Mapped[int] = mapped_column(ForeignKey("act.id"), unique=True)
    """The act by which it was asked for."""
    asked: Mapped[Any] = mapped_column(JsonText)
    """What was asked for, as the act holds it: method, size, the seed's text, and which claims."""
    drawn_at: Mapped[Moment]
    checkpoint: Mapped[int] = mapped_column(ForeignKey("checkpoint.number"))
    seed: Mapped[str] = mapped_column(String(64))
    claims: Mapped[int] = mapped_column(WholeNumber)
    """How many claims it was drawn from."""
    amount: Mapped[Amount]
    """What they held, in cents."""


class SampleClaim(Base):
    """A claim of a sample, as it stood at the checkpoint, and why it was taken. Append-only."""

    __tablename__ = "sample_claim"

    sample_id: Mapped[int] = mapped_column(ForeignKey("sample.id"), primary_key=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"), primary_key=True)
    amount: Mapped[Amount]
    """What it held, reserved and paid, in cents."""
    units: Mapped[Amount]
    """By what it was drawn: its cents, or its weight."""
    hit: Mapped[Amount | None]
    """The unit that was hit; None where it is in for certain."""
    risks: Mapped[list[str]] = mapped_column(JsonText)


class SampleFinding(Base):
    """What an auditor found of a claim of a sample; the latest counts. Append-only.

    Its note goes when the claim's reasons are erased.
    """

    __tablename__ = "sample_finding"
    __table_args__ = (
        ForeignKeyConstraint(["sample_id", "claim_id"], ["sample_claim.sample_id", "sample_claim.claim_id"]),
    )

    id: Mapped[Key]
    sample_id: Mapped[int] = mapped_column(WholeNumber)
    claim_id: Mapped[int] = mapped_column(WholeNumber)
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[Moment]
    verdict: Mapped[FindingVerdict] = mapped_column(Word(FindingVerdict))
    amount: Mapped[Amount]
    """What of the claim's amount is wrong, in cents: nothing where it is in order."""
    note: Mapped[LongText]
    key: Mapped[str] = mapped_column(String(64), unique=True)
    """The idempotency key of the request."""
