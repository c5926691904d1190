"""Keeps files in a local folder that no web server serves."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from models.file_store.receiving import Arrived, name_of, received
from models.file_store.trouble import FilesAway, Unusable


class LocalFiles:
    """A FileStore in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def prepare(self) -> None:
        """Make the folder where files come in, and try it."""
        try:
            with NamedTemporaryFile(dir=self._incoming()):
                pass
        except OSError as error:
            raise Unusable(f"FILES_DIR: {self.folder} cannot be written to ({error.strerror}).") from None

    def receive(self, source: IO[bytes], limit: int) -> AbstractContextManager[Arrived]:
        """Give what came in, written aside where it can be moved into its place in one step."""
        with self._reached():
            return received(source, limit, self._incoming())

    def keep(self, arrived: Arrived) -> None:
        """Move a file into its place, where a power cut leaves it."""
        place = self.folder / name_of(arrived.digest)
        with self._reached():
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _sync(arrived.path)
            arrived.path.replace(place)
            for folder in (place.parent, self.folder):
                _sync(folder)

    def remove(self, digest: str) -> None:
        """Remove a file from its place."""
        with self._reached():
            (self.folder / name_of(digest)).unlink(missing_ok=True)

    def find(self, digest: str) -> IO[bytes]:
        """Open a file in its place."""
        try:
            return (self.folder / name_of(digest)).open("rb")
        except FileNotFoundError:
            raise
        except OSError as error:
            raise self._away(error) from None

    def _incoming(self) -> Path:
        aside = self.folder / "incoming"
        aside.mkdir(mode=0o700, parents=True, exist_ok=True)
        return aside

    @contextmanager
    def _reached(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise self._away(error) from None

    def _away(self, error: OSError) -> FilesAway:
        return FilesAway(f"FILES_DIR: {self.folder} is out of reach ({error.strerror}).")


def _sync(path: Path) -> None:
    """Make a file's content, or a new name in a folder, outlast a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
