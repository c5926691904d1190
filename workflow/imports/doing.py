"""The jobs of imports: a file is read, its rows are judged chunk by chunk, and it is applied in one go."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, update

from models.database import Database
from models.file_store import FileStore
from models.imports import ImportFile
from models.vocabulary import JobKind
from workflow.acts.record import require_manager
from workflow.assignment import actor_now
from workflow.dossier import AnyRow
from workflow.imports.applying import apply_file
from workflow.imports.judging import judged_lines, keep_rows, keep_verdicts, rows_in, settle_verdicts
from workflow.jobs import Doer, Doers, Item, add_items
from workflow.leases import Tell
from workflow.refusals import Problem

DONE = {"outcome": "done"}


def import_doers(files: FileStore, link_life: timedelta) -> Doers:
    """Return how the jobs of imports are done, with stored files, and links that last so long."""
    worker = _Worker(files, link_life)
    return {
        JobKind.read_import: Doer(worker.keep, ready=worker.find_out),
        JobKind.apply_import: Doer(worker.apply),
    }


@dataclass(frozen=True, slots=True)
class _Worker:
    files: FileStore
    link_life: timedelta

    def find_out(self, database: Database, job: AnyRow, item: AnyRow, now: datetime, _tell: Tell) -> Any:
        """Return the rows of the file, or the verdicts on some: what takes its time, and writes nothing."""
        with database.read() as connection:
            file = _file(connection, job)
            if item.input["do"] == "judge":
                actor, lines = actor_now(connection, job.actor_id), (item.input["first"], item.input["last"])
                require_manager(connection, actor)
                return judged_lines(connection, actor, now, file, *lines, self.link_life)
        return rows_in(self.files, file.kind, file.digest) if item.input["do"] == "read" else None

    def keep(
        self, connection: Connection, job: AnyRow, item: AnyRow, now: datetime, found: Any
    ) -> dict[str, Any]:
        """Keep what was found out. Reading tells what there is to judge."""
        import_id = job.input["import"]
        match item.input["do"]:
            case "read" if isinstance(found, Problem):
                problem = {"code": found.code, "figures": dict(found.figures)}
                which = update(ImportFile).where(ImportFile.id == import_id)
                connection.execute(which.values(problem=problem))
            case "read":
                chunks = keep_rows(connection, import_id, found)
                steps = [Item({"do": "judge", "first": first, "last": last}) for first, last in chunks]
                add_items(connection, job.id, [*steps, Item({"do": "settle"})], item.position + 1)
            case "judge":
                keep_verdicts(connection, import_id, found)
            case "settle":
                settle_verdicts(connection, import_id)
        return DONE

    def apply(self, connection: Connection, job: AnyRow, item: AnyRow, now: datetime) -> dict[str, Any]:
        """Apply the file as its preview was seen."""
        actor, seen = actor_now(connection, job.actor_id), job.input["seen"]
        apply_file(connection, actor, now, job.input["import"], seen, self.link_life)
        return DONE


def _file(connection: Connection, job: AnyRow) -> AnyRow:
    which = select(ImportFile.__table__).where(ImportFile.id == job.input["import"])
    return connection.execute(which).one()
