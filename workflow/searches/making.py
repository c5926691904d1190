"""Makes an export step by step: finds the rows, reads them in parts, puts the parts together as one file.

Each part is a loose file of its own, so that whoever goes on after a worker has died reads none of them
again, and what nobody needs any more goes by itself.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from tempfile import TemporaryFile
from typing import IO, Any
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import Connection, func, select, update
from xlsxwriter import Workbook

from models.base import canonical
from models.database import Database
from models.file_store import FileStore
from models.jobs import Job, JobItem
from models.programme import Programme
from models.searches import Export
from models.vocabulary import ExportForm, JobKind, SearchKind
from workflow.assignment import actor_now
from workflow.dossier import AnyRow
from workflow.jobs import Doer, Doers, Item, add_items
from workflow.leases import Tell
from workflow.loose_files import write_down_as_loose
from workflow.refusals import Problem, Refused
from workflow.searches.exports import forget_parts
from workflow.searches.registry import SEARCHES
from workflow.searches.saved import require_auditor
from workflow.searches.search import Column, Holds, Search, conditions, in_zone
from workflow.tabular import Cell, Whole, csv_of, jsonl_of, write_sheet

PART = 5_000
"""Rows that are read together."""

MOST_IN_WORKBOOK = 200_000
"""Rows of a workbook: it is written in one go, which must be done long before a worker's lease ends."""

LARGEST = 4_000_000_000
"""Bytes of a file."""

DONE = {"outcome": "done"}

_PIECE = 1 << 16


def export_doers(files: FileStore) -> Doers:
    """Return how exports are made, with stored files."""
    maker = _Maker(files)
    return {JobKind.export: Doer(maker.keep, ready=maker.make)}


@dataclass(frozen=True, slots=True)
class _Maker:
    files: FileStore

    def make(self, database: Database, job: AnyRow, item: AnyRow, now: datetime, tell: Tell) -> Any:
        """Return what a step found or made: what takes its time, and changes nothing but loose files.

        Raises Refused for who is no auditor any more, and for more rows than a workbook takes.
        """
        with database.read() as connection:
            require_auditor(connection, actor_now(connection, job.actor_id))
            match item.input["do"]:
                case "find":
                    return parts_of(connection, job.input)
                case "read":
                    lines = list(_lines(connection, job.input, item.input))
                case _:
                    return self._whole(database, job.input, _parts(connection, job.id), now, tell)
        with TemporaryFile() as content:
            content.writelines(_written(job.input, lines))
            digest, _size = self._store(database, content, now)
        return {"rows": len(lines), "digest": digest}

    def keep(
        self, connection: Connection, job: AnyRow, item: AnyRow, now: datetime, found: Any
    ) -> dict[str, Any]:
        """Keep what a step made. Finding tells what there is to read."""
        match item.input["do"]:
            case "find":
                steps = [Item({"do": "read", **part}) for part in found]
                add_items(connection, job.id, [*steps, Item({"do": "whole"})], item.position + 1)
            case "read":
                return {**DONE, **found}
            case "whole":
                which = update(Export).where(Export.job_id == job.id)
                connection.execute(which.values(**found, ready_at=now))
                forget_parts(connection, now, Job.id == job.id)
        return DONE

    def _whole(
        self,
        database: Database,
        asked: Mapping[str, Any],
        parts: Sequence[Mapping[str, Any]],
        now: datetime,
        tell: Tell,
    ) -> dict[str, Any]:
        """Put the parts together as one file and store that; return what the export's row says of it."""
        pieces = self._pieces(parts, tell)
        with TemporaryFile() as target:
            write_whole(asked, pieces, target)
            digest, size = self._store(database, target, now)
        return {"rows": sum(part["rows"] for part in parts), "digest": digest, "size": size}

    def _pieces(self, parts: Sequence[Mapping[str, Any]], tell: Tell) -> Iterator[bytes]:
        """Yield all parts as they come from the store."""
        for done, part in enumerate(parts):
            tell(done, len(parts))
            with closing(self.files.find(part["digest"])) as source:
                while piece := source.read(_PIECE):
                    yield piece

    def _store(self, database: Database, content: IO[bytes], now: datetime) -> tuple[str, int]:
        """Store a file that no row names yet; return its digest and its size."""
        content.seek(0)
        with self.files.receive(content, LARGEST) as arrived:
            write_down_as_loose(database, arrived.digest, now)
            self.files.keep(arrived)
            return arrived.digest, arrived.size


