"""Who has to do what: one open task for each claim that waits for the programme owner's side."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, text
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
    held_since: Mapped[datetime | None] = mapped_column(UtcTime())
    """When whoever has it now got it; empty where that was when it was opened."""
    due_on: Mapped[date | None]
    """The last day on which it is in time, as its deadline was when it was opened."""
    closed_at: Mapped[datetime | None] = mapped_column(UtcTime())


class TaskDeadline(Base):
    """How many working days a kind of task may take, who is reminded when, and to whom it is escalated.

    `remind_days` before the last day in time its holder is reminded; `escalate_days` after it somebody else
    is told: `escalate_to_id`, or the programme managers. Both count working days; empty for never.
    """

    __tablename__ = "task_deadline"
    __table_args__ = (
        CheckConstraint("working_days > 0", name="days_positive"),
        CheckConstraint("remind_days >= 0", name="remind_not_negative"),
        CheckConstraint("escalate_days > 0", name="escalate_positive"),
    )

    kind: Mapped[TaskKind] = mapped_column(Word(TaskKind), primary_key=True)
    working_days: Mapped[int] = mapped_column(Integer)
    remind_days: Mapped[int | None] = mapped_column(Integer)
    escalate_days: Mapped[int | None] = mapped_column(Integer)
    escalate_to_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
