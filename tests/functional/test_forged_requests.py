"""Requests that no page of ours sends: they do no harm, cost little, and are answered in words."""

import io

import pytest
from flask.testing import FlaskClient

from models.history import Act
from tests.functional.conftest import SignIn
from tests.support import stages
from tests.support.factories import Factory
from tests.support.files import pdf
from tests.support.looking import token_of
from tests.support.world import World
from web.claims.lines import MOST_LINES

SEARCHES = ("/audit/moves", "/audit/acts", "/audit/refused")


@pytest.fixture
def draft(world: World) -> str:
    """The path of a draft's plan."""
    return f"/claims/{world.draft()}/plan"


@pytest.mark.parametrize("path", SEARCHES)
def test_a_search_takes_the_first_and_the_last_day_there_are(
    world: World, sign_in: SignIn, path: str
) -> None:
    stages.submitted(world)
    eve = sign_in(world.people["eve"])
    everything = eve.open(path).text.count("<tr")
    for days in ("first=0001-01-01", "last=9999-12-31", "first=0001-01-01&last=9999-12-31"):
        page = eve.open(f"{path}?{days}")
        assert (page.status, page.text.count("<tr")) == (200, everything)
    for days in ("last=0001-01-01", "first=9999-12-31"):
        assert eve.open(f"{path}?{days}").status == 200


@pytest.mark.parametrize("path", SEARCHES)
@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-14:00"])
def test_a_cursor_beyond_the_end_of_time_gives_the_first_page(
    world: World, sign_in: SignIn, path: str, moment: str
) -> None:
    stages.submitted(world)
    eve = sign_in(world.people["eve"])
    for way in ("after", "before"):
        assert eve.open(f"{path}?{way}={moment}~1").status == 200


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("eve", "/audit/funds?period=odd"),
        ("eve", "/audit?period=odd"),
        ("mia", "/programme/funds?period=odd"),
        ("mia", "/programme/users?role=odd"),
        ("mia", "/programme/claims?state=odd"),
    ],
)
def test_a_search_for_a_choice_that_is_none_says_so(
    world: World, sign_in: SignIn, name: str, address: str
) -> None:
    page = sign_in(world.people[name]).open(address)
    assert page.status == 422
    assert "Not a valid choice" in page.text


@pytest.mark.parametrize(
    "order", ["_external=1", "_scheme=javascript&_external=1", "_method=POST", "_anchor=x", "endpoint=x"]
)
def test_the_way_to_the_next_page_takes_no_orders_from_the_address(
    world: World, sign_in: SignIn, order: str
) -> None:
    stages.submitted(world)
    page = sign_in(world.people["eve"]).open(f"/audit/moves?after=9999-01-01T00:00:00%2B00:00~1&{order}")
    assert page.status == 200
    ways = [each.attributes["href"] for each in page.read.elements if each.attributes.get("rel") == "prev"]
    assert [way.partition("?")[0] for way in ways] == ["/audit/moves"]


def test_the_pages_of_a_list_are_found_from_a_form_that_was_refused_too(
    make: Factory, sign_in: SignIn
) -> None:
    from models.vocabulary import Role

    mia = make.user("Mia", Role.manager)
    with make.database.session() as session:
        for _number in range(11):
            session.add(
                Act(
                    kind="user_changed",
                    actor_id=mia.id,
                    role=Role.manager,
                    at=make.now,
                    partner_id=None,
                    subject=f"user:{mia.id}",
                    figures={},
                )
            )
    browser = sign_in(mia)
    page = browser.post(f"/programme/users/{mia.id}/deactivate", {"csrf_token": token_of(browser)})
    assert page.status == 409
    (onward,) = [
        each.attributes["href"] for each in page.read.elements if each.attributes.get("rel") == "next"
    ]
    assert browser.open(onward).status == 200


@pytest.mark.parametrize("field", ["title", "requested", "starts_on", "expected_attendees", "lines-0-amount"])
def test_a_file_under_the_name_of_a_text_is_no_text(
    world: World, draft: str, sign_in: SignIn, field: str
) -> None:
    anna = sign_in(world.people["anna"])
    data = {"csrf_token": token_of(anna), "version": "2", "do": "check", "objective": "Kept"}
    page = anna.post(draft, {**data, field: (io.BytesIO(pdf()), "title.pdf")})
    assert page.status == 200
    assert "Kept" in page.text


@pytest.mark.parametrize("body", [[1, 2], {"requested": 5, "title": ["x"]}, "text", None])
def test_json_is_no_form(world: World, draft: str, sign_in: SignIn, body: object) -> None:
    anna = sign_in(world.people["anna"])
    headers = {"X-CSRFToken": token_of(anna)}
    assert anna.client.post(draft, json=body, headers=headers).status_code == 400
    assert world.claim(int(draft.split("/")[2])).title == "Spring seminar"


def test_a_forged_table_of_thousands_of_lines_is_refused_without_reading_them_all(
    world: World, draft: str, sign_in: SignIn
) -> None:
    anna = sign_in(world.people["anna"])
    lines = {f"lines-{number}-amount": "1.00" for number in range(5000)}
    page = anna.post(draft, {"csrf_token": token_of(anna), "version": "2", **lines})
    assert page.status == 422
    assert f"Use at most {MOST_LINES} lines." in page.text
    assert f"lines-{MOST_LINES}-amount" in page.text
    assert f"lines-{MOST_LINES + 1}-amount" not in page.text


@pytest.mark.parametrize("referrer", ["http://[", "http://[::1", "https://[x]/"])
@pytest.mark.parametrize("site", ["http://127.0.0.1", "https://127.0.0.1"])
def test_a_referrer_that_is_no_address_is_refused(
    client: FlaskClient, make: Factory, referrer: str, site: str
) -> None:
    for path in ("/sign-in", "/claims/new"):
        answer = client.post(path, data={"a": "b"}, headers={"Referer": referrer}, base_url=site)
        assert answer.status_code == 400


def test_the_way_back_leads_nowhere_else(client: FlaskClient, make: Factory) -> None:
    headers = {"Referer": "http://localhost//elsewhere.example/page"}
    page = client.post("/claims/new", data={"title": "Kept"}, headers=headers).get_data(as_text=True)
    assert "Kept" in page
    assert "elsewhere.example" not in page


def test_no_browser_keeps_a_copy_of_a_file_that_was_downloaded(
    world: World, draft: str, sign_in: SignIn
) -> None:
    anna = sign_in(world.people["anna"])
    data = {"csrf_token": token_of(anna), "version": "2", "do": "attach", "kind": "attachment"}
    page = anna.post(draft, {**data, "files": (io.BytesIO(pdf()), "plan.pdf")}).follow()
    (file,) = [
        each.attributes["href"] for each in page.read.elements if "/files/" in each.attributes.get("href", "")
    ]
    answer = anna.client.get(file)
    answer.close()
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")


@pytest.mark.parametrize("check", ["check", "report/check"])
def test_the_rules_are_asked_only_of_what_can_still_be_written(
    world: World, sign_in: SignIn, check: str
) -> None:
    claims = [stages.submitted(world), stages.executed(world), stages.rejected(world)]
    anna = sign_in(world.people["anna"])
    token = token_of(anna)
    for claim_id in claims:
        answer = anna.client.post(f"/claims/{claim_id}/{check}", data={"csrf_token": token})
        assert answer.status_code == 409
