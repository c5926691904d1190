"""The list of claims and the page of one: what stands there, for whom, and what it may cost."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask

from models.vocabulary import Role
from tests.functional.conftest import SignIn
from tests.support.pages import Browser
from tests.support.statements import statements
from tests.support.world import World
from web.services import Services
from workflow.actors import SCHEDULER
from workflow.clock import SettableClock


@pytest.fixture
def anna(world: World, sign_in: SignIn) -> Browser:
    """The browser of a partner's contact."""
    return sign_in(world.people["anna"])


def approved(world: World, **plan: Any) -> int:
    claim_id = world.draft(**plan)
    world.move(claim_id, "submit", "anna")
    world.move(claim_id, "approve", "bob", approved=350_000, reason="Print was too dear.")
    return claim_id


def test_the_list_shows_number_title_state_and_whose_turn_it_is(world: World, anna: Browser) -> None:
    world.draft(title="Autumn roadshow")
    claim_id = world.draft()
    world.move(claim_id, "submit", "anna")
    text = anna.open("/claims").text
    for words in ("2026H1-00001", "Spring seminar", "Submitted", "Bob", "Autumn roadshow", "Draft", "You"):
        assert words in text
    assert "2 Mar 2026, 13:00 CET" in text


def test_the_list_shows_fund_and_certification(world: World, anna: Browser) -> None:
    approved(world)
    text = anna.open("/claims").text
    assert "46,500.00" in text
    assert "3,500.00" in text
    assert "31 Dec 2026" in text


def test_a_partner_without_fund_and_certificate_is_told(world: World, sign_in: SignIn) -> None:
    vera = sign_in(world.person("vera", Role.partner, partner_id=world.partner("Rhein Networks")))
    text = vera.open("/claims").text
    assert "Not certified today" in text
    assert "None yet" in text
    assert "No claims yet" in text


def test_the_next_thing_to_do_leads_to_its_page(
    world: World, anna: Browser, sign_in: SignIn, clock: SettableClock
) -> None:
    draft_id = world.draft()
    assert anna.open("/claims").offers(f"/claims/{draft_id}/plan")
    claim_id = approved(world)
    assert not anna.open("/claims").offers(f"/claims/{claim_id}/report")
    clock.set(datetime(2026, 4, 20, 9, 0, tzinfo=UTC))
    page = sign_in(world.people["anna"]).open("/claims")
    assert page.offers(f"/claims/{claim_id}/report")
    assert "is over: report on it to be reimbursed." in page.text


def test_the_list_is_narrowed_by_state_period_and_words(world: World, anna: Browser) -> None:
    world.draft(title="Autumn 100% roadshow")
    claim_id = world.draft(title="Winter webinar")
    world.move(claim_id, "submit", "anna")

    def shown(query: str) -> set[str]:
        text = anna.open(f"/claims?{query}").text.partition("<table")[2]
        return {title for title in ("Autumn 100% roadshow", "Winter webinar") if title in text}

    assert shown("state=submitted") == {"Winter webinar"}
    assert shown(f"period={world.period_id}&state=draft") == {"Autumn 100% roadshow"}
    assert shown("period=9999") == set()
    assert shown("q=WINTER") == {"Winter webinar"}
    assert shown("q=100%25") == {"Autumn 100% roadshow"}
    assert shown("q=%25") == {"Autumn 100% roadshow"}
    assert shown("q=2026H1-00001") == {"Winter webinar"}
    assert len(shown("state=nonsense&period=x&after=nonsense")) == 2


def test_the_list_is_paged_without_losing_a_claim(world: World, anna: Browser) -> None:
    for number in range(53):
        world.draft(title=f"Draft number {number}.")
    first = anna.open("/claims")
    older = next(
        each.attributes["href"] for each in first.read.elements if each.attributes.get("rel") == "next"
    )
    second = anna.open(older)
    seen = [n for n in range(53) if f"Draft number {n}.<" in first.text.partition("<table")[2]]
    rest = [n for n in range(53) if f"Draft number {n}.<" in second.text.partition("<table")[2]]
    assert (seen, rest) == (list(range(3, 53)), [0, 1, 2])


def test_no_page_takes_more_statements_for_more_data(world: World, anna: Browser, app: Flask) -> None:
    shared: Services = app.extensions["cofund"]
    claim_id = approved(world)
    world.draft()
    pages = ("/claims", f"/claims/{claim_id}", "/claims/new", f"/claims/{claim_id}/report")
    for page in pages:
        anna.open(page)

    def cost() -> list[int]:
        costs = []
        for page in pages:
            with statements(shared.database) as sent:
                assert anna.open(page).status == 200
            costs.append(len(sent))
        return costs

    before = cost()
    for number in range(6):
        world.draft(title=f"Draft {number}")
        returned = world.draft(title=f"Returned {number}")
        world.move(returned, "submit", "anna")
        world.move(returned, "return", "bob", reason="More, please.")
        approved(world, requested=350_000)
    world.bill(claim_id)
    for page in pages:
        anna.open(page)
    assert cost() == before


def test_the_page_shows_the_money_the_history_and_its_reasons(world: World, anna: Browser) -> None:
    claim_id = approved(world)
    page = anna.open(f"/claims/{claim_id}")
    for words in (
        "Bob approved the claim.",
        "Anna submitted the claim.",
        "Print was too dear.",
        "14 rules were checked",
        "4,000.00",
        "3,500.00",
        "4,500.00",
    ):
        assert words in page.text
    assert page.offers(f"/claims/{claim_id}/report")


