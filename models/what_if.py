"""What came of judging past claims by another policy, kept with the job that did it."""

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Amount, Base, Key, Word
from models.vocabulary import Effect, FlipKind


class WhatIfClaim(Base):
    """A claim that comes out otherwise, or as it did for other reasons.

    Any other leaves no row, and counts in its item's sums alone. `before` and `after` are what it holds and
    what it would, in cents.
    """

    __tablename__ = "what_if_claim"
    __table_args__ = (UniqueConstraint("job_id", "claim_id"),)

    id: Mapped[Key]
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id"))
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    effect: Mapped[Effect] = mapped_column(Word(Effect))
    before: Mapped[Amount]
    after: Mapped[Amount]


class WhatIfFlip(Base):
    """A rule that comes out otherwise at a move of such a claim."""

    __tablename__ = "what_if_flip"
    __table_args__ = (
        UniqueConstraint("job_id", "move_id", "rule"),
        Index("ix_what_if_flip_job_id_rule_claim_id", "job_id", "rule", "claim_id"),
    )

    id: Mapped[Key]
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id"))
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    move_id: Mapped[int] = mapped_column(ForeignKey("move.id"))
    rule: Mapped[str] = mapped_column(String(40))
    kind: Mapped[FlipKind] = mapped_column(Word(FlipKind))
