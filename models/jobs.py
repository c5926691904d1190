"""Long work: a row for each job, and one for each of its items, which a worker does one after the other."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, JsonText, Key, Moment, UtcTime, Word
from models.vocabulary import JobKind


class Job(Base):
    """Something that somebody asked to be done many times. Open until `ended_at`.

    A worker has it until `taken_until`, and longer with each item; when it dies, another goes on.
    """

    __tablename__ = "job"
    __table_args__ = (
        UniqueConstraint("actor_id", "key"),
        Index(
            "ix_job_open",
            "id",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    kind: Mapped[JobKind] = mapped_column(Word(JobKind))
    actor_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    key: Mapped[str] = mapped_column(String(64))
    """The idempotency key of the request that asked for it."""
    input: Mapped[Any] = mapped_column(JsonText)
    """What all its items share."""
    created_at: Mapped[Moment]
    taken_until: Mapped[datetime | None] = mapped_column(UtcTime())
    cancel_asked_at: Mapped[datetime | None] = mapped_column(UtcTime())
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime())


class JobItem(Base):
    """One item of a job: what is to be done and, once it was tried, what came of it."""

    __tablename__ = "job_item"
    __table_args__ = (UniqueConstraint("job_id", "position"),)

    id: Mapped[Key]
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id"))
    position: Mapped[int] = mapped_column(Integer)
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("claim.id"))
    input: Mapped[Any] = mapped_column(JsonText)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    percent: Mapped[int | None] = mapped_column(Integer)
    """How much of it is done, where it takes long enough to say so."""
    result: Mapped[Any | None] = mapped_column(JsonText)
    done_at: Mapped[datetime | None] = mapped_column(UtcTime())
