"""Keeps uploaded files under names of our own: the SHA-256 digest of what is in them.

What came in is written aside first and put in its place in one step, so that no half file is ever found.
"""

from contextlib import AbstractContextManager
from typing import IO, Protocol

from models.file_store.receiving import Arrived, digest_of
from models.file_store.trouble import FilesAway, TooLarge, Unusable

__all__ = ["Arrived", "FileStore", "FilesAway", "TooLarge", "Unusable", "digest_of"]


class FileStore(Protocol):
    """The files of one installation. Every method raises FilesAway while they are out of reach."""

    def prepare(self) -> None:
        """Try whether files can be kept and read. Raises Unusable where the settings do not let them."""

    def receive(self, source: IO[bytes], limit: int) -> AbstractContextManager[Arrived]:
        """Give what came in, written aside. It is gone at the end unless it was kept.

        Raises TooLarge once more than `limit` bytes came.
        """

    def keep(self, arrived: Arrived) -> None:
        """Keep a file for good. The same content again is the same file."""

    def remove(self, digest: str) -> None:
        """Remove a file, if it is there."""

    def find(self, digest: str) -> IO[bytes]:
        """Open a file, for the caller to close. FileNotFoundError if there is none of this digest."""
