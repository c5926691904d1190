"""The import folder: each file in it is imported once, whole or not at all, and the managers are told.

What a file is about, its name says: `partners-2026-03.csv`. Nothing in the folder is moved, changed or
deleted; the database knows by their digests which files were taken.
"""

import logging
import re
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select, update

from models.database import Database
from models.failures import log_failure
from models.file_store import FileStore, TooLarge
from models.imports import ImportFile
from models.messages import Message
from models.vocabulary import ImportKind, MessageKind, Role, RowVerdict
from workflow.actors import INSTALLER
from workflow.announcements import message_row
from workflow.assignment import holders
from workflow.dossier import AnyRow
from workflow.file_types import clean_name
from workflow.imports.applying import apply_file, writes
from workflow.imports.judging import judged_lines, keep_rows, keep_verdicts, rows_in, settle_verdicts
from workflow.imports.reading import LARGEST, Row
from workflow.imports.verdicts import counts_of
from workflow.loose_files import write_down_as_loose
from workflow.moves import in_transaction, settled
from workflow.refusals import Problem, Refused

QUIET = timedelta(minutes=1)
"""How long nobody must have written to a file: it may not be whole yet."""

_NAME = re.compile(rf"({'|'.join(ImportKind)})(?:[-_. ].*)?\.(?:csv|xlsx)", re.IGNORECASE)

log = logging.getLogger(__name__)


def import_folder(
    database: Database, now: datetime, *, folder: Path, files: FileStore, link_life: timedelta
) -> None:
    """Import what is in the folder and was not taken yet, partners first. A file stops no other."""
    for kind, path in _waiting(folder, now):
        try:
            _take(database, now, kind, path, files)
        except (OSError, TooLarge) as error:
            log_failure(log, f"IMPORT_DIR: {path.name} cannot be taken", error)
    for file in _begun(database):
        try:
            _import(database, now, file, files, link_life)
        except Refused:
            log.info("%s: something changed while it was judged; it is judged anew the next time", file.name)
        except Exception as error:
            log_failure(log, f"IMPORT_DIR: {file.name} cannot be imported", error)


def _waiting(folder: Path, now: datetime) -> list[tuple[ImportKind, Path]]:
    """Return the files that are about something, in the order in which one kind builds on another."""
    try:
        found = sorted(path for path in folder.iterdir() if path.is_file() and not path.is_symlink())
    except OSError as error:
        log_failure(log, f"IMPORT_DIR: {folder} cannot be read", error)
        return []
    order = list(ImportKind)
    named = [(ImportKind(match[1].lower()), path) for path in found if (match := _NAME.fullmatch(path.name))]
    return sorted(
        (one for one in named if _written_at(one[1]) <= now - QUIET), key=lambda one: order.index(one[0])
    )


def _written_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _take(database: Database, now: datetime, kind: ImportKind, path: Path, files: FileStore) -> None:
    """Keep a file and write down that it was taken, unless it was before."""
    with path.open("rb") as content, files.receive(content, LARGEST) as arrived:
        once = f"{kind.value}:{arrived.digest}"
        with database.read() as connection:
            if connection.scalar(select(ImportFile.id).where(ImportFile.taken_once == once)) is not None:
                return
        write_down_as_loose(database, arrived.digest, now)
        files.keep(arrived)
    row = {"kind": kind, "name": clean_name(path.name), "digest": arrived.digest, "arrived_at": now}
    taken = insert(ImportFile).values(**row, taken_once=once)
    settled(database, lambda connection: connection.execute(taken))


def _begun(database: Database) -> list[AnyRow]:
    """Return what was taken from the folder and did not come to an end, nor into anybody's hands."""
    query = select(ImportFile.__table__).where(
        ImportFile.taken_once.is_not(None),
        ImportFile.job_id.is_(None),
        ImportFile.applied_at.is_(None),
        ImportFile.problem.is_(None),
    )
    with database.read() as connection:
        found = connection.execute(query.order_by(ImportFile.id)).all()
    return [file for file in found if file.counts is None or not file.counts[RowVerdict.wrong]]


def _import(database: Database, now: datetime, file: AnyRow, files: FileStore, life: timedelta) -> None:
    """Read, judge and apply a file, and tell the managers what came of it."""
    rows = rows_in(files, file.kind, file.digest)
    if isinstance(rows, Problem):
        in_transaction(database, partial(_give_up, file=file, problem=rows, now=now))
        return
    if _is_right(database, now, file, rows, life):
        in_transaction(database, partial(_apply, file=file, now=now, life=life))


def _is_right(database: Database, now: datetime, file: AnyRow, rows: list[Row], life: timedelta) -> bool:
    """Judge the rows of a file; return whether none is wrong, and tell the managers where one is."""
    chunks = in_transaction(database, partial(keep_rows, import_id=file.id, rows=rows))
    for first, last in chunks:
        with database.read() as connection:
            judged = judged_lines(connection, INSTALLER, now, file, first, last, life)
        in_transaction(database, partial(keep_verdicts, import_id=file.id, rows=judged))
    return in_transaction(database, partial(_settle, file=file, now=now))


def _settle(connection: Connection, file: AnyRow, now: datetime) -> bool:
    counts = settle_verdicts(connection, file.id)
    assert counts is not None, "every chunk was judged"
    if counts[RowVerdict.wrong]:
        _tell(connection, file, "wrong", counts, now)
    return not counts[RowVerdict.wrong]


def _apply(connection: Connection, file: AnyRow, now: datetime, life: timedelta) -> None:
    counts = apply_file(connection, INSTALLER, now, file.id, None, life)
    _tell(connection, file, "done" if writes(counts) else "same", counts, now)


def _give_up(connection: Connection, file: AnyRow, problem: Problem, now: datetime) -> None:
    kept = {"code": problem.code, "figures": dict(problem.figures)}
    connection.execute(update(ImportFile).where(ImportFile.id == file.id).values(problem=kept))
    _tell(connection, file, "unreadable", counts_of(()), now)


def _tell(connection: Connection, file: AnyRow, outcome: str, counts: dict[str, int], now: datetime) -> None:
    figures: dict[str, Any] = {
        "import_id": file.id,
        "file": file.name,
        "outcome": outcome,
        **{name: counts[name] for name in ("new", "changed", "wrong")},
    }
    for user_id in holders(connection, Role.manager):
        row = message_row(MessageKind.import_done, f"import:{file.id}:{outcome}", user_id, figures, now)
        connection.execute(insert(Message).values(**row))
