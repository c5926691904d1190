"""Searches that somebody keeps, and what searches find as files."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import NO_ID_TWICE, Base, JsonText, Key, Moment, UtcTime, WholeNumber, Word
from models.vocabulary import ExportForm, SearchKind


class SavedSearch(Base):
    """A search that its owner keeps under a name. `asked` holds its fields as they were filled in."""

    __tablename__ = "saved_search"
    __table_args__ = (UniqueConstraint("owner_id", "name"), NO_ID_TWICE)

    id: Mapped[Key]
    owner_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[SearchKind] = mapped_column(Word(SearchKind))
    asked: Mapped[Any] = mapped_column(JsonText)
    created_at: Mapped[Moment]


class Export(Base):
    """All that a search finds as a file, made by its job. The file is there once `ready_at` is set.

    Where personal data was erased since, its file went too: `digest` is none again.
    """

    __tablename__ = "export"
    __table_args__ = (Index("ix_export_asked_by_id_id", "asked_by_id", "id"), NO_ID_TWICE)

    id: Mapped[Key]
    job_id: Mapped[int] = mapped_column(ForeignKey("job.id"), unique=True)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    asked_at: Mapped[Moment] = mapped_column(index=True)
    kind: Mapped[SearchKind] = mapped_column(Word(SearchKind))
    form: Mapped[ExportForm] = mapped_column(Word(ExportForm))
    asked: Mapped[Any] = mapped_column(JsonText)
    rows: Mapped[int | None] = mapped_column(Integer)
    digest: Mapped[str | None] = mapped_column(String(64), index=True)
    size: Mapped[int | None] = mapped_column(WholeNumber)
    ready_at: Mapped[datetime | None] = mapped_column(UtcTime())
