"""Audit packages are removed some days after they were made: another can be made at any time."""

from datetime import datetime, timedelta

from sqlalchemy import delete

from models.database import Database
from models.packages import AuditPackage
from workflow.loose_files import loosen

KEPT = timedelta(days=7)


def forget_packages(database: Database, now: datetime) -> None:
    """Offer the packages that were made KEPT ago or earlier no more; their files go as loose ones do."""
    old = delete(AuditPackage).where(AuditPackage.made_at <= now - KEPT).returning(AuditPackage.digest)
    with database.write() as connection:
        for digest in connection.scalars(old).all():
            loosen(connection, digest, now)
