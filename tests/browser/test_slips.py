"""People mistype, click twice and come too late: the page says so, and keeps what they typed."""

import re

import pytest
from playwright.sync_api import FilePayload, Locator, expect

from models.vocabulary import State
from tests.browser.desk import OpenDesk
from tests.browser.steps import open_task, state_of
from tests.support import stages
from tests.support.world import World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_what_was_mistyped_stays_with_a_message_at_its_field(world: World, desk_of: OpenDesk) -> None:
    page = desk_of("anna").open(f"/claims/{stages.draft(world)}/plan")
    line = page.get_by_role("group", name="Line 1", exact=True)
    typed = {
        page.get_by_label("Amount asked for"): "four thousand",
        page.get_by_label("Expected attendees"): "many",
        line.get_by_label("Quantity"): "0",
        line.get_by_label("Amount", exact=True): "12.345",
    }
    for field, value in typed.items():
        field.fill(value)
    page.get_by_label("Title").fill("Spring seminar in Hamburg")
    page.get_by_role("button", name="Save", exact=True).click()

    summary = page.get_by_role("alert").filter(has_text="Please look at these once more")
    expect(summary.get_by_role("link")).to_have_count(len(typed))
    for field, value in typed.items():
        expect(field).to_have_value(value)
        is_wrong(field)
    expect(page.get_by_label("Title")).to_have_value("Spring seminar in Hamburg")

    summary.get_by_role("link", name="Amount asked for").click()
    expect(page.get_by_label("Amount asked for")).to_be_in_viewport()


def test_days_that_run_backwards_are_told_at_their_field(world: World, desk_of: OpenDesk) -> None:
    page = desk_of("anna").open(f"/claims/{stages.draft(world)}/plan")
    page.get_by_label("Last day").fill("2026-04-01")
    page.get_by_role("button", name="Save and go on to submit").click()
    expect(page.locator("#missing").get_by_role("listitem")).to_contain_text("Last day")
    page.get_by_role("button", name="Submit the claim").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was changed.")
    page.get_by_role("link", name="Back to put it right").click()
    is_wrong(page.get_by_label("Last day"))
    expect(page.get_by_label("Last day")).to_have_value("2026-04-01")


def test_a_payment_without_a_reference_is_refused_at_its_field(world: World, desk_of: OpenDesk) -> None:
    claim_id = stages.accepted(world)
    page = desk_of("dan").open(f"/claims/{claim_id}/pay")
    page.get_by_label("Day of payment").fill("2026-05-01")
    page.get_by_role("button", name="Record the payment").click()
    is_wrong(page.get_by_label("Payment reference"))
    expect(page.get_by_label("Day of payment")).to_have_value("2026-05-01")
    assert world.claim(claim_id).state is State.accepted


