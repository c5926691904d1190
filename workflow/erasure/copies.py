"""Audit packages and exports that were made before something is erased hold it still: their files go."""

from datetime import datetime

from sqlalchemy import Connection, select, update

from models.packages import AuditPackage
from models.searches import Export
from workflow.loose_files import GRACE, loosen
from workflow.searches.exports import forget_parts


def remove_copies(connection: Connection, now: datetime) -> None:
    """Remove the file of every package and export that is there. The rows stay: others can be made."""
    packages = select(AuditPackage.digest).where(AuditPackage.digest != "").with_for_update()
    exports = select(Export.digest).where(Export.digest.is_not(None)).with_for_update()
    of_packages, of_exports = (set(filter(None, connection.scalars(one))) for one in (packages, exports))
    connection.execute(update(AuditPackage).where(AuditPackage.digest.in_(of_packages)).values(digest=""))
    connection.execute(update(Export).where(Export.digest.in_(of_exports)).values(digest=None))
    for digest in sorted(of_packages | of_exports):
        loosen(connection, digest, now - GRACE)
    forget_parts(connection, now)