def parts_of(connection: Connection, asked: Mapping[str, Any]) -> list[dict[str, int]]:
    """Return the first and the last id of each part of what is found: so many rows, in their order."""
    search = SEARCHES[SearchKind(asked["search"])]
    found = search.listed.with_only_columns(
        search.key.label("id"), func.row_number().over(order_by=search.key).label("place")
    ).where(*_which(connection, search, asked))
    numbered = found.subquery()
    part = (numbered.c.place - 1) // PART
    bounds = select(
        func.min(numbered.c.id).label("first"),
        func.max(numbered.c.id).label("last"),
        func.max(numbered.c.place).label("rows"),
    )
    parts = [dict(row._mapping) for row in connection.execute(bounds.group_by(part).order_by(part))]
    if asked["form"] == ExportForm.xlsx and parts and parts[-1]["rows"] > MOST_IN_WORKBOOK:
        raise Refused(Problem("workbook_full", figures={"most": f"{MOST_IN_WORKBOOK:,}"}))
    return parts


def write_whole(asked: Mapping[str, Any], pieces: Iterator[bytes], target: IO[bytes]) -> None:
    """Write the pieces of all parts as one file, without ever holding them all."""
    columns = _columns(asked)
    names = [column.name for column in columns]
    match ExportForm(asked["form"]):
        case ExportForm.csv:
            target.writelines(chain(csv_of([names]), pieces))
        case ExportForm.jsonl:
            target.writelines(pieces)
        case ExportForm.xlsx:
            rows = (_cells(columns, line) for line in _lines_in(pieces))
            with Workbook(target, {"constant_memory": True}) as book:
                write_sheet(book, asked["search"], names, rows)


def _written(asked: Mapping[str, Any], lines: Sequence[bytes]) -> Iterable[bytes]:
    """Return rows as a part holds them: as they will stand in the file; for a workbook as they are."""
    columns = _columns(asked)
    rows = (_cells(columns, line) for line in lines)
    match ExportForm(asked["form"]):
        case ExportForm.csv:
            return csv_of(rows)
        case ExportForm.jsonl:
            return jsonl_of([column.name for column in columns], rows)
        case ExportForm.xlsx:
            return lines


def _columns(asked: Mapping[str, Any]) -> Sequence[Column]:
    return SEARCHES[SearchKind(asked["search"])].columns


def _lines_in(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the lines of pieces that are cut anywhere."""
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(b"\n")
        yield from whole


def _which(connection: Connection, search: Search, asked: Mapping[str, Any]) -> list[Any]:
    zone = ZoneInfo(connection.scalars(select(Programme.time_zone)).one())
    return [search.key <= asked["until"], *conditions(in_zone(asked["asked"], zone), search.conditions)]


def _lines(connection: Connection, asked: Mapping[str, Any], part: Mapping[str, int]) -> Iterator[bytes]:
    """Yield the rows of a part, each as a line of JSON."""
    search = SEARCHES[SearchKind(asked["search"])]
    here = search.key.between(part["first"], part["last"])
    query = search.exported.where(here, *_which(connection, search, asked)).order_by(search.key)
    for row in connection.execution_options(yield_per=500).execute(query):
        yield canonical([column.of(row) for column in search.columns]).encode() + b"\n"


def _parts(connection: Connection, job_id: int) -> list[Mapping[str, Any]]:
    """Return what came of every part that was read. RuntimeError where one was not."""
    items = select(JobItem.input, JobItem.result).where(JobItem.job_id == job_id).order_by(JobItem.position)
    parts = [item.result for item in connection.execute(items) if item.input["do"] == "read"]
    if any(part is None or "digest" not in part for part in parts):
        raise RuntimeError("a part of this export could not be read")
    return parts


def _cells(columns: Sequence[Column], line: bytes) -> list[Cell]:
    values = zip(columns, orjson.loads(line), strict=True)
    return [None if value is None else _CELLS[column.holds](value) for column, value in values]


_CELLS: Mapping[Holds, Callable[[Any], Cell]] = {
    Holds.text: str,
    Holds.number: Whole,
    Holds.cents: int,
    Holds.day: date.fromisoformat,
    Holds.moment: datetime.fromisoformat,
    Holds.figures: dict,
}
"""What makes a cell of a value of a part, by what its column holds."""
