"""How long what is of persons is kept, what is asked to be erased, and what must not be: legal holds."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import NO_ID_TWICE, Base, JsonText, Key, Moment, ShortText, WholeNumber, Word
from models.vocabulary import Personal


class Retention(Base):
    """For how many months after a claim's end a kind of its data is kept. Without a row: for good."""

    __tablename__ = "retention"
    __table_args__ = (CheckConstraint("months > 0", name="months_positive"),)

    kind: Mapped[Personal] = mapped_column(Word(Personal), primary_key=True)
    months: Mapped[int] = mapped_column(Integer)
    set_at: Mapped[Moment]
    meanwhile: Mapped[int | None] = mapped_column(Integer)
    """What counts until some days after that (workflow/erasure/retention.py); None for good."""


class LegalHold(Base):
    """Nothing of a claim, or of a partner's claims, is erased while there is such a row.

    It goes when it is lifted; the acts that set and lifted it stay.
    """

    __tablename__ = "legal_hold"
    __table_args__ = (
        CheckConstraint("(claim_id IS NULL) <> (partner_id IS NULL)", name="of_one_thing"),
        NO_ID_TWICE,
    )

    id: Mapped[Key]
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claim.id"), unique=True)
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partner.id"), unique=True)
    set_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    set_at: Mapped[Moment]
    act_id: Mapped[int] = mapped_column(ForeignKey("act.id"))
    """The act that set it, with the reason."""


class TakenOffFile(Base):
    """A file that its partner took off a claim while a legal hold stood there: kept as it was.

    The partner does not learn of it. It goes when the last hold on its claim is lifted.
    """

    __tablename__ = "taken_off_file"
    __table_args__ = (NO_ID_TWICE,)

    id: Mapped[Key]
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"), index=True)
    kind: Mapped[str] = mapped_column(String(60))
    name: Mapped[ShortText]
    content_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(WholeNumber)
    digest: Mapped[str] = mapped_column(String(64), index=True)
    commitment: Mapped[str] = mapped_column(String(64))
    dated_on: Mapped[date | None]
    uploaded_by: Mapped[int] = mapped_column(ForeignKey("user.id"))
    uploaded_at: Mapped[Moment]
    taken_off_by: Mapped[int] = mapped_column(ForeignKey("user.id"))
    taken_off_at: Mapped[Moment]


class ErasureRequest(Base):
    """Somebody asked that what is of persons in a claim be erased, or who a user was.

    A second manager has to confirm. It goes once it was decided on; the acts stay.
    """

    __tablename__ = "erasure_request"
    __table_args__ = (
        CheckConstraint("(claim_id IS NULL) <> (user_id IS NULL)", name="of_one_thing"),
        NO_ID_TWICE,
    )

    id: Mapped[Key]
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claim.id"), unique=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), unique=True)
    kinds: Mapped[list[str]] = mapped_column(JsonText)
    """What is to be erased of a claim, in words of `Personal`."""
    reference: Mapped[str] = mapped_column(String(100))
    """By what the request is known elsewhere; it names nobody."""
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    act_id: Mapped[int] = mapped_column(ForeignKey("act.id"))
    """The act that proposed it, with the reason."""
