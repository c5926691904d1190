"""The outbox: one row for each person who is told of something.

The row is both the in-app notification and the e-mail to send.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, JsonText, Key, Moment, UtcTime, Word
from models.vocabulary import Delivery


class Message(Base):
    """One person is told one thing. Written in the transaction of what it tells; sent later, at least once.

    `key` is its natural key: the same thing is never announced twice to the same person.
    """

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_user_id_id", "user_id", "id"),
        Index(
            "ix_message_waiting",
            "due_at",
            "id",
            sqlite_where=text("delivery = 'waiting'"),
            postgresql_where=text("delivery = 'waiting'"),
        ),
    )

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(120), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    kind: Mapped[str] = mapped_column(String(40))
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claim.id"))
    figures: Mapped[Any] = mapped_column(JsonText)
    created_at: Mapped[Moment]
    read_at: Mapped[datetime | None] = mapped_column(UtcTime())

    delivery: Mapped[Delivery] = mapped_column(Word(Delivery))
    due_at: Mapped[Moment]
    taken_until: Mapped[datetime | None] = mapped_column(UtcTime())
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    last_error: Mapped[str | None] = mapped_column(Text)
    sent_at: Mapped[datetime | None] = mapped_column(UtcTime())
