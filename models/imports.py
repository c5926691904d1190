"""Files of partners, certificates, performance, allocations or users, and what would become of each row."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import NO_ID_TWICE, Base, JsonText, Key, Moment, ShortText, UtcTime, Word
from models.vocabulary import ImportKind, RowVerdict


class ImportFile(Base):
    """A file that came in to be imported: by hand, or from the import folder where nobody sent it.

    Its rows are judged by a job, and again whenever somebody asks. It is applied once, whole, or never.
    """

    __tablename__ = "import_file"
    __table_args__ = (NO_ID_TWICE,)

    id: Mapped[Key]
    kind: Mapped[ImportKind] = mapped_column(Word(ImportKind))
    name: Mapped[ShortText]
    digest: Mapped[str] = mapped_column(String(64), index=True)
    """Empty once a file of users went: a month after it came, or when one of them was erased."""
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    arrived_at: Mapped[Moment]
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    """The job that judged it last, or does so now, or applies it."""
    problem: Mapped[Any | None] = mapped_column(JsonText)
    """Why no row could be read: `{"code", "figures"}`."""
    counts: Mapped[Any | None] = mapped_column(JsonText)
    """How many rows have each verdict; empty until all are judged."""
    seen: Mapped[str | None] = mapped_column(String(64))
    """What tells whether rows would still become what the preview showed."""
    applied_at: Mapped[datetime | None] = mapped_column(UtcTime())
    act_id: Mapped[int | None] = mapped_column(ForeignKey("act.id"))
    taken_once: Mapped[str | None] = mapped_column(String(100), unique=True)
    """Kind and digest of what the folder held, so that nothing is taken from there twice."""


class ImportRow(Base):
    """A row of a file: what its cells say, and what was judged of it. Deleted a month after its file came."""

    __tablename__ = "import_row"
    __table_args__ = (Index("ix_import_row_import_id_verdict_line", "import_id", "verdict", "line"),)

    import_id: Mapped[int] = mapped_column(ForeignKey("import_file.id"), primary_key=True)
    line: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    """Where it stands in the file, as a spreadsheet numbers its rows, or a text editor its lines."""
    cells: Mapped[Any] = mapped_column(JsonText)
    verdict: Mapped[RowVerdict | None] = mapped_column(Word(RowVerdict))
    told: Mapped[Any | None] = mapped_column(JsonText)
    """`{"name", "changes", "problems"}`: what it is about, each column's two values, and what is wrong."""
    keys: Mapped[Any | None] = mapped_column(JsonText)
    """What no other row of the file may be about."""
