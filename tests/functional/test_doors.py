"""What every route has in common: who may use it, tokens on writes, headers, error pages."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from config import Settings
from models.messages import Message
from models.people import User
from models.programme import Programme
from models.sqlite import OnlyWriter
from models.vocabulary import Delivery, MailPreference, MessageKind, Role
from tests.functional.conftest import OtherApp, SignIn
from tests.support.factories import Factory
from tests.support.pages import Browser, Page
from web.access import Access, access_of, allow, public, undeclared
from web.app import create_app
from web.auth.pages import room
from web.security import HEADERS
from web.services import Services
from workflow.clock import SettableClock


@pytest.fixture
def ann(make: Factory) -> User:
    """A partner's user."""
    return make.user("Ann", Role.partner, partner=make.partner())


def test_every_route_declares_who_may_use_it(app: Flask) -> None:
    assert undeclared(app) == [], "put @public, @signed_in or @allow(…) on these (web/access.py)"


def test_a_route_that_declares_nothing_is_refused(other_app: OtherApp, make: Factory) -> None:
    app = other_app()
    app.add_url_rule("/undeclared", "undeclared", lambda: "secret")
    page = Browser(app.test_client()).open("/undeclared")
    assert page.status == 403
    assert "secret" not in page.text


def test_the_product_does_not_start_with_a_route_that_declares_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "_got_registered_once", False)
    monkeypatch.setattr(room, "deferred_functions", [*room.deferred_functions])
    room.add_url_rule("/undeclared", "undeclared", lambda: "secret")
    with pytest.raises(Exception, match=r"put @public.*auth\.undeclared"):
        create_app(settings)


def test_allow_names_at_least_one_role() -> None:
    with pytest.raises(ValueError, match="at least one role"):
        allow()


PUBLIC = {
    "auth.sign_in",
    "auth.enter",
    "auth.forgotten",
    "auth.send_reset",
    "auth.set_password",
    "auth.redeem",
    "static",
    "bootstrap.static",
}


def test_only_the_doors_are_public(app: Flask) -> None:
    found = {name for name in app.view_functions if access_of(app, name) == Access(everyone=True)}
    assert found == PUBLIC


def test_a_stranger_is_led_to_the_sign_in_page_from_every_other_route(app: Flask, make: Factory) -> None:
    for path, methods in sample_paths(app):
        browser = Browser(app.test_client())
        if "GET" in methods:
            assert browser.open(path).location.startswith("/sign-in?next="), path
        if "POST" in methods:
            assert browser.post(path, {}).status == 401, path


