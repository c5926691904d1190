"""Everybody reads what they were told, and only that; the programme manager watches the outbox."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select

from config import Settings
from models.claims import Claim
from models.database import Database
from models.history import Reason
from models.messages import Message
from models.people import User
from models.vocabulary import Delivery, MessageKind, Role
from tests.functional.conftest import OtherApp, SignIn
from tests.support.factories import PASSWORD, Factory
from tests.support.looking import as_read
from tests.support.pages import Browser
from workflow.clock import SettableClock

TURN = {
    "number": "2026H1-00042",
    "title": "Autumn seminar",
    "partner": "Alpha GmbH",
    "task": "decide",
    "cause": "submit",
    "amount": "4000.00",
}
LINK = {"path": "/set-password/secret-token", "ends_at": "2026-03-05T12:00:00+00:00"}


class Outbox:
    """Puts messages into the outbox and looks at them."""

    def __init__(self, database: Database, clock: SettableClock) -> None:
        self.database, self.clock, self.count = database, clock, 0

    def put(self, user: User, title: str = "Autumn seminar", **more: Any) -> int:
        self.count += 1
        row = {
            "key": f"message {self.count}",
            "user_id": user.id,
            "kind": MessageKind.turn,
            "figures": TURN | {"title": title},
            "created_at": self.clock.now(),
            "delivery": Delivery.sent,
            "due_at": self.clock.now(),
            "attempts": 1,
        } | more
        with self.database.write() as connection:
            return int(connection.execute(insert(Message).values(**row).returning(Message.id)).scalar_one())

    def row(self, message_id: int) -> Any:
        with self.database.read() as connection:
            return connection.execute(select(Message.__table__).where(Message.id == message_id)).one()


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings with which mail is on."""
    return settings.model_copy(update={"smtp_host": "mail.example", "mail_from": "fund@vendor.example"})


def manager_of(app: Flask, user: User) -> Browser:
    """Return a browser in which a user is signed in to another app than the test's own."""
    browser = Browser(app.test_client())
    browser.open("/sign-in").submit("/sign-in", email=user.email, password=PASSWORD)
    return browser


@pytest.fixture
def outbox(make: Factory, clock: SettableClock) -> Outbox:
    return Outbox(make.database, clock)


@pytest.fixture
def bob(make: Factory) -> User:
    """An approver."""
    return make.user("Bob", Role.approver)


@pytest.fixture
def mia(make: Factory) -> User:
    """A programme manager."""
    return make.user("Mia", Role.manager)


def test_a_user_who_was_told_nothing_reads_so(sign_in: SignIn, bob: User) -> None:
    assert "You were not told anything yet" in sign_in(bob).open("/notifications").text


def test_notifications_stand_newest_first_and_unread_ones_are_counted(
    sign_in: SignIn, outbox: Outbox, bob: User, clock: SettableClock
) -> None:
    outbox.put(bob, "First", read_at=clock.now())
    outbox.put(bob, "Second")
    outbox.put(bob, "Third")
    page = sign_in(bob).open("/notifications")
    assert page.text.index("Third") < page.text.index("Second") < page.text.index("First")
    assert "2 unread" in page.text
    assert "4,000.00 USD" in page.text


def test_one_notification_is_marked_as_read(sign_in: SignIn, outbox: Outbox, bob: User) -> None:
    one, other = outbox.put(bob), outbox.put(bob)
    browser = sign_in(bob)
    answer = browser.open("/notifications").submit(f"/notifications/{one}/read")
    assert answer.location == "/notifications"
    assert outbox.row(one).read_at is not None
    assert outbox.row(other).read_at is None
    assert "1 unread" in answer.follow().text


def test_all_on_the_page_are_marked_as_read_but_nothing_newer(
    sign_in: SignIn, outbox: Outbox, bob: User
) -> None:
    seen = outbox.put(bob)
    page = sign_in(bob).open("/notifications")
    newer = outbox.put(bob)
    page.submit("/notifications/read")
    assert outbox.row(seen).read_at is not None
    assert outbox.row(newer).read_at is None


