"""The programme itself: its owner and zone, its JMF periods, its policy versions."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, JsonText, Key, Moment, ShortText, UtcTime


class Programme(Base):
    """The one row that says whose fund this is. A demo is marked as such for ever."""

    __tablename__ = "programme"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[Key]
    owner: Mapped[ShortText]
    name: Mapped[ShortText]
    time_zone: Mapped[str] = mapped_column(String(64))
    holiday_country: Mapped[str | None] = mapped_column(String(2))
    """Whose public holidays are no working days (ISO 3166); empty where only weekends are none."""
    holiday_region: Mapped[str | None] = mapped_column(String(40))
    is_demo: Mapped[bool]
    created_at: Mapped[Moment]


class Period(Base):
    """A JMF period, both days inclusive. Closed while `closed_at` is set."""

    __tablename__ = "period"
    __table_args__ = (CheckConstraint("first_day <= last_day", name="days_in_order"),)

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(20), unique=True)
    first_day: Mapped[date]
    last_day: Mapped[date]
    closed_at: Mapped[datetime | None] = mapped_column(UtcTime())
    last_claim_number: Mapped[int] = mapped_column(Integer, default=0)


class PolicyVersion(Base):
    """All parameters, the catalogue and the country table, in force from a first day on. Never edited."""

    __tablename__ = "policy_version"
    __table_args__ = (UniqueConstraint("first_day", "attempt"),)

    id: Mapped[Key]
    first_day: Mapped[date]
    attempt: Mapped[int | None] = mapped_column(Integer)
    """Counts the versions of one first day: each but the last was withdrawn (models/policies.py).

    Empty in versions from before any could be.
    """
    document: Mapped[Any] = mapped_column(JsonText)
    act_id: Mapped[int] = mapped_column(ForeignKey("act.id"))
    recorded_at: Mapped[Moment]
