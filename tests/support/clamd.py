"""A scanner that speaks clamd's protocol over a real socket. It knows one virus, and can misbehave."""

import socketserver
from pathlib import Path
from threading import Event, Thread

VIRUS = b"%% this is the worm of the tests %%"
LARGEST = 1_000_000


class Clamd:
    """A server on a free port of this machine, or on a socket file. `reply` stands in for its verdict."""

    def __init__(self, file: Path | None = None) -> None:
        self.scanned: list[bytes] = []
        self.reply: bytes | None = None
        self.answers = Event()
        self.answers.set()
        self._server: socketserver.TCPServer | socketserver.UnixStreamServer
        if file is None:
            self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), self._handler())
            self.url = f"tcp://127.0.0.1:{self._server.server_address[1]}"
        else:
            self._server = socketserver.ThreadingUnixStreamServer(str(file), self._handler())
            self.url = f"unix://{file}"
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()
        self._listens = True

    def stop(self) -> None:
        """End the server: nobody listens at its address any more."""
        if self._listens:
            self._listens = False
            self.answers.set()
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()

    def verdict(self, content: bytes) -> bytes:
        """Return what it says of a content."""
        if self.reply is not None:
            return self.reply
        return b"stream: Test.Worm FOUND\0" if VIRUS in content else b"stream: OK\0"

    def _handler(self) -> type[socketserver.StreamRequestHandler]:
        clamd = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                if self.rfile.read(10) != b"zINSTREAM\0":
                    self.wfile.write(b"UNKNOWN COMMAND\0")
                    return
                content = b""
                while length := int.from_bytes(self.rfile.read(4), "big"):
                    content += self.rfile.read(length)
                    if len(content) > LARGEST:
                        self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                        return
                clamd.scanned.append(content)
                clamd.answers.wait(60)
                if reply := clamd.verdict(content):
                    self.wfile.write(reply)

        return Handler
