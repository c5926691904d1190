"""Planning a claim: saved incomplete at any time, judged while it is typed, submitted once."""

from datetime import date
from typing import Any

import pytest

from models.claims import Claim
from models.vocabulary import Role, State
from tests.functional.conftest import SignIn
from tests.support.pages import Browser, Page
from tests.support.plans import PLANS
from tests.support.world import World, line

SEMINAR = next(plan for plan in PLANS if plan.activity_type == "seminar")


@pytest.fixture
def anna(world: World, sign_in: SignIn) -> Browser:
    """The browser of a partner's contact."""
    return sign_in(world.people["anna"])


def begun(partner: Browser, activity_type: str = "seminar") -> str:
    """Begin a draft, and return the address of its form."""
    return partner.open("/claims/new").submit("/claims/new", activity_type=activity_type).location


def stored(world: World, address: str) -> Claim:
    with world.database.reading_session() as session:
        claim = session.get_one(Claim, int(address.split("/")[2]))
        assert claim.lines is not None
        return claim


def value_of(page: Page, address: str, name: str) -> str:
    return dict(page.form(address).fields)[name]


def test_every_type_of_the_catalogue_is_offered_with_what_it_is(anna: Browser) -> None:
    page = anna.open("/claims/new")
    for plan in PLANS:
        assert f'value="{plan.activity_type}"' in page.text
    assert "A seminar that you hold for several customers" in page.text


def test_a_type_that_is_not_open_to_the_partner_says_why_and_is_refused(
    world: World, sign_in: SignIn
) -> None:
    vap = world.partner("Rhein Networks", "vap")
    browser = sign_in(world.person("vera", Role.partner, partner_id=vap))
    page = browser.open("/claims/new")
    assert 'value="partner_recruiting"' not in page.text
    assert "open to partners of the type distributor only" in page.text
    forged = page.submit("/claims/new", activity_type="partner_recruiting")
    assert forged.status == 422
    assert "open to you" in forged.text


def test_the_same_request_again_makes_no_second_draft(world: World, anna: Browser) -> None:
    page = anna.open("/claims/new")
    first = page.submit("/claims/new", activity_type="seminar")
    second = page.submit("/claims/new", activity_type="seminar")
    assert first.location == second.location


def test_a_draft_is_saved_with_nothing_but_a_title(world: World, anna: Browser) -> None:
    address = begun(anna)
    saved = anna.open(address).submit(address, title="Spring seminar", do="save")
    assert saved.status == 302
    assert "Saved." in saved.follow().text
    claim = stored(world, address)
    assert (claim.title, claim.starts_on, claim.requested, claim.lines) == ("Spring seminar", None, None, [])


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("requested", "4.000,00", "Enter an amount such as 4000.00."),
        ("requested", "-1", "Enter an amount such as 4000.00."),
        ("requested", "0", "Ask for more than 0.00."),
        ("requested", "9" * 30, "This amount is too large."),
        ("starts_on", "10.04.2026", "Enter a day such as 2026-11-24."),
        ("starts_on", "2026-02-30", "Enter a day such as 2026-11-24."),
        ("expected_attendees", "many", "Enter a whole number such as 40."),
        ("expected_attendees", "-5", "Enter a whole number such as 40."),
        ("expected_attendees", "9" * 5000, "This number is too large."),
        ("detail_invited_customers", "1.5", "Enter a whole number such as 40."),
        ("title", "x" * 201, "Use at most 200 characters."),
        ("lines-0-quantity", "0", "Enter 1 or more."),
        ("lines-0-unit_value", "cheap", "Enter an amount such as 4000.00."),
        ("lines-0-amount", "1,00", "Enter an amount such as 4000.00."),
        ("lines-0-category", "no-such-category", "Not a valid choice"),
        ("period_id", "99999999999999999999", "Not a valid choice"),
        ("organiser_kind", "nobody", "Not a valid choice"),
    ],
)
def test_bad_input_is_told_at_its_field_and_keeps_what_was_typed(
    world: World, anna: Browser, field: str, typed: str, says: str
) -> None:
    address = begun(anna)
    kept: dict[str, Any] = {**SEMINAR.fields, "title": "A title to keep", field: typed}
    page = anna.open(address).submit(address, **kept, do="save")
    assert page.status == 422
    assert says in page.text
    assert f'id="{field}-error"' in page.text
    if field not in ("lines-0-category", "period_id", "organiser_kind"):
        assert value_of(page, address, field) == typed
    assert stored(world, address).version == 1


@pytest.mark.parametrize("typed", ["4000", "4000.0", "4,000.00", " 4 000.00 "])
def test_amounts_are_read_as_people_write_them(world: World, anna: Browser, typed: str) -> None:
    address = begun(anna)
    anna.open(address).submit(address, requested=typed, do="save")
    assert stored(world, address).requested == 400_000


