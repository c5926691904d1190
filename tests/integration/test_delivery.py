"""The outbox is sent at least once, never twice at once, and one bad mail never stops the others."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select, update

from models.database import Database
from models.history import Reason
from models.messages import Message
from models.people import Partner, User
from models.programme import Programme
from models.vocabulary import Delivery, MailPreference, MessageKind
from notifications import outbox
from notifications.delivery import BATCH, LINK_ENDED, Summary, deliver_due
from notifications.mail import Mail, MailDelayed, MailRefused, MailServerDown
from notifications.smtp import Security, SmtpMailer, SmtpServer
from notifications.timetable import BACK_OFF, LEASE
from tests.support.mail import KeepingMailer, mail_server
from workflow.clock import SettableClock

BASE_URL = "https://fund.example"
DECISION: dict[str, Any] = {
    "number": "2026H1-00042",
    "title": "Autumn seminar",
    "partner": "Nordlicht",
    "trigger": "approve",
    "source": "submitted",
    "target": "approved",
    "requested": "4000.00",
    "approved": "3500.00",
    "reimbursable": None,
    "paid_on": None,
    "payment_reference": None,
    "amount": None,
    "report_by": None,
    "resubmit_by": None,
    "expired_by": None,
    "reason_hash": None,
}
LINK = {"path": "/set-password/abc", "ends_at": "2026-03-05T12:00:00+00:00"}


class Office:
    """A programme with an outbox, a clock, and a mailer that keeps what it is given."""

    def __init__(self, database: Database, clock: SettableClock) -> None:
        self.database, self.clock, self.mailer = database, clock, KeepingMailer()
        with database.write() as connection:
            connection.execute(
                insert(Programme).values(
                    id=1,
                    owner="Northwind",
                    name="Joint Marketing Fund",
                    time_zone="Europe/Berlin",
                    is_demo=False,
                    created_at=clock.now(),
                )
            )
            connection.execute(
                insert(Partner).values(
                    id=1, name="Nordlicht", partner_type="vap", country="DE", created_at=clock.now()
                )
            )

    def user(self, name: str, preference: MailPreference = MailPreference.at_once, **more: Any) -> int:
        row = {"partner_id": 1, "created_at": self.clock.now(), "is_contact": True, **more}
        row |= {"name": name, "email": f"{name}@partner.example", "mail_preference": preference}
        with self.database.write() as connection:
            return int(connection.execute(insert(User).values(**row).returning(User.id)).scalar_one())

    def message(self, user_id: int, key: str, **more: Any) -> int:
        row = {
            "key": key,
            "user_id": user_id,
            "kind": MessageKind.decision,
            "figures": DECISION | {"title": key},
            "created_at": self.clock.now(),
            "delivery": Delivery.waiting,
            "due_at": self.clock.now(),
            "attempts": 0,
        } | more
        with self.database.write() as connection:
            return int(connection.execute(insert(Message).values(**row).returning(Message.id)).scalar_one())

    def row(self, message_id: int) -> Any:
        with self.database.read() as connection:
            return connection.execute(select(Message.__table__).where(Message.id == message_id)).one()

    def prefer(self, user_id: int, preference: MailPreference) -> None:
        with self.database.write() as connection:
            connection.execute(update(User).where(User.id == user_id).values(mail_preference=preference))

    def deliver(self) -> Summary:
        return deliver_due(self.database, self.mailer, BASE_URL, self.clock.now)

    def take(self) -> outbox.Parcel | None:
        with self.database.write() as connection:
            return outbox.take(connection, self.clock.now(), ZoneInfo("Europe/Berlin"))

    def crash(self, mail: Mail) -> Exception:
        """Take the mail as a server does, and die before anybody hears of it."""
        self.mailer.mails.append(mail)
        raise KeyboardInterrupt

    @property
    def subjects(self) -> list[str]:
        return [mail.subject.split("“")[1].split("”")[0] for mail in self.mailer.mails]


@pytest.fixture
def office(database: Database, clock: SettableClock) -> Office:
    return Office(database, clock)


def failing(error: Exception, *titles: str) -> Callable[[Mail], Exception | None]:
    """Return what fails for mails about these titles only."""
    return lambda mail: error if any(title in mail.subject for title in titles) else None


def test_what_is_due_is_sent_once_and_marked(office: Office) -> None:
    message = office.message(office.user("ada"), "first")
    assert office.deliver() == Summary(sent=1)
    assert office.deliver() == Summary()
    (mail,) = office.mailer.mails
    assert (mail.reader_address, mail.reader_name) == ("ada@partner.example", "ada")
    assert mail.sender_name == "Joint Marketing Fund"
    assert "Northwind" in mail.text
    row = office.row(message)
    assert (row.delivery, row.sent_at, row.taken_until) == (Delivery.sent, office.clock.now(), None)


def test_what_is_due_later_waits(office: Office) -> None:
    office.message(office.user("ada"), "later", due_at=office.clock.now() + timedelta(minutes=1))
    assert office.deliver() == Summary()
    office.clock.advance(timedelta(minutes=1))
    assert office.deliver().sent == 1


def test_the_reason_of_a_decision_is_in_the_mail_until_it_is_erased(office: Office) -> None:
    with office.database.write() as connection:
        connection.execute(insert(Reason).values(hash="h", salt="s", text="The hall is too dear."))
    figures = DECISION | {"trigger": "return", "target": "draft", "reason_hash": "h"}
    office.message(office.user("ada"), "with", figures=figures)
    office.message(office.user("ben"), "without", figures=figures | {"reason_hash": "erased"})
    office.deliver()
    assert ["The hall is too dear." in mail.text for mail in office.mailer.mails] == [True, False]


def test_mail_is_sent_while_no_transaction_is_open(office: Office) -> None:
    first, second = (office.message(office.user(name), name) for name in ("ada", "ben"))

    def write_meanwhile(_: Mail) -> None:
        with office.database.write() as connection:
            connection.execute(update(Message).where(Message.id == second).values(read_at=office.clock.now()))

    office.mailer.fails = write_meanwhile
    assert office.deliver().sent == 2
    assert office.row(first).delivery is Delivery.sent


def test_a_crash_between_sending_and_marking_sends_again_under_the_same_message_id(office: Office) -> None:
    message = office.message(office.user("ada"), "first")
    office.mailer.fails = office.crash
    with pytest.raises(KeyboardInterrupt):
        office.deliver()
    assert office.row(message).delivery is Delivery.waiting
    office.mailer.fails = lambda _: None
    office.clock.advance(LEASE - timedelta(seconds=1))
    assert office.deliver() == Summary()
    office.clock.advance(timedelta(seconds=1))
    assert office.deliver().sent == 1
    lost, repeat = office.mailer.mails
    assert lost.message_id == repeat.message_id
    assert repeat.message_id.endswith("@fund.example>")


def test_two_messages_bear_two_message_ids(office: Office) -> None:
    ada = office.user("ada")
    office.message(ada, "first")
    office.message(ada, "second")
    office.deliver()
    assert len({mail.message_id for mail in office.mailer.mails}) == 2


def test_what_one_worker_took_the_other_leaves(office: Office) -> None:
    office.message(office.user("ada"), "first")
    other = KeepingMailer()

    def meanwhile(_: Mail) -> None:
        deliver_due(office.database, other, BASE_URL, office.clock.now)

    office.mailer.fails = meanwhile
    assert office.deliver().sent == 1
    assert other.mails == []


def test_workers_at_the_same_moment_never_send_one_mail_twice(office: Office) -> None:
    people = [office.user(f"person{number}") for number in range(6)]
    for number in range(60):
        office.message(people[number % 6], f"message {number}")
    start, mailers = Barrier(4), [KeepingMailer() for _ in range(4)]

    def work(mailer: KeepingMailer) -> int:
        start.wait()
        return deliver_due(office.database, mailer, BASE_URL, office.clock.now).sent

    with ThreadPoolExecutor(4) as workers:
        sent = sum(workers.map(work, mailers))
    ids = [mail.message_id for mailer in mailers for mail in mailer.mails]
    assert sent == len(ids) == len(set(ids))
    # A worker that finds all readers busy stops early; the next round has the rest.
    rest = office.deliver().sent
    assert sent + rest == 60


def test_a_worker_that_was_overtaken_does_not_undo_the_others_mark(office: Office) -> None:
    message = office.message(office.user("ada"), "first")
    slow = office.take()
    assert slow is not None
    office.clock.advance(LEASE)
    assert office.deliver().sent == 1
    with office.database.write() as connection:
        outbox.mark_failed(connection, slow, "too late")
    assert office.row(message).delivery is Delivery.sent


def test_a_worker_that_was_overtaken_leaves_the_mail_to_the_other(office: Office) -> None:
    message = office.message(office.user("ada"), "first")
    slow = office.take()
    office.clock.advance(LEASE)
    other = office.take()
    assert slow is not None
    assert other is not None
    with office.database.write() as connection:
        outbox.mark_failed(connection, slow, "too late")
    row = office.row(message)
    assert (row.delivery, row.taken_until) == (Delivery.waiting, other.taken_until)


def test_who_changed_their_mind_since_the_mail_came_due_is_not_taken(office: Office) -> None:
    office.message(office.user("ada", deactivated_at=office.clock.now()), "first")
    office.message(office.user("ben", MailPreference.in_app), "second")
    office.message(office.user("cid", MailPreference.daily), "third")
    assert office.take() is None


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


def test_a_call_sends_no_more_than_a_batch(office: Office) -> None:
    ada = office.user("ada")
    for number in range(BATCH + 1):
        office.message(ada, f"message {number}")
    assert office.deliver() == Summary(sent=BATCH, more=True)
    assert office.deliver() == Summary(sent=1)


def test_whoever_asks_to_stop_is_heard_between_two_mails(office: Office) -> None:
    ada = office.user("ada")
    for name in ("first", "second"):
        office.message(ada, name)
    done = deliver_due(
        office.database, office.mailer, BASE_URL, office.clock.now, stopping=lambda: bool(office.mailer.mails)
    )
    assert done == Summary(sent=1)
    assert office.deliver() == Summary(sent=1)


def test_the_mailer_hangs_up_after_each_call(office: Office) -> None:
    office.message(office.user("ada"), "first")
    office.deliver()
    assert office.mailer.closed == 1


def test_without_a_mailer_mail_is_off_and_nothing_counts_as_failed(office: Office) -> None:
    ada = office.user("ada")
    message = office.message(ada, "first")
    link = office.message(ada, "link", kind=MessageKind.invitation, figures=LINK)
    assert deliver_due(office.database, None, BASE_URL, office.clock.now) == Summary(off=2)
    assert deliver_due(office.database, None, BASE_URL, office.clock.now) == Summary()
    assert (office.row(message).delivery, office.row(message).last_error) == (Delivery.off, None)
    assert office.row(link).figures == LINK | {"path": None}


def test_before_the_set_up_nothing_is_sent(database: Database, clock: SettableClock) -> None:
    assert deliver_due(database, KeepingMailer(), BASE_URL, clock.now) == Summary()


def test_who_reads_in_the_product_gets_no_mail(office: Office) -> None:
    message = office.message(office.user("ada", MailPreference.in_app), "first")
    assert office.deliver() == Summary()
    assert office.row(message).delivery is Delivery.in_app


def test_who_was_deactivated_gets_nothing(office: Office) -> None:
    gone = office.user("ada", deactivated_at=office.clock.now())
    message = office.message(gone, "first")
    link = office.message(gone, "link", kind=MessageKind.password_reset, figures=LINK)
    assert office.deliver() == Summary()
    assert [office.row(each).delivery for each in (message, link)] == [Delivery.off] * 2
    assert office.row(link).figures["path"] is None


@pytest.mark.parametrize("preference", MailPreference)
def test_a_link_goes_at_once_whatever_its_reader_prefers_and_is_then_forgotten(
    office: Office, preference: MailPreference
) -> None:
    link = office.message(office.user("ada", preference), "link", kind=MessageKind.invitation, figures=LINK)
    assert office.deliver().sent == 1
    assert "https://fund.example/set-password/abc" in office.mailer.mails[0].text
    assert office.row(link).figures == LINK | {"path": None}


def test_a_link_that_ended_is_not_sent(office: Office) -> None:
    figures = LINK | {"ends_at": office.clock.now().isoformat()}
    link = office.message(office.user("ada"), "link", kind=MessageKind.invitation, figures=figures)
    assert office.deliver() == Summary(failed=1)
    row = office.row(link)
    assert (row.last_error, row.figures["path"]) == (LINK_ENDED, None)


def test_a_link_that_waits_for_a_second_attempt_is_kept(office: Office) -> None:
    link = office.message(office.user("ada"), "link", kind=MessageKind.invitation, figures=LINK)
    office.mailer.fails = lambda _: MailDelayed("451 try later")
    office.deliver()
    assert office.row(link).figures == LINK


def test_a_daily_reader_gets_one_mail_at_seven_with_the_whole_day(office: Office) -> None:
    ada = office.user("ada", MailPreference.daily)
    office.message(ada, "first")
    office.message(office.user("ben", MailPreference.daily), "other")
    office.clock.advance(timedelta(hours=5))
    office.message(ada, "second")
    assert office.deliver() == Summary()
    office.clock.set(datetime(2026, 3, 3, 5, 59, 59, tzinfo=UTC))
    assert office.deliver() == Summary()
    office.clock.set(datetime(2026, 3, 3, 6, 0, tzinfo=UTC))
    assert office.deliver() == Summary(sent=2)
    mail = next(mail for mail in office.mailer.mails if mail.reader_name == "ada")
    assert mail.subject == "Joint Marketing Fund: Your daily digest (2)"
    assert mail.text.index("“first”") < mail.text.index("“second”")
    assert office.deliver() == Summary()


def test_a_digest_that_is_repeated_bears_the_same_message_id_and_nothing_newer(office: Office) -> None:
    ada = office.user("ada", MailPreference.daily)
    office.message(ada, "first")
    office.message(ada, "second")
    office.clock.set(datetime(2026, 3, 3, 6, 0, tzinfo=UTC))
    office.mailer.fails = office.crash
    with pytest.raises(KeyboardInterrupt):
        office.deliver()
    office.mailer.fails = lambda _: None
    # Nobody looks before the next digest is due as well.
    office.clock.advance(timedelta(hours=3))
    office.message(ada, "third")
    office.clock.set(datetime(2026, 3, 4, 6, 0, tzinfo=UTC))
    assert office.deliver() == Summary(sent=2)
    lost, repeat, fresh = office.mailer.mails
    assert lost.message_id == repeat.message_id != fresh.message_id
    assert (lost.text, lost.subject) == (repeat.text, repeat.subject)
    assert "“third”" in fresh.text


def test_a_digest_with_one_bad_message_tells_the_others(office: Office) -> None:
    ada = office.user("ada", MailPreference.daily)
    broken = office.message(ada, "broken", figures={})
    office.message(ada, "whole")
    office.clock.set(datetime(2026, 3, 3, 6, 0, tzinfo=UTC))
    assert office.deliver() == Summary(sent=1, failed=1)
    assert office.row(broken).delivery is Delivery.failed
    assert "“whole”" in office.mailer.mails[0].text


def test_a_digest_is_delayed_and_sent_whole(office: Office) -> None:
    ada = office.user("ada", MailPreference.daily)
    office.message(ada, "first")
    office.message(ada, "second")
    office.clock.set(datetime(2026, 3, 3, 6, 0, tzinfo=UTC))
    office.mailer.fails = lambda _: MailDelayed("451 try later")
    assert office.deliver() == Summary(delayed=1)
    office.mailer.fails = lambda _: None
    office.clock.advance(BACK_OFF[0])
    assert office.deliver() == Summary(sent=1)
    assert "(2)" in office.mailer.mails[0].subject


def test_the_preference_is_that_of_the_moment_of_sending(office: Office) -> None:
    ada = office.user("ada", MailPreference.daily)
    message = office.message(ada, "first")
    office.deliver()
    office.prefer(ada, MailPreference.in_app)
    office.clock.set(datetime(2026, 3, 3, 6, 0, tzinfo=UTC))
    assert office.deliver() == Summary()
    assert office.row(message).delivery is Delivery.in_app


def test_a_digest_is_never_taken_in_two_halves(office: Office) -> None:
    people = [office.user(f"person{number}", MailPreference.daily) for number in range(5)]
    for number in range(25):
        office.message(people[number % 5], f"message {number}")
    office.clock.set(datetime(2026, 3, 3, 6, 0, tzinfo=UTC))
    start, mailers = Barrier(4), [KeepingMailer() for _ in range(4)]

    def work(mailer: KeepingMailer) -> None:
        start.wait()
        deliver_due(office.database, mailer, BASE_URL, office.clock.now)

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(work, mailers))
    office.deliver()
    mails = [mail for mailer in (*mailers, office.mailer) for mail in mailer.mails]
    assert sorted(mail.reader_name for mail in mails) == [f"person{number}" for number in range(5)]
    assert all(mail.subject.endswith("(5)") for mail in mails)


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
