"""Files to be imported, and the whole way of one: stored, judged, applied."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any

from sqlalchemy import func, select

from models.file_store import FileStore
from models.history import Act
from models.imports import ImportFile, ImportRow
from models.jobs import JobItem
from models.vocabulary import ImportKind
from tests.support.world import World
from workflow.imports.asking import apply_later, judge_again, take_in
from workflow.imports.doing import import_doers
from workflow.jobs import work_off

LIFE = timedelta(hours=72)


@dataclass
class Importer:
    """A programme manager who imports, and the worker that does it."""

    world: World
    files: FileStore
    by: str = "mia"
    asked: int = 0

    def key(self) -> str:
        """Return a new idempotency key."""
        self.asked += 1
        return f"{self.by}{self.asked}"

    def read(self, kind: str, content: str | bytes, name: str = "rows.csv", *, work: bool = True) -> int:
        """Have a file read and judged; return its id."""
        data = content.encode() if isinstance(content, str) else content
        with self.files.receive(BytesIO(data), 10**8) as arrived:
            digest = arrived.digest
            self.files.keep(arrived)
        with self.world.database.write() as connection:
            import_id = take_in(
                connection,
                self.world.people[self.by],
                self.world.clock.now(),
                ImportKind(kind),
                {"name": name, "digest": digest},
                self.key(),
            )
        if work:
            self.work()
        return import_id

    def again(self, import_id: int) -> None:
        """Have a file judged once more."""
        with self.world.database.write() as connection:
            who, now = self.world.people[self.by], self.world.clock.now()
            judge_again(connection, who, now, import_id, self.key())
        self.work()

    def ask(self, import_id: int, seen: str | None = None) -> None:
        """Ask for a file to be applied as it was judged."""
        seen = seen or self.file(import_id).seen
        with self.world.database.write() as connection:
            who, now = self.world.people[self.by], self.world.clock.now()
            apply_later(connection, who, now, import_id, seen, self.key())

    def apply(self, import_id: int) -> str:
        """Have a file applied; return what came of it."""
        self.ask(import_id)
        self.work()
        with self.world.database.read() as connection:
            which = select(JobItem.result).where(JobItem.job_id == self.file(import_id).job_id)
            result = connection.scalars(which).one()
        problems = result.get("problems")
        return str(problems[0]["code"] if problems else result["outcome"])

    def put(self, kind: str, content: str | bytes) -> dict[str, int]:
        """Have a file read, judged and applied; return how many rows had each verdict."""
        import_id = self.read(kind, content)
        counts = self.counts(import_id)
        assert self.apply(import_id) == "done", self.told(import_id)
        return counts

    def work(self) -> int:
        """Do the jobs that wait."""
        return work_off(self.world.database, import_doers(self.files, LIFE), self.world.clock.now)

    def file(self, import_id: int) -> Any:
        """Return a file as it stands."""
        with self.world.database.read() as connection:
            which = select(ImportFile.__table__).where(ImportFile.id == import_id)
            return connection.execute(which).one()

    def counts(self, import_id: int) -> dict[str, int]:
        """Return how many rows have each verdict, without those that none has."""
        file = self.file(import_id)
        assert file.counts is not None, file.problem
        return {name: number for name, number in file.counts.items() if number}

    def told(self, import_id: int) -> list[tuple[int, str, dict[str, Any]]]:
        """Return line, verdict and what is told of each row."""
        with self.world.database.read() as connection:
            rows = connection.execute(
                select(ImportRow.line, ImportRow.verdict, ImportRow.told)
                .where(ImportRow.import_id == import_id)
                .order_by(ImportRow.line)
            )
            return [(row.line, row.verdict.value, row.told) for row in rows]

    def problems(self, import_id: int) -> list[tuple[int, str, str]]:
        """Return line, column and code of each problem of a file."""
        return [
            (line, one["field"], one["code"])
            for line, _verdict, told in self.told(import_id)
            for one in told["problems"]
        ]

    def acts(self, *kinds: str) -> int:
        """Return how many acts there are of some kinds, or of any."""
        with self.world.database.read() as connection:
            which = [Act.kind.in_(kinds)] if kinds else []
            return connection.scalar(select(func.count(Act.id)).where(*which)) or 0


def table(*rows: Sequence[str]) -> str:
    """Return rows, the first of them the headings, as CSV of plain cells."""
    return "".join(",".join(row) + "\n" for row in rows)