def test_text_is_kept_to_the_letter_but_for_control_characters(world: World, anna: Browser) -> None:
    address = begun(anna)
    anna.open(address).submit(
        address, title="Tag der <b>Technik</b>\x07 & Söhne", objective="one\r\ntwo\x07", do="save"
    )
    claim = stored(world, address)
    assert claim.title == "Tag der <b>Technik</b> & Söhne"
    assert claim.objective == "one\ntwo"
    assert "<b>Technik" not in anna.open(address).text


def test_lines_are_added_and_taken_away_without_losing_what_was_typed(world: World, anna: Browser) -> None:
    address = begun(anna)
    page = anna.open(address).submit(address, **SEMINAR.fields, do="add_line")
    assert page.status == 200
    assert value_of(page, address, "lines-0-description") == "All of it"
    page = page.submit(
        address, **{"lines-1-description": "Lunch", "lines-1-category": "catering"}, do="add_line"
    )
    page = page.submit(address, do="remove_line:0")
    assert "All of it" not in page.text
    assert stored(world, address).version == 1
    page.submit(address, do="save")
    assert [(one.category, one.description) for one in stored(world, address).lines] == [
        ("catering", "Lunch")
    ]


@pytest.mark.parametrize("index", ["²", "9" * 5000, "-1", "x", ""])
def test_a_line_with_a_forged_number_is_left_out(world: World, anna: Browser, index: str) -> None:
    address = begun(anna)
    forged = {f"lines-{index}-description": "Forged"}
    assert anna.open(address).submit(address, **SEMINAR.fields, **forged, do="save").status == 302
    assert [one.description for one in stored(world, address).lines] == ["All of it"]


@pytest.mark.parametrize(
    "wish",
    ["remove_line:99", "remove_line:", "remove_line:²", "detach:x", "detach:" + "9" * 40, "nonsense", ""],
)
def test_a_button_that_is_none_does_no_harm(world: World, anna: Browser, wish: str) -> None:
    address = begun(anna)
    assert anna.open(address).submit(address, **SEMINAR.fields, do=wish).status in (200, 302)


def test_an_amount_left_out_is_worked_out(world: World, anna: Browser) -> None:
    address = begun(anna)
    anna.open(address).submit(address, **SEMINAR.fields, do="save")
    assert stored(world, address).lines[0].amount == 800_000


def test_a_sum_that_does_not_fit_is_saved_and_told_at_its_field(world: World, anna: Browser) -> None:
    address = begun(anna)
    saved = anna.open(address).submit(address, **{**SEMINAR.fields, "lines-0-amount": "7000"}, do="save")
    page = saved.follow()
    assert "7,000.00 USD is not 2 × 4,000.00 USD." in page.text
    assert 'id="lines-0-amount-error"' in page.text


def test_the_period_is_proposed_from_the_first_day(world: World, anna: Browser) -> None:
    address = begun(anna)
    anna.open(address).submit(address, starts_on="2026-04-10", do="save")
    assert stored(world, address).period_id == world.period_id
    address = begun(anna)
    anna.open(address).submit(address, starts_on="2027-04-10", do="save")
    assert stored(world, address).period_id is None


def outcome_of(page: Page, rule: str) -> str:
    for element in page.read.elements:
        if element.attributes.get("id") == f"rule-{rule}":
            return element.attributes["class"].rpartition("--")[2]
    raise AssertionError(f"{rule} is not judged")


def test_while_a_form_is_empty_rules_are_not_yet_known_and_never_broken(anna: Browser) -> None:
    page = anna.open(begun(anna))
    assert outcome_of(page, "funding-share") == "unknown"
    assert outcome_of(page, "activity-details") == "unknown"
    assert outcome_of(page, "partner-type") == "holds"
    assert "verdict--broken" not in page.text


def test_a_plan_is_judged_while_it_is_typed_and_nothing_is_saved(world: World, anna: Browser) -> None:
    address = begun(anna)
    page = anna.open(address)
    check = f"{address.rpartition('/')[0]}/check"
    fields = {**dict(page.form(address).fields), **SEMINAR.fields, "requested": "5,000.00"}
    judged = anna.client.post(check, data=fields).get_data(as_text=True)
    assert "verdict--broken" in judged
    assert "4,000.00" in judged
    assert "<html" not in judged
    assert stored(world, address).version == 1
    without_script = page.submit(address, **{**SEMINAR.fields, "requested": "5,000.00"}, do="check")
    assert outcome_of(without_script, "funding-share") == "broken"
    assert stored(world, address).version == 1


def test_what_is_half_typed_is_judged_as_far_as_it_goes(anna: Browser) -> None:
    address = begun(anna)
    fields = {**dict(anna.open(address).form(address).fields), **SEMINAR.fields}
    check = f"{address.rpartition('/')[0]}/check"
    for half in ({"requested": "4,0"}, {"starts_on": "2026"}, {"period_id": "x"}, {"lines-0-quantity": "-"}):
        assert anna.client.post(check, data={**fields, **half}).status_code == 200


