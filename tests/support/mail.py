"""Mail in tests: a real SMTP server that takes or refuses mail as it is told, and a mailer without one."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from notifications.mail import Mail
from notifications.smtp import Security

Answer = Callable[[str], str | None]
"""What a server says to a recipient or a subject: a refusal such as `451 try later`, or None for yes."""


def _yes(_: str) -> str | None:
    return None


@dataclass
class Letterbox:
    """What a server took, and what it says to the next mail."""

    mails: list[EmailMessage] = field(default_factory=list)
    to_recipient: Answer = _yes
    to_data: Answer = _yes
    sessions: set[int] = field(default_factory=set)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        """Answer to a recipient."""
        refusal = self.to_recipient(address)
        if refusal is None:
            envelope.rcpt_tos.append(address)
        return refusal or "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Keep a mail, or refuse it."""
        mail = message_from_bytes(envelope.content, policy=default)
        refusal = self.to_data(mail["Subject"])
        if refusal is None:
            self.sessions.add(id(session))
            self.mails.append(mail)
        return refusal or "250 OK"


@dataclass(frozen=True)
class RunningServer:
    """A server that takes mail on 127.0.0.1."""

    port: int
    letterbox: Letterbox


class _OnFreePort(Controller):
    """Learns which port the system gave it before it is tried."""

    def _trigger_server(self) -> None:
        listening: Any = self.server
        self.port = listening.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call] # the library is not typed


CERTIFICATE = Path(__file__).parent / "localhost.pem"


def trusting() -> ssl.SSLContext:
    """Return a client's context that trusts the test servers' certificate."""
    return ssl.create_default_context(cafile=str(CERTIFICATE))


@contextmanager
def mail_server(
    security: Security = Security.none, login: tuple[str, str] | None = None
) -> Iterator[RunningServer]:
    """Run an SMTP server on a free port, secured as told; with `login` (and STARTTLS) it wants a sign-in."""
    letterbox = Letterbox()

    def known(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=(data.login.decode(), data.password.decode()) == login, handled=False)

    own = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    own.load_cert_chain(CERTIFICATE)
    controller = _OnFreePort(
        letterbox,
        hostname="127.0.0.1",
        port=0,
        ssl_context=own if security is Security.tls else None,
        tls_context=own if security is Security.starttls else None,
        require_starttls=security is Security.starttls,
        authenticator=known if login else None,
        auth_required=login is not None,
    )
    controller.start()
    try:
        yield RunningServer(controller.port, letterbox)
    finally:
        controller.stop()


class KeepingMailer:
    """A mailer that keeps what it is given, and fails when told to."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self.fails: Callable[[Mail], Exception | None] = lambda _: None
        self.closed = 0

    def send(self, mail: Mail) -> None:
        """Keep the mail, or raise what it should fail with."""
        error = self.fails(mail)
        if error is not None:
            raise error
        self.mails.append(mail)

    def close(self) -> None:
        """Count that it was closed."""
        self.closed += 1
