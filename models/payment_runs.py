"""Payments that finance makes together: a run, and the claims that are paid with it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Amount, Base, JsonText, Key, Moment, ShortText, UtcTime, WholeNumber, Word
from models.vocabulary import LeftRun, RunState


class PaymentRun(Base):
    """Accepted claims, collected by one person and released by another, to accounts of one currency.

    `due_on` is the day on which the bank is asked to pay.
    """

    __tablename__ = "payment_run"
    __table_args__ = (
        CheckConstraint("released_by_id <> collected_by_id", name="somebody_else_releases"),
        Index("ix_payment_run_state_id", "state", "id"),
    )

    id: Mapped[Key]
    state: Mapped[RunState] = mapped_column(Word(RunState))
    currency: Mapped[str] = mapped_column(String(3))
    """That of the accounts, ISO 4217, in which the bank is told to pay."""
    due_on: Mapped[date]
    collected_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    collected_at: Mapped[Moment]
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    released_at: Mapped[datetime | None] = mapped_column(UtcTime())

    @property
    def reference(self) -> str:
        """Return what the run is called, here and at the bank."""
        return run_reference(self.id)


class RunClaim(Base):
    """A claim in a run, with the bank account that it was collected for. In the run until it is taken out.

    A claim is in one run at most. One whose payment failed is in none, so that a later run can pay it.
    """

    __tablename__ = "payment_run_claim"
    __table_args__ = (
        UniqueConstraint("run_id", "claim_id"),
        CheckConstraint("amount > 0", name="amount_positive"),
        Index(
            "uq_payment_run_claim_in_run",
            "claim_id",
            unique=True,
            sqlite_where=text("taken_out_at IS NULL"),
            postgresql_where=text("taken_out_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    run_id: Mapped[int] = mapped_column(ForeignKey("payment_run.id"))
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("bank_account.id"))
    amount: Mapped[Amount]
    """What is to be paid of it, in cents: all that was left when it was collected."""
    instructed: Mapped[Amount | None]
    """The same in hundredths of the account's currency, from the release on; empty in US dollars."""
    rate_id: Mapped[int | None] = mapped_column(WholeNumber)
    """The rate that made the one of the other."""
    taken_out_at: Mapped[datetime | None] = mapped_column(UtcTime())
    taken_out_why: Mapped[LeftRun | None] = mapped_column(Word(LeftRun))


class BankFile(Base):
    """What a bank's file says of a run's payments, as it was read. Nothing is recorded by reading it."""

    __tablename__ = "bank_file"
    __table_args__ = (UniqueConstraint("run_id", "digest"),)

    id: Mapped[Key]
    run_id: Mapped[int] = mapped_column(ForeignKey("payment_run.id"))
    digest: Mapped[str] = mapped_column(String(64))
    name: Mapped[ShortText]
    answers: Mapped[list[dict[str, Any]]] = mapped_column(JsonText)
    read_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    read_at: Mapped[Moment]


def run_reference(run_id: int) -> str:
    """Return a run's reference, which no claim bears: `RUN-00012`."""
    return f"RUN-{run_id:05d}"
