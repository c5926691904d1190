"""How a policy version comes about and is taken back: drafts, what waits for a second person, withdrawals."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import NO_ID_TWICE, Base, JsonText, Key, Moment


class PolicyDraft(Base):
    """A policy document that is being written. It judges nothing, and goes once it is published."""

    __tablename__ = "policy_draft"
    __table_args__ = (NO_ID_TWICE,)

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(100))
    document: Mapped[Any] = mapped_column(JsonText)
    version: Mapped[int] = mapped_column(Integer, default=1)
    """Grows with each change, so that nobody proposes what they have not seen."""
    author_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    """Who changed it last: they do not publish it."""
    updated_at: Mapped[Moment]
    key: Mapped[str | None] = mapped_column(String(64), unique=True)
    """The idempotency key of the request that made it, where a person sent a form."""


class PolicyProposal(Base):
    """A draft to be published from its first day on, or a version to be withdrawn, until somebody decides.

    A draft that is proposed does not change.
    """

    __tablename__ = "policy_proposal"
    __table_args__ = (
        CheckConstraint(
            "(draft_id IS NULL) <> (version_id IS NULL) AND (draft_id IS NULL) = (first_day IS NULL)",
            name="of_one_thing",
        ),
        NO_ID_TWICE,
    )

    id: Mapped[Key]
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("policy_draft.id"), unique=True)
    version_id: Mapped[int | None] = mapped_column(ForeignKey("policy_version.id"), unique=True)
    first_day: Mapped[date | None]
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    act_id: Mapped[int] = mapped_column(ForeignKey("act.id"))
    """The act that proposed it: when, and why."""


class PolicyWithdrawal(Base):
    """A version that never comes into force: withdrawn before its first day. Append-only."""

    __tablename__ = "policy_withdrawal"

    id: Mapped[Key]
    version_id: Mapped[int] = mapped_column(ForeignKey("policy_version.id"), unique=True)
    act_id: Mapped[int] = mapped_column(ForeignKey("act.id"))
