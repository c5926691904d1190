"""What the worker does with the proof of history: it makes audit packages, and verifies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert

from models.database import Database
from models.file_store import FileStore
from models.packages import AuditPackage
from models.vocabulary import JobKind
from workflow.dossier import AnyRow
from workflow.jobs import Doer, Doers
from workflow.leases import Tell
from workflow.loose_files import write_down_as_loose
from workflow.proof.checkpoints import CutOff, Differs, make_checkpoint, write_outside
from workflow.proof.package import count_rows, write_package
from workflow.proof.signing import NoKey, SigningKey, read_key
from workflow.proof.verify import History
from workflow.proof.verifying import Seal, alarm, count_links, last_verified, look_through, remember
from workflow.refusals import Problem, Refused


class Stored(NamedTuple):
    """A package that was made: its file in the store."""

    digest: str
    size: int


def proof_doers(signer: "Signer", files: FileStore) -> Doers:
    """Return how the jobs that prove history are done."""
    packer, verifier = _Packer(signer, files), _Verifier(signer)
    return {
        JobKind.make_package: Doer(packer.keep, ready=packer.pack),
        JobKind.verify_history: Doer(verifier.keep, ready=verifier.look),
    }


@dataclass(frozen=True, slots=True)
class Signer:
    """What signs and verifies: the file of the key, and the folder outside the database for checkpoints."""

    key_file: Path
    folder: Path
    earlier: Sequence[str] = ()
    """Public keys that were signed with before."""

    def verifier(self) -> Seal:
        """Return what verifies checkpoints. Raises Refused where this machine cannot."""
        try:
            keys = (read_key(self.key_file).public, *self.earlier)
        except NoKey:
            raise Refused(Problem("no_signing_key")) from None
        return Seal([bytes.fromhex(key) for key in keys], self.folder)

    def sign(self, database: Database, now: datetime) -> SigningKey:
        """Make a checkpoint of all there is and return its key.

        Raises Refused where this machine cannot. What must not be signed raises the alarm besides.
        """
        try:
            key = read_key(self.key_file)
            make_checkpoint(database, key, now)
            write_outside(database, self.folder)
        except NoKey:
            raise Refused(Problem("no_signing_key")) from None
        except OSError:
            raise Refused(Problem("no_checkpoint_folder")) from None
        except (CutOff, Differs) as broken:
            alarm(database, str(broken), now)
            raise Refused(Problem("history_broken")) from None
        return key


@dataclass(frozen=True, slots=True)
class _Packer:
    signer: Signer
    files: FileStore

    def pack(self, database: Database, job: AnyRow, item: AnyRow, now: datetime, tell: Tell) -> Stored:
        """Make a package of one state and store it, loose until a row names it: none is offered by halves.

        A checkpoint is signed first, so that it covers all that the package holds.
        """
        key = self.signer.sign(database, now)
        with TemporaryFile() as made:
            with database.snapshot() as connection:
                total = count_rows(connection)
                write_package(connection, key, now, made, lambda done: tell(done, total))
            size = made.tell()
            made.seek(0)
            with self.files.receive(made, size) as arrived:
                tell(total, total)
                write_down_as_loose(database, arrived.digest, now)
                self.files.keep(arrived)
                return Stored(arrived.digest, size)

    def keep(
        self, connection: Connection, job: AnyRow, item: AnyRow, now: datetime, stored: Stored
    ) -> dict[str, Any]:
        """Offer the package."""
        connection.execute(insert(AuditPackage).values(job_id=job.id, made_at=now, **stored._asdict()))
        return {"outcome": "done", "size": stored.size}


@dataclass(frozen=True, slots=True)
class _Verifier:
    signer: Signer

    def look(
        self, database: Database, job: AnyRow, item: AnyRow, now: datetime, tell: Tell
    ) -> tuple[History, int]:
        """Verify all of history, or from where it was verified before: as the command does."""
        seal = self.signer.verifier()
        with database.read() as connection:
            since = 0 if job.input["whole"] else last_verified(connection)
            total = count_links(connection, since)
        return look_through(database, seal, since=since, tell=lambda done: tell(done, total)), since

    def keep(
        self, connection: Connection, job: AnyRow, item: AnyRow, now: datetime, looked: tuple[History, int]
    ) -> dict[str, Any]:
        """Remember what was found, and raise the alarm."""
        return {"outcome": "done", "verification": remember(connection, *looked, now)}
