"""One person's own browser window, and what a page has to look like in it."""

from typing import Any, Literal, Protocol
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Locator, Page, Request, expect

from tests.support.factories import PASSWORD

Scheme = Literal["light", "dark"]

LOOKS: tuple[tuple[int, Scheme], ...] = ((1280, "light"), (390, "dark"))
HEIGHT = 850

REFUSALS = ("status of 409", "status of 413", "status of 422")
"""How the browser itself mentions that a page answers something that was refused."""

FURTHEST = 80
"""How often somebody presses Tab before they give up."""


class Desk:
    """A window of one person's own. It keeps what the browser complained of, and which hosts it asked."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.complaints: list[str] = []
        self.hosts: set[str] = set()
        self.navigations = 0
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._see)

    def sign_in(self, email: str) -> None:
        """Sign in as somebody."""
        self.open("/sign-in")
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page.get_by_role("button", name="Sign out")).to_be_attached()

    def open(self, path: str) -> Page:
        """Open a page of the product."""
        answer = self.page.goto(self.address + path)
        assert answer is not None
        assert answer.ok, f"{path} answers {answer.status}"
        return self.page

    def assert_sound(self) -> None:
        """Find the page accessible and no wider than its window, wide and light, narrow and dark."""
        for width, scheme in LOOKS:
            self.page.set_viewport_size({"width": width, "height": HEIGHT})
            self.page.emulate_media(color_scheme=scheme)
            self._assert_accessible(f"{width} {scheme}")
            self._assert_no_wider_than(width)
            self._assert_captions_as_wide_as_their_tables(width)

    def tab_to(self, wanted: Locator) -> None:
        """Go to something by the Tab key alone."""
        expect(wanted).to_be_enabled()
        for _ in range(FURTHEST):
            self.page.keyboard.press("Tab")
            if wanted.evaluate("it => it === document.activeElement"):
                return
        raise AssertionError(f"Tab does not lead to {wanted}")

    def _assert_accessible(self, where: str) -> None:
        found = Axe().run(self.page).response["violations"]
        told = [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found]
        assert not told, f"{self.page.url}, {where}: {told}"

    def _assert_no_wider_than(self, width: int) -> None:
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{self.page.url} is {wide} wide in a window of {width}"

    def _assert_captions_as_wide_as_their_tables(self, width: int) -> None:
        captions = self.page.locator("caption:not(.visually-hidden)")
        squeezed = captions.evaluate_all(
            "found => found.filter(it => it.offsetWidth < it.parentElement.clientWidth - 1)"
            ".map(it => it.textContent)"
        )
        assert not squeezed, f"{self.page.url}, {width}: {squeezed}"

    def _hear(self, said: ConsoleMessage) -> None:
        if said.type == "error" and not any(refusal in said.text for refusal in REFUSALS):
            self.complaints.append(f"{self.page.url}: {said.text}")

    def _see(self, request: Request) -> None:
        asked = urlsplit(request.url)
        if asked.scheme not in ("data", "blob"):
            self.hosts.add(asked.netloc)
        self.navigations += request.is_navigation_request()


class OpenDesk(Protocol):
    """Signs a person in by their name in the world; `context` are wishes of the browser window."""

    def __call__(self, name: str, **context: Any) -> Desk: ...
