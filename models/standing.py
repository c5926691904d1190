"""A partner's standing: certificates and performance.

A row is never edited; a correction is a new row that names the one it replaces.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Amount, Base, Key, UtcTime


class Certificate(Base):
    """Days on which a partner is certified, both inclusive. In force unless another row replaces it."""

    __tablename__ = "certificate"
    __table_args__ = (CheckConstraint("valid_from <= valid_until", name="days_in_order"),)

    id: Mapped[Key]
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id"), index=True)
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    revoked_on: Mapped[date | None]
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"), unique=True)
    act_id: Mapped[int] = mapped_column(ForeignKey("act.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcTime())


class Performance(Base):
    """What a partner had to achieve in a JMF period, and did. In force unless another row replaces it."""

    __tablename__ = "performance"

    id: Mapped[Key]
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id"), index=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"))
    required: Mapped[Amount]
    achieved: Mapped[Amount]
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("performance.id"), unique=True)
    act_id: Mapped[int] = mapped_column(ForeignKey("act.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcTime())
