"""What people do on the product's pages, by label and button alone."""

from collections.abc import Mapping, Sequence

from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.support.files import pdf

EVIDENCE = ("Invoices", "Attendee list", "Agenda", "Photos")
"""What a report on a seminar has to show."""

Line = Mapping[str, str]

PLANNED: tuple[Line, ...] = (
    {"Category": "Venue", "Description": "Hall for a day", "Quantity": "1", "Unit value": "6,000.00"},
    {"Category": "Catering", "Description": "Lunch", "Quantity": "80", "Unit value": "25"},
)
"""Two lines of a plan, 8,000.00 in all."""

BILLED: tuple[Line, ...] = (
    {"Supplier": "Kongresshalle", "Invoice number": "K-1", "Unit value": "5,600.00", "Amount": "5,600.00"},
    {"Supplier": "Alster Catering", "Invoice number": "A-9", "Unit value": "22.50", "Amount": "1,800.00"},
)
"""What these lines cost in the end, 7,400.00 in all."""


def begin_seminar(page: Page) -> None:
    """Begin the draft of a seminar, from any page of a partner's."""
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Claims").click()
    page.get_by_role("link", name="New claim").click()
    heading = page.get_by_role("heading", name="Seminar", exact=True)
    page.get_by_role("listitem").filter(has=heading).get_by_role("button", name="Plan this").click()
    expect(page.get_by_label("Title")).to_be_visible()


def describe_seminar(page: Page, title: str = "Spring seminar") -> None:
    """Type the activity, without its costs."""
    page.get_by_label("Title").fill(title)
    page.get_by_label("First day", exact=True).fill("2026-04-10")
    page.get_by_label("Last day", exact=True).fill("2026-04-11")
    page.get_by_label("Place").fill("Hamburg")
    page.get_by_label("Expected attendees").fill("80")
    page.get_by_label("Invited customers").fill("40")


def fill_line(page: Page, number: int, line: Line) -> None:
    """Type one cost line of a plan or a report."""
    group = page.get_by_role("group", name=f"Line {number}", exact=True)
    for label, value in line.items():
        field = group.get_by_label(label, exact=True)
        if label == "Category":
            field.select_option(value)
        else:
            field.fill(value)


def fill_lines(page: Page, lines: Sequence[Line]) -> None:
    """Type cost lines, adding those that are not there yet."""
    for number, line in enumerate(lines, start=1):
        if page.get_by_role("group", name=f"Line {number}", exact=True).count() == 0:
            page.get_by_role("button", name="Add a line").click()
        fill_line(page, number, line)


def attach(page: Page, name: str, kind: str | None = None) -> None:
    """Attach a file, as evidence of a kind where one is named."""
    file: FilePayload = {"name": name, "mimeType": "application/pdf", "buffer": pdf()}
    if kind is not None:
        page.get_by_label("What the files show").select_option(kind)
    page.get_by_label("Attach files").set_input_files(file)
    page.get_by_role("button", name="Attach", exact=True).click()
    expect(page.locator("#files").get_by_role("link", name=name)).to_be_visible()


def submit(page: Page) -> None:
    """Go on from the form of a draft, and submit it."""
    page.get_by_role("button", name="Save and go on to submit").click()
    page.get_by_role("button", name="Submit the claim").click()
    expect(state_of(page)).to_have_text("Submitted")


def open_task(page: Page) -> None:
    """Open the oldest task of an approver."""
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Inbox").click()
    page.get_by_role("link", name="Start with the oldest").click()


def find(page: Page, about: str, answer: str) -> None:
    """Answer one question of an acceptance."""
    page.get_by_role("group", name=about, exact=True).get_by_text(answer, exact=True).click()


def state_of(page: Page) -> Locator:
    """Return the step of the progress line at which the claim on the page stands."""
    line = page.get_by_role("list", name="Where the claim stands")
    return line.locator("[aria-current=step]")


def fact(within: Page | Locator, name: str) -> Locator:
    """Return the value that stands beside a name."""
    return within.locator(f"dt:text-is('{name}') + dd")


def outcome(within: Page | Locator, rule: str) -> Locator:
    """Return whether a rule, found by its title, holds, is broken or not yet known."""
    return within.locator(f".verdict__title:has-text('{rule}') .verdict__outcome")


def has_money(panel: Locator, **amounts: str) -> None:
    """Find amounts beside their names, of which `asked_for` stands for "Asked for"."""
    for name, amount in amounts.items():
        expect(fact(panel, name.replace("_", " ").capitalize())).to_have_text(f"{amount} USD")
