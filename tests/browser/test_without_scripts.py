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