def test_a_notification_leads_to_its_claim_and_is_read_then(
    sign_in: SignIn, outbox: Outbox, make: Factory, bob: User, clock: SettableClock
) -> None:
    ann = make.user("Ann", Role.partner, partner=make.partner())
    with make.database.session() as session:
        claim = Claim(
            partner_id=ann.partner_id,
            author_id=ann.id,
            created_at=clock.now(),
            state_since=clock.now(),
            activity_type="seminar",
            moves=1,
        )
        session.add(claim)
        session.flush()
        claim_id = claim.id
    one = outbox.put(bob, claim_id=claim_id)
    browser = sign_in(bob)
    assert browser.open("/notifications").offers(f"/notifications/{one}")
    assert browser.open(f"/notifications/{one}").location == f"/claims/{claim_id}"
    assert outbox.row(one).read_at is not None


def test_nobody_reads_or_marks_what_others_were_told(
    sign_in: SignIn, outbox: Outbox, bob: User, mia: User
) -> None:
    message = outbox.put(mia, "For Mia only")
    browser = sign_in(bob)
    own = browser.open("/notifications")
    assert "For Mia only" not in own.text
    assert "unread" not in own.text
    outbox.put(bob)
    token = dict(browser.open("/notifications").form("/notifications/read").fields)["csrf_token"]
    assert browser.open(f"/notifications/{message}").status == 404
    assert browser.post(f"/notifications/{message}/read", {"csrf_token": token}).status == 404
    assert browser.post("/notifications/read", {"csrf_token": token, "upto": str(10**17)}).status == 302
    assert outbox.row(message).read_at is None


@pytest.mark.parametrize("upto", ["", "many", "-1", str(10**30)])
def test_a_forged_mark_is_refused_in_plain_words(
    sign_in: SignIn, outbox: Outbox, bob: User, upto: str
) -> None:
    outbox.put(bob)
    answer = sign_in(bob).open("/notifications").submit("/notifications/read", upto=upto)
    assert answer.status == 400


@pytest.mark.parametrize("path", ["/notifications/{}", "/programme/outbox/{}"])
def test_a_number_that_no_message_bears_is_not_found(sign_in: SignIn, mia: User, path: str) -> None:
    browser = sign_in(mia)
    assert [browser.open(path.format(number)).status for number in (0, 999, 2**63, 10**30)] == [404] * 4


def test_a_single_use_link_never_stands_on_a_page(
    sign_in: SignIn, outbox: Outbox, bob: User, mia: User
) -> None:
    message = outbox.put(bob, kind=MessageKind.invitation, figures=LINK, delivery=Delivery.waiting)
    assert "You were not told anything yet" in sign_in(bob).open("/notifications").text
    manager = sign_in(mia)
    pages = [manager.open(path) for path in ("/programme/outbox", f"/programme/outbox/{message}")]
    assert all("You are invited." in page.text for page in pages)
    assert not any("secret-token" in page.text for page in pages)


def test_a_long_list_is_turned_page_by_page(sign_in: SignIn, outbox: Outbox, bob: User) -> None:
    for number in range(60):
        outbox.put(bob, f"Seminar no. {number}.")
    first = sign_in(bob).open("/notifications")
    assert "Seminar no. 59." in first.text
    assert "Seminar no. 0." not in first.text
    older = next(
        each.attributes["href"] for each in first.read.elements if each.attributes.get("rel") == "next"
    )
    assert "Seminar no. 0." in first.browser.open(older).text


@pytest.mark.parametrize("role", [Role.approver, Role.finance, Role.auditor])
def test_the_outbox_is_the_programme_managers(sign_in: SignIn, make: Factory, role: Role) -> None:
    browser = sign_in(make.user("Vera", role))
    assert not browser.open("/notifications").offers("/programme/outbox")
    assert browser.open("/programme/outbox").status == 403


def test_the_outbox_shows_what_became_of_each_mail(
    sign_in: SignIn, outbox: Outbox, bob: User, mia: User
) -> None:
    outbox.put(bob, "Sent one")
    outbox.put(bob, "Failed one", delivery=Delivery.failed, last_error="550 no such user")
    browser = sign_in(mia)
    everything = browser.open("/programme/outbox").text
    assert "E-mail is off" not in everything
    for part in (
        "Sent one",
        "Failed one",
        "550 no such user",
        "1 message could not be delivered",
        "bob@vendor.example",
    ):
        assert part in everything
    failed = browser.open("/programme/outbox?delivery=failed").text
    assert "Failed one" in failed
    assert "Sent one" not in failed
    assert "Sent one" in browser.open("/programme/outbox?delivery=nonsense").text


