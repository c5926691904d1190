"""One claim of a seminar walks from draft to reimbursed, through all roles, by clicking and typing alone."""

import re
from datetime import UTC, datetime

from playwright.sync_api import Page, expect

from tests.browser.desk import OpenDesk
from tests.browser.steps import (
    BILLED,
    EVIDENCE,
    PLANNED,
    attach,
    begin_seminar,
    describe_seminar,
    fact,
    fill_lines,
    find,
    has_money,
    open_task,
    outcome,
    state_of,
    submit,
)
from workflow.clock import SettableClock

AFTER_THE_SEMINAR = datetime(2026, 4, 20, 9, 0, tzinfo=UTC)

NUMBER = "2026H1-00001"

OF_THE_ACTIVITY = ("Certified throughout", "Within the JMF period", "Details of the activity")
"""Rules that nobody can judge before the activity is described."""


def test_a_seminar_walks_from_draft_to_reimbursed(desk_of: OpenDesk, clock: SettableClock) -> None:
    the_partner_plans_and_submits(desk_of)
    an_approver_grants_less(desk_of("bob").page)

    clock.set(AFTER_THE_SEMINAR)
    the_partner_reports(desk_of("anna").page)
    the_approver_accepts(desk_of("bob").page)
    finance_pays(desk_of("dan").page)

    the_auditor_reads_it_all(desk_of("eve").page)
    the_partner_sees_the_money(desk_of("anna").page)


def the_partner_plans_and_submits(desk_of: OpenDesk) -> None:
    desk = desk_of("anna")
    page = desk.page
    begin_seminar(page)
    loaded = desk.navigations
    rules = page.get_by_role("complementary", name="What the rules say")
    for rule in (
        "Certified throughout",
        "Within the JMF period",
        "Share of the costs",
        "Details of the activity",
    ):
        expect(outcome(rules, rule)).to_have_text("not yet known")

    describe_seminar(page)
    for rule in OF_THE_ACTIVITY:
        expect(outcome(rules, rule)).to_have_text("holds")
    fill_lines(page, PLANNED)
    has_money(rules, Total_of_the_lines="8,000.00", You_may_ask_for_up_to="4,000.00")
    page.get_by_label("Amount asked for").fill("4,000.01")
    expect(outcome(rules, "Share of the costs")).to_have_text("broken")
    page.get_by_label("Amount asked for").fill("4,000.00")
    expect(outcome(rules, "Share of the costs")).to_have_text("holds")
    has_money(rules, Would_be_offered_today="4,000.00", You_would_bear="4,000.00")
    assert desk.navigations == loaded, "the rules were asked by loading the page anew"

    attach(page, "programme.pdf")
    submit(page)
    expect(page.get_by_role("main")).to_contain_text(NUMBER)
    expect(page.get_by_text("Waiting for Bob")).to_be_visible()


def an_approver_grants_less(page: Page) -> None:
    open_task(page)
    expect(page.get_by_role("link", name="programme.pdf")).to_be_visible()
    expect(page.get_by_role("heading", name="After granting 4,000.00 USD")).to_be_visible()
    page.get_by_label("Amount to grant").fill("3,800.00")
    expect(page.get_by_role("heading", name="After granting 3,800.00 USD")).to_be_visible()
    expect(fact(page, "Borne by the partner")).to_contain_text("4,200.00 USD")
    expect(page.get_by_role("figure").filter(has_text="46,200.00 USD")).to_be_visible()
    page.get_by_label("Reason").fill("The hall was cheaper last year.")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("status")).to_contain_text("The claim is now: Approved")
    expect(page.get_by_text("Nothing waits for you")).to_be_visible()


