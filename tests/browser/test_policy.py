"""A policy on its way: written by one manager, published by another, read by a partner, withdrawn again."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from models.vocabulary import Role
from tests.browser.desk import OpenDesk
from tests.support.policies import drafted, proposed, published, second_manager
from tests.support.routing import rule
from tests.support.stages import submitted
from tests.support.world import World
from workflow.policies import default_policy

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_policy_is_written_proposed_published_read_and_withdrawn(world: World, desk_of: OpenDesk) -> None:
    second_manager(world)
    world.draft(title="Dear seminar")
    mia, ines = desk_of("mia"), desk_of("ines")

    page = mia.open("/programme/policy")
    page.get_by_role("button", name="New draft").click()
    page.get_by_role("link", name="Parameters").click()
    page.get_by_label("Most for one activity").fill("three thousand")
    page.get_by_role("button", name="Save in the draft").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter an amount such as 4000.00.")
    expect(page.get_by_label("Most for one activity")).to_have_value("three thousand")
    mia.assert_sound()
    page.get_by_label("Most for one activity").fill("3000")
    page.get_by_role("button", name="Save in the draft").click()
    expect(page.get_by_text("Most for one activity: 10,000.00 USD → 3,000.00 USD")).to_be_visible()

    page.get_by_role("link", name="Expense categories").click()
    page.get_by_role("button", name="Add a row").click()
    number = len(default_policy().catalogue.categories) + 1
    page.get_by_role("group", name=str(number), exact=True).get_by_label("Label").fill("Booth rental")
    page.get_by_role("button", name="Save in the draft").click()
    page.get_by_role("link", name="Seminar").click()
    page.get_by_label("Booth rental").check()
    page.get_by_role("button", name="Save in the draft").click()
    expect(page.get_by_text("Seminar: also admits: Booth rental")).to_be_visible()
    mia.assert_sound()

    page.get_by_label("In force from").fill("2026-07-01")
    page.get_by_role("button", name="Propose", exact=True).click()
    page.get_by_role("link", name="Open the proposal").click()
    expect(page.get_by_text("somebody else has to decide")).to_be_visible()
    mia.assert_sound()

    page = ines.open("/notifications")
    page.get_by_role("link", name="Mia proposes to publish").click()
    ines.assert_sound()
    page.get_by_role("button", name="Publish it from 1 Jul 2026 on").click()
    expect(page.get_by_text("Published. It is in force from 1 Jul 2026.")).to_be_visible()
    ines.assert_sound()

    anna = desk_of("anna")
    page = anna.open("/claims")
    page.get_by_role("link", name="See what they change for your drafts").click()
    expect(page.get_by_role("heading", name="New from 1 Jul 2026")).to_be_visible()
    expect(page.get_by_role("link", name="Dear seminar")).to_be_visible()
    anna.assert_sound()

    page = mia.open("/programme/policy")
    page.get_by_role("link", name="1 Jul 2026", exact=True).click()
    page.get_by_label("Why").fill("A slip.")
    page.get_by_role("button", name="Propose to withdraw it").click()
    page = ines.open("/programme/policy")
    page.get_by_role("link", name="waits to be withdrawn").click()
    page.get_by_role("button", name="Withdraw it").click()
    expect(page.get_by_text("withdrawn", exact=True)).to_be_visible()
    ines.assert_sound()


def test_who_decides_is_drafted_published_by_two_and_leads_what_is_submitted_then(
    world: World, desk_of: OpenDesk
) -> None:
    second_manager(world)
    world.person("cora", Role.approver)
    world.group("Heads", "cora")
    mia, ines = desk_of("mia"), desk_of("ines")

    page = mia.open("/programme/routing")
    mia.assert_sound()
    page.get_by_role("button", name="Draft other rules").click()
    page.get_by_role("link", name="New routing rule").click()
    page.get_by_label("Label").fill("Large activities")
    page.get_by_label("Asks for more than").fill("3000")
    page.get_by_role("button", name="Add a tier").click()
    page.get_by_role("group", name="2", exact=True).get_by_label("Who decides").select_option("group Heads")
    page.get_by_role("button", name="Save in the draft").click()
    said = "A new routing rule: Large activities (above 3,000.00 USD: any approver, then group Heads)"
    expect(page.get_by_text(said)).to_be_visible()
    mia.assert_sound()
    page.get_by_label("In force from").fill("2026-03-03")
    page.get_by_role("button", name="Propose", exact=True).click()

    page = ines.open("/programme/policy")
    page.get_by_role("link", name="waits to be published").click()
    expect(page.get_by_text(said)).to_be_visible()
    page.get_by_role("button", name="Publish it from 3 Mar 2026 on").click()
    expect(page.get_by_text("Published. It is in force from 3 Mar 2026.")).to_be_visible()

    before = submitted(world)
    world.clock.advance(timedelta(days=1))
    claim_id = submitted(world)
    assert world.claim(before).route["tiers"] == [{}]
    page = desk_of("bob").open(f"/claims/{claim_id}")
    expect(page.get_by_text("group Heads")).to_be_visible()


def test_every_part_of_a_draft_is_accessible_and_fits(world: World, desk_of: OpenDesk) -> None:
    published(world, max_funding_share="0.40")
    draft_id = drafted(world, routing=[rule(world.only("bob"), {}, code="large")])
    mia = desk_of("mia")
    activities, routes = ("activity.advertising", "new-activity"), ("route.large", "new-route")
    parts = ("limits", "partner_types", "organisers", *activities, *routes)
    for part in parts:
        mia.open(f"/programme/policy/drafts/{draft_id}/parts/{part}")
        mia.assert_sound()
    mia.open("/programme/policy/2")
    mia.assert_sound()
    proposal_id = proposed(world, draft_id, by="mia", first_day=world.clock.now().date().replace(month=9))
    mia.open(f"/programme/policy/proposals/{proposal_id}")
    mia.assert_sound()
    mia.open(f"/programme/policy/drafts/{draft_id}/parts/figures")
    mia.assert_sound()
