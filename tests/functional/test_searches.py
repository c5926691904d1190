"""Auditors search by everything that decides a claim, and keep searches under names of their own."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from models.searches import SavedSearch
from models.vocabulary import Role, SearchKind, Trigger
from tests.functional.conftest import SignIn
from tests.support.looking import places
from tests.support.pages import Browser, Page
from tests.support.stages import approved, submitted
from tests.support.world import World
from workflow.attempt import Command
from workflow.refusals import Refused
from workflow.refused_attempts import remember
from workflow.searches.saved import LONGEST_NAME, MOST


@pytest.fixture
def eve(world: World, sign_in: SignIn) -> Browser:
    """The auditor, signed in."""
    return sign_in(world.people["eve"])


def table(page: Page) -> str:
    """Return what a search found, as it stands on its page."""
    assert page.status == 200, page.text
    return page.text.partition("<tbody>")[2].partition("</tbody>")[0]


def stand_in(world: World) -> int:
    """Let Cora approve a claim on behalf of Bob, and Bob another himself before."""
    approved(world)
    claim_id = submitted(world, title="Stood in")
    world.person("cora", Role.approver)
    today = world.clock.now().date()
    world.away("bob", today, today + timedelta(days=3), substitute="cora")
    world.move(claim_id, "approve", "cora", approved=350_000, reason="Less.")
    return claim_id


@pytest.mark.parametrize(
    ("query", "moves"),
    [
        ("acted_for=bob", 1),
        ("acted_for=bob&actor=cora", 1),
        ("acted_for=cora", 0),
        ("standing=substitute", 1),
        ("standing=own&trigger=approve", 1),
        ("standing=own", 3),
    ],
)
def test_moves_are_found_by_who_stood_in_for_whom(
    world: World, sign_in: SignIn, query: str, moves: int
) -> None:
    stand_in(world)
    page = sign_in(world.people["eve"]).open(f"/audit/moves?{query}")
    assert table(page).count("<tr>") == moves


@pytest.mark.parametrize(
    ("query", "moves"),
    [
        ("sum=requested&least=4000&most=4000", 2),
        ("sum=approved&least=3000&most=3500", 1),
        ("sum=reserved&least=0.01", 1),
        ("sum=paid&least=0.01", 0),
        ("least=3500&most=3500", 1),
        ("sum=approved", 2),
    ],
)
def test_moves_are_found_by_the_sum_that_is_chosen(
    world: World, eve: Browser, query: str, moves: int
) -> None:
    claim_id = submitted(world)
    world.move(claim_id, "approve", "bob", approved=350_000, reason="Less.")
    page = eve.open(f"/audit/moves?{query}")
    assert page.text.partition("<tbody>")[2].partition("</tbody>")[0].count("<tr>") == moves
    if moves and "sum=" in query:
        name = {"requested": "Asked for", "approved": "Granted", "reserved": "Reserved"}[
            query.partition("=")[2].partition("&")[0]
        ]
        assert f'<th scope="col" class="sheet__number">{name}</th>' in page.text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("rule=funding-share&outcome=holds", True),
        ("rule=funding-share&outcome=broken", False),
        ("rule=acceptance&outcome=holds", False),
        ("outcome=holds", True),
        ("outcome=unknown", False),
    ],
)
def test_moves_are_found_by_a_rule_and_how_it_came_out(
    world: World, eve: Browser, query: str, found: bool
) -> None:
    approved(world)
    assert ("2026H1-00001" in table(eve.open(f"/audit/moves?{query}"))) is found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("rule=organiser", True),
        ("rule=organiser&outcome=broken", False),
        ("rule=organiser&outcome=holds", True),
        ("rule=funding-share&outcome=broken", True),
        ("outcome=broken", True),
        ("outcome=unknown", False),
    ],
)
def test_refused_attempts_are_found_by_a_rule_and_how_it_came_out(
    world: World, eve: Browser, query: str, found: bool
) -> None:
    refused(world)
    assert ("Anna" in table(eve.open(f"/audit/refused?{query}"))) is found


def refused(world: World) -> None:
    """Let Anna ask for too much."""
    claim_id = world.draft(requested=450_000, title="Too much")
    with pytest.raises(Refused) as why:
        world.move(claim_id, "submit", "anna", key="k")
    command = Command(claim_id, Trigger.submit, world.people["anna"], "k")
    remember(world.database, command, why.value, world.clock.now())


def test_what_happened_is_found_by_its_jmf_period(world: World, eve: Browser) -> None:
    refused(world)
    submitted(world)
    for path in ("/audit/moves", "/audit/refused"):
        assert "<tr>" in table(eve.open(f"{path}?period={world.period_id}"))
        assert eve.open(f"{path}?period=99").status == 422


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("least=3500.01", ["Asked"]),
        ("sum=requested&least=4000", ["Asked", "Granted"]),
        ("sum=approved&most=3500", ["Granted"]),
        ("submitted_from=2026-03-03", ["Granted"]),
        ("submitted_until=2026-03-02", ["Asked"]),
    ],
)
def test_claims_are_found_by_a_sum_and_by_when_they_were_submitted(
    world: World, sign_in: SignIn, query: str, titles: list[str]
) -> None:
    submitted(world, title="Asked")
    world.clock.advance(timedelta(days=1))
    granted = submitted(world, title="Granted")
    world.move(granted, "approve", "bob", approved=350_000, reason="Less.")
    for name, path in (("eve", "/audit"), ("mia", "/programme/claims")):
        found = table(sign_in(world.people[name]).open(f"{path}?{query}"))
        assert [title for title in ("Asked", "Granted") if f">{title}<" in found] == titles


@pytest.mark.parametrize(
    ("path", "query", "told"),
    [
        ("/audit/moves", "first=2026-03-02&last=2026-03-01", "This day is before the first."),
        ("/audit/moves", "least=2&most=1", "This is less than the amount before."),
        ("/audit/moves", "outcome=fine", "Not a valid choice"),
        ("/audit/moves", "sum=all", "Not a valid choice"),
        ("/audit/refused", "first=2026-03-02&last=2026-03-01", "This day is before the first."),
        ("/audit/acts", "first=2026-03-02&last=2026-03-01", "This day is before the first."),
        ("/audit", "submitted_from=2026-03-02&submitted_until=2026-03-01", "This day is before the first."),
        ("/audit", "least=2&most=1", "This is less than the amount before."),
    ],
)
def test_a_range_that_ends_before_it_begins_is_told_at_its_field(
    eve: Browser, path: str, query: str, told: str
) -> None:
    page = eve.open(f"{path}?{query}")
    assert page.status == 422
    places(page, told)
    for typed in query.split("&"):
        value = typed.partition("=")[2]
        assert value in page.text or "choice" in told, "what was typed still stands there"


def keep(page: Page, name: str) -> Page:
    return page.submit(f"/audit/searches/{page.path.partition('/audit/')[2].partition('?')[0]}", name=name)


def test_a_search_is_kept_opened_and_removed(world: World, eve: Browser) -> None:
    page = eve.open("/audit/moves?partner=elbe&least=3%2C500&first=2026-03-02")
    kept = keep(page, "  Elbe,   large ")
    assert kept.location == "/audit/moves?partner=elbe&first=2026-03-02&least=3%2C500"
    again = eve.open("/audit/moves")
    assert ">Elbe, large</a>" in again.text
    assert again.offers("/audit/moves")
    assert 'href="/audit/moves?first=2026-03-02&amp;least=3%2C500&amp;partner=elbe"' in again.text
    assert ">Elbe, large</a>" not in eve.open("/audit/acts").text, "it is a search of moves"
    gone = again.submit("/audit/searches/moves/1/remove")
    assert gone.location == "/audit/moves"
    assert again.submit("/audit/searches/moves/1/remove").location == "/audit/moves"  # a second click
    assert ">Elbe, large</a>" not in eve.open("/audit/moves").text


def test_a_search_kept_twice_is_kept_once_and_a_name_that_is_taken_is_told(
    world: World, eve: Browser
) -> None:
    page = eve.open("/audit/moves?partner=elbe")
    for _click in range(2):
        assert keep(page, "Elbe").status == 302
    assert len(world.rows(SavedSearch)) == 1
    other = keep(eve.open("/audit/moves?partner=isar"), "Elbe")
    assert other.status == 422
    places(other, "Another search of yours bears this name.", 'value="isar"', 'value="Elbe"')
    assert keep(eve.open("/audit/acts"), "Elbe").status == 422


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("   ", "Give the search a name."),
        ("x" * (LONGEST_NAME + 1), f"Use at most {LONGEST_NAME} characters."),
    ],
)
def test_a_name_that_is_none_is_told_at_its_field(world: World, eve: Browser, name: str, told: str) -> None:
    page = keep(eve.open("/audit/moves?partner=elbe"), name)
    assert page.status == 422
    places(page, told, 'value="elbe"')
    assert world.rows(SavedSearch) == []


def test_nobody_keeps_more_searches_than_there_is_room_for(world: World, eve: Browser) -> None:
    row: dict[str, Any] = {"owner_id": world.people["eve"].user_id, "kind": SearchKind.moves, "asked": {}}
    with world.database.write() as connection:
        rows = [{**row, "name": f"n{number}", "created_at": world.clock.now()} for number in range(MOST)]
        connection.execute(insert(SavedSearch), rows)
    page = keep(eve.open("/audit/moves"), "One more")
    assert page.status == 422
    places(page, f"You keep {MOST} searches already.")


def test_a_forged_search_is_not_kept(world: World, eve: Browser) -> None:
    page = eve.open("/audit/moves")
    token = dict(page.form("/audit/searches/moves").fields)["csrf_token"]
    forged = eve.post("/audit/searches/moves?least=much", {"csrf_token": token, "name": "Forged"})
    assert forged.status == 422
    places(forged, "Enter an amount such as", 'value="much"')
    assert eve.post("/audit/searches/funds", {"csrf_token": token, "name": "Forged"}).status == 404
    unknown = eve.post("/audit/searches/moves?partner=elbe&spell=abra", {"csrf_token": token, "name": "Elbe"})
    assert unknown.location == "/audit/moves?partner=elbe", "what is no field is not kept"


def test_everybody_sees_and_removes_their_own_searches_alone(
    world: World, eve: Browser, sign_in: SignIn
) -> None:
    keep(eve.open("/audit/moves?partner=elbe"), "Elbe")
    other = sign_in(world.person("zoe", Role.auditor))
    page = other.open("/audit/moves")
    assert ">Elbe</a>" not in page.text
    token = dict(page.form("/audit/searches/moves").fields)["csrf_token"]
    other.post("/audit/searches/moves/1/remove", {"csrf_token": token})
    assert len(world.rows(SavedSearch)) == 1
    assert keep(other.open("/audit/moves?partner=isar"), "Elbe").status == 302, "names are one's own"


def test_a_search_that_stands_no_more_says_so_when_it_is_opened(world: World, eve: Browser) -> None:
    row = {"owner_id": world.people["eve"].user_id, "kind": SearchKind.moves, "asked": {"rule": "gone"}}
    with world.database.write() as connection:
        connection.execute(insert(SavedSearch).values(**row, name="Old", created_at=world.clock.now()))
    assert eve.open("/audit/moves?rule=gone").status == 422
    assert ">Old</a>" in eve.open("/audit/moves").text


@pytest.mark.parametrize(
    "address",
    [
        "/audit?least=abc",
        "/audit/moves?least=abc",
        "/audit/acts?kind=dancing",
        "/audit/refused?first=yesterday",
        "/audit/funds?period=abc",
        "/forecast/claims?within=7",
    ],
)
def test_a_search_that_makes_no_sense_says_what_to_look_at_and_not_that_nothing_fits(
    world: World, eve: Browser, address: str
) -> None:
    page = eve.open(address)
    field = address.partition("?")[2].partition("=")[0]
    assert page.status == 422
    assert page.text.count("Please look at these once more") == 1
    assert f'<li><a href="#{field}">' in page.text
    assert 'class="empty"' not in page.text
