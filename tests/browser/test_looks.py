"""How pages look and feel: accessible, wide and narrow, light and dark, by keyboard and on paper."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import expect

from models.vocabulary import ExportForm, ImportKind, SearchKind
from tests.browser.desk import OpenDesk
from tests.browser.steps import state_of
from tests.support import stages
from tests.support.samples import put_sample
from tests.support.world import PLAN_FILE, World, checked_policy
from workflow.bulk import DOERS
from workflow.imports.asking import take_in
from workflow.jobs import work_off
from workflow.proof.asking import ask_package
from workflow.proof.verifying import Seal, verify_history
from workflow.searches.exports import ask
from workflow.searches.saved import keep
from workflow.what_if.running import ask as what_if

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@dataclass(frozen=True)
class Walk:
    """Pages that one person opens, once the claim 1 of the world's partner has come to a stage."""

    name: str
    stage: Callable[[World], int]
    paths: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.name}, {self.stage.__name__}"


def discussed(world: World) -> int:
    """Return the id of a claim on which both sides wrote, with files, and an internal note was left."""
    claim_id = stages.submitted(world)
    world.post(claim_id, "anna", "When do you decide?\nWe print the invitations.", tell=["bob"])
    world.post(claim_id, "bob", "Looks thin, I think.", internal=True, files=[PLAN_FILE])
    world.post(claim_id, "mia", "Tomorrow.", tell=["anna", "bob"], files=[PLAN_FILE])
    return claim_id


def lapsing(world: World) -> int:
    """Return the id of an approved claim that expires with its partner's certificate; another waits."""
    claim_id = stages.approved(world)
    stages.submitted(world)
    stages.correct_certificate(world, date(2026, 4, 20))
    return claim_id


def sampled(world: World) -> int:
    """Return the id of a claim that was drawn and looked at; history was verified, a package asked for."""
    claim_id = stages.approved(world)
    world.checkpoint()
    verify_history(world.database, Seal([], Path("nowhere")), world.clock.now(), since=0)
    put_sample(world, claim_id)
    with world.database.write() as connection:
        ask_package(connection, world.people["eve"], world.clock.now(), "package")
    return claim_id


def exported(world: World) -> int:
    """Return the id of a claim whose moves an auditor keeps a search of, and has made into a file."""
    claim_id, eve, now = stages.submitted(world), world.people["eve"], world.clock.now()
    with world.database.write() as connection:
        keep(connection, eve, now, SearchKind.moves, "Elbe", {"partner": "elbe"})
        ask(connection, eve, now, SearchKind.moves, ExportForm.csv, {}, "once")
    return claim_id


def asked(world: World) -> int:
    """Return the id of a claim that a lower cap was asked of; a file was sent to be imported."""
    claim_id, mia, now = stages.approved(world), world.people["mia"], world.clock.now()
    policy, source = checked_policy(max_amount_per_activity="3000.00"), {"file": "lower.json"}
    stored = {"name": "partners.csv", "digest": "0" * 64}
    with world.database.write() as connection:
        what_if(connection, mia, now, document=policy, source=source, chosen={}, key="asked")
    work_off(world.database, DOERS, world.clock.now)
    with world.database.write() as connection:
        take_in(connection, mia, now, ImportKind.partners, stored, "sent")
    return claim_id


WALKS = (
    *(Walk(name, discussed, ("/claims/1",)) for name in ("anna", "bob", "eve")),
    Walk("anna", stages.draft, ("/claims/new", "/claims/1/plan", "/claims/1/submit/confirm")),
    Walk("anna", stages.approved, ("/claims/1/report", "/claims/1/withdraw/confirm", "/notifications")),
    Walk("anna", stages.reimbursed, ("/claims", "/claims/1", "/account")),
    Walk("bob", stages.submitted, ("/inbox", "/claims/1/decide")),
    Walk("bob", stages.executed, ("/claims/1/accept",)),
    Walk("dan", stages.accepted, ("/payments", "/claims/1/pay")),
    Walk("dan", stages.account_changed, ("/bank-accounts", "/payments", "/claims/1/pay")),
    Walk("dan", stages.payable, ("/payment-runs",)),
    Walk("dan", stages.collected, ("/payment-runs/1", "/claims/1/pay")),
    Walk("fay", stages.released, ("/payment-runs", "/payment-runs/1", "/claims/1/pay")),
    Walk("anna", stages.account_changed, ("/bank-account",)),
    Walk("mia", stages.account_changed, ("/programme/partners/1", "/programme/partners/1/bank-account")),
    Walk("anna", lapsing, ("/claims",)),
    Walk(
        "mia",
        lapsing,
        ("/forecast", "/forecast/claims", "/forecast/periods/1", "/forecast/approvers/2/open"),
    ),
    Walk("mia", asked, ("/what-if/1", "/imports")),
    Walk("eve", sampled, ("/samples", "/samples/new", "/samples/1", "/samples/1/claims/1")),
    Walk("eve", sampled, ("/audit/proof", "/audit/proof/verifications/1")),
    Walk("eve", exported, ("/audit/moves?least=1", "/audit/exports", "/audit/exports/1")),
    Walk("anna", stages.with_outcomes, ("/claims/1", "/claims/1/outcomes", "/dashboard")),
    Walk("bob", stages.accepted, ("/dashboard/decisions",)),
    Walk("dan", stages.reimbursed, ("/dashboard/payments",)),
    Walk("mia", stages.rejected, ("/dashboard/reasons",)),
    Walk(
        "mia",
        stages.with_outcomes,
        ("/dashboard/times", "/dashboard/returns", "/dashboard/claims?returns=counted"),
    ),
    Walk("eve", stages.reimbursed, ("/audit", "/audit/claims/1", "/audit/moves/2", "/audit/funds/1")),
    Walk(
        "mia",
        stages.reinstatable,
        (
            "/programme/partners",
            "/programme/partners/1",
            "/programme/partners/1/certificates/new",
            "/programme/claims/1/reinstate",
        ),
    ),
)


