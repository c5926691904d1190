"""Who wants one mail a day gets one, whole, in the morning."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest

from models.vocabulary import Delivery, MailPreference
from notifications.delivery import Summary, deliver_due
from notifications.mail import MailDelayed
from notifications.timetable import BACK_OFF
from tests.support.mail import KeepingMailer
from tests.support.mail_room import BASE_URL, Office


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
