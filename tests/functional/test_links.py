"""Single-use links: invitations and forgotten passwords; and one's own password."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import insert

from models.messages import Message
from models.people import SingleUseLink, User, UserRole, UserSession
from models.vocabulary import MailPreference, MessageKind, Role
from tests.functional.conftest import SignIn
from tests.support.factories import PASSWORD, Factory
from tests.support.looking import places
from tests.support.pages import Browser, Page
from workflow.clock import SettableClock
from workflow.links import send_link

NEW = "quite another password"


@pytest.fixture
def ann(make: Factory) -> User:
    """A partner's user."""
    return make.user("Ann", Role.partner, partner=make.partner())


def ask(browser: Browser, email: str) -> Page:
    return browser.open("/forgotten").submit("/forgotten", email=email)


def link_of(make: Factory) -> str:
    """Return the path of the last link in the outbox."""
    return str(make.rows(Message)[-1].figures["path"])


def choose(browser: Browser, path: str, new: str = NEW, again: str | None = None) -> Page:
    return browser.open(path).submit(path, new=new, again=new if again is None else again)


def change(browser: Browser, present: str) -> Page:
    return browser.open("/account").submit("/account/password", present=present, new=NEW, again=NEW)


def test_a_forgotten_password_is_replaced_through_the_link_in_the_outbox(
    stranger: Browser, ann: User, make: Factory
) -> None:
    ask(stranger, ann.email)
    [message] = make.rows(Message)
    assert (message.user_id, message.kind) == (ann.id, MessageKind.password_reset)
    choose(stranger, link_of(make))
    assert stranger.open("/sign-in").submit("/sign-in", email=ann.email, password=PASSWORD).status == 422
    assert stranger.open("/sign-in").submit("/sign-in", email=ann.email, password=NEW).status == 302


def test_a_forgotten_password_of_nobody_is_answered_like_any_other(
    stranger: Browser, ann: User, make: Factory
) -> None:
    known, unknown = ask(stranger, ann.email), ask(stranger, "nobody@partner.example")
    assert (known.status, known.text) == (unknown.status, unknown.text)
    assert len(make.rows(Message)) == 1


def test_a_deactivated_user_gets_no_link(stranger: Browser, make: Factory) -> None:
    gone = make.user("Gone", Role.approver, deactivated_at=make.now)
    ask(stranger, gone.email)
    assert make.rows(Message) == []


def test_an_address_is_sent_three_links_an_hour_at_most(
    stranger: Browser, ann: User, make: Factory, clock: SettableClock
) -> None:
    for _ in range(5):
        ask(stranger, ann.email)
    assert len(make.rows(Message)) == 3
    clock.advance(timedelta(hours=1))
    ask(stranger, ann.email)
    assert len(make.rows(Message)) == 4


def test_a_link_works_once(app: Flask, stranger: Browser, ann: User, make: Factory) -> None:
    ask(stranger, ann.email)
    path = link_of(make)
    form = Browser(app.test_client()).open(path)
    assert choose(stranger, path).status == 302
    assert stranger.open(path).status == 410
    assert form.submit(path, new="a third long password", again="a third long password").status == 410


def test_a_link_ends_by_itself(stranger: Browser, ann: User, make: Factory, clock: SettableClock) -> None:
    ask(stranger, ann.email)
    clock.advance(timedelta(hours=72))
    page = stranger.open(link_of(make))
    assert page.status == 410
    assert "no longer works" in page.text


def test_only_the_hash_of_a_link_is_kept_beside_the_outbox(
    stranger: Browser, ann: User, make: Factory
) -> None:
    ask(stranger, ann.email)
    [row] = make.rows(SingleUseLink)
    assert row.token_hash not in link_of(make)


def test_a_link_that_never_was_is_answered_like_a_spent_one(stranger: Browser, make: Factory) -> None:
    assert stranger.open("/set-password/made-up").status == 410


def test_a_new_password_signs_out_everywhere_and_unlocks(
    stranger: Browser, sign_in: SignIn, ann: User, make: Factory
) -> None:
    elsewhere = sign_in(ann)
    for _ in range(6):
        stranger.open("/sign-in").submit("/sign-in", email=ann.email, password="wrong wrong wrong")
    ask(stranger, ann.email)
    choose(stranger, link_of(make))
    assert elsewhere.open("/account").status == 302
    assert stranger.open("/sign-in").submit("/sign-in", email=ann.email, password=NEW).status == 302


def test_an_invited_user_chooses_a_password_and_comes_in(stranger: Browser, make: Factory) -> None:
    user = make.user("Newcomer", Role.approver, password_hash=None)
    with make.database.write() as connection:
        token = send_link(connection, user.id, MessageKind.invitation, make.now, timedelta(hours=72))
    assert user.email in stranger.open(f"/set-password/{token}").text
    choose(stranger, f"/set-password/{token}")
    assert stranger.open("/sign-in").submit("/sign-in", email=user.email, password=NEW).status == 302


