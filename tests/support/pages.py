"""A browser for functional tests: opens pages, fills in their forms, and holds every page to the law."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

LABELLED = frozenset({"input", "select", "textarea"})
NEEDS_NO_LABEL = frozenset({"hidden", "submit", "button"})
LOADING = {"script": "src", "link": "href", "img": "src", "use": "href", "source": "src", "iframe": "src"}


@dataclass
class Element:
    """One tag of a page with its attributes."""

    tag: str
    attributes: dict[str, str]


@dataclass
class Form:
    """A form of a page: where it goes, and what it holds before anybody types."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.forms: list[Form] = []
        self.title = ""
        self._in_title = self._in_label = False
        self._select: str | None = None
        self._textarea: str | None = None
        self.labels: set[str] = set()
        self.inside_label: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.elements.append(Element(tag, given))
        self._in_title = self._in_title or tag == "title"
        if tag == "label":
            self._in_label = True
            self.labels.add(given.get("for", ""))
        if self._in_label and tag in LABELLED:
            self.inside_label.add(given.get("id", given.get("name", "")))
        if tag == "form":
            self.forms.append(Form(given.get("action", ""), given.get("method", "get").lower()))
        elif self.forms:
            self._read_field(tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False
        if tag == "label":
            self._in_label = False
        if tag == "select":
            self._select = None
        if tag == "textarea":
            self._textarea = None

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data
        if self._textarea and self.forms:
            self.forms[-1].fields.append((self._textarea, data.removeprefix("\n")))
            self._textarea = None

    def _read_field(self, tag: str, given: dict[str, str]) -> None:
        name, kind = given.get("name", ""), given.get("type", "text")
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            self.forms[-1].fields.append((self._select, given.get("value", "")))
        elif tag == "textarea":
            self._textarea = name
        elif tag == "input" and name and kind not in ("submit", "file"):
            if kind not in ("checkbox", "radio"):
                self.forms[-1].fields.append((name, given.get("value", "")))
            elif "checked" in given:
                self.forms[-1].fields.append((name, given.get("value", "on")))


class Page:
    """What a request gave back. An HTML page is held to the law of the house as soon as it is read."""

    def __init__(self, browser: "Browser", answer: TestResponse, path: str) -> None:
        self.browser = browser
        self.answer = answer
        self.path = path
        self.status = answer.status_code
        self.text = answer.get_data(as_text=True) if (answer.mimetype or "").startswith("text/") else ""
        self.location = answer.headers.get("Location", "")
        self.read = _Reader()
        if answer.mimetype == "text/html" and not 300 <= self.status < 400:
            self.read.feed(self.text)
            problems = wrongs(self.read)
            assert not problems, f"{path} breaks the law of pages: {'; '.join(problems)}"

    def form(self, action: str) -> Form:
        """Return the page's form that goes to a path."""
        for form in self.read.forms:
            if urlsplit(form.action or self.path).path == action:
                return form
        raise AssertionError(
            f"{self.path} has no form to {action}: {[form.action for form in self.read.forms]}"
        )

    def offers(self, action: str) -> bool:
        """Return whether the page has a form or a link to a path."""
        targets = [form.action or self.path for form in self.read.forms]
        targets += [each.attributes.get("href", "") for each in self.read.elements if each.tag == "a"]
        return action in (urlsplit(target).path for target in targets)

    def submit(self, action: str, **typed: object) -> "Page":
        """Fill in the form that goes to a path and send it; what is not typed stays as the page had it.

        A value may be a list (a field that stands more than once) or a `(file, name)` pair.
        """
        form = self.form(action)
        data: dict[str, list[str]] = {}
        for name, value in form.fields:
            data.setdefault(name, []).append(value)
        return self.browser.post(form.action or self.path, {**data, **typed})

    def follow(self) -> "Page":
        """Open the page that this answer leads to."""
        assert self.location, f"{self.path} answered {self.status} and leads nowhere: {self.text[:2000]}"
        return self.browser.open(self.location)


@dataclass
class Browser:
    """Opens pages as a person does. Cookies stay in it."""

    client: FlaskClient

    def open(self, path: str) -> Page:
        """Open a page."""
        return Page(self, self.client.get(path), path)

    def post(self, path: str, data: dict[str, object]) -> Page:
        """Send a form as it is given, without a token that the data do not hold."""
        return Page(self, self.client.post(path, data=data), path)


def wrongs(read: _Reader) -> list[str]:
    """Return how a page breaks the law: title, labelled fields, unique ids, nothing from another host."""
    found = [] if read.title.strip() else ["give it a <title>"]
    seen: set[str] = set()
    for element in read.elements:
        given = element.attributes
        name = given.get("id", "")
        if name and name in seen:
            found.append(f"the id {name} stands twice: give one of them another")
        seen.add(name)
        if (
            element.tag in LABELLED
            and given.get("type") not in NEEDS_NO_LABEL
            and not _is_labelled(read, given)
        ):
            found.append(f"the field {given.get('name')} has no label: use the `field` macro")
        host = urlsplit(given.get(LOADING.get(element.tag, ""), "")).netloc
        if host:
            found.append(f"it loads from {host}: serve the file from web/static")
        if "style" in given or element.tag == "style" or any(key.startswith("on") for key in given):
            found.append(f"<{element.tag}> has an inline style or script: put it into web/static")
    return found


def _is_labelled(read: _Reader, given: dict[str, str]) -> bool:
    own = given.get("id", "")
    return bool(
        own in read.labels - {""}
        or given.get("id", given.get("name", "")) in read.inside_label
        or given.get("aria-label")
        or given.get("aria-labelledby")
    )
