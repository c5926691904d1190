"""What a programme manager asks for: a file judged, judged again, and applied. The work is a job."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from models.imports import ImportFile
from models.jobs import Job
from models.vocabulary import ImportKind, JobKind, RowVerdict
from workflow.actors import Actor
from workflow.acts.record import require_manager
from workflow.dossier import AnyRow
from workflow.imports.applying import lock_file, writes
from workflow.jobs import Item, admitted, start
from workflow.refusals import Problem, Refused


def take_in(
    connection: Connection,
    actor: Actor,
    now: datetime,
    kind: ImportKind,
    stored: Mapping[str, Any],
    key: str,
) -> int:
    """Have a stored file read and judged; return the id of its import: the same under the same key.

    Raises Refused.
    """
    require_manager(connection, actor)
    before = admitted(connection, actor, JobKind.read_import, key)
    if before is not None:
        return int(connection.scalars(select(Job.input).where(Job.id == before)).one()["import"])
    import_id = int(
        connection.execute(
            insert(ImportFile)
            .values(
                kind=kind,
                name=stored["name"],
                digest=stored["digest"],
                sent_by_id=actor.user_id,
                arrived_at=now,
            )
            .returning(ImportFile.id)
        ).scalar_one()
    )
    _have_judged(connection, actor, now, import_id, key)
    return import_id


def judge_again(connection: Connection, actor: Actor, now: datetime, import_id: int, key: str) -> None:
    """Have a file read and judged once more, by what is on file now; once under one key. Raises Refused."""
    require_manager(connection, actor)
    if admitted(connection, actor, JobKind.read_import, key) is not None:
        return
    _require_idle(connection, lock_file(connection, import_id))
    _have_judged(connection, actor, now, import_id, key)


def apply_later(
    connection: Connection, actor: Actor, now: datetime, import_id: int, seen: str, key: str
) -> None:
    """Have a file applied as its preview was seen. Raises Refused, which changes nothing."""
    require_manager(connection, actor)
    file = lock_file(connection, import_id)
    _require_idle(connection, file)
    if file.counts is None or seen != file.seen:
        raise Refused(Problem("import_changed"))
    if file.counts[RowVerdict.wrong]:
        raise Refused(Problem("import_wrong", figures={"number": str(file.counts[RowVerdict.wrong])}))
    if not writes(file.counts):
        raise Refused(Problem("import_same"))
    shared = {"import": import_id, "seen": seen}
    job_id = start(connection, actor, now, JobKind.apply_import, shared, [Item({})], key)
    connection.execute(update(ImportFile).where(ImportFile.id == import_id).values(job_id=job_id))


def _have_judged(connection: Connection, actor: Actor, now: datetime, import_id: int, key: str) -> None:
    shared = {"import": import_id}
    job_id = start(connection, actor, now, JobKind.read_import, shared, [Item({"do": "read"})], key)
    connection.execute(
        update(ImportFile)
        .where(ImportFile.id == import_id)
        .values(job_id=job_id, problem=None, counts=None, seen=None)
    )


def _require_idle(connection: Connection, file: AnyRow) -> None:
    """Return for a file that waits to be decided on; raise Refused where it is worked on, or was applied."""
    if file.applied_at is not None:
        raise Refused(Problem("import_applied"))
    if not file.digest:
        raise Refused(Problem("import_gone"))
    still = select(Job.id).where(Job.id == file.job_id, Job.ended_at.is_(None))
    if connection.scalar(still) is not None:
        raise Refused(Problem("import_busy"))
