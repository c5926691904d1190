"""Files that no row names, since they were taken off or never got so far: removed after a day of grace.

Each file is written down as loose before it is stored, and again when a row that named it goes. Whoever
writes a digest down waits for whoever removes its file just now, and stores it anew after that.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, case, delete, exists, or_, select

from models.claims import Evidence, LooseFile
from models.database import Database, insert_into
from models.erasure import TakenOffFile
from models.file_store import FileStore
from models.imports import ImportFile
from models.packages import AuditPackage
from models.searches import Export
from models.threads import PostFile
from models.uploads import UploadPiece

GRACE = timedelta(days=1)
"""How long a loose file stays: longer than any request, and than copying the files after the database."""

NAMING = (
    Evidence.digest,
    PostFile.digest,
    TakenOffFile.digest,
    UploadPiece.digest,
    ImportFile.digest,
    AuditPackage.digest,
    Export.digest,
)
"""The columns that name stored files. Whoever deletes a row of theirs loosens its digest."""

_AT_ONCE = 1000


def loosen(connection: Connection, digest: str | None, since: datetime) -> None:
    """Write down that a file may be named by no row since a moment, or since a later one that is on file.

    A row whose file was erased names none.
    """
    if not digest:
        return
    later = case((LooseFile.since > since, LooseFile.since), else_=since)
    connection.execute(
        insert_into(connection, LooseFile)
        .values(digest=digest, since=since)
        .on_conflict_do_update(index_elements=[LooseFile.digest], set_={"since": later})
    )


def write_down_as_loose(database: Database, digest: str, now: datetime) -> None:
    """Write a file down as loose, in a transaction of its own: it may be stored as soon as this returns."""
    with database.write() as connection:
        loosen(connection, digest, now)


def remove_loose(database: Database, now: datetime, *, files: FileStore) -> int:
    """Remove the files that no row has named for the time of GRACE; return how many.

    Raises FilesAway while the files are out of reach; what is left is done the next time.
    """
    before = now - GRACE
    with database.read() as connection:
        due = connection.scalars(
            select(LooseFile.digest)
            .where(LooseFile.since <= before)
            .order_by(LooseFile.since, LooseFile.digest)
            .limit(_AT_ONCE)
        ).all()
    return sum(_remove(database, digest, before, files) for digest in due)


def _remove(database: Database, digest: str, before: datetime, files: FileStore) -> bool:
    with database.write() as connection:
        still_due = (LooseFile.digest == digest) & (LooseFile.since <= before)
        if connection.scalar(select(LooseFile.digest).where(still_due).with_for_update()) is None:
            return False
        is_named = connection.scalar(select(or_(*(exists().where(column == digest) for column in NAMING))))
        if not is_named:
            files.remove(digest)
        connection.execute(delete(LooseFile).where(LooseFile.digest == digest))
    return not is_named
