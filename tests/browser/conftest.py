"""A real browser against a real server: the product on the test's database and clock, at an address of its own."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Thread
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from config import Settings
from models.database import Database
from tests.support.factories import PASSWORD, address_with_password
from tests.support.world import World, make_world
from web.app import create_app
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


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the machine's own Chromium, which keeps its connections to itself."""
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    assert found is not None, "The browser tests need Chromium: `make test` installs it or says how."
    return {**browser_type_launch_args, "executable_path": found, "args": list(QUIET)}


@pytest.fixture
def world(database: Database, clock: SettableClock) -> World:
    """A programme with somebody in every role and one partner that may claim."""
    return make_world(database, clock)


@pytest.fixture
def address(settings: Settings, clock: SettableClock, world: World) -> Iterator[str]:
    """The address at which the product is served while the test runs."""
    app = create_app(settings, clock)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()
    shared: Services = app.extensions["cofund"]
    shared.database.dispose()


@dataclass
class Desk:
    """One person's own browser window, signed in."""

    page: Page
    address: str
    complaints: list[str]

    def open(self, path: str) -> Page:
        """Open a page of the product."""
        self.page.goto(self.address + path)
        return self.page

    def assert_accessible(self) -> None:
        """Find what an automatic audit of accessibility would complain of."""
        found = Axe().run(self.page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []


@pytest.fixture
def desk_of(browser: Browser, address: str, world: World) -> Iterator[Callable[[str], Desk]]:
    """Signs a person of the world in, in a window of their own. No window may complain in its console."""
    desks: dict[str, Desk] = {}

    def sign_in(name: str) -> Desk:
        if name not in desks:
            email = address_with_password(world.database, world.people[name].user_id)
            page = browser.new_context(locale="en-GB").new_page()
            complaints: list[str] = []
            page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.goto(f"{address}/sign-in")
            page.get_by_label("E-mail").fill(email)
            page.get_by_label("Password", exact=True).fill(PASSWORD)
            page.get_by_role("button", name="Sign in").click()
            desks[name] = Desk(page, address, complaints)
        return desks[name]

    yield sign_in
    said = {name: desk.complaints for name, desk in desks.items() if desk.complaints}
    for desk in desks.values():
        desk.page.context.close()
    assert said == {}
