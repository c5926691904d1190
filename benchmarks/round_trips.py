"""Counts round trips to PostgreSQL: how often a client speaks after the server has answered."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

from sqlalchemy import make_url

SOCKET = ".s.PGSQL.5432"


@dataclass
class Trips:
    """How many there were, and whether the server spoke last."""

    count: int = 0
    answered: bool = True

    def from_client(self) -> None:
        """Note that the client speaks."""
        self.count += self.answered
        self.answered = False

    def from_server(self) -> None:
        """Note that the server speaks."""
        self.answered = True


@contextmanager
def relay(url: str) -> Iterator[tuple[str, Trips]]:
    """Give an address that leads to the same database through a relay, and what the relay counts."""
    address, trips = make_url(url), Trips()
    server = Path(str(address.query["host"])) / SOCKET
    with TemporaryDirectory(prefix="cofund-") as folder, socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(Path(folder) / SOCKET))
        listening.listen()
        Thread(target=_serve, args=(listening, server, trips), daemon=True).start()
        here = address.update_query_dict({"host": folder})
        yield here.render_as_string(hide_password=False), trips
        listening.shutdown(socket.SHUT_RDWR)


def _serve(listening: socket.socket, server: Path, trips: Trips) -> None:
    while True:
        try:
            client, _ = listening.accept()
        except OSError:
            return  # the measurement is over
        upstream = socket.socket(socket.AF_UNIX)
        upstream.connect(str(server))
        Thread(target=_pump, args=(client, upstream, trips.from_client), daemon=True).start()
        Thread(target=_pump, args=(upstream, client, trips.from_server), daemon=True).start()


def _pump(source: socket.socket, target: socket.socket, note: Callable[[], None]) -> None:
    while data := source.recv(1 << 16):
        note()
        target.sendall(data)
    target.close()
