"""Reads a file and judges its rows, piece by piece, for a preview: nothing of what it says is written."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copyfileobj
from tempfile import NamedTemporaryFile
from typing import Any

from sqlalchemy import Connection, delete, select, update

from models.bulk import inserting, updating
from models.driver import send
from models.file_store import FileStore
from models.imports import ImportFile, ImportRow
from models.vocabulary import ImportKind
from workflow.actors import Actor
from workflow.clock import programme_today
from workflow.imports.applying import CHUNK, lock_file, stored_rows
from workflow.imports.kinds import Asking, judged
from workflow.imports.reading import Row, read_rows
from workflow.imports.registry import KINDS
from workflow.imports.verdicts import Judged, Seen, counts_of, restored, told, without_repeats
from workflow.refusals import Problem, Refused


def rows_in(files: FileStore, kind: ImportKind, digest: str) -> list[Row] | Problem:
    """Return the rows of a stored file, or why they cannot be read."""
    try:
        with _on_disk(files, digest) as path:
            return read_rows(path, KINDS[kind].columns)
    except Refused as refused:
        return refused.problems[0]
    except FileNotFoundError:
        return Problem("file_gone")


def keep_rows(connection: Connection, import_id: int, rows: Sequence[Row]) -> list[tuple[int, int]]:
    """Keep the rows of a file in the place of those from before; return the first and last line of chunks.

    Raises Refused where the file went since they were read.
    """
    if not lock_file(connection, import_id).digest:
        raise Refused(Problem("import_gone"))
    connection.execute(delete(ImportRow).where(ImportRow.import_id == import_id))
    kept = [{"import_id": import_id, "line": row.line, "cells": row.cells} for row in rows]
    if kept:
        send(connection, [inserting(connection.dialect, ImportRow, kept)])
    chunks = (rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK))
    return [(chunk[0].line, chunk[-1].line) for chunk in chunks]


def judged_lines(
    connection: Connection, actor: Actor, now: datetime, file: Any, first: int, last: int, life: timedelta
) -> list[Judged]:
    """Return the verdict on the rows of a file in some lines, by what is on file now."""
    asking = Asking(actor, now, programme_today(connection, now), life)
    rows = stored_rows(connection, file.id, first, last)
    return judged(connection, KINDS[ImportKind(file.kind)], rows, asking)


def keep_verdicts(connection: Connection, import_id: int, rows: Sequence[Judged]) -> None:
    """Keep the verdicts on rows of a file."""
    values = [
        {
            "verdict": row.verdict,
            "told": told(row),
            "keys": list(row.keys),
            "was_import_id": import_id,
            "was_line": row.line,
        }
        for row in rows
    ]
    if values:
        send(connection, [updating(connection.dialect, ImportRow, values)])


def settle_verdicts(connection: Connection, import_id: int) -> dict[str, int] | None:
    """Judge rows that are about the same, and count them all; None where one was not judged."""
    query = select(ImportRow.line, ImportRow.verdict, ImportRow.told, ImportRow.keys)
    kept = connection.execute(query.where(ImportRow.import_id == import_id).order_by(ImportRow.line)).all()
    if any(row.verdict is None for row in kept):
        return None
    before = [restored(row.line, row.verdict, row.told, row.keys) for row in kept]
    rows, seen = without_repeats(before), Seen()
    keep_verdicts(
        connection, import_id, [row for row, was in zip(rows, before, strict=True) if row is not was]
    )
    for row in rows:
        seen.add(row.line, row.verdict, told(row))
    counts = counts_of(row.verdict for row in rows)
    connection.execute(
        update(ImportFile).where(ImportFile.id == import_id).values(counts=counts, seen=seen.digest)
    )
    return counts


@contextmanager
def _on_disk(files: FileStore, digest: str) -> Iterator[Path]:
    """Give a stored file as one on this machine's disk."""
    with files.find(digest) as content, NamedTemporaryFile() as copy:
        copyfileobj(content, copy)
        copy.flush()
        yield Path(copy.name)
