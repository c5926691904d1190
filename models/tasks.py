"""Who has to do what: one open task for each claim that waits for the programme owner's side."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key, Moment, UtcTime, Word
from models.vocabulary import TaskKind


class Task(Base):
    """A claim waits for somebody of the programme owner. Open until `closed_at`.

    `decide` and `accept` tasks have one assignee; where nobody was entitled, `unassigned_why` says why and
    the programme managers hold it. A `pay` task is for all of finance.
    """

    __tablename__ = "task"
    __table_args__ = (
        Index(
            "uq_task_open",
            "claim_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index(
            "ix_task_open_assignee",
            "assignee_id",
            "id",
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    claim_id: Mapped[int] = mapped_column(ForeignKey("claim.id"), index=True)
    kind: Mapped[TaskKind] = mapped_column(Word(TaskKind))
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    on_behalf_of_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    """Whom the assignee stands in for: an absent colleague. Empty where they act in their own right."""
    unassigned_why: Mapped[str | None] = mapped_column(String(40))
    opened_at: Mapped[Moment]
    closed_at: Mapped[datetime | None] = mapped_column(UtcTime())