def test_a_file_of_another_type_is_refused_and_the_rest_is_kept(world: World, desk_of: OpenDesk) -> None:
    page = desk_of("anna").open(f"/claims/{stages.draft(world)}/plan")
    page.get_by_label("Title").fill("Spring seminar in Hamburg")
    program: FilePayload = {
        "name": "setup.pdf",
        "mimeType": "application/pdf",
        "buffer": b"MZ\x90\x00 a program",
    }
    page.get_by_label("Attach files").set_input_files(program)
    page.get_by_role("button", name="Attach", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("setup.pdf")
    expect(page.get_by_label("Title")).to_have_value("Spring seminar in Hamburg")


def test_a_double_click_submits_once(world: World, desk_of: OpenDesk) -> None:
    claim_id = stages.draft(world)
    page = desk_of("anna").open(f"/claims/{claim_id}/submit/confirm")
    page.get_by_role("button", name="Submit the claim").dblclick()
    expect(state_of(page)).to_have_text("Submitted")
    expect(page.locator("#history").get_by_text("Anna submitted the claim.")).to_have_count(1)


def test_the_same_decision_in_two_windows_is_made_once(world: World, desk_of: OpenDesk) -> None:
    path = f"/claims/{stages.submitted(world)}/decide"
    first, second = desk_of("bob").open(path), desk_of("bob").open(path)
    first.get_by_role("button", name="Approve").click()
    expect(first.get_by_text("Nothing waits for you")).to_be_visible()
    second.get_by_role("button", name="Approve").click()
    expect(second.get_by_role("heading", name="Your decision came too late")).to_be_visible()
    expect(second.get_by_role("main")).to_contain_text("Approved")
    assert world.fund_row().reserved == 400_000


def test_a_plan_saved_in_another_window_is_not_overwritten_unseen(world: World, desk_of: OpenDesk) -> None:
    path = f"/claims/{stages.draft(world)}/plan"
    first, second = desk_of("anna").open(path), desk_of("anna").open(path)
    first.get_by_label("Title").fill("Hamburg")
    first.get_by_role("button", name="Save", exact=True).click()
    expect(first.get_by_role("status")).to_contain_text("Saved.")

    second.get_by_label("Title").fill("Bremen")
    second.get_by_role("button", name="Save", exact=True).click()
    expect(second.get_by_role("alert")).to_contain_text("the claim has changed since you opened it")
    expect(second.get_by_label("Title")).to_have_value("Bremen")
    first.reload()
    expect(first.get_by_label("Title")).to_have_value("Hamburg")


def test_a_decision_on_a_claim_that_was_withdrawn_says_what_happened(world: World, desk_of: OpenDesk) -> None:
    claim_id = stages.submitted(world)
    bob = desk_of("bob").page
    open_task(bob)
    world.move(claim_id, "withdraw", "anna")
    bob.get_by_label("Reason").fill("A fine plan.")
    bob.get_by_role("button", name="Approve").click()
    expect(bob.get_by_role("heading", name="Your decision came too late")).to_be_visible()
    expect(bob.get_by_role("main")).to_contain_text("Withdrawn")
    expect(bob.get_by_role("main")).to_contain_text("A fine plan.")


def is_wrong(field: Locator) -> None:
    """Find a field marked as wrong, with the message read out with it."""
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field.locator("xpath=ancestor::*[contains(@class, 'field--wrong')]")).to_be_visible()
    expect(field).to_have_attribute("aria-describedby", re.compile("-error"))


def test_a_late_second_click_decides_nothing_that_nobody_has_seen(world: World, desk_of: OpenDesk) -> None:
    first, second = stages.submitted(world), stages.submitted(world)
    page = desk_of("bob").open(f"/claims/{first}/decide")
    page.get_by_role("button", name="Approve").click()
    expect(page).to_have_url(re.compile(f"/claims/{second}/decide$"))
    approve = page.get_by_role("button", name="Approve")
    # What counts is the time since the page opened: it is set back, so that no slow machine is late.
    page.evaluate("performance.now = () => 600")
    approve.click()
    assert world.claim(second).state is State.submitted

    page.evaluate("performance.now = () => 1200")
    approve.click()
    expect(page).to_have_url(re.compile("/inbox$"))
    assert [world.claim(each).state for each in (first, second)] == [State.approved] * 2


def test_a_file_that_is_too_large_is_told_before_it_is_sent(world: World, desk_of: OpenDesk) -> None:
    desk = desk_of("anna")
    page = desk.open(f"/claims/{stages.draft(world)}/plan")
    page.get_by_label("Attach files").evaluate("field => { field.dataset.most = 10 }")
    large: FilePayload = {"name": "hall.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 hall"}
    page.get_by_label("Attach files").set_input_files(large)
    expect(page.get_by_role("alert")).to_have_text("hall.pdf is larger than 20 MB. Choose a smaller file.")
    expect(page.get_by_label("Attach files")).to_have_value("")
    small: FilePayload = {**large, "buffer": b"%PDF-1.4"}
    page.get_by_label("Attach files").set_input_files(small)
    expect(page.get_by_role("alert")).to_have_count(0)


def test_the_rules_are_asked_without_the_file_that_was_chosen(world: World, desk_of: OpenDesk) -> None:
    page = desk_of("anna").open(f"/claims/{stages.draft(world)}/plan")
    page.get_by_label("Attach files").set_input_files(
        {"name": "hall.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 hall"}
    )
    with page.expect_request("**/check") as asked:
        page.get_by_label("Title").fill("Another title")
    body = asked.value.post_data_buffer or b""
    assert b"Another title" in body
    assert b"hall.pdf" not in body
