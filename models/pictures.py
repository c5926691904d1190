"""How the pictures among the evidence look, so that the same photo is found again (workflow/duplicates)."""

from sqlalchemy import Boolean, ForeignKey, Integer, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Picture(Base):
    """The fingerprint of a picture. It goes with its file."""

    __tablename__ = "picture"

    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id", ondelete="CASCADE"), primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)


class ImageBand(Base):
    """A piece of a fingerprint by which pictures that may look alike are found, without reading all."""

    __tablename__ = "image_band"

    value: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    evidence_id: Mapped[int] = mapped_column(
        ForeignKey("evidence.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    whole: Mapped[bool] = mapped_column(Boolean)
    """Whether it is one of the whole picture, and not only of some part."""
