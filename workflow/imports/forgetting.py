"""Forgets the rows of files that came a month ago, and files that nobody applied by then."""

from datetime import datetime, timedelta

from sqlalchemy import delete, exists, select

from models.database import Database
from models.imports import ImportFile, ImportRow
from workflow.loose_files import loosen

KEPT = timedelta(days=31)


def forget_imports(database: Database, now: datetime) -> None:
    """Delete the rows of files that came KEPT ago or earlier, and files sent by hand that were not applied.

    What was applied stays, as the source of what is on file; what the folder held stays known as taken.
    """
    old = ImportFile.arrived_at <= now - KEPT
    with database.read() as connection:
        has_rows = exists().where(ImportRow.import_id == ImportFile.id)
        full = connection.scalars(select(ImportFile.id).where(old, has_rows)).all()
        left = ImportFile.applied_at.is_(None) & ImportFile.taken_once.is_(None)
        unused = connection.execute(select(ImportFile.id, ImportFile.digest).where(old, left)).all()
    for import_id in full:
        with database.write() as connection:
            connection.execute(delete(ImportRow).where(ImportRow.import_id == import_id))
    for file in unused:
        with database.write() as connection:
            which = delete(ImportFile).where(ImportFile.id == file.id, ImportFile.applied_at.is_(None))
            if connection.execute(which).rowcount:
                loosen(connection, file.digest, now)
