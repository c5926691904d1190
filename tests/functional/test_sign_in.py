"""Getting in and out: sign-in, sessions, lock-out."""

from contextlib import ExitStack
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from models.people import SignInLock, User, UserSession
from models.vocabulary import Role
from tests.functional.conftest import SignIn
from tests.support.factories import PASSWORD, Factory
from tests.support.pages import Browser, Page
from web.services import Services
from workflow.accounts import normal
from workflow.clock import SettableClock
from workflow.passwords import AT_ONCE
from workflow.sessions import digest


@pytest.fixture
def ann(make: Factory) -> User:
    """A partner's user."""
    return make.user("Ann", Role.partner, partner=make.partner())


def try_in(browser: Browser, email: str, password: str = "not the password") -> Page:
    return browser.open("/sign-in").submit("/sign-in", email=email, password=password)


def contents(browser: Browser) -> dict[str, object]:
    """Return what the cookie holds after a page was shown."""
    browser.open("/account")
    with browser.client.session_transaction() as cookie:
        return dict(cookie)


def test_a_user_signs_in_and_starts_where_their_work_is(sign_in: SignIn, ann: User) -> None:
    browser = sign_in(ann)
    assert browser.open("/").location == "/claims"
    assert "Ann" in browser.open("/claims").text


@pytest.mark.parametrize(
    ("role", "start"),
    [
        (Role.approver, "/inbox"),
        (Role.finance, "/payments"),
        (Role.auditor, "/audit"),
        (Role.manager, "/programme"),
    ],
)
def test_each_role_of_the_vendor_starts_at_its_own_page(
    sign_in: SignIn, make: Factory, role: Role, start: str
) -> None:
    assert sign_in(make.user("Vera", role)).open("/").location == start


def test_a_user_with_several_roles_finds_all_of_them_in_the_navigation(
    sign_in: SignIn, make: Factory
) -> None:
    page = sign_in(make.user("Vera", Role.approver, Role.manager)).open("/inbox")
    assert page.offers("/inbox")
    assert page.offers("/programme")
    assert not page.offers("/payments")


def test_a_user_without_a_role_can_still_see_their_account(sign_in: SignIn, make: Factory) -> None:
    browser = sign_in(make.user("Nobody"))
    assert browser.open("/").location == "/account"
    assert browser.open("/account").status == 200


def test_the_cookie_holds_a_token_whose_hash_alone_is_stored(
    sign_in: SignIn, ann: User, make: Factory
) -> None:
    browser = sign_in(ann)
    with browser.client.session_transaction() as cookie:
        token = cookie["_user_id"]
    [row] = make.rows(UserSession)
    assert row.token_hash == digest(token)
    assert row.token_hash != token


def test_signing_in_begins_a_new_session(sign_in: SignIn, ann: User) -> None:
    browser = sign_in(ann)
    before = contents(browser)
    browser.open("/account").submit("/sign-out")
    browser.open("/sign-in").submit("/sign-in", email=ann.email, password=PASSWORD)
    after = contents(browser)
    assert before.keys() == after.keys()
    assert before["_user_id"] != after["_user_id"]
    assert before["csrf_token"] != after["csrf_token"]


def test_an_old_cookie_is_worth_nothing_after_sign_out(sign_in: SignIn, ann: User, make: Factory) -> None:
    browser = sign_in(ann)
    with browser.client.session_transaction() as cookie:
        stolen = dict(cookie)
    assert browser.open("/account").submit("/sign-out").follow().status == 200
    assert make.rows(UserSession) == []
    with browser.client.session_transaction() as cookie:
        cookie.update(stolen)
    assert browser.open("/account").location.startswith("/sign-in")


def test_a_session_ends_when_it_was_not_used(sign_in: SignIn, ann: User, clock: SettableClock) -> None:
    browser = sign_in(ann)
    clock.advance(timedelta(hours=11))
    assert browser.open("/account").status == 200
    clock.advance(timedelta(hours=11))
    assert browser.open("/account").status == 200
    clock.advance(timedelta(hours=12))
    assert browser.open("/account").location == "/sign-in?next=/account"


def test_a_user_who_is_deactivated_is_out_at_once(sign_in: SignIn, ann: User, make: Factory) -> None:
    browser = sign_in(ann)
    with make.database.session() as session:
        session.get_one(User, ann.id).deactivated_at = make.now
    assert browser.open("/account").status == 302


def test_signing_out_everywhere_ends_every_session(sign_in: SignIn, ann: User) -> None:
    here, there = sign_in(ann), sign_in(ann)
    here.open("/account").submit("/account/sign-out-everywhere")
    assert there.open("/account").status == 302


def test_a_wrong_password_keeps_the_address_and_says_no_more_than_that(stranger: Browser, ann: User) -> None:
    page = try_in(stranger, ann.email)
    assert page.status == 422
    assert "Address and password do not fit" in page.text
    assert f'value="{ann.email}"' in page.text
    assert "not the password" not in page.text


