"""The fund of a partner in a JMF period, and the ledger of every cent that moved in it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Amount, Base, Key, UtcTime, Word
from models.vocabulary import Bucket, EntryKind


class Fund(Base):
    """What a partner may draw in a period. The balances are always those of its ledger entries."""

    __tablename__ = "fund"
    __table_args__ = (
        UniqueConstraint("partner_id", "period_id"),
        CheckConstraint("available >= 0", name="available_not_negative"),
        CheckConstraint("reserved >= 0", name="reserved_not_negative"),
        CheckConstraint("paid >= 0", name="paid_not_negative"),
    )

    id: Mapped[Key]
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id"))
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"), index=True)
    available: Mapped[Amount] = mapped_column(default=0)
    reserved: Mapped[Amount] = mapped_column(default=0)
    paid: Mapped[Amount] = mapped_column(default=0)

    @property
    def allocated(self) -> int:
        """Return what was allocated in all, in cents."""
        return self.available + self.reserved + self.paid


class LedgerEntry(Base):
    """A positive amount from one bucket to another, caused by one move or one act. Append-only."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        ForeignKeyConstraint(["claim_id", "move_number"], ["move.claim_id", "move.number"]),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("source <> target", name="money_moves"),
        CheckConstraint("(move_number IS NULL) <> (act_id IS NULL)", name="one_cause"),
        CheckConstraint("(move_number IS NULL) = (claim_id IS NULL)", name="a_claim_moves"),
        CheckConstraint(
            "(kind = 'allocate' AND source = 'unallocated' AND target = 'available')"
            " OR (kind = 'reduce' AND source = 'available' AND target = 'unallocated')"
            " OR (kind = 'reserve' AND source = 'available' AND target = 'reserved')"
            " OR (kind IN ('shrink', 'release') AND source = 'reserved' AND target = 'available')"
            " OR (kind = 'pay' AND source = 'reserved' AND target = 'paid')"
            " OR (kind = 'unpay' AND source = 'paid' AND target = 'reserved')"
            " OR (kind = 'claw_back' AND source = 'paid' AND target = 'available')",
            name="kind_fits_its_buckets",
        ),
        Index("ix_ledger_entry_fund_id_id", "fund_id", "id"),
        Index("ix_ledger_entry_claim_id", "claim_id"),
    )

    id: Mapped[Key]
    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"))
    kind: Mapped[EntryKind] = mapped_column(Word(EntryKind))
    source: Mapped[Bucket] = mapped_column(Word(Bucket))
    target: Mapped[Bucket] = mapped_column(Word(Bucket))
    amount: Mapped[Amount]
    claim_id: Mapped[int | None]
    move_number: Mapped[int | None]
    act_id: Mapped[int | None] = mapped_column(ForeignKey("act.id"))
    at: Mapped[datetime] = mapped_column(UtcTime())
