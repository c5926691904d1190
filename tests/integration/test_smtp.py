"""Mail reaches a real SMTP server, and each of its refusals is understood."""

import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from notifications.mail import Mail, MailDelayed, MailRefused, MailServerDown
from notifications.smtp import Security, SmtpMailer, SmtpServer
from tests.support.mail import RunningServer, mail_server, trusting

MAIL = Mail(
    message_id="<message-1@fund.example>",
    sender_name="Joint Marketing Fund",
    reader_name="Zoë Ångström",
    reader_address="zoe@partner.example",
    subject="Fund: “Seminar” is approved",
    text="Grüße",
    html="<p>Grüße</p>",
    written_at=datetime(2026, 3, 2, 12, 0, tzinfo=UTC),
)


def mailer(port: int, **options: Any) -> SmtpMailer:
    where = SmtpServer("127.0.0.1", port, "fund@vendor.example", security=Security.none, timeout=5)
    return SmtpMailer(replace(where, **options), trusting())


@pytest.fixture
def server() -> Iterator[RunningServer]:
    with mail_server() as running:
        yield running


def test_a_mail_arrives_as_text_and_html_with_its_headers(server: RunningServer) -> None:
    with closing(mailer(server.port)) as sends:
        sends.send(MAIL)
    (mail,) = server.letterbox.mails
    assert mail["Message-ID"] == MAIL.message_id
    assert mail["Subject"] == MAIL.subject
    assert mail["From"] == "Joint Marketing Fund <fund@vendor.example>"
    assert mail["To"] == "Zoë Ångström <zoe@partner.example>"
    assert [part.get_content().strip() for part in mail.iter_parts()] == ["Grüße", "<p>Grüße</p>"]


def test_one_connection_carries_a_whole_batch(server: RunningServer) -> None:
    with closing(mailer(server.port)) as sends:
        for _ in range(3):
            sends.send(MAIL)
    assert len(server.letterbox.mails) == 3
    assert len(server.letterbox.sessions) == 1


def test_a_mailer_that_was_closed_connects_anew(server: RunningServer) -> None:
    with closing(mailer(server.port)) as sends:
        sends.send(MAIL)
        sends.close()
        sends.send(MAIL)
    assert len(server.letterbox.sessions) == 2


@pytest.mark.parametrize("where", ["to_recipient", "to_data"])
@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("451 4.3.0 try again later", MailDelayed),
        ("452 4.2.2 mailbox full", MailDelayed),
        ("550 5.1.1 no such user", MailRefused),
        ("554 5.7.1 not wanted", MailRefused),
        ("421 4.3.2 closing down", MailServerDown),
    ],
)
def test_refusals_are_told_apart_and_the_next_mail_still_goes(
    server: RunningServer, where: str, answer: str, error: type[Exception]
) -> None:
    setattr(server.letterbox, where, lambda _: answer)
    with closing(mailer(server.port)) as sends:
        with pytest.raises(error, match=answer.split(" ", 1)[1]) as raised:
            sends.send(MAIL)
        assert type(raised.value) is error
        setattr(server.letterbox, where, lambda _: None)
        sends.send(MAIL)
    assert len(server.letterbox.mails) == 1


def test_a_server_that_refuses_connections_is_down() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with (
            closing(mailer(unused.getsockname()[1])) as sends,
            pytest.raises(MailServerDown, match="refused"),
        ):
            sends.send(MAIL)


def test_a_server_that_never_answers_is_down() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with closing(mailer(port, timeout=0.2)) as sends, pytest.raises(MailServerDown, match="timed out"):
            sends.send(MAIL)


@pytest.mark.parametrize("security", [Security.starttls, Security.tls])
def test_mail_goes_over_tls(security: Security) -> None:
    with mail_server(security) as server, closing(mailer(server.port, security=security)) as sends:
        sends.send(MAIL)
        assert len(server.letterbox.mails) == 1


@pytest.mark.parametrize("security", [Security.starttls, Security.tls])
def test_a_certificate_that_is_not_trusted_stops_the_mail(security: Security) -> None:
    with mail_server(security) as server:
        where = SmtpServer("127.0.0.1", server.port, "fund@vendor.example", security=security, timeout=5)
        with closing(SmtpMailer(where)) as sends, pytest.raises(MailServerDown, match="certificate"):
            sends.send(MAIL)
        assert server.letterbox.mails == []


def test_a_server_without_starttls_gets_no_mail_in_the_clear(server: RunningServer) -> None:
    with (
        closing(mailer(server.port, security=Security.starttls)) as sends,
        pytest.raises(MailServerDown, match="STARTTLS"),
    ):
        sends.send(MAIL)


def test_the_mailer_signs_in_where_the_server_wants_it() -> None:
    with mail_server(Security.starttls, login=("fund", "secret")) as server:
        account = {"security": Security.starttls, "username": "fund", "password": "secret"}
        with closing(mailer(server.port, **account)) as sends:
            sends.send(MAIL)
        assert len(server.letterbox.mails) == 1


@pytest.mark.parametrize("password", ["wrong", "falsch, für wahr"])
def test_a_sign_in_that_fails_blames_the_server_not_the_mail(password: str) -> None:
    with mail_server(Security.starttls, login=("fund", "secret")) as server:
        account = {"security": Security.starttls, "username": "fund", "password": password}
        with closing(mailer(server.port, **account)) as sends, pytest.raises(MailServerDown):
            sends.send(MAIL)


def test_what_is_no_address_never_reaches_the_server(server: RunningServer) -> None:
    with closing(mailer(server.port)) as sends, pytest.raises(MailRefused):
        sends.send(replace(MAIL, reader_address="nobody\r\nRCPT TO:<thief@evil.example>"))
    assert server.letterbox.mails == []
