"""Where partners are paid: their bank accounts, as they were entered one after the other."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key, Moment, UtcTime


class BankAccount(Base):
    """A partner's bank account, as somebody entered it. A change is a new row; what was entered stays.

    It has an `iban` or, where the country knows none, an `account_number` with a `bank_code`. While the
    newest of a partner is neither confirmed nor refused, it is pending; the newest confirmed is in force.
    """

    __tablename__ = "bank_account"
    __table_args__ = (
        CheckConstraint("(iban IS NULL) = (account_number IS NOT NULL)", name="iban_or_number"),
        CheckConstraint("(iban IS NULL) = (bank_code IS NOT NULL)", name="iban_or_bank_code"),
        CheckConstraint("confirmed_at IS NULL OR refused_at IS NULL", name="decided_once"),
        CheckConstraint("confirmed_by_id <> entered_by_id", name="somebody_else_confirms"),
        Index("ix_bank_account_partner_id_id", "partner_id", "id"),
    )

    id: Mapped[Key]
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id"))
    holder: Mapped[str] = mapped_column(String(140))
    iban: Mapped[str | None] = mapped_column(String(34))
    account_number: Mapped[str | None] = mapped_column(String(34))
    bank_code: Mapped[str | None] = mapped_column(String(35))
    bic: Mapped[str | None] = mapped_column(String(11))
    currency: Mapped[str] = mapped_column(String(3))
    """ISO 4217."""
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    entered_at: Mapped[Moment]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcTime())
    refused_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    refused_at: Mapped[datetime | None] = mapped_column(UtcTime())
    reason_hash: Mapped[str | None] = mapped_column(String(64))
    """Names the `Reason` of a refusal."""
