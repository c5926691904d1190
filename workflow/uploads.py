"""Files that come in pieces, so that an upload goes on where it stopped, on whichever node.

A piece is a stored file like any other, named by its row. Once all are there, they are put together and
judged as a file that came whole. Whatever became of it, an upload is forgotten after a day.
"""

import io
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from secrets import token_hex
from typing import IO, Any

from sqlalchemy import Connection, delete, func, insert, select, update

from models.database import Database
from models.uploads import Upload, UploadPiece
from workflow.actors import Actor
from workflow.attaching import ATTACHABLE, attach_to, require_room
from workflow.drafts import own_claim
from workflow.file_types import clean_name
from workflow.loose_files import GRACE, loosen

MOST_PIECES = 2000
"""How many pieces a file may come in: far more than a client needs, and few enough to put together."""


class UploadNotFound(LookupError):
    """There is no such upload of this person on this claim."""


class WrongOffset(ValueError):
    """A piece does not begin where the ones before it end."""


class TooManyPieces(ValueError):
    """A file came in more than MOST_PIECES."""


class _Joined(io.RawIOBase):
    """Pieces one after another."""

    def __init__(self, pieces: Iterable[Callable[[], IO[bytes]]]) -> None:
        self._left = iter(pieces)
        self._here: IO[bytes] = io.BytesIO()

    def readable(self) -> bool:
        """Return that this is read from."""
        return True

    def readinto(self, target: Any) -> int:
        """Fill a buffer as far as the present piece goes; 0 at the end of the last."""
        while not (read := self._here.read(len(target))):
            following = next(self._left, None)
            if following is None:
                return 0
            self._here.close()
            self._here = following()
        target[: len(read)] = read
        return len(read)

    def close(self) -> None:
        """Close the piece that is open."""
        self._here.close()
        super().close()


def joined(pieces: Iterable[Callable[[], IO[bytes]]]) -> IO[bytes]:
    """Return pieces read as one file, each opened when it is its turn."""
    return io.BufferedReader(_Joined(pieces))


def begin(
    database: Database, actor: Actor, claim_id: int, kind: str, name: str, size: int, now: datetime
) -> str:
    """Return the id of a new upload of a file of `size` bytes.

    Raises Refused where the claim takes no files now, FileRefused where it takes no more than are coming.
    """
    name = clean_name(name)
    with database.write() as connection:
        claim = own_claim(connection, actor, claim_id, None, *ATTACHABLE)
        coming = _count(connection, Upload.claim_id == claim_id, Upload.attached_version.is_(None))
        require_room(connection, claim, name, coming)
        upload_id = token_hex(16)
        connection.execute(
            insert(Upload).values(
                id=upload_id,
                claim_id=claim_id,
                user_id=actor.user_id,
                kind=kind,
                name=name,
                size=size,
                received=0,
                created_at=now,
            )
        )
    return upload_id


def upload_of(
    connection: Connection, actor: Actor, claim_id: int, upload_id: str, *, lock: bool = True
) -> Any:
    """Return a person's own upload, locked for whoever is about to write. Raises UploadNotFound."""
    query = select(Upload.__table__).where(
        Upload.id == upload_id, Upload.claim_id == claim_id, Upload.user_id == actor.user_id
    )
    found = connection.execute(query.with_for_update() if lock else query).one_or_none()
    if found is None:
        raise UploadNotFound(upload_id)
    return found


def pieces_of(connection: Connection, upload_id: str) -> list[str]:
    """Return the digests of an upload's pieces, in their order."""
    query = select(UploadPiece.digest).where(UploadPiece.upload_id == upload_id)
    return list(connection.scalars(query.order_by(UploadPiece.position)))


def append(
    database: Database, actor: Actor, claim_id: int, upload_id: str, offset: int, digest: str, size: int
) -> int:
    """Record a stored piece of `size` bytes; return how many have come in all.

    Raises UploadNotFound, Refused where the claim takes no files any more, WrongOffset where another piece
    was faster or bytes are missing, TooManyPieces.
    """
    with database.write() as connection:
        own_claim(connection, actor, claim_id, None, *ATTACHABLE)
        upload = upload_of(connection, actor, claim_id, upload_id)
        if upload.received != offset or offset + size > upload.size:
            raise WrongOffset(upload_id)
        if _count(connection, UploadPiece.upload_id == upload_id) >= MOST_PIECES:
            raise TooManyPieces(upload_id)
        connection.execute(insert(UploadPiece).values(upload_id=upload_id, position=offset, digest=digest))
        connection.execute(update(Upload).where(Upload.id == upload_id).values(received=offset + size))
    return offset + size


def finish(
    database: Database,
    actor: Actor,
    claim_id: int,
    upload_id: str,
    file: Mapping[str, Any],
    now: datetime,
    fingerprint: bytes | None,
) -> int:
    """Attach the file that an upload's pieces made, once; return the version that its claim got by that.

    Raises what `attaching.attach` raises, and UploadNotFound.
    """
    with database.write() as connection:
        claim = own_claim(connection, actor, claim_id)
        upload = upload_of(connection, actor, claim_id, upload_id)
        if upload.attached_version is not None:
            return int(upload.attached_version)
        new = {**file, "kind": upload.kind}
        version = attach_to(connection, actor, claim_id, claim.version, new, now, fingerprint)
        connection.execute(update(Upload).where(Upload.id == upload_id).values(attached_version=version))
    return version


def drop(database: Database, actor: Actor, claim_id: int, upload_id: str, now: datetime) -> None:
    """Forget an upload; what it attached stays. Raises UploadNotFound."""
    with database.write() as connection:
        upload_of(connection, actor, claim_id, upload_id)
        forget_upload(connection, upload_id, now)


def forget_uploads(database: Database, now: datetime) -> int:
    """Forget the uploads that began a day ago or earlier; return how many."""
    with database.read() as connection:
        due = connection.scalars(select(Upload.id).where(Upload.created_at <= now - GRACE)).all()
    for upload_id in due:
        with database.write() as connection:
            connection.execute(select(Upload.id).where(Upload.id == upload_id).with_for_update())
            forget_upload(connection, upload_id, now)
    return len(due)


def forget_upload(connection: Connection, upload_id: str, since: datetime) -> None:
    """Forget a file on its way, with what came of it, whose bytes are loose since a moment."""
    for digest in sorted(set(pieces_of(connection, upload_id))):
        loosen(connection, digest, since)
    connection.execute(delete(UploadPiece).where(UploadPiece.upload_id == upload_id))
    connection.execute(delete(Upload).where(Upload.id == upload_id))


def _count(connection: Connection, *which: Any) -> int:
    return connection.scalar(select(func.count()).where(*which)) or 0
