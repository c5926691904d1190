"""Everything works without JavaScript: the same form, only by going to the server and back."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk import OpenDesk
from tests.browser.steps import (
    PLANNED,
    attach,
    begin_seminar,
    describe_seminar,
    fact,
    fill_lines,
    outcome,
    submit,
)
from tests.support import stages
from tests.support.world import World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_claim_is_planned_checked_and_submitted_without_scripts(desk_of: OpenDesk) -> None:
    page = desk_of("anna", java_script_enabled=False).page
    begin_seminar(page)
    page.get_by_label("Title").fill("Spring seminar")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    expect(page.get_by_label("Title")).to_have_value("Spring seminar")
    expect(outcome(page, "Share of the costs")).to_have_text("not yet known")

    describe_seminar(page)
    fill_lines(page, PLANNED)
    page.get_by_label("Amount asked for").fill("5,000.00")
    page.get_by_role("button", name="Check without saving").click()
    expect(outcome(page, "Share of the costs")).to_have_text("broken")
    expect(fact(page.get_by_role("main"), "You may ask for up to")).to_have_text("4,000.00 USD")

    page.get_by_label("Amount asked for").fill("4,000.00")
    attach(page, "programme.pdf")
    page.get_by_role("button", name="Remove line 2").click()
    expect(page.get_by_role("group", name="Line 2", exact=True)).to_have_count(0)
    fill_lines(page, PLANNED)
    submit(page)
    expect(fact(page.locator("#money"), "Planned costs")).to_have_text("8,000.00 USD")


def test_a_double_click_without_scripts_submits_once(world: World, desk_of: OpenDesk) -> None:
    claim_id = stages.draft(world)
    page = desk_of("anna", java_script_enabled=False).open(f"/claims/{claim_id}/submit/confirm")
    page.get_by_role("button", name="Submit the claim").dblclick()
    expect(page.locator("#history").get_by_text("Anna submitted the claim.")).to_have_count(1)
    expect(page.get_by_role("main")).to_contain_text("2026H1-00001")


def test_two_people_write_to_each_other_and_enter_keeps_it_among_colleagues(
    world: World, desk_of: OpenDesk
) -> None:
    path = f"/claims/{stages.submitted(world)}"
    anna = desk_of("anna", java_script_enabled=False).open(path)
    anna.get_by_label("Your message").fill("When do you decide?")
    anna.get_by_role("button", name="Send", exact=True).click()
    expect(anna.get_by_role("status")).to_contain_text("Sent.")

    bob = desk_of("bob", java_script_enabled=False).open(path)
    thread = bob.get_by_role("list", name="Messages, newest first").get_by_role("listitem")
    expect(thread).to_contain_text(["When do you decide?"])
    bob.get_by_label("Your message").fill("The plan looks thin.")
    bob.get_by_label("Anna (Elbe Systems)").press("Enter")
    expect(bob.get_by_role("status")).to_contain_text("Saved as an internal note.")
    bob.get_by_label("Your message").fill("Tomorrow.")
    bob.get_by_label("Anna (Elbe Systems)").check()
    bob.get_by_role("button", name="Send to the partner").click()
    expect(thread).to_contain_text(["Tomorrow.", "The plan looks thin.", "When do you decide?"])

    anna.reload()
    expect(anna.get_by_role("list", name="Messages, newest first").get_by_role("listitem")).to_contain_text(
        ["Tomorrow.", "When do you decide?"]
    )
