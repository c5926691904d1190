"""What cannot be sent is tried again or fails with its reason, and never stops the others."""

from datetime import UTC, timedelta

import pytest
from sqlalchemy import update

from models.people import User
from models.vocabulary import Delivery
from notifications.delivery import Summary, deliver_due
from notifications.mail import Mail, MailDelayed, MailRefused, MailServerDown
from notifications.smtp import Security, SmtpMailer, SmtpServer
from notifications.timetable import BACK_OFF
from tests.support.mail import mail_server
from tests.support.mail_room import BASE_URL, Office, failing


def test_a_temporary_error_is_tried_again_by_the_back_off_table(office: Office) -> None:
    message = office.message(office.user("ada"), "slow")
    office.mailer.fails = failing(MailDelayed("451 try later"), "slow")
    for wait in BACK_OFF:
        assert office.deliver() == Summary(delayed=1)
        row = office.row(message)
        assert (row.delivery, row.last_error) == (Delivery.waiting, "451 try later")
        assert (
            row.due_at == office.clock.now() + wait
            or row.due_at.replace(tzinfo=UTC) == office.clock.now() + wait
        )
        office.clock.advance(wait - timedelta(seconds=1))
        assert office.deliver() == Summary()
        office.clock.advance(timedelta(seconds=1))
    assert office.deliver() == Summary(failed=1)
    assert office.row(message).delivery is Delivery.failed
    assert office.deliver() == Summary()


def test_a_mail_that_goes_through_at_last_leaves_no_error(office: Office) -> None:
    message = office.message(office.user("ada"), "slow")
    office.mailer.fails = failing(MailDelayed("451 try later"), "slow")
    office.deliver()
    office.mailer.fails = lambda _: None
    office.clock.advance(BACK_OFF[0])
    assert office.deliver().sent == 1
    assert office.row(message).last_error is None


def test_a_permanent_error_fails_at_once_with_its_reason(office: Office) -> None:
    message = office.message(office.user("ada"), "gone")
    office.mailer.fails = failing(MailRefused("550 no such user"), "gone")
    assert office.deliver() == Summary(failed=1)
    row = office.row(message)
    assert (row.delivery, row.last_error, row.attempts) == (Delivery.failed, "550 no such user", 1)


@pytest.mark.parametrize("error", [MailRefused("550"), MailDelayed("451"), RuntimeError("a bug of ours")])
def test_one_bad_mail_never_stops_the_others(office: Office, error: Exception) -> None:
    for name in ("first", "bad", "last"):
        office.message(office.user(name), name)
    office.mailer.fails = failing(error, "bad")
    assert office.deliver().sent == 2
    assert office.subjects == ["first", "last"]


def test_a_message_that_cannot_be_worded_fails_alone(office: Office) -> None:
    broken = office.message(office.user("ada"), "broken", figures={"trigger": "approve"})
    office.message(office.user("ben"), "whole")
    assert office.deliver() == Summary(sent=1, failed=1)
    assert office.row(broken).last_error == "It cannot be put into words (KeyError: 'claim')."


def test_a_name_with_a_line_break_forges_no_header(office: Office) -> None:
    with mail_server() as server:
        user = office.user("ada")
        with office.database.write() as connection:
            connection.execute(
                update(User).where(User.id == user).values(name="Ada\r\nBcc: thief@evil.example")
            )
        message = office.message(user, "first")
        office.message(office.user("ben"), "second")
        assert deliver_due(office.database, _smtp(server.port), BASE_URL, office.clock.now) == Summary(
            sent=1, failed=1
        )
        assert "cannot stand in a mail's header" in office.row(message).last_error
        assert [mail["Bcc"] for mail in server.letterbox.mails] == [None]


def test_a_server_that_is_down_is_asked_once_and_again_later(office: Office) -> None:
    ada = office.user("ada")
    for name in ("first", "second", "third"):
        office.message(ada, name)
    asked = []

    def down(mail: Mail) -> Exception:
        asked.append(mail)
        return MailServerDown("Connection refused")

    office.mailer.fails = down
    assert office.deliver() == Summary(delayed=1)
    assert len(asked) == 1
    office.mailer.fails = lambda _: None
    office.clock.advance(BACK_OFF[0])
    assert office.deliver().sent == 3


def test_a_real_server_gets_the_mail_and_its_refusals_are_recorded(office: Office) -> None:
    answers = {"bad@partner.example": "550 5.1.1 no such user", "slow@partner.example": "451 4.3.0 try later"}
    with mail_server() as server:
        server.letterbox.to_recipient = answers.get
        ids = {name: office.message(office.user(name), name) for name in ("bad", "slow", "good")}
        sent = deliver_due(office.database, _smtp(server.port), BASE_URL, office.clock.now)
        assert sent == Summary(sent=1, delayed=1, failed=1)
        (mail,) = server.letterbox.mails
        assert mail["To"] == "good <good@partner.example>"
        assert office.row(ids["bad"]).last_error == "550 5.1.1 no such user"
        assert office.row(ids["slow"]).last_error == "451 4.3.0 try later"
        assert office.row(ids["slow"]).delivery is Delivery.waiting


def _smtp(port: int) -> SmtpMailer:
    return SmtpMailer(SmtpServer("127.0.0.1", port, "fund@vendor.example", security=Security.none, timeout=5))
