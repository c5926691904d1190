"""The outbox is sent at least once, never twice at once, and nobody is sent what is not for them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import insert, update

from models.database import Database
from models.history import Reason
from models.messages import Message
from models.vocabulary import Delivery, MailPreference, MessageKind
from notifications import outbox
from notifications.delivery import BATCH, LINK_ENDED, Summary, deliver_due
from notifications.mail import Mail, MailDelayed
from notifications.timetable import LEASE
from tests.support.mail import KeepingMailer
from tests.support.mail_room import BASE_URL, DECISION, LINK, Office
from workflow.clock import SettableClock


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