def test_known_and_unknown_addresses_are_answered_alike(stranger: Browser, ann: User) -> None:
    answers = {
        email: [try_in(stranger, email) for _ in range(6)] for email in (ann.email, "nobody@partner.example")
    }
    known, unknown = (
        [(page.status, page.text.replace(email, "…").partition("<form")[0]) for page in pages]
        for email, pages in answers.items()
    )
    assert known == unknown


def test_too_many_failures_lock_the_address_out_even_for_the_right_password(
    stranger: Browser, ann: User, make: Factory
) -> None:
    for _ in range(5):
        assert "do not fit" in try_in(stranger, ann.email).text
    page = try_in(stranger, f" {ann.email.upper()} ", PASSWORD)
    assert page.status == 422
    assert "Too many tries. Wait until 2 Mar 2026, 13:15 CET" in page.text
    assert ann.email not in str([row.email_hash for row in make.rows(SignInLock)])


def test_a_lock_out_ends_by_itself(stranger: Browser, ann: User, clock: SettableClock) -> None:
    for _ in range(6):
        try_in(stranger, ann.email)
    clock.advance(timedelta(minutes=15))
    assert try_in(stranger, ann.email, PASSWORD).status == 302


def test_tries_while_locked_out_do_not_make_it_longer(
    stranger: Browser, ann: User, clock: SettableClock
) -> None:
    for _ in range(6):
        try_in(stranger, ann.email)
    clock.advance(timedelta(minutes=14))
    try_in(stranger, ann.email)
    clock.advance(timedelta(minutes=1))
    assert try_in(stranger, ann.email, PASSWORD).status == 302


def test_a_good_sign_in_forgets_the_failures_before_it(stranger: Browser, ann: User, make: Factory) -> None:
    for _ in range(4):
        try_in(stranger, ann.email)
    assert try_in(stranger, ann.email, PASSWORD).status == 302
    assert make.rows(SignInLock) == []


def test_who_has_no_password_or_is_deactivated_cannot_sign_in(stranger: Browser, make: Factory) -> None:
    invited = make.user("Invited", Role.approver, password_hash=None)
    gone = make.user("Gone", Role.approver, deactivated_at=make.now)
    for user in (invited, gone):
        assert "do not fit" in try_in(stranger, user.email, PASSWORD).text


@pytest.mark.parametrize("wanted", ["/account", "/claims?state=draft"])
def test_who_wanted_a_page_gets_it_after_signing_in(stranger: Browser, ann: User, wanted: str) -> None:
    door = stranger.open(stranger.open(wanted).location)
    assert door.submit("/sign-in", email=ann.email, password=PASSWORD).location == wanted


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "/a\tb",
        "\\\\evil",
        "",
    ],
)
def test_nobody_is_led_to_a_foreign_page(stranger: Browser, ann: User, wanted: str) -> None:
    answer = stranger.client.get("/sign-in", query_string={"next": wanted})
    page = Page(stranger, answer, answer.request.full_path)
    assert page.submit("/sign-in", email=ann.email, password=PASSWORD).location == "/"


def test_the_visit_of_someone_signed_in_to_the_sign_in_page_goes_on(sign_in: SignIn, ann: User) -> None:
    assert sign_in(ann).open("/sign-in?next=/account").location == "/account"


def test_an_address_is_stored_as_it_is_looked_up(ann: User) -> None:
    assert normal(f"  {ann.email.upper()}\n") == ann.email


def test_a_page_that_is_used_often_seldom_writes(
    sign_in: SignIn, ann: User, make: Factory, clock: SettableClock, app: Flask
) -> None:
    browser = sign_in(ann)
    clock.advance(timedelta(minutes=4))
    browser.open("/account")
    [row] = make.rows(UserSession)
    assert row.seen_at == make.now
    clock.advance(timedelta(minutes=1))
    browser.open("/account")
    [row] = make.rows(UserSession)
    assert row.seen_at == clock.now()


def test_a_flood_of_sign_ins_is_told_to_wait_and_nothing_is_counted(
    app: Flask, client: FlaskClient, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = make.user("Ann", Role.approver)
    shared: Services = app.extensions["cofund"]
    monkeypatch.setattr("workflow.passwords.PATIENCE", 0.01)
    with ExitStack() as others:
        for _ in range(AT_ONCE):
            others.enter_context(shared.passwords.turn())
        for _ in range(10):
            page = Browser(client).open("/sign-in").submit("/sign-in", email=ann.email, password="wrong one")
            assert page.status == 503
            assert "Too many people sign in at this moment" in page.text
    assert (
        Browser(client).open("/sign-in").submit("/sign-in", email=ann.email, password=PASSWORD).status == 302
    )
