"""Files that are on their way in pieces (workflow/uploads.py)."""

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Moment, ShortText, WholeNumber


class Upload(Base):
    """A file of `size` bytes of which `received` have come. It is forgotten after a day."""

    __tablename__ = "upload"
    __table_args__ = (CheckConstraint("received >= 0 AND received <= size", name="received_within_size"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    """Random, so that nobody guesses it."""
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    kind: Mapped[str] = mapped_column(String(60))
    name: Mapped[ShortText]
    size: Mapped[int] = mapped_column(WholeNumber)
    received: Mapped[int] = mapped_column(WholeNumber, default=0)
    created_at: Mapped[Moment] = mapped_column(index=True)
    attached_version: Mapped[int | None] = mapped_column(Integer)
    """The version that the claim got when the file was attached; its pieces are gone since."""


class UploadPiece(Base):
    """A piece of an upload from byte `position` on, kept in the file store under its digest."""

    __tablename__ = "upload_piece"

    upload_id: Mapped[str] = mapped_column(ForeignKey("upload.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(WholeNumber, primary_key=True, autoincrement=False)
    digest: Mapped[str] = mapped_column(String(64), index=True)