@pytest.mark.parametrize("walk", WALKS, ids=str)
def test_pages_are_accessible_and_fit_wide_and_narrow_in_light_and_dark(
    world: World, desk_of: OpenDesk, walk: Walk
) -> None:
    walk.stage(world)
    desk = desk_of(walk.name)
    for path in walk.paths:
        desk.open(path)
        desk.assert_sound()


@pytest.mark.parametrize("name", ["eve", "mia"])
def test_every_page_of_the_navigation_is_accessible_and_fits(
    world: World, desk_of: OpenDesk, name: str
) -> None:
    stages.reimbursed(world)
    stages.rejected(world)
    desk = desk_of(name)
    places = desk.page.get_by_role("navigation", name="Pages").get_by_role("link")
    for number in range(places.count()):
        places.nth(number).click()
        expect(places.nth(number)).to_have_attribute("aria-current", "page")
        desk.assert_sound()


@pytest.mark.parametrize(("name", "path"), [("mia", "/programme/outbox"), ("eve", "/audit/funds")])
def test_a_narrow_navigation_shows_the_present_page(
    world: World, desk_of: OpenDesk, name: str, path: str
) -> None:
    page = desk_of(name, viewport={"width": 390, "height": 850}).open(path)
    places = page.get_by_role("navigation", name="Pages")
    expect(places.locator("[aria-current=page]")).to_be_in_viewport(ratio=1)
    expect(places.get_by_role("link").first).not_to_be_in_viewport()


def test_pages_that_say_no_are_accessible_and_fit(world: World, desk_of: OpenDesk) -> None:
    claim_id = world.draft(requested=None, title="")
    desk = desk_of("anna")
    page = desk.open(f"/claims/{claim_id}/plan")
    page.get_by_label("Amount asked for").fill("four thousand")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Amount asked for")
    desk.assert_sound()

    desk.open(f"/claims/{claim_id}/submit/confirm").get_by_role("button", name="Submit the claim").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was changed.")
    desk.assert_sound()


def test_the_main_action_of_a_page_is_reached_and_pressed_by_keyboard(
    world: World, desk_of: OpenDesk
) -> None:
    claim_id = stages.draft(world)
    anna = desk_of("anna")
    page = anna.open(f"/claims/{claim_id}/plan")
    anna.tab_to(page.get_by_role("button", name="Save and go on to submit"))
    page.keyboard.press("Enter")
    anna.tab_to(page.get_by_role("button", name="Submit the claim"))
    page.keyboard.press("Enter")
    expect(state_of(page)).to_have_text("Submitted")

    bob = desk_of("bob")
    bob.tab_to(bob.page.get_by_role("link", name="Start with the oldest"))
    bob.page.keyboard.press("Enter")
    bob.tab_to(bob.page.get_by_role("button", name="Approve"))
    bob.page.keyboard.press("Enter")
    expect(bob.page.get_by_role("status")).to_contain_text("The claim is now: Approved")


def test_the_keyboard_skips_the_navigation(world: World, desk_of: OpenDesk) -> None:
    page = desk_of("anna").open("/claims")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


def test_a_claim_prints_without_navigation_and_buttons(world: World, desk_of: OpenDesk) -> None:
    claim_id = stages.approved(world)
    page = desk_of("anna").open(f"/claims/{claim_id}")
    on_screen = (
        page.get_by_role("navigation", name="Pages"),
        page.get_by_role("navigation", name="Your account"),
        page.get_by_role("button", name="Copy into a new draft"),
        page.get_by_role("link", name="Write the report"),
    )
    for each in on_screen:
        expect(each).to_be_visible()
    page.emulate_media(media="print")
    for each in on_screen:
        expect(each).to_be_hidden()
    for heading in ("Spring seminar", "The plan", "The money", "History"):
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
