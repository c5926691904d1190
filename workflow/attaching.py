"""The files of a claim: recorded on it once they are stored, and taken off until a move freezes them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from models.claims import ClaimLine, Evidence
from models.database import Database
from models.pictures import ImageBand, Picture
from models.vocabulary import State
from workflow.actors import Actor
from workflow.commitments import commit_to
from workflow.coverage import INVOICE, point
from workflow.dossier import AnyRow
from workflow.drafts import own_claim, touch
from workflow.duplicates.pictures import bands
from workflow.erasure.kinds import kind_of
from workflow.file_types import FileRefused
from workflow.refusals import Problem, Refused
from workflow.taken_off import dispose

ATTACHABLE = frozenset({State.draft, State.approved})
"""States in which the partner may add and remove files; `submit` and `report` freeze them."""

ATTACHMENT = "attachment"
"""The kind of a file that shows nothing in particular."""

MOST_FILES = 200
"""How many files a claim may have: more than any activity needs, and few enough for one page."""

MOST_CHANGES = 2000
"""How many changes of a claim, of any kind, leave it open for files: some times what any activity needs.

What is taken off while a legal hold stands is kept, and attaching has to end somewhere. Each file that comes
or goes is a change, held or not: so this end tells nobody of a hold.
"""


def attach(
    database: Database,
    actor: Actor,
    claim_id: int,
    version: int,
    file: Mapping[str, Any],
    now: datetime,
    fingerprint: bytes | None = None,
) -> int:
    """Record a stored file on a claim; return its new version.

    The file is kind, name, content_type, size, digest and dated_on. A picture has a fingerprint, by which it
    is found again. Raises FileRefused where the claim takes no more files.
    """
    with database.write() as connection:
        return attach_to(connection, actor, claim_id, version, file, now, fingerprint)


def attach_to(
    connection: Connection,
    actor: Actor,
    claim_id: int,
    version: int,
    file: Mapping[str, Any],
    now: datetime,
    fingerprint: bytes | None,
) -> int:
    """Do what `attach` does, in the caller's transaction."""
    claim = own_claim(connection, actor, claim_id, version, *ATTACHABLE)
    require_room(connection, claim, file["name"])
    bound = commit_to(connection, file["digest"], claim_id, kind_of(file["kind"]))
    evidence_id = connection.scalar(
        insert(Evidence)
        .values(
            claim_id=claim_id,
            uploaded_by=actor.user_id,
            uploaded_at=now,
            comment="",
            commitment=bound,
            **file,
        )
        .returning(Evidence.id)
    )
    if fingerprint is not None:
        _keep_fingerprint(connection, evidence_id, fingerprint)
    if file["kind"] == INVOICE:
        point(connection, claim_id)
    return touch(connection, claim_id, version, {})


def require_room(connection: Connection, claim: AnyRow, name: str, coming: int = 0) -> None:
    """Return where a locked claim takes one more file besides those that are coming.

    Raises FileRefused where it has MOST_FILES then, or had MOST_CHANGES.
    """
    if claim.version >= MOST_CHANGES:
        raise FileRefused("too_often", {"name": name, "most": str(MOST_CHANGES)})
    there = connection.scalar(select(func.count()).where(Evidence.claim_id == claim.id)) or 0
    if there + coming >= MOST_FILES:
        raise FileRefused("too_many", {"name": name, "most": str(MOST_FILES)})


def detach(
    database: Database, actor: Actor, claim_id: int, version: int, evidence_id: int, now: datetime
) -> int:
    """Take a file that is not frozen off a claim, and from the lines it proves; return the new version."""
    with database.write() as connection:
        claim = own_claim(connection, actor, claim_id, version, *ATTACHABLE)
        proven = ClaimLine.claim_id == claim_id, ClaimLine.proof_id == evidence_id
        connection.execute(update(ClaimLine).where(*proven).values(proof_id=None))
        file = connection.execute(
            delete(Evidence)
            .where(Evidence.id == evidence_id, Evidence.claim_id == claim_id, Evidence.frozen_at.is_(None))
            .returning(Evidence.__table__)
        ).one_or_none()
        if file is None:
            raise Refused(Problem("frozen"))
        dispose(connection, actor, now, claim, file)
        return touch(connection, claim_id, version, {})


def _keep_fingerprint(connection: Connection, evidence_id: int | None, fingerprint: bytes) -> None:
    connection.execute(insert(Picture).values(evidence_id=evidence_id, fingerprint=fingerprint))
    found = bands(fingerprint).items()
    rows = [{"value": value, "evidence_id": evidence_id, "whole": whole} for value, whole in found]
    connection.execute(insert(ImageBand), rows)
