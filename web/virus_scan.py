"""Asks clamd, the daemon of ClamAV, about a file before it is kept. What it does not clear is not taken."""

import re
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from workflow.file_types import FileRefused

_PIECE = 1 << 16
_LONGEST_REPLY = 4096
_FOUND = re.compile(r"stream: (.+) FOUND\0")
_CLEAN = "stream: OK\0"


class NotScanned(Exception):
    """clamd did not say whether a file is clean. The text is one line that says why."""


@dataclass(frozen=True, slots=True)
class Scanner:
    """The clamd at an address such as `tcp://host:3310` or `unix:///run/clamd.sock`."""

    url: str
    seconds: float = 30

    def clear(self, path: Path, name: str) -> None:
        """Return if clamd finds a file clean. Raises FileRefused where it does not, NotScanned if unsaid."""
        try:
            reply = self._reply_to(path)
        except OSError as error:
            raise NotScanned(f"CLAMD_URL: no answer from {self.url} ({error}).") from None
        if reply == _CLEAN:
            return
        found = _FOUND.fullmatch(reply)
        if found is None:
            raise NotScanned(f"CLAMD_URL: {self.url} answers {reply[:200]!r}.")
        raise FileRefused("infected", {"name": name, "found": found[1]})

    def _reply_to(self, path: Path) -> str:
        with path.open("rb") as content, self._connection() as connection:
            try:
                _send(connection, content)
            except (BrokenPipeError, ConnectionResetError):
                # It hangs up on what is too large for it. Whatever it said, it has not seen the whole file.
                raise NotScanned(f"CLAMD_URL: {self.url} hung up ({_read(connection)!r}).") from None
            return _read(connection)

    def _connection(self) -> socket.socket:
        place = urlsplit(self.url)
        if place.scheme == "tcp":
            return socket.create_connection((place.hostname, place.port or 3310), self.seconds)
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.settimeout(self.seconds)
            connection.connect(place.path)
        except OSError:
            connection.close()
            raise
        return connection


def _send(connection: socket.socket, content: BinaryIO) -> None:
    """Send a file as INSTREAM wants it: pieces, each after its length in four bytes, and an empty one."""
    connection.sendall(b"zINSTREAM\0")
    while piece := content.read(_PIECE):
        connection.sendall(len(piece).to_bytes(4, "big") + piece)
    connection.sendall(bytes(4))


def _read(connection: socket.socket) -> str:
    """Return what clamd says up to its NUL, which is there unless it hung up or says too much."""
    said = bytearray()
    while b"\0" not in said and len(said) < _LONGEST_REPLY and (more := connection.recv(_LONGEST_REPLY)):
        said += more
    return said.decode("ascii", "replace")
