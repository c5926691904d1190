"""Audit packages that were made at a person's wish, until they are removed."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Moment, WholeNumber


class AuditPackage(Base):
    """A package that can be downloaded: the job that made it, and the stored file.

    Where personal data was erased since, its file went too: `digest` is empty.
    """

    __tablename__ = "audit_package"

    job_id: Mapped[int] = mapped_column(ForeignKey("job.id"), primary_key=True, autoincrement=False)
    made_at: Mapped[Moment]
    digest: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int] = mapped_column(WholeNumber)
