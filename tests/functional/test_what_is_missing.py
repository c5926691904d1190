"""What a plan or a report still lacks is named by line and field, while it is typed and before it is sent."""

import io
import re
from datetime import UTC, datetime

import pytest

from models.vocabulary import Role, State
from tests.functional.conftest import SignIn
from tests.support.files import pdf
from tests.support.pages import Browser
from tests.support.plans import PLANS
from tests.support.stages import approved
from tests.support.world import EVIDENCE, World, bill, line
from web import field_names
from workflow.clock import SettableClock
from workflow.completeness import LINE_FIELDS, PLAN_FIELDS

SEMINAR = next(plan for plan in PLANS if plan.activity_type == "seminar")
BILLED = {"lines-0-supplier": "Kongresshalle", "lines-0-invoice_number": "K-1"}
WITHOUT_LINE_2 = "The total is without line 2, whose amount cannot be read"
ALL_MISSING = "Still missing: invoices, attendee list, agenda, photos. Without them, an approver"


@pytest.fixture
def anna(world: World, sign_in: SignIn) -> Browser:
    """The browser of a partner's contact."""
    return sign_in(world.people["anna"])


@pytest.fixture
def plan(anna: Browser) -> str:
    """The address of a new draft's form."""
    return anna.open("/claims/new").submit("/claims/new", activity_type="seminar").location


@pytest.fixture
def report(world: World, clock: SettableClock) -> str:
    """The address of the report on a seminar that is over."""
    claim_id = approved(world)
    clock.set(datetime(2026, 4, 20, 9, 0, tzinfo=UTC))
    return f"/claims/{claim_id}/report"


@pytest.fixture
def anna_later(report: str, world: World, sign_in: SignIn) -> Browser:
    """The browser of the partner's contact, once the seminar is over."""
    assert report
    return sign_in(world.people["anna"])


def part(text: str, name: str) -> str:
    """Return the section of a page that bears an id."""
    return text.partition(f'id="{name}"')[2].partition("</section>")[0]


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", "", html).split())


def missing(text: str) -> list[str]:
    """Return what a page says is still to be put right, item by item."""
    return [words(item) for item in re.findall(r"<li.*?</li>", part(text, "missing"), re.DOTALL)]


def typed(browser: Browser, form: str, check: str, **fields: str) -> str:
    """Return what is said of a form while it is typed."""
    answer = browser.client.post(check, data={**dict(browser.open(form).form(form).fields), **fields})
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def typed_plan(anna: Browser, plan: str, **fields: str) -> str:
    return typed(anna, plan, plan.replace("/plan", "/check"), **{**SEMINAR.fields, **fields})


def test_what_keeps_a_plan_from_being_submitted_is_told_while_it_is_typed(anna: Browser, plan: str) -> None:
    assert missing(anna.open(plan).text) == [
        "Title: This is still empty.",
        "JMF period: This is still empty.",
        "First day: This is still empty.",
        "Last day: This is still empty.",
        "Amount asked for: This is still empty.",
        "Planned costs: There is no line yet. Enter at least one cost line.",
    ]
    second = {"lines-1-quantity": "2", "lines-1-unit_value": "1.00", "lines-1-amount": "3.00"}
    assert missing(typed_plan(anna, plan, title="", **second)) == [
        "Title: This is still empty.",
        "Line 2, category: This is still empty.",
    ]
    with_a_wrong_sum = {**second, "lines-1-category": "catering", "lines-1-amount": "9"}
    assert missing(typed_plan(anna, plan, **with_a_wrong_sum)) == [
        "Line 2, amount: 9.00 USD is not 2 × 1.00 USD. Enter 2.00 USD, or correct quantity or unit value."
    ]


def test_everything_that_may_be_missing_has_a_name() -> None:
    assert set(PLAN_FIELDS) | {"lines", "actual_lines"} <= field_names.FIELDS.keys()
    assert set(LINE_FIELDS) <= field_names.LINE_FIELDS.keys()


def test_a_plan_that_lacks_nothing_has_nothing_to_be_put_right(anna: Browser, plan: str) -> None:
    judged = typed_plan(anna, plan)
    assert missing(judged) == []
    assert 'id="missing" hidden' in judged


def test_a_field_that_cannot_be_read_is_not_called_empty(anna: Browser, plan: str) -> None:
    judged = typed_plan(anna, plan, **{"lines-0-quantity": "two", "lines-0-amount": "8000"})
    assert missing(judged) == ["Line 1, quantity: Enter a whole number such as 40."]


