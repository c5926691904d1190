"""Not every claim is paid: what people see and do where one is rejected, returned, withdrawn or expired."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from models.vocabulary import State
from tests.browser.desk import OpenDesk
from tests.browser.steps import fact, fill_line, open_task, state_of, submit
from tests.support import stages
from tests.support.world import World
from workflow.clock import SettableClock
from workflow.expiry import sweep

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_an_approver_rejects_with_a_reason_that_the_partner_reads(world: World, desk_of: OpenDesk) -> None:
    claim_id = stages.submitted(world)
    bob = desk_of("bob").page
    open_task(bob)
    bob.get_by_role("button", name="Reject").click()
    expect(bob.get_by_label("Reason")).to_have_attribute("aria-invalid", "true")
    assert world.claim(claim_id).state is State.submitted

    bob.get_by_label("Reason").fill("Two other seminars are on that day.")
    bob.get_by_role("button", name="Reject").click()
    expect(bob.get_by_role("status")).to_contain_text("The claim is now: Rejected")

    anna = desk_of("anna").page
    anna.get_by_role("link", name="Spring seminar").click()
    expect(state_of(anna)).to_have_text("Rejected")
    expect(anna.locator("#history")).to_contain_text("Two other seminars are on that day.")
    expect(fact(anna.locator("#money"), "Reserved now")).to_have_text("0.00 USD")


def test_a_returned_claim_is_put_right_and_submitted_again(world: World, desk_of: OpenDesk) -> None:
    claim_id = stages.submitted(world)
    number = world.claim(claim_id).number
    bob = desk_of("bob").page
    open_task(bob)
    bob.get_by_label("Reason").fill("Please find a smaller hall.")
    bob.get_by_role("button", name="Return").click()
    expect(bob.get_by_role("status")).to_contain_text("The claim is now: Draft")

    anna = desk_of("anna").page
    expect(anna.get_by_role("region", name="Next for you")).to_contain_text("came back to you")
    anna.get_by_role("link", name="Continue").click()
    fill_line(anna, 1, {"Unit value": "6,000.00", "Amount": "6,000.00"})
    anna.get_by_label("Amount asked for").fill("3,000.00")
    submit(anna)
    expect(anna.get_by_role("main")).to_contain_text(number)
    history = anna.locator("#history")
    expect(history.get_by_text("Anna submitted the claim.")).to_have_count(2)
    expect(history).to_contain_text("Please find a smaller hall.")

    open_task(bob)
    expect(fact(bob.locator("#decision"), "You can grant up to")).to_have_text("3,000.00 USD")


def test_a_partner_withdraws_and_the_reserve_is_free_again(world: World, desk_of: OpenDesk) -> None:
    stages.approved(world)
    anna = desk_of("anna").page
    fund = anna.get_by_role("region", name="Fund 2026H1")
    expect(fund).to_contain_text("46,000.00 USD available")
    anna.get_by_role("link", name="Spring seminar").click()
    anna.get_by_role("link", name="Withdraw").click()
    expect(anna.get_by_text("This cannot be undone.")).to_be_visible()
    anna.get_by_role("button", name="Withdraw the claim").click()
    expect(state_of(anna)).to_have_text("Withdrawn")
    anna.get_by_role("navigation", name="Pages").get_by_role("link", name="Claims").click()
    expect(fund).to_contain_text("50,000.00 USD available")


def test_a_claim_expires_with_its_certificate_and_is_reinstated_once_the_gap_is_closed(
    world: World, desk_of: OpenDesk, clock: SettableClock
) -> None:
    claim_id = stages.approved(world)
    mia = desk_of("mia").page
    open_partner(mia)
    mia.get_by_role("link", name="Correct or revoke").click()
    mia.get_by_label("Last day").fill("2026-03-31")
    mia.get_by_label("Reason").fill("The renewal was never confirmed.")
    mia.get_by_role("button", name="Replace the record").click()
    expect(mia.get_by_role("status")).to_contain_text("The certificate is recorded.")

    clock.set(datetime(2026, 3, 31, 20, 0, tzinfo=UTC))
    assert sweep(world.database, clock.now()).expired == 0
    clock.set(datetime(2026, 4, 1, 6, 0, tzinfo=UTC))
    assert sweep(world.database, clock.now()).expired == 1

    anna = desk_of("anna").page
    expect(anna.get_by_role("region", name="Fund 2026H1")).to_contain_text("50,000.00 USD available")
    anna.get_by_role("link", name="Spring seminar").click()
    expect(state_of(anna)).to_have_text("Expired")
    expect(anna.get_by_text("A programme manager can reinstate it")).to_be_visible()

    mia = desk_of("mia").page
    mia.goto(anna.url)
    mia.get_by_role("link", name="Reinstate").click()
    expect(mia.get_by_text("It cannot be reinstated yet")).to_be_visible()

    open_partner(mia)
    mia.get_by_role("link", name="Record a certificate").click()
    mia.get_by_label("First day").fill("2026-04-01")
    mia.get_by_label("Last day").fill("2027-03-31")
    mia.get_by_role("button", name="Record", exact=True).click()
    expect(mia.get_by_role("row").filter(has_text="1 Apr 2026 – 31 Mar 2027")).to_contain_text("in force")

    mia.goto(anna.url)
    mia.get_by_role("link", name="Reinstate").click()
    mia.get_by_label("Reason").fill("The renewal came late.")
    mia.get_by_role("button", name="Reinstate").click()
    expect(mia.get_by_role("status")).to_contain_text("The claim is now: Approved")

    anna.reload()
    expect(state_of(anna)).to_have_text("Approved")
    expect(fact(anna.locator("#money"), "Reserved now")).to_have_text("4,000.00 USD")
    assert world.claim(claim_id).reserved == 400_000


def open_partner(page: Page) -> None:
    """Open the page of the world's partner, as its programme manager."""
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Partners").click()
    page.get_by_role("link", name="Elbe Systems").click()
