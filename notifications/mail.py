"""An e-mail: its headers, checked against injection, and its Message-ID, the same for every repeat."""

import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Protocol

_NOT_IN_HEADERS = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Unicode's controls, lone surrogates, line and paragraph separators."""


class MailRefused(Exception):
    """The mail can never be delivered as it is: trying again is no use."""


class HeaderRefused(MailRefused):
    """A header holds a line break or another control character: it could forge further headers."""


class MailDelayed(Exception):
    """This mail could not be delivered now; it may be later. Others may go out all the same."""


class MailServerDown(MailDelayed):
    """The mail server cannot be used now, so no other mail would go out either."""


@dataclass(frozen=True, slots=True)
class Mail:
    """What is sent to one person: plain text, and the same as HTML."""

    message_id: str
    sender_name: str
    reader_name: str
    reader_address: str
    subject: str
    text: str
    html: str
    written_at: datetime


class Mailer(Protocol):
    """Sends mails. `close` ends what `send` opened; `send` opens it anew."""

    def send(self, mail: Mail) -> None:
        """Hand the mail over. Raises MailRefused, MailDelayed or MailServerDown when it was not taken."""
        ...

    def close(self) -> None:
        """Hang up. Never raises."""
        ...


def message_id(prefix: str, key: str, created_at: datetime, host: str) -> str:
    """Return the one Message-ID of what was announced under a key at a moment, however often it is sent."""
    digest = hashlib.sha256(f"{prefix} {key} {created_at.isoformat()}".encode()).hexdigest()
    return f"<{prefix}-{digest[:32]}@{host}>"


def header(text: str) -> str:
    """Return the text as it may stand in a header; raise HeaderRefused where it may not.

    What looks like an encoded word (`=?utf-8?q?…?=`) is taken apart: the email package decodes it, and some
    versions of Python then write the line breaks that it held as they are.
    """
    if any(unicodedata.category(char) in _NOT_IN_HEADERS for char in text):
        raise HeaderRefused(f"{text!r} cannot stand in a mail's header")
    return text.replace("=?", "= ?")


def email_of(mail: Mail, sender_address: str) -> EmailMessage:
    """Return the message to send. Raises MailRefused for a header or an address that cannot be."""
    message = EmailMessage(policy=SMTP)
    message["From"] = _address(mail.sender_name, sender_address)
    message["To"] = _address(mail.reader_name, mail.reader_address)
    message["Subject"] = header(mail.subject)
    message["Date"] = format_datetime(mail.written_at)
    message["Message-ID"] = header(mail.message_id)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message


def _address(name: str, address: str) -> Address:
    display_name, addr_spec = header(name), header(address)
    try:
        return Address(display_name=display_name, addr_spec=addr_spec)
    except (ValueError, IndexError, MessageError) as error:
        raise MailRefused(f"{address!r} is no e-mail address") from error