def sample_paths(app: Flask) -> Iterator[tuple[str, set[str]]]:
    """Yield an address of each route that is not public, with its methods."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if access_of(app, rule.endpoint) != Access(everyone=True):
            values = {
                name: min(getattr(converter, "items", None) or {"1"})
                if type(converter).__name__ != "IntegerConverter"
                else 1
                for name, converter in rule._converters.items()
            }
            yield (
                adapter.build(rule.endpoint, values, method=sorted(rule.methods or {"GET"})[0]),
                set(rule.methods or ()),
            )


def test_a_role_that_a_route_does_not_allow_is_refused(sign_in: SignIn, ann: User) -> None:
    page = sign_in(ann).open("/inbox")
    assert page.status == 403
    assert "not for your role" in page.text


def test_the_vendors_roles_count_nothing_for_a_partners_user(sign_in: SignIn, make: Factory) -> None:
    user = make.user("Two hats", Role.partner, Role.manager, partner=make.partner())
    assert sign_in(user).open("/programme").status == 403


def test_the_partners_role_counts_nothing_for_the_vendors_user(sign_in: SignIn, make: Factory) -> None:
    assert sign_in(make.user("Two hats", Role.partner, Role.approver)).open("/claims").status in (403, 302)


def test_a_form_without_its_token_changes_nothing_and_gives_back_what_was_typed(
    sign_in: SignIn, ann: User, make: Factory
) -> None:
    browser = sign_in(ann)
    page = browser.post("/account/mail", {"preference": "daily", "password": "secret words"})
    assert page.status == 400
    assert "This page was open too long; nothing was changed" in page.text
    assert "daily" in page.text
    assert "secret words" not in page.text
    assert make.rows(User)[0].mail_preference is MailPreference.at_once


def test_a_form_with_the_token_of_another_session_is_refused(sign_in: SignIn, ann: User) -> None:
    mine, other = sign_in(ann), sign_in(ann)
    [token] = [
        value for name, value in other.open("/account").form("/account/mail").fields if name == "csrf_token"
    ]
    assert mine.post("/account/mail", {"csrf_token": token, "preference": "daily"}).status == 400


def test_a_form_sent_after_the_session_ended_gives_back_what_was_typed(
    sign_in: SignIn, ann: User, clock: SettableClock
) -> None:
    browser = sign_in(ann)
    browser.open("/account").submit("/sign-out")
    page = browser.post("/account/mail", {"preference": "daily"})
    assert page.status == 401
    assert "You are signed out; nothing was changed" in page.text
    assert "daily" in page.text


@pytest.mark.parametrize("path", ["/sign-in", "/account", "/nowhere", "/static/mark.svg"])
def test_every_answer_bears_the_security_headers(client: FlaskClient, make: Factory, path: str) -> None:
    headers = client.get(path, buffered=True).headers
    assert {name: headers[name] for name in HEADERS} == HEADERS
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]


def test_pages_are_kept_by_no_cache_and_static_files_for_long(sign_in: SignIn, ann: User) -> None:
    browser = sign_in(ann)
    page = browser.open("/account")
    assert page.answer.headers["Cache-Control"] == "no-store"
    sheets = [
        each.attributes["href"] for each in page.read.elements if each.attributes.get("rel") == "stylesheet"
    ]
    kept = browser.client.get(next(sheet for sheet in sheets if "?v=" in sheet), buffered=True)
    assert "immutable" in kept.headers["Cache-Control"]


def test_a_page_finds_its_files_where_the_product_is_served_below_a_path(
    client: FlaskClient, make: Factory
) -> None:
    page = client.get("/sign-in", base_url="http://localhost/fund").get_data(as_text=True)
    sheets = re.findall(r'href="([^"]+\.css[^"]*)"', page)
    assert {urlsplit(sheet).path.split("/")[1] for sheet in sheets} == {"fund"}
    served = client.get(sheets[-1].removeprefix("/fund"), base_url="http://localhost/fund", buffered=True)
    assert (served.status_code, served.mimetype) == (200, "text/css")


def test_cookies_travel_over_https_alone_where_the_setting_says_so(
    other_app: OtherApp, make: Factory
) -> None:
    answer = other_app(secure_cookies=True).test_client().get("/sign-in", base_url="https://localhost")
    cookie = answer.headers["Set-Cookie"]
    assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=Lax"))
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")


def test_forwarded_headers_are_believed_only_behind_a_proxy(
    app: Flask, other_app: OtherApp, make: Factory
) -> None:
    forged = {"X-Forwarded-Host": "evil.example"}
    behind = other_app(proxy_count=1)
    assert app.test_client().get("/sign-in", headers=forged).status_code == 200
    assert behind.test_client().get("/sign-in", headers=forged).status_code == 400


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example"])
def test_a_request_for_a_foreign_host_is_refused_in_plain_words(
    client: FlaskClient, make: Factory, host: str
) -> None:
    answer = client.get("/sign-in", headers={"Host": host})
    assert answer.status_code == 400
    assert "made no sense" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("method", "path", "status", "said"),
    [
        ("GET", "/nowhere", 404, "We cannot find that"),
        ("POST", "/inbox/1/2/3", 404, "We cannot find that"),
        ("DELETE", "/sign-in", 405, "That cannot be done here"),
    ],
)
def test_what_cannot_be_served_is_explained_in_plain_words(
    client: FlaskClient, make: Factory, method: str, path: str, status: int, said: str
) -> None:
    page = Page(Browser(client), client.open(path, method=method), path)
    assert page.status == status
    assert said in page.text


def test_a_request_that_is_too_large_is_explained(sign_in: SignIn, ann: User) -> None:
    browser = sign_in(ann)
    form = "application/x-www-form-urlencoded"
    for came_from, way in (("http://localhost/account", "/account"), ("http://evil.example/account", "/")):
        answer = browser.client.post(
            "/account/mail", data=b"x" * 22_000_000, content_type=form, headers={"Referer": came_from}
        )
        page = Page(browser, answer, "/account/mail")
        assert page.status == 413
        assert "That is too large" in page.text
        assert page.offers(way)


def test_a_text_that_no_column_holds_is_refused(stranger: Browser, make: Factory) -> None:
    page = stranger.open("/sign-in")
    assert page.submit("/sign-in", email="a\0b@partner.example", password="x").status == 400
    assert stranger.open("/set-password/%00").status == 400
    assert stranger.open("/sign-in?next=%00").status == 400


def test_a_number_that_no_column_holds_is_the_address_of_nothing(other_app: OtherApp, make: Factory) -> None:
    app = other_app()

    @public
    def numbered(number: int) -> str:
        return "text"

    app.add_url_rule("/numbered/<int:number>", "numbered", numbered)
    client = app.test_client()
    assert client.get(f"/numbered/{2**63 - 1}").status_code == 200
    assert client.get(f"/numbered/{2**63}").status_code == 404
    assert client.get("/numbered/" + "9" * 5000).status_code == 404


def test_a_mistake_of_ours_shows_no_stack_trace(other_app: OtherApp, make: Factory) -> None:
    app = other_app()

    @public
    def broken() -> str:
        raise RuntimeError("the inner secret")

    app.add_url_rule("/broken", "broken", broken)
    page = Browser(app.test_client()).open("/broken")
    assert page.status == 500
    assert "Something went wrong on our side" in page.text
    assert "secret" not in page.text


def test_without_the_database_a_page_says_to_try_again_and_the_log_says_why_in_a_line(
    other_app: OtherApp, make: Factory, caplog: pytest.LogCaptureFixture
) -> None:
    browser = Browser(other_app(database_url="postgresql://nobody@127.0.0.1:1/nothing").test_client())
    page = browser.open("/sign-in")
    assert (page.status, page.answer.headers["Retry-After"]) == (503, "30")
    assert "We cannot reach our records right now" in page.text
    (logged,) = caplog.records
    assert "Connection refused" in logged.getMessage()
    assert logged.exc_info is None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_while_the_database_is_busy_a_page_says_to_try_again(
    app: Flask, stranger: Browser, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = stranger.open("/sign-in")
    shared: Services = app.extensions["cofund"]
    monkeypatch.setattr(shared.database, "_only_writer", OnlyWriter(shared.database.engine, patience=0.02))
    with shared.database.write():
        answer = page.submit("/sign-in", email="ann@people.example", password="x")
    assert answer.status == 503
    assert "ann@people.example" in answer.text


def test_before_the_set_up_every_page_says_how_to_set_up(app: Flask) -> None:
    page = Browser(app.test_client()).open("/sign-in")
    assert page.status == 503
    assert "flask --app wsgi setup" in page.text


@pytest.mark.parametrize("is_demo", [True, False])
def test_every_page_of_a_demo_says_so(
    settings: Settings, make: Factory, is_demo: bool, sign_in: SignIn
) -> None:
    with make.database.session() as session:
        session.get_one(Programme, 1).is_demo = is_demo
    browser = sign_in(make.user("Vera", Role.approver))
    for path in ("/account", "/inbox", "/messages", "/programme", "/nowhere"):
        assert ("Demo – figures are examples" in browser.open(path).text) is is_demo


def test_unread_notifications_are_counted_in_the_header(sign_in: SignIn, make: Factory, ann: User) -> None:
    browser = sign_in(ann)
    assert "unread" not in browser.open("/account").text
    with make.database.session() as session:
        for number in range(2):
            session.add(
                Message(
                    key=f"test:{number}",
                    user_id=ann.id,
                    kind=MessageKind.decision,
                    figures={},
                    created_at=make.now,
                    due_at=make.now,
                    delivery=Delivery.in_app,
                )
            )
    assert "2 unread" in browser.open("/account").text
