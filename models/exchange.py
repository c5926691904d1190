"""What currencies were worth: data with a source and a day, none ever changed."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key, Moment, ShortText


class ExchangeRate(Base):
    """`usd` US dollars and `local` units of a currency were worth the same on a day. Append-only.

    Both figures are decimals as text, exactly as the source has them. A later row for the same day corrects
    an earlier one. Other tables name a rate by its id; what is never deleted needs no foreign key.
    """

    __tablename__ = "exchange_rate"
    __table_args__ = (
        CheckConstraint("currency <> 'USD'", name="foreign"),
        Index("ix_exchange_rate_currency_day_id", "currency", "day", "id"),
    )

    id: Mapped[Key]
    currency: Mapped[str] = mapped_column(String(3))
    day: Mapped[date]
    usd: Mapped[str] = mapped_column(String(24))
    local: Mapped[str] = mapped_column(String(24))
    source: Mapped[ShortText]
    act_id: Mapped[int] = mapped_column(ForeignKey("act.id"))
    recorded_at: Mapped[Moment]
