"""Mail by SMTP: one connection for all the mails of a batch, and what each refusal of the server means."""

import contextlib
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from notifications.mail import Mail, MailDelayed, MailRefused, MailServerDown, email_of

_CLOSING = 421
"""The server ends the connection (RFC 5321, 3.8)."""


class Security(StrEnum):
    """How the connection to the mail server is secured."""

    none = "none"
    starttls = "starttls"
    tls = "tls"


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where mail is handed in. `timeout` is in seconds, for each answer of the server."""

    host: str
    port: int
    sender: str
    security: Security = Security.starttls
    username: str = ""
    password: str = ""
    timeout: float = 20.0


class SmtpMailer:
    """Sends through one SMTP server, connecting at the first mail of a batch."""

    def __init__(self, server: SmtpServer, tls: ssl.SSLContext | None = None) -> None:
        self._server = server
        self._tls = tls or ssl.create_default_context()
        self._connection: smtplib.SMTP | None = None

    def send(self, mail: Mail) -> None:
        """Hand the mail to the server.

        Raises MailRefused (5xx for the mail or its reader, an address that is none), MailDelayed (4xx) or
        MailServerDown (no connection, no sign-in, the sender not admitted).
        """
        message = email_of(mail, self._server.sender)
        connection = self._connected()
        try:
            connection.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            raise self._refusal(*_first(error.recipients)) from error
        except smtplib.SMTPDataError as error:
            raise self._refusal(error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPNotSupportedError as error:
            raise MailRefused(f"The mail server cannot take this address: {error}") from error
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise MailServerDown(_text(error)) from error

    def close(self) -> None:
        """Hang up, if connected."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                connection.quit()
            connection.close()

    def _connected(self) -> smtplib.SMTP:
        if self._connection is None:
            try:
                self._connection = self._open()
            except (smtplib.SMTPException, OSError, ValueError) as error:
                raise MailServerDown(_text(error)) from error
        return self._connection

    def _open(self) -> smtplib.SMTP:
        server = self._server
        if server.security is Security.tls:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=server.timeout, context=self._tls
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=server.timeout)
        try:
            if server.security is Security.starttls:
                connection.starttls(context=self._tls)
            if server.username:
                connection.login(server.username, server.password)
        except BaseException:
            connection.close()
            raise
        return connection

    def _refusal(self, code: int, said: bytes | str) -> MailRefused | MailDelayed:
        text = f"{code} {_decoded(said)}"
        if code == _CLOSING:
            self.close()
            return MailServerDown(text)
        return MailDelayed(text) if code < 500 else MailRefused(text)


def _first(recipients: Mapping[str, tuple[int, bytes]]) -> tuple[int, bytes]:
    return next(iter(recipients.values()))


def _decoded(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said


def _text(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_decoded(error.smtp_error)}"
    return str(error) or type(error).__name__
