"""Files that a partner took off a claim: gone, or kept aside while a legal hold stands there.

For the partner both are the same.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, Text, delete, exists, insert, select, type_coerce

from models.claims import Claim, Evidence
from models.erasure import TakenOffFile
from models.history import Move, Reason
from workflow.actors import Actor
from workflow.dossier import AnyRow
from workflow.erasure.held import held, is_held
from workflow.loose_files import loosen

KEPT = sorted({*Evidence.__table__.columns.keys()} & {*TakenOffFile.__table__.columns.keys()} - {"id"})
"""What is kept of the row of a file."""


def dispose(connection: Connection, actor: Actor, now: datetime, claim: AnyRow, file: AnyRow) -> None:
    """Do away with a file whose row is gone from a locked claim; keep it aside while the claim is held."""
    if not is_held(connection, claim):
        _let_go(connection, [file], now)
        return
    kept = {name: getattr(file, name) for name in KEPT}
    connection.execute(insert(TakenOffFile).values(**kept, taken_off_by=actor.user_id, taken_off_at=now))


def let_go_what_is_free(connection: Connection, partner_id: int, now: datetime) -> None:
    """Do away with what was kept aside of a locked partner's claims, wherever no hold stands any more."""
    free = select(Claim.id).where(Claim.partner_id == partner_id, ~held(Claim.id, Claim.partner_id))
    gone = delete(TakenOffFile).where(TakenOffFile.claim_id.in_(free)).returning(TakenOffFile.__table__)
    _let_go(connection, connection.execute(gone).all(), now)


def _let_go(connection: Connection, files: Iterable[AnyRow], now: datetime) -> None:
    """Let the bytes of files become loose, and forget what binds them, unless a move was judged on it."""
    for file in sorted(files, key=lambda one: str(one.digest)):
        document = type_coerce(Move.document, Text)
        named = exists().where(Move.claim_id == file.claim_id, document.contains(file.commitment))
        connection.execute(delete(Reason).where(Reason.hash == file.commitment, ~named))
        loosen(connection, file.digest, now)
