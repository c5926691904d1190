"""A part that does nothing, run by path with its name and the number of the listening socket.

It prints its name and process id. `server` answers over HTTP; `stubborn` will not be ended.
"""

import os
import signal
import socket
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer


class Answer(BaseHTTPRequestHandler):
    """Answers every GET with nothing."""

    def do_GET(self) -> None:
        """Answer."""
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


def main(name: str, descriptor: int) -> None:
    """Be the part."""
    if name == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.stdout.write(f"{name} {os.getpid()}\n")
    sys.stdout.flush()
    if name == "server":
        server = HTTPServer(("127.0.0.1", 0), Answer, bind_and_activate=False)
        server.socket = socket.socket(fileno=descriptor)
        server.serve_forever()
    while True:
        signal.pause()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
