"""Where files are kept, seen past the product: a folder, and a bucket of a real S3 server."""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from models.file_store import FileStore
from models.file_store.local import LocalFiles
from tests.support.object_store import ObjectStore


class Place(Protocol):
    """Where files are kept, seen past the product."""

    @property
    def files(self) -> FileStore:
        """The product's own way there."""

    def names(self) -> list[str]:
        """Return what lies there, and what was written aside."""

    def put(self, name: str, content: bytes) -> None:
        """Put something there."""

    def take_away(self) -> None:
        """Let it be out of reach."""


@dataclass
class Folder:
    """A folder on this machine."""

    path: Path

    @property
    def files(self) -> FileStore:
        return LocalFiles(self.path)

    def names(self) -> list[str]:
        return sorted(str(file.relative_to(self.path)) for file in self.path.rglob("*") if file.is_file())

    def put(self, name: str, content: bytes) -> None:
        (self.path / name).parent.mkdir(parents=True)
        (self.path / name).write_bytes(content)

    def take_away(self) -> None:
        if self.path.exists():
            self.path.rename(self.path.with_name("elsewhere"))
        self.path.touch()


@dataclass
class Bucket:
    """A bucket of a real S3 server, and the folder of this machine where files are written aside."""

    store: ObjectStore
    aside: Path

    @property
    def files(self) -> FileStore:
        return self.store.files()

    def names(self) -> list[str]:
        return self.store.names() + [path.name for path in self.aside.iterdir()]

    def put(self, name: str, content: bytes) -> None:
        self.store.put(name, content)

    def take_away(self) -> None:
        self.store.stop()


def keep(store: FileStore, content: bytes) -> str:
    with store.receive(io.BytesIO(content), 100) as arrived:
        store.keep(arrived)
    return arrived.digest
