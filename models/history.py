"""What happened: one append-only row per move of a claim and per administrative act.

Rows hold ids, rule ids and figures; sentences are rendered when they are read. Free text, and the digests of
files, stand in `Reason`, bound to their row by a salted hash, so that they can be erased without changing
history.
"""

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Amount, Base, JsonText, Key, Moment, WholeNumber, Word
from models.vocabulary import Personal, Role, State, Trigger

STOOD_IN = text("on_behalf_of_id IS NOT NULL")
"""The moves that somebody made for a colleague."""

NOT_HELD = text("""(verdicts LIKE '%"outcome":"broken"%' OR verdicts LIKE '%"outcome":"unknown"%')""")
"""The moves at which a rule did not hold: hardly any, so that whoever looks for them need not read them all.

An index is led by it only where a query says it to the letter.
"""


class Move(Base):
    """One move of one claim: who, when, from where to where, judged how, on which document. Append-only."""

    __tablename__ = "move"
    __table_args__ = (
        UniqueConstraint("claim_id", "number"),
        UniqueConstraint("claim_id", "key"),
        Index("ix_move_partner_id_id", "partner_id", "id"),
        Index("ix_move_actor_id_id", "actor_id", "id"),
        Index("ix_move_at_id", "at", "id"),
        *(
            Index(f"ix_move_{name}", "at", "id", sqlite_where=which, postgresql_where=which)
            for name, which in (("stood_in", STOOD_IN), ("not_held", NOT_HELD))
        ),
        Index("ix_move_trigger_claim_id", "trigger", "claim_id"),
        Index("ix_move_claim_id_number_source_target_at", "claim_id", "number", "source", "target", "at"),
    )

    id: Mapped[Key]
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"))
    number: Mapped[int] = mapped_column(Integer)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id"))
    trigger: Mapped[Trigger] = mapped_column(Word(Trigger))
    source: Mapped[State] = mapped_column(Word(State))
    target: Mapped[State] = mapped_column(Word(State))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    on_behalf_of_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    """Whom the actor stood in for."""
    role: Mapped[Role] = mapped_column(Word(Role))
    at: Mapped[Moment]
    day: Mapped[date]
    policy_version_id: Mapped[int | None] = mapped_column(ForeignKey("policy_version.id"))
    requested: Mapped[Amount | None]
    approved: Mapped[Amount | None]
    reimbursable: Mapped[Amount | None]
    reserved: Mapped[Amount]
    paid: Mapped[Amount]
    verdicts: Mapped[Any] = mapped_column(JsonText)
    document: Mapped[Any] = mapped_column(JsonText)
    figures: Mapped[Any] = mapped_column(JsonText)
    """What belongs to this trigger alone: payment reference and day, a new deadline, days missed."""
    reason_hash: Mapped[str | None] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(64))
    """The idempotency key of the request that made the move."""


class Act(Base):
    """An administrative act: what was changed, by whom, from what to what. Append-only."""

    __tablename__ = "act"
    __table_args__ = (
        Index("ix_act_kind_id", "kind", "id"),
        Index("ix_act_partner_id_id", "partner_id", "id"),
        Index("ix_act_subject_id", "subject", "id"),
    )

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(40))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    role: Mapped[Role | None] = mapped_column(Word(Role))
    at: Mapped[Moment]
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id"))
    subject: Mapped[str] = mapped_column(String(60))
    """What it was done to, as `user:12`, `period:2026H1`, `fund:7`."""
    figures: Mapped[Any] = mapped_column(JsonText)
    reason_hash: Mapped[str | None] = mapped_column(String(64))
    key: Mapped[str | None] = mapped_column(String(64), unique=True)
    """The idempotency key of the request, where a person sent a form."""


class Reason(Base):
    """The free text of a move or an act, the texts of a plan as one, or the digest of a file.

    Its hash is that of salt and text. Erasing empties both and names the act that did it: the hash then
    binds what nobody can try to guess any more, and breaks no proof.
    """

    __tablename__ = "reason"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    salt: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    claim_id: Mapped[int | None] = mapped_column(WholeNumber, index=True)
    """The claim that it is of, and with which it is erased; none for what is about no claim."""
    kind: Mapped[Personal] = mapped_column(
        Word(Personal), default=Personal.reasons, server_default=Personal.reasons.value
    )
    erased_by: Mapped[int | None] = mapped_column(WholeNumber)
    """The act that erased it."""


class RefusedAttempt(Base):
    """A move that was asked for and refused. Kept apart from history, pruned by a setting."""

    __tablename__ = "refused_attempt"
    __table_args__ = (Index("ix_refused_attempt_at_id", "at", "id"),)

    id: Mapped[Key]
    at: Mapped[Moment]
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"), index=True)
    partner_id: Mapped[int] = mapped_column(WholeNumber)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    trigger: Mapped[Trigger] = mapped_column(Word(Trigger))
    state: Mapped[State] = mapped_column(Word(State))
    why: Mapped[str] = mapped_column(String(40))
    verdicts: Mapped[Any] = mapped_column(JsonText)