SECOND = {"lines-1-category": "catering", "lines-1-description": "Lunch"}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_total_says_which_lines_of_a_plan_it_leaves_out(anna: Browser, plan: str) -> None:
    whole = words(part(typed_plan(anna, plan, **SECOND, **{"lines-1-amount": "1500"}), "sums"))
    assert "Total of the lines9,500.00 USD You may" in whole
    wrong = {**SECOND, "lines-1-amount": "1.500,00"}
    assert WITHOUT_LINE_2 in words(part(typed_plan(anna, plan, **wrong), "sums"))
    page = anna.open(plan).submit(plan, do="save", **{**SEMINAR.fields, **wrong})
    assert page.status == 422
    assert WITHOUT_LINE_2 in words(part(page.text, "sums"))
    alone = words(part(typed_plan(anna, plan, **{"lines-0-amount": "1.500,00"}), "sums"))
    assert "without line 1, whose amount cannot be read" in alone
    assert "Enter your planned costs first." not in alone


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_total_says_which_lines_of_a_report_it_leaves_out(anna_later: Browser, report: str) -> None:
    wrong = {**SECOND, "lines-1-amount": "1.500,00"}
    assert WITHOUT_LINE_2 in words(part(typed(anna_later, report, f"{report}/check", **wrong), "sums"))
    page = anna_later.open(report).submit(report, do="save", **wrong)
    assert WITHOUT_LINE_2 in words(part(page.text, "sums"))
    both = {**wrong, "lines-0-amount": "eight"}
    said = words(part(typed(anna_later, report, f"{report}/check", **both), "sums"))
    assert "without lines 1, 2, whose amounts cannot be read" in said


def test_a_plan_without_costs_says_what_comes_first_and_offers_nothing(anna: Browser, plan: str) -> None:
    empty = words(part(anna.open(plan).text, "sums"))
    assert "Enter your planned costs first." in empty
    assert "0.00" not in empty
    planned = words(part(typed_plan(anna, plan), "sums"))
    assert "Enter your planned costs first." not in planned
    assert "You may ask for up to" in planned


def test_nothing_is_offered_while_the_fund_holds_nothing(world: World, sign_in: SignIn) -> None:
    rhein = world.partner("Rhein Networks")
    vera = sign_in(world.person("vera", Role.partner, partner_id=rhein))
    plan = vera.open("/claims/new").submit("/claims/new", activity_type="seminar").location
    sums = words(part(typed_plan(vera, plan), "sums"))
    assert "no fund yet" in sums
    assert "offered" not in sums
    assert " 0.00" not in sums


def test_a_refused_submission_names_the_line_and_the_field(world: World, anna: Browser) -> None:
    claim_id = world.draft(lines=[line(), line(), line(category=""), line(quantity=2)])
    address = f"/claims/{claim_id}/submit/confirm"
    for page in (anna.open(address), anna.open(address).submit(address)):
        assert missing(page.text) == [
            "Line 3, category: This is still empty. Fill it in.",
            "Line 4, amount: 8,000.00 USD is not 2 × 8,000.00 USD."
            " Enter 16,000.00 USD, or correct quantity or unit value.",
        ]
    assert page.status == 422
    assert "The claim was not submitted" in page.text


def test_a_refused_report_names_the_line_and_the_field(
    world: World, anna_later: Browser, report: str
) -> None:
    world.bill(int(report.split("/")[2]), bill(), bill(unit_value=None))
    address = f"{report}/confirm"
    page = anna_later.open(address).submit(address)
    assert missing(page.text) == ["Line 2, unit value: This is still empty. Fill it in."]
    assert "The report was not sent" in page.text


def test_what_keeps_a_report_from_being_sent_is_told_while_it_is_typed(
    anna_later: Browser, report: str
) -> None:
    check = f"{report}/check"
    assert missing(typed(anna_later, report, check, **BILLED)) == []
    assert missing(typed(anna_later, report, check, **BILLED, **{"lines-0-category": ""})) == [
        "Line 1, category: This is still empty."
    ]


def test_evidence_that_has_no_file_yet_is_named_wherever_the_report_is_written_or_sent(
    anna_later: Browser, report: str
) -> None:
    page = anna_later.open(report)
    assert ALL_MISSING in words(page.text)
    panel = words(part(typed(anna_later, report, f"{report}/check"), "evidence-needed"))
    assert panel.count("still missing") == len(EVIDENCE)
    assert "Without them, an approver will ask you to complete the report." in panel
    assert "No invoice proves this cost line yet: Line 1, Hall, 8,000.00 USD." in panel
    assert ALL_MISSING in words(anna_later.open(f"{report}/confirm").text)
    for kind in ("invoice", "photos", "attendee_list"):
        page = page.submit(report, kind=kind, files=(io.BytesIO(pdf()), "f.pdf"), do="attach").follow()
    last = "Still missing: agenda. Without it, an approver will ask you to complete the report."
    assert last in words(page.text)
    page = page.submit(report, kind="agenda", files=(io.BytesIO(pdf()), "f.pdf"), do="attach").follow()
    assert "Still missing" not in page.text
    assert "Still missing" not in anna_later.open(f"{report}/confirm").text


def test_a_report_without_evidence_is_hinted_at_and_not_refused(
    world: World, anna_later: Browser, report: str
) -> None:
    anna_later.open(report).submit(report, **BILLED, do="save")
    address = f"{report}/confirm"
    page = anna_later.open(address)
    assert ALL_MISSING in words(page.text)
    assert page.submit(address).status == 302
    assert world.claim(int(report.split("/")[2])).state is State.executed
