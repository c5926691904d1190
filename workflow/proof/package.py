"""The audit package: all of history as one ZIP, with what verifies it far from the product."""

import hashlib
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, func, select

from models.base import Base, canonical
from models.links import Link
from workflow.proof import verify
from workflow.proof.live import PROVED_OF_REASONS, Columns, Live
from workflow.proof.signing import SigningKey
from workflow.proof.verify import Tell
from workflow.rules import RULES
from workflow.sampling import sample
from workflow.sentences import FOUND

PROVED = tuple(dict.fromkeys(("move", *verify.FOLDED, *verify.RECORDED, "reason")))
"""Tables of which every row, and every value but ids, is proved."""

TABLES = (
    *PROVED,
    "claim",
    "claim_line",
    "evidence",
    "fund",
    "period",
    "partner",
    "user",
    "checkpoint",
    "checkpoint_head",
    "sample",
    "sample_claim",
)
"""What is in a package, a file for each table: what must be proved, and what it names by ids."""

COLUMNS: Columns = {
    "user": ("id", "name", "partner_id", "deactivated_at"),
    "reason": PROVED_OF_REASONS,
}
"""Nobody's address or password leaves the product."""

README = Path(__file__).with_name("package_readme.txt")


def write_package(
    connection: Connection, key: SigningKey, now: datetime, into: IO[bytes], tell: Tell = lambda _: None
) -> None:
    """Write an audit package of what a connection sees, which should be one state (`Database.snapshot`).

    `tell` is told after every thousand rows how many were written. Every file stands in a manifest that is
    signed, so that none can be changed afterwards.
    """
    digests: dict[str, str] = {}
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, lines in _files(connection, now, tell):
            digests[name] = _add(archive, name, lines, now)
        manifest = canonical({"made_at": now, "key": key.public, "files": digests})
        _add(archive, "manifest.json", [manifest.encode()], now)
        _add(archive, "manifest.sig", [key.sign(manifest).encode()], now)


def count_rows(connection: Connection) -> int:
    """Return how many rows a package of what a connection sees has."""
    tables = [Base.metadata.tables[name] for name in (Link.__tablename__, *TABLES)]
    counts = [select(func.count()).select_from(table).scalar_subquery() for table in tables]
    return int(sum(connection.execute(select(*counts)).one()))


def _files(connection: Connection, now: datetime, tell: Tell) -> Iterator[tuple[str, Iterable[bytes]]]:
    """Yield each file's name and its parts."""
    source, count = Live(connection, columns=COLUMNS), _Count(tell)
    yield "README.txt", [README.read_text().format(made_at=f"{now:%d %B %Y, %H:%M} UTC").encode()]
    yield "verify.py", [Path(verify.__file__).read_bytes()]
    yield "sample.py", [Path(sample.__file__).read_bytes()]
    yield "rule.jsonl", _rules()
    yield "link.txt", count(b"%s %s %s %s %s\n" % link for link in source.links())
    for table in TABLES:
        yield f"{table}.jsonl", count(canonical(row).encode() + b"\n" for row in source.rows(table))


def _rules() -> Iterator[bytes]:
    """Yield each rule with its clause and its sentences; what it compares with stands in the policies."""
    for rule in RULES:
        found = {code: words._asdict() for code, words in FOUND[rule.id].items()}
        checkpoints = sorted(one.value for one in rule.checkpoints)
        text = {"id": rule.id, "clause": rule.clause, "checkpoints": checkpoints, "found": found}
        yield canonical(text).encode() + b"\n"


class _Count:
    """Lets lines pass and tells how many there were so far, over all files."""

    def __init__(self, tell: Tell) -> None:
        self.tell, self.done = tell, 0

    def __call__(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        for line in lines:
            yield line
            self.done += 1
            if self.done % 1000 == 0:
                self.tell(self.done)


def _add(archive: zipfile.ZipFile, name: str, parts: Iterable[bytes], now: datetime) -> str:
    """Add a file; return its SHA-256."""
    digest = hashlib.sha256()
    entry = zipfile.ZipInfo(name, now.astimezone(UTC).timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    with archive.open(entry, "w", force_zip64=True) as file:
        for part in parts:
            digest.update(part)
            file.write(part)
    return digest.hexdigest()
