"""Audit packages and exports that were made before something is erased hold it still: they go with it."""

from datetime import datetime

from sqlalchemy import Connection, delete

from models.packages import AuditPackage
from models.searches import Export
from workflow.loose_files import GRACE, loosen


def remove_copies(connection: Connection, now: datetime) -> None:
    """Remove every package and export that is there to be downloaded. Others can be made at any time."""
    packages = delete(AuditPackage).returning(AuditPackage.digest)
    exports = delete(Export).where(Export.digest.is_not(None)).returning(Export.digest)
    for digest in sorted({*connection.scalars(packages), *connection.scalars(exports)}):
        loosen(connection, digest, now - GRACE)