def the_partner_reports(page: Page) -> None:
    page.get_by_role("link", name="Write the report").click()
    fill_lines(page, BILLED)
    rules = page.get_by_role("complementary", name="What the rules say")
    has_money(rules, Actual_costs="7,400.00", Granted_at_most="3,800.00")
    for kind in EVIDENCE:
        attach(page, f"{kind.lower()}.pdf", kind)
    for number in (1, 2):
        line = page.get_by_role("group", name=f"Line {number}", exact=True)
        line.get_by_label("Proven by").select_option(label="invoices.pdf")
    expect(outcome(rules, "Carried out and billed")).to_have_text("holds")
    page.get_by_role("button", name="Save and go on to send").click()
    page.get_by_role("button", name="Send the report").click()
    expect(state_of(page)).to_have_text("Reported")


def the_approver_accepts(page: Page) -> None:
    open_task(page)
    payment = page.locator("#payment")
    expect(payment).to_contain_text("0.00 USD")
    for number in range(1, len(BILLED) + 1):
        find(page, f"Cost line {number}", "Accept")
    for kind in EVIDENCE:
        find(page, f"{kind.lower()}.pdf", "Meets")
    for tick in page.locator("#checklist").get_by_role("checkbox").all():
        tick.check()
    expect(payment).to_contain_text("3,700.00 USD")
    expect(outcome(page, "Evidence and checklist")).to_have_text("holds")
    page.get_by_role("button", name="Accept", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("The claim is now: Accepted")


def finance_pays(page: Page) -> None:
    page.get_by_role("link", name=f"Pay {NUMBER}").click()
    has_money(page.get_by_role("main"), To_be_reimbursed="3,700.00")
    page.get_by_label("Payment reference").fill("SWIFT-77")
    page.get_by_label("Day of payment").fill("2026-04-20")
    page.get_by_role("button", name="Record the payment").click()
    expect(page.get_by_role("status")).to_contain_text("The claim is now: Reimbursed")
    paid = page.get_by_role("table", name="Paid lately").get_by_role("row", name=NUMBER)
    expect(paid).to_contain_text("3,700.00 USD")
    expect(paid).to_contain_text("SWIFT-77")


def the_auditor_reads_it_all(page: Page) -> None:
    page.get_by_role("link", name=NUMBER).click()
    moves = page.get_by_role("table", name="Moves").get_by_role("link", name=re.compile(r"^\d+\. "))
    expect(moves).to_have_text(["1. Submitted", "2. Approved", "3. Reported", "4. Accepted", "5. Paid"])
    ledger = page.get_by_role("table", name="Ledger entries").get_by_role("row")
    for row, (what, amount) in enumerate(
        (("Reserved", "3,800.00"), ("Reserve shrunk", "100.00"), ("Paid", "3,700.00")), start=1
    ):
        expect(ledger.nth(row)).to_contain_text(what)
        expect(ledger.nth(row)).to_contain_text(f"{amount} USD")

    page.get_by_role("link", name="2. Approved").click()
    expect(page.get_by_role("main")).to_contain_text("The hall was cheaper last year.")
    expect(page.get_by_text("proves the text")).to_be_visible()
    document = page.locator("#document")
    for judged in ('"requested": "4000.00"', '"approved": "3800.00"', '"available": "50000.00"'):
        expect(document).to_contain_text(judged)
    with page.expect_download() as download:
        document.get_by_role("link", name="Download as stored").click()
    assert download.value.suggested_filename.endswith(".json")

    page.go_back()
    page.get_by_role("link", name="The claim's own page").click()
    expect(state_of(page)).to_have_text("Reimbursed")
    expect(page.get_by_role("main").get_by_role("button")).to_have_count(0)


def the_partner_sees_the_money(page: Page) -> None:
    fund = page.get_by_role("region", name="Fund 2026H1")
    expect(fund).to_contain_text("46,300.00 USD available of 50,000.00 USD")
    page.get_by_role("link", name="Spring seminar").click()
    has_money(
        page.locator("#money"),
        Actual_costs="7,400.00",
        Asked_for="4,000.00",
        Granted="3,800.00",
        To_be_reimbursed="3,700.00",
        Reserved_now="0.00",
        Paid="3,700.00",
        Borne_by_the_partner="3,700.00",
    )
    expect(page.locator("#money")).to_contain_text("20 Apr 2026, SWIFT-77")
