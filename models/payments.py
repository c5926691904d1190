"""What left the bank for a claim: one row for each payment, none ever changed."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Amount, Base, Key, UtcTime, WholeNumber


class Payment(Base):
    """An amount, in cents, that one move paid, with the day and the reference of the bank. Append-only."""

    __tablename__ = "payment"
    __table_args__ = (
        ForeignKeyConstraint(["claim_id", "move_number"], ["move.claim_id", "move.number"]),
        CheckConstraint("amount > 0", name="amount_positive"),
        UniqueConstraint("claim_id", "move_number"),
        Index("uq_payment_reference_folded", "reference_folded", unique=True),
    )

    id: Mapped[Key]
    claim_id: Mapped[int] = mapped_column(WholeNumber)
    move_number: Mapped[int] = mapped_column(Integer)
    amount: Mapped[Amount]
    currency: Mapped[str] = mapped_column(String(3), default="USD", server_default="USD")
    """That of the account that was paid (ISO 4217)."""
    instructed: Mapped[Amount | None]
    """What the bank was to pay, in hundredths of that currency; empty in US dollars, where it is `amount`."""
    rate_id: Mapped[int | None] = mapped_column(WholeNumber)
    """The rate that made the one of the other."""
    day_rate_id: Mapped[int | None] = mapped_column(WholeNumber)
    """The rate of the day of payment, which tells what it cost."""
    paid_on: Mapped[date]
    reference: Mapped[str] = mapped_column(String(140))
    reference_folded: Mapped[str | None] = mapped_column(Text)
    """The same without regard to case and blanks: what no other payment bears. Empty for some old ones."""


class PaymentFailure(Base):
    """A payment did not arrive, as one move recorded. Append-only; a payment fails at most once."""

    __tablename__ = "payment_failure"
    __table_args__ = (ForeignKeyConstraint(["claim_id", "move_number"], ["move.claim_id", "move.number"]),)

    id: Mapped[Key]
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), unique=True)
    claim_id: Mapped[int] = mapped_column(WholeNumber)
    move_number: Mapped[int] = mapped_column(Integer)


class ClawBack(Base):
    """A proposal to take back an amount, in cents, of what was paid. Open until released or turned down."""

    __tablename__ = "claw_back"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        Index(
            "uq_claw_back_open",
            "claim_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    amount: Mapped[Amount]
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    act_id: Mapped[int] = mapped_column(ForeignKey("act.id"))
    """The act that proposed it: when, and why."""
    closed_at: Mapped[datetime | None] = mapped_column(UtcTime())