def test_refused_attempts_are_not_told_to_partners(world: World, anna: Browser) -> None:
    claim_id = world.draft(requested=900_000)
    address = f"/claims/{claim_id}/submit/confirm"
    assert anna.open(address).submit(address).status == 422
    assert "submitted the claim" not in anna.open(f"/claims/{claim_id}").text


@pytest.mark.parametrize(
    ("who", "offered"),
    [
        ("anna", {"plan", "withdraw/confirm"}),
        ("bob", {"decide"}),
        ("dan", set()),
        ("eve", set()),
    ],
)
def test_only_what_the_role_may_do_is_offered(
    world: World, sign_in: SignIn, who: str, offered: set[str]
) -> None:
    claim_id = world.draft()
    world.move(claim_id, "submit", "anna")
    if "plan" in offered:
        world.move(claim_id, "return", "bob", reason="More, please.")
    page = sign_in(world.people[who]).open(f"/claims/{claim_id}")
    assert page.status == 200
    doors = ("plan", "report", "withdraw/confirm", "decide", "accept", "pay", "reinstate")
    assert {door for door in doors if page.offers(f"/claims/{claim_id}/{door}")} == offered
    assert page.offers(f"/claims/{claim_id}/copy") == (who == "anna")


def test_those_who_decide_do_not_see_a_draft_before_it_was_submitted(world: World, sign_in: SignIn) -> None:
    claim_id = world.draft()
    for who in ("bob", "dan", "eve"):
        assert sign_in(world.people[who]).open(f"/claims/{claim_id}").status == 404


@pytest.mark.parametrize(
    "path",
    ["", "/plan", "/report", "/submit/confirm", "/withdraw/confirm", "/report/confirm"],
)
def test_another_partners_claim_is_not_found(world: World, sign_in: SignIn, path: str) -> None:
    claim_id = approved(world)
    vera = sign_in(world.person("vera", Role.partner, partner_id=world.partner("Rhein Networks")))
    assert vera.open(f"/claims/{claim_id}{path}").status == 404


@pytest.mark.parametrize(
    "path",
    ["/plan", "/check", "/report", "/report/check", "/copy", "/submit/confirm", "/withdraw/confirm"],
)
def test_another_partners_claim_is_not_touched(world: World, sign_in: SignIn, path: str) -> None:
    claim_id = approved(world)
    before = world.claim(claim_id)
    vera = sign_in(world.person("vera", Role.partner, partner_id=world.partner("Rhein Networks")))
    token = dict(vera.open("/claims/new").form("/claims/new").fields)
    forged = {**token, "version": str(before.version), "title": "Mine now", "do": "save"}
    assert vera.client.post(f"/claims/{claim_id}{path}", data=forged).status_code == 404
    assert world.claim(claim_id) == before


@pytest.mark.parametrize("who", ["bob", "dan", "eve", "mia"])
def test_the_vendors_people_do_not_write_for_a_partner(world: World, sign_in: SignIn, who: str) -> None:
    claim_id = approved(world)
    before = world.claim(claim_id)
    browser = sign_in(world.people[who])
    token = dict(browser.open("/account").form("/account/mail").fields)
    forged = {**token, "version": str(before.version), "key": "abc", "do": "save"}
    for path in ("/plan", "/report", "/copy", "/withdraw/confirm", "/report/confirm"):
        assert browser.client.post(f"/claims/{claim_id}{path}", data=forged).status_code == 403
    assert world.claim(claim_id) == before


def test_a_number_beyond_every_database_is_not_found(anna: Browser) -> None:
    for path in ("/claims/99999999999999999999999", "/claims/0", "/claims/1/files/99999999999999999999999"):
        assert anna.open(path).status == 404


def test_a_claim_that_came_back_says_why_wherever_it_is_put_right(world: World, anna: Browser) -> None:
    claim_id = world.draft()
    world.move(claim_id, "submit", "anna")
    world.move(claim_id, "return", "bob", reason="Name the speakers, please.")
    for path in (f"/claims/{claim_id}", f"/claims/{claim_id}/plan"):
        text = anna.open(path).text
        assert "Bob returned the claim." in text
        assert "Name the speakers, please." in text


def test_a_lapsed_claim_says_why_nothing_can_be_done(
    world: World, sign_in: SignIn, clock: SettableClock
) -> None:
    partner_id = world.partner("Rhein Networks")
    world.certify(partner_id, date(2026, 1, 1), date(2026, 4, 30))
    world.performed(partner_id)
    world.fund(partner_id)
    vera = world.person("vera", Role.partner, partner_id=partner_id)
    claim_id = world.draft("vera")
    world.move(claim_id, "submit", "vera")
    clock.set(datetime(2026, 4, 15, 9, 0, tzinfo=UTC))
    assert "Certification ends soon." in sign_in(vera).open(f"/claims/{claim_id}").text
    clock.set(datetime(2026, 5, 1, 9, 0, tzinfo=UTC))
    world.people["time"] = SCHEDULER
    world.move(claim_id, "expire", "time")
    page = sign_in(vera).open(f"/claims/{claim_id}")
    assert "The claim expired." in page.text
    assert "A programme manager can reinstate it" in page.text
    assert "Not certified from" in page.text
    assert not page.offers(f"/claims/{claim_id}/withdraw/confirm")