def test_a_fact_that_the_vendor_lacks_is_told_as_the_vendors_turn(world: World, sign_in: SignIn) -> None:
    partner_id = world.partner("Rhein Networks")
    world.certify(partner_id, date(2025, 1, 1), date(2026, 12, 31))
    browser = sign_in(world.person("vera", Role.partner, partner_id=partner_id))
    address = begun(browser)
    browser.open(address).submit(address, **SEMINAR.fields, do="save")
    page = browser.open(address)
    assert outcome_of(page, "performance") == "unknown"
    assert "the partner is not at fault" in page.text


def confirm_address(claim_id: int, trigger: str = "submit") -> str:
    return f"/claims/{claim_id}/{trigger}/confirm"


def test_a_refused_submission_lists_everything_and_changes_nothing(world: World, anna: Browser) -> None:
    claim_id = world.draft(requested=900_000, details={}, lines=[line(amount=800_000), line("entertainment")])
    address = confirm_address(claim_id)
    page = anna.open(address).submit(address)
    assert page.status == 422
    assert {outcome_of(page, rule) for rule in ("funding-share", "activity-details", "entertainment")} == {
        "broken"
    }
    assert "The claim was not submitted" in page.text
    assert "Nothing was changed." in page.text
    assert world.claim(claim_id).state is State.draft


def test_what_is_still_empty_is_listed_before_a_submission(world: World, anna: Browser) -> None:
    claim_id = world.draft(title="", starts_on=None)
    address = confirm_address(claim_id)
    for page in (anna.open(address), anna.open(address).submit(address)):
        assert "Title" in page.text
        assert "First day" in page.text
        assert "This is still empty." in page.text
    assert page.status == 422


def test_a_double_click_submits_once_and_says_so(world: World, anna: Browser) -> None:
    claim_id = world.draft()
    page = anna.open(confirm_address(claim_id))
    assert page.submit(confirm_address(claim_id)).status == 302
    again = page.submit(confirm_address(claim_id))
    assert again.status == 302
    assert "already" in again.follow().text
    assert world.claim(claim_id).moves == 1


def test_a_stale_confirmation_changes_nothing_and_says_what_happened(world: World, anna: Browser) -> None:
    claim_id = world.draft()
    page = anna.open(confirm_address(claim_id))
    world.move(claim_id, "submit", "anna")
    late = page.submit(confirm_address(claim_id))
    assert late.status == 409
    assert "Anna submitted the claim." in late.text
    assert world.claim(claim_id).moves == 1


def test_a_stale_save_keeps_what_was_typed_and_a_repeated_one_is_done_already(
    world: World, anna: Browser
) -> None:
    address = begun(anna)
    page = anna.open(address)
    page.submit(address, title="First", do="save")
    again = page.submit(address, title="First", do="save")
    assert again.status == 302
    assert "saved already" in again.follow().text
    late = page.submit(address, title="Second", do="save")
    assert late.status == 409
    assert value_of(late, address, "title") == "Second"
    assert stored(world, address).title == "First"
    assert late.submit(address, title="Second", do="save").status == 302
    assert stored(world, address).title == "Second"


def test_a_plan_is_frozen_once_it_was_submitted(world: World, anna: Browser) -> None:
    claim_id = world.draft()
    address = f"/claims/{claim_id}/plan"
    page = anna.open(address)
    world.move(claim_id, "submit", "anna")
    late = page.submit(address, title="Too late", do="save")
    assert late.status == 409
    assert "Too late" in late.text
    assert "submitted" in late.text
    assert world.claim(claim_id).title == "Spring seminar"
    assert anna.open(address).location == f"/claims/{claim_id}"


def test_a_claim_is_withdrawn_once_it_was_confirmed(world: World, anna: Browser) -> None:
    claim_id = world.draft()
    world.move(claim_id, "submit", "anna")
    world.move(claim_id, "approve", "bob", approved=400_000)
    address = confirm_address(claim_id, "withdraw")
    assert anna.open(f"/claims/{claim_id}").offers(address)
    done = anna.open(address).submit(address)
    assert "withdrew the claim" in done.follow().text
    assert world.claim(claim_id).state is State.withdrawn
    assert world.fund_row().available == 5_000_000


def test_a_claim_is_copied_into_a_new_draft_once(world: World, anna: Browser) -> None:
    claim_id = world.draft()
    world.move(claim_id, "submit", "anna")
    page = anna.open(f"/claims/{claim_id}")
    first = page.submit(f"/claims/{claim_id}/copy")
    assert first.location != f"/claims/{claim_id}/plan"
    assert value_of(first.follow(), first.location, "title") == "Spring seminar"
    assert page.submit(f"/claims/{claim_id}/copy").location == first.location


def test_signs_that_nobody_sees_are_not_kept(world: World, sign_in: SignIn) -> None:
    claim_id = world.draft()
    address = f"/claims/{claim_id}/plan"
    persian = "\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"  # written with an unseen joiner
    typed = f"Spring\u202e \u200bsemi\u00adnar \ufeff{persian}"
    sign_in(world.people["anna"]).open(address).submit(address, title=typed, do="save")
    assert (
        world.claim(claim_id).title == "Spring seminar \u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
    )
