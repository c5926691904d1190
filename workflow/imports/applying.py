"""Applies a file: its rows are judged once more and all written, in one transaction, or none is."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, select, update
from sqlalchemy.exc import IntegrityError

from models.imports import ImportFile, ImportRow
from models.programme import Programme
from models.vocabulary import Personal, RowVerdict
from workflow.actors import Actor
from workflow.acts.record import record_act, require_manager
from workflow.clock import programme_today
from workflow.commitments import commit_to
from workflow.dossier import AnyRow
from workflow.imports.kinds import Asking, Kind, judged
from workflow.imports.reading import Row
from workflow.imports.registry import KINDS
from workflow.imports.verdicts import Judged, Seen, counts_of, told, without_repeats
from workflow.refusals import Problem, Refused
from workflow.writer import Conflict

CHUNK = 5_000
"""Rows that are judged together."""


def apply_file(
    connection: Connection, actor: Actor, now: datetime, import_id: int, seen: str | None, life: timedelta
) -> dict[str, int]:
    """Write what becomes of each row of a file, and return how many have each verdict.

    `seen` tells what the preview showed: where anything would become of a row but that, Refused is raised and
    nothing is written; None asks nothing, for nobody looked. Once it is applied, a file changes nothing more.
    """
    require_manager(connection, actor)
    # One import at a time: what one adds, the next finds on file.
    connection.execute(select(Programme.id).with_for_update(key_share=True)).all()
    file = lock_file(connection, import_id)
    if file.applied_at is not None:
        return dict(file.counts)
    if not file.digest:
        raise Refused(Problem("import_gone"))
    asking = Asking(actor, now, programme_today(connection, now), life, lock=True)
    kind = KINDS[file.kind]
    rows = judged_whole(connection, kind, stored_rows(connection, import_id), asking)
    counts = counts_of(row.verdict for row in rows)
    if seen is not None and seen != digest_of(rows):
        raise Refused(Problem("import_changed"))
    if counts[RowVerdict.wrong]:
        raise Refused(Problem("import_wrong", figures={"number": str(counts[RowVerdict.wrong])}))
    _write(connection, kind, rows, asking, import_id)
    act_id = _record(connection, actor, now, file, counts) if writes(counts) else None
    connection.execute(
        update(ImportFile)
        .where(ImportFile.id == import_id)
        .values(applied_at=now, act_id=act_id, counts=counts)
    )
    return counts


def writes(counts: Mapping[str, int]) -> bool:
    """Return whether rows with these verdicts change anything on file."""
    return bool(counts[RowVerdict.new] or counts[RowVerdict.changed])


def judged_whole(connection: Connection, kind: Kind, rows: Sequence[Row], asking: Asking) -> list[Judged]:
    """Return the verdict on every row of a file."""
    chunks = (rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK))
    return without_repeats([row for chunk in chunks for row in judged(connection, kind, chunk, asking)])


def stored_rows(connection: Connection, import_id: int, first: int = 0, last: int = 2**31 - 1) -> list[Row]:
    """Return the rows of a file that stand from a line to another, both inclusive."""
    query = select(ImportRow.line, ImportRow.cells).where(
        ImportRow.import_id == import_id, ImportRow.line >= first, ImportRow.line <= last
    )
    return [Row(row.line, row.cells) for row in connection.execute(query.order_by(ImportRow.line))]


def digest_of(rows: Iterable[Judged]) -> str:
    """Return what tells whether rows would still become what a preview showed."""
    seen = Seen()
    for row in rows:
        seen.add(row.line, row.verdict, told(row))
    return seen.digest


def lock_file(connection: Connection, import_id: int) -> AnyRow:
    """Return a file, locked. Raises Refused where there is none."""
    file: AnyRow | None = connection.execute(
        select(ImportFile.__table__).where(ImportFile.id == import_id).with_for_update()
    ).one_or_none()
    if file is None:
        raise Refused(Problem("no_such_record"))
    return file


def _write(
    connection: Connection, kind: Kind, rows: Sequence[Judged], asking: Asking, import_id: int
) -> None:
    to_write = [row for row in rows if row.verdict in (RowVerdict.new, RowVerdict.changed)]
    try:
        if to_write:
            kind.write(connection, asking, to_write, lambda line: f"import{import_id}line{line}")
    except IntegrityError as error:
        # Somebody else put the same on file at this moment: judged anew, it is there.
        raise Conflict(import_id) from error


def _record(
    connection: Connection, actor: Actor, now: datetime, file: AnyRow, counts: Mapping[str, int]
) -> int:
    kept = {verdict.value: counts[verdict] for verdict in RowVerdict if verdict is not RowVerdict.wrong}
    bound = commit_to(connection, file.digest, None, Personal.other_files)
    figures = {"import_kind": file.kind.value, "file": file.name, "commitment": bound, **kept}
    subject, key = f"import:{file.id}", f"import{file.id}"
    return record_act(connection, actor, now, "import_applied", subject, figures, key=key)
