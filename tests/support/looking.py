"""What a test looks for on a page."""

import re

from tests.support.pages import Browser, Page


def as_read(page: Page) -> str:
    """Return the words of a page as a reader meets them, in one line."""
    return " ".join(re.sub("<[^>]*>", " ", page.text).split())


def places(page: Page, *texts: str) -> list[int]:
    """Return where texts stand on a page; each has to stand there."""
    for text in texts:
        assert text in page.text, f"{text!r} is not on {page.path}"
    return [page.text.index(text) for text in texts]


def link(page: Page, rel: str) -> str:
    """Return where a page's link of a relation leads."""
    found = [each.attributes["href"] for each in page.read.elements if each.attributes.get("rel") == rel]
    assert found, f"{page.path} has no link {rel}"
    return found[0]


def token_of(browser: Browser) -> str:
    """Return a token that a browser's own pages bear."""
    return dict(browser.open("/account").form("/account/mail").fields)["csrf_token"]
