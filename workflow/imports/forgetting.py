"""Forgets the rows of files that came a month ago, and files that nobody needs any more."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, exists, select, update

from models.database import Database
from models.imports import ImportFile, ImportRow
from models.vocabulary import ImportKind
from workflow.dossier import AnyRow
from workflow.loose_files import loosen

KEPT = timedelta(days=31)


def forget_imports(database: Database, now: datetime) -> None:
    """Delete the rows of files that came KEPT ago or earlier, and files sent by hand that were not applied.

    What was applied stays, as the source of what is on file, but for files of users: who they were is to be
    erased one by one. What the folder held stays known as taken.
    """
    old = ImportFile.arrived_at <= now - KEPT
    with database.read() as connection:
        has_rows = exists().where(ImportRow.import_id == ImportFile.id)
        full = connection.scalars(select(ImportFile.id).where(old, has_rows)).all()
        left = ImportFile.applied_at.is_(None) & ImportFile.taken_once.is_(None)
        unused = connection.execute(select(ImportFile.id, ImportFile.digest).where(old, left)).all()
        of_users = ImportFile.kind == ImportKind.users, ImportFile.digest != ""
        users = connection.execute(select(ImportFile.__table__).where(old, ~left, *of_users)).all()
    for import_id in full:
        with database.write() as connection:
            connection.execute(delete(ImportRow).where(ImportRow.import_id == import_id))
    for file in unused:
        with database.write() as connection:
            which = delete(ImportFile).where(ImportFile.id == file.id, ImportFile.applied_at.is_(None))
            if connection.execute(which).rowcount:
                loosen(connection, file.digest, now)
    for file in users:
        with database.write() as connection:
            let_go(connection, file, now)


def let_go(connection: Connection, file: AnyRow, since: datetime) -> None:
    """Let go of a file's bytes and rows; that it came, and what was made of it, stays."""
    connection.execute(delete(ImportRow).where(ImportRow.import_id == file.id))
    connection.execute(update(ImportFile).where(ImportFile.id == file.id).values(digest=""))
    loosen(connection, file.digest, since)
