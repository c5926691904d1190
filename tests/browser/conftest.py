"""A real browser against a real server: the product on the test's database and clock, at its own address."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from threading import Thread
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest
from playwright.sync_api import Browser, expect
from werkzeug.serving import make_server
from werkzeug.wsgi import ClosingIterator

from config import Settings
from tests.browser.desk import Desk, OpenDesk
from tests.support.apps import app_with
from tests.support.factories import address_with_password
from tests.support.world import World
from web.services import Services
from workflow.clock import SettableClock

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


PATIENCE = 20_000
"""How many milliseconds a page may take to show what a test expects: long, for a machine that is busy."""

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the machine's own Chromium, which keeps its connections to itself."""
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    assert found is not None, "The browser tests need Chromium: `make test` installs it or says how."
    return {**browser_type_launch_args, "executable_path": found, "args": list(QUIET)}


def read_whole(app: WSGIApplication) -> WSGIApplication:
    """Return an app whose answers are read before they are sent.

    Werkzeug's server leaves the file of an answer open where the browser hangs up on it.
    """

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        with closing(ClosingIterator(app(environ, start_response))) as parts:
            return [b"".join(parts)]

    return answer


@pytest.fixture
def address(settings: Settings, clock: SettableClock, world: World) -> Iterator[str]:
    """The address at which the product is served while the test runs."""
    app = app_with(settings, clock)
    server = make_server("127.0.0.1", 0, read_whole(app), threaded=True)
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()
    shared: Services = app.extensions["cofund"]
    shared.database.dispose()


@pytest.fixture
def desk_of(browser: Browser, address: str, world: World) -> Iterator[OpenDesk]:
    """Signs people of the world in, each time in a new window. None may complain or ask another host."""
    desks: list[Desk] = []

    def sign_in(name: str, **context: Any) -> Desk:
        email = address_with_password(world.database, world.people[name].user_id)
        desk = Desk(
            browser.new_context(locale="en-GB", reduced_motion="reduce", **context).new_page(), address
        )
        desks.append(desk)
        desk.sign_in(email)
        return desk

    yield sign_in
    for desk in desks:
        desk.page.context.close()
    assert [said for desk in desks for said in desk.complaints] == []
    assert {host for desk in desks for host in desk.hosts} <= {address.removeprefix("http://")}