def test_a_message_is_shown_as_it_is_told_with_its_reason(
    sign_in: SignIn, outbox: Outbox, make: Factory, bob: User, mia: User
) -> None:
    with make.database.write() as connection:
        connection.execute(insert(Reason).values(hash="h", salt="s", text="The hall is <b>too</b> dear."))
    figures = dict.fromkeys(
        ("requested", "approved", "reimbursable", "paid_on", "payment_reference", "report_by", "resubmit_by")
    ) | {**TURN, "trigger": "return", "source": "submitted", "target": "draft", "reason_hash": "h"}
    message = outbox.put(bob, kind=MessageKind.decision, figures=figures)
    page = sign_in(mia).open(f"/programme/outbox/{message}")
    assert "came back to you" in page.text
    assert "The hall is &lt;b&gt;too&lt;/b&gt; dear." in page.text


def test_the_manager_tries_a_failed_message_again(
    sign_in: SignIn, outbox: Outbox, bob: User, mia: User
) -> None:
    message = outbox.put(bob, delivery=Delivery.failed, last_error="550 no such user", attempts=11)
    browser = sign_in(mia)
    answer = browser.open(f"/programme/outbox/{message}").submit(f"/programme/outbox/{message}/retry")
    assert "waits to be sent again" in answer.follow().text
    row = outbox.row(message)
    assert (row.delivery, row.attempts) == (Delivery.waiting, 0)
    assert not answer.follow().offers(f"/programme/outbox/{message}/retry")


def test_the_manager_tries_all_failed_messages_again_but_no_forgotten_link(
    sign_in: SignIn, outbox: Outbox, bob: User, mia: User
) -> None:
    failed = [outbox.put(bob, delivery=Delivery.failed) for _ in range(2)]
    link = outbox.put(
        bob, kind=MessageKind.invitation, figures=LINK | {"path": None}, delivery=Delivery.failed
    )
    browser = sign_in(mia)
    answer = browser.open("/programme/outbox").submit("/programme/outbox/retry")
    assert "2 messages wait to be sent again." in answer.follow().text
    assert [outbox.row(each).delivery for each in (*failed, link)] == [Delivery.waiting] * 2 + [
        Delivery.failed
    ]
    assert not browser.open(f"/programme/outbox/{link}").offers(f"/programme/outbox/{link}/retry")


def test_what_was_sent_is_not_sent_again_by_a_forged_request(
    sign_in: SignIn, outbox: Outbox, bob: User, mia: User
) -> None:
    sent, failed = outbox.put(bob), outbox.put(bob, delivery=Delivery.failed)
    browser = sign_in(mia)
    token = dict(browser.open(f"/programme/outbox/{failed}").form(f"/programme/outbox/{failed}/retry").fields)
    answer = browser.post(f"/programme/outbox/{sent}/retry", {**token})
    assert "nothing was changed" in answer.follow().text
    assert outbox.row(sent).delivery is Delivery.sent


def test_while_mail_is_off_the_outbox_says_so_and_nothing_counts_as_failed(
    other_app: OtherApp, outbox: Outbox, bob: User, mia: User
) -> None:
    outbox.put(bob, delivery=Delivery.failed)
    page = manager_of(other_app(smtp_host=""), mia).open("/programme/outbox")
    assert "E-mail is off" in page.text
    assert "could not be delivered" not in page.text


def test_the_managers_start_page_counts_failures_as_the_outbox_does(
    sign_in: SignIn, other_app: OtherApp, outbox: Outbox, bob: User, mia: User
) -> None:
    outbox.put(bob, delivery=Delivery.failed)
    assert "Failed e-mails 1 See why, and send again" in as_read(sign_in(mia).open("/programme"))
    while_off = manager_of(other_app(smtp_host=""), mia).open("/programme")
    assert "Failed e-mails 0 E-mail is off" in as_read(while_off)


def test_a_message_that_cannot_be_told_leaves_the_pages_standing(
    sign_in: SignIn, outbox: Outbox, mia: User
) -> None:
    broken = outbox.put(mia, figures={})
    browser = sign_in(mia)
    for path in ("/notifications", "/programme/outbox", f"/programme/outbox/{broken}"):
        assert "This message cannot be shown." in browser.open(path).text