def test_the_page_behind_an_invitation_greets_by_name_and_says_who_invites_for_whom_and_as_what(
    stranger: Browser, make: Factory
) -> None:
    user = make.user("Newcomer", Role.partner, partner=make.partner("Nordlicht & Co"), password_hash=None)
    with make.database.write() as connection:
        token = send_link(connection, user.id, MessageKind.invitation, make.now, timedelta(hours=72))
    path = f"/set-password/{token}"
    for page in (stranger.open(path), choose(stranger, path, "short")):
        places(
            page,
            "Hello Newcomer,",
            "Vendor Ltd invites you to Joint Marketing Fund, ",
            "to take part for Nordlicht &amp; Co as a partner.",
            "until 5 Mar 2026, 13:00 CET",
        )


def test_the_page_behind_an_invitation_says_the_roles_of_now(stranger: Browser, make: Factory) -> None:
    user = make.user("Newcomer", Role.approver, password_hash=None)
    with make.database.write() as connection:
        token = send_link(connection, user.id, MessageKind.invitation, make.now, timedelta(hours=72))
        connection.execute(insert(UserRole).values(user_id=user.id, role=Role.finance))
    places(
        stranger.open(f"/set-password/{token}"),
        "to take part for Vendor Ltd as an approver and a member of finance.",
    )


def test_the_page_behind_a_reset_names_the_programme_and_invites_nobody(
    stranger: Browser, ann: User, make: Factory
) -> None:
    ask(stranger, ann.email)
    page = stranger.open(link_of(make))
    places(page, "Hello Ann,", "This is about your account in Joint Marketing Fund of Vendor Ltd.")
    assert "invites you" not in page.text


@pytest.mark.parametrize(
    ("new", "again", "said"),
    [
        ("short", None, "Use at least 12 characters"),
        ("x" * 201, None, "Use at most 200 characters"),
        ("abababababab", None, "Use more different characters"),
        ("ann@partner.example", None, "Do not use your own name or address"),
        (NEW, "something else", "The two passwords differ"),
        ("", "", "Enter a new password"),
    ],
)
def test_a_new_password_that_will_not_do_is_refused_at_its_field(
    stranger: Browser, ann: User, make: Factory, new: str, again: str | None, said: str
) -> None:
    ask(stranger, ann.email)
    page = choose(stranger, link_of(make), new, again)
    assert page.status == 422
    assert said in page.text
    assert stranger.open(link_of(make)).status == 200


def test_one_changes_ones_own_password_and_stays_in_here_alone(
    sign_in: SignIn, ann: User, make: Factory
) -> None:
    here, there = sign_in(ann), sign_in(ann)
    page = change(here, PASSWORD)
    assert "Your password is changed" in page.follow().text
    assert there.open("/account").status == 302
    assert len(make.rows(UserSession)) == 1


def test_ones_password_is_not_changed_without_the_present_one(
    sign_in: SignIn, ann: User, make: Factory
) -> None:
    before = make.rows(User)[0].password_hash
    page = change(sign_in(ann), "wrong")
    assert page.status == 422
    assert "This is not your present password" in page.text
    assert before is not None
    assert NEW not in page.text


def test_the_present_password_is_guessed_no_more_often_than_at_the_door(
    sign_in: SignIn, ann: User, clock: SettableClock
) -> None:
    browser = sign_in(ann)
    for _ in range(5):
        assert "This is not your present password" in change(browser, "wrong").text
    locked = change(browser, PASSWORD)
    assert locked.status == 422
    assert "Too many tries. Wait until 2 Mar 2026, 13:15 CET." in locked.text
    clock.advance(timedelta(minutes=15))
    assert change(browser, PASSWORD).status == 302


def test_the_right_present_password_forgets_the_tries_before_it(sign_in: SignIn, ann: User) -> None:
    browser = sign_in(ann)
    for right in (PASSWORD, NEW, NEW):
        for _ in range(3):
            change(browser, "wrong")
        assert change(browser, right).status == 302


def test_guesses_at_the_present_password_lock_nobody_out_at_the_door(
    sign_in: SignIn, stranger: Browser, ann: User
) -> None:
    browser = sign_in(ann)
    for _ in range(6):
        change(browser, "wrong")
    assert stranger.open("/sign-in").submit("/sign-in", email=ann.email, password=PASSWORD).status == 302


def test_one_chooses_how_to_be_told(sign_in: SignIn, ann: User, make: Factory) -> None:
    browser = sign_in(ann)
    assert browser.open("/account").submit("/account/mail", preference="daily").status == 302
    assert make.rows(User)[0].mail_preference is MailPreference.daily
    assert browser.open("/account").submit("/account/mail", preference="pigeon").status == 422
