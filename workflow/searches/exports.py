"""What auditors have made into files: asked for, and forgotten after a while. The work is a job."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Text, delete, func, insert, select, type_coerce, update

from models.database import Database
from models.jobs import Job, JobItem
from models.searches import Export
from models.vocabulary import ExportForm, JobKind, SearchKind
from workflow.actors import Actor
from workflow.jobs import Item, admitted, start
from workflow.loose_files import GRACE, loosen
from workflow.searches.registry import SEARCHES
from workflow.searches.saved import require_auditor
from workflow.searches.search import Asked

KEPT = timedelta(days=7)
"""How long an export can be downloaded."""


def ask(
    connection: Connection,
    actor: Actor,
    now: datetime,
    kind: SearchKind,
    form: ExportForm,
    asked: Asked,
    key: str,
) -> int:
    """Ask for all that a search finds as a file; return the export's id, the same under the same key.

    What comes after this moment is no part of it. Raises Refused.
    """
    asked_by_id = require_auditor(connection, actor)
    asked_before = admitted(connection, actor, JobKind.export, key)
    before = connection.scalar(select(Export.id).where(Export.job_id == asked_before))
    if before is not None:
        return int(before)
    shared = {
        "search": kind.value,
        "form": form.value,
        "asked": dict(asked),
        "until": connection.scalar(select(func.max(SEARCHES[kind].key))) or 0,
    }
    job_id = start(connection, actor, now, JobKind.export, shared, [Item({"do": "find"})], key)
    row: dict[str, Any] = {
        "job_id": job_id,
        "asked_by_id": asked_by_id,
        "asked_at": now,
        "kind": kind,
        "form": form,
        "asked": dict(asked),
    }
    return int(connection.execute(insert(Export).values(row).returning(Export.id)).scalar_one())


def forget_parts(connection: Connection, now: datetime, *which: ColumnElement[bool]) -> None:
    """Forget the parts that files are put together of, with their digests, of all jobs or of some.

    A file that is still to be put together of them cannot be made then.
    """
    items = select(JobItem.id, JobItem.result).join(Job, Job.id == JobItem.job_id)
    with_part = type_coerce(JobItem.result, Text).contains('"digest":')
    for item in connection.execute(items.where(Job.kind == JobKind.export, with_part, *which)).all():
        rest = {name: value for name, value in item.result.items() if name != "digest"}
        connection.execute(update(JobItem).where(JobItem.id == item.id).values(result=rest))
        loosen(connection, item.result["digest"], now - GRACE)


def forget_exports(database: Database, now: datetime) -> None:
    """Delete the exports that were asked for KEPT ago or earlier. Their jobs still say who asked for what."""
    with database.read() as connection:
        old = connection.execute(select(Export.id, Export.digest).where(Export.asked_at <= now - KEPT)).all()
    for export in old:
        with database.write() as connection:
            connection.execute(delete(Export).where(Export.id == export.id))
            loosen(connection, export.digest, now)
