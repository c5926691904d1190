"""Auditors see a claim as of any moment: as it was known then, and by what is known today."""

import re
from datetime import date, timedelta
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import select

from models.history import Move
from models.vocabulary import Role
from tests.functional.conftest import SignIn
from tests.support.looking import places
from tests.support.pages import Browser, Page
from tests.support.stages import approved, correct_certificate, executed, submitted
from tests.support.statements import statements
from tests.support.world import World
from web.services import Services
from workflow.acts import users
from workflow.acts.funds import reduce_fund
from workflow.acts.groups import save_group


@pytest.fixture
def eve(world: World, sign_in: SignIn) -> Browser:
    """The auditor, signed in."""
    return sign_in(world.people["eve"])


def as_of(browser: Browser, claim_id: int, moment: object = "") -> Page:
    return browser.open(f"/audit/claims/{claim_id}/as-of?moment={quote(str(moment))}")


def table_of(page: Page, name: str) -> str:
    """Return what follows a heading of the page as words, up to the next one."""
    words = page.text.partition(f'<h2 id="{name}">')[2].partition("<h2")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", words))


def test_a_claim_is_shown_as_it_stood_then_and_not_as_it_stands_now(world: World, eve: Browser) -> None:
    claim_id = submitted(world)
    then = world.clock.now()
    world.clock.advance(timedelta(hours=2))
    world.move(claim_id, "approve", "bob", approved=300_000, reason="Less.")
    page = as_of(eve, claim_id, then.isoformat())
    places(page, "2026H1-00001 as of 2 Mar 2026, 13:00 CET", "Spring seminar", "4,000.00")
    said = page.text.partition('id="claim"')[2].partition("</section>")[0]
    assert "Submitted" in said
    assert "Approved" not in said
    held = page.text.partition('id="holder"')[2].partition("</section>")[0]
    assert "Bob" in held
    assert "Decide" in held
    assert 'value="5000000"' in held
    now = as_of(eve, claim_id)
    places(now, "3,000.00", "none was open", "47,000.00")


def test_the_moment_is_typed_in_the_zone_of_the_programme(world: World, eve: Browser) -> None:
    claim_id = submitted(world)
    world.clock.advance(timedelta(hours=2))
    world.move(claim_id, "approve", "bob", approved=400_000)
    said = [
        as_of(eve, claim_id, moment).text.partition('id="claim"')[2].partition("</section>")[0]
        for moment in ("2026-03-02T14:59:59", "2026-03-02 15:00")
    ]
    assert ["Approved" in one for one in said] == [False, True]


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        ("2026-03-02T11:59", "The claim began on 2 Mar 2026, 13:00 CET."),
        ("2026-03-02T13:01", "This moment is still to come."),
        ("9999-12-31T23:59:59.999999", "This moment is still to come."),
        ("9999-12-31T23:59:59-14:00", "Enter a day and a time such as 2026-11-24 14:05."),
        ("0001-01-01T00:00:00+14:00", "Enter a day and a time such as 2026-11-24 14:05."),
        ("0001-01-01T00:00", "Enter a day and a time such as 2026-11-24 14:05."),
        ("yesterday", "Enter a day and a time such as 2026-11-24 14:05."),
        ("2026-02-30T12:00", "Enter a day and a time such as 2026-11-24 14:05."),
    ],
)
def test_a_moment_that_is_none_of_the_claims_is_told_at_its_field_and_kept(
    world: World, eve: Browser, moment: str, told: str
) -> None:
    page = as_of(eve, submitted(world), moment)
    assert page.status == 422
    places(page, told)
    assert f'value="{moment}"' in page.text


def test_each_move_leads_to_the_moment_just_after_it(world: World, eve: Browser) -> None:
    world.clock.advance(timedelta(microseconds=123_456))
    claim_id = submitted(world)
    world.clock.advance(timedelta(microseconds=1))
    world.move(claim_id, "approve", "bob", approved=400_000)
    with world.database.read() as connection:
        moves = connection.execute(select(Move.id, Move.at).order_by(Move.number)).all()
    world.clock.advance(timedelta(hours=1))
    words = ("Submitted", "Approved")
    for move, word in zip(moves, words, strict=True):
        link = f"/audit/claims/{claim_id}/as-of?moment={quote(move.at.isoformat(), safe=':')}"
        for page in (
            f"/audit/claims/{claim_id}",
            f"/audit/moves/{move.id}",
            f"/audit/claims/{claim_id}/as-of",
        ):
            assert f'href="{link}"' in eve.open(page).text, (page, link)
        said = eve.open(link).text.partition('id="claim"')[2].partition("</section>")[0]
        assert f">{word}</span>" in said, link


def test_the_second_in_the_field_includes_the_move_when_it_is_sent_again(world: World, eve: Browser) -> None:
    world.clock.advance(timedelta(microseconds=123_456))
    claim_id = submitted(world)
    moment = world.clock.now()
    world.clock.advance(timedelta(hours=1))
    page = as_of(eve, claim_id, moment.isoformat())
    assert 'value="2026-03-02T13:00:01"' in page.text
    again = as_of(eve, claim_id, "2026-03-02T13:00:01").text.partition('id="claim"')[2]
    assert "Submitted" in again.partition("</section>")[0]


def test_what_was_recorded_later_stands_beside_what_was_known_then(world: World, sign_in: SignIn) -> None:
    claim_id = submitted(world)
    then = world.clock.now()
    world.clock.advance(timedelta(days=9))
    correct_certificate(world, revoked_on=date(2026, 2, 1))
    eve = sign_in(world.people["eve"])
    page = as_of(eve, claim_id, then.isoformat())
    records = table_of(page, "records")
    assert "Recorded later, and different today: Certified on 2 Mar 2026, Certificates." in records
    assert "Certified on 2 Mar 2026 yes, without a gap until 31 Dec 2026 no " in records
    assert "1 Jan 2025 to 31 Dec 2026 1 Jan 2025 to 31 Dec 2026, revoked on 1 Feb 2026" in records
    assert "Performance 260,000.00 USD of 250,000.00 USD the same" in records
    rules = table_of(page, "rules")
    assert rules.count("broken") == 1
    assert "Certified throughout holds" in rules
    assert "Nothing that was recorded later" in table_of(as_of(eve, claim_id), "records")


def test_who_was_entitled_is_told_with_limits_and_what_kept_them(world: World, sign_in: SignIn) -> None:
    claim_id = submitted(world)
    cora = world.person("cora", Role.approver).user_id or 0
    world.away("bob", date(2026, 3, 2), date(2026, 3, 6), substitute="cora", limit=500_000)
    mia = world.people["mia"]
    with world.database.write() as connection:
        now = world.clock.now()
        users.change_user(
            connection, mia, now, cora, roles=[Role.approver], is_contact=False, amount_limit=900_000
        )
        users.add_user(
            connection, mia, now, email="new@people.example", name="Nina", roles=[Role.finance], key="n"
        )
    then = world.clock.now()
    world.clock.advance(timedelta(days=1))
    with world.database.write() as connection:
        now = world.clock.now()
        users.change_user(
            connection, mia, now, cora, roles=[Role.auditor], is_contact=False, amount_limit=None
        )
        users.deactivate(connection, mia, now, world.people["dan"].user_id or 0)
    eve = sign_in(world.people["eve"])
    said = table_of(as_of(eve, claim_id, then.isoformat()), "entitled")
    away = "out of office 2 Mar 2026 to 6 Mar 2026, Cora stands in up to 5,000.00 USD"
    assert "Might do the task: Decide" in said
    assert f"Bob Approver no limit {away} no: out of office" in said
    assert "Cora Approver 9,000.00 USD nothing yes" in said
    assert "Dan Finance – nothing no: their role has no such task" in said
    assert "Mia Programme manager – nothing no: their role has no such task" in said
    assert "Nina Finance – has never chosen a password no: their role has no such task" in said
    assert "Eve" not in said
    now_said = table_of(as_of(eve, claim_id), "entitled")
    assert "Dan Finance – deactivated" in now_said
    assert "Cora Auditor" not in now_said


def test_who_might_do_the_task_goes_by_the_route_and_limits_of_that_moment(
    world: World, sign_in: SignIn
) -> None:
    for name in ("cora", "zoe"):
        world.person(name, Role.approver)
    group_id = world.group("North", "bob", "cora")
    world.route({"group": group_id})
    claim_id = submitted(world)
    then, mia = world.clock.now(), world.people["mia"]
    world.clock.advance(timedelta(hours=1))
    members = frozenset({world.people["zoe"].user_id or 0})
    bob = world.people["bob"].user_id or 0
    with world.database.write() as connection:
        now = world.clock.now()
        save_group(connection, mia, now, group_id, name="North", members=members)
        users.change_user(
            connection, mia, now, bob, roles=[Role.approver], is_contact=False, amount_limit=100
        )
    eve = sign_in(world.people["eve"])
    before = table_of(as_of(eve, claim_id, then.isoformat()), "entitled")
    after = table_of(as_of(eve, claim_id), "entitled")
    for who, said_before, said_after in (
        ("Bob Approver no limit nothing", "yes", None),
        ("Bob Approver 1.00 USD nothing", None, "no: its route did not name them"),
        ("Cora Approver no limit nothing", "yes", "no: its route did not name them"),
        ("Zoe Approver no limit nothing", "no: its route did not name them", "yes"),
    ):
        assert (f"{who} {said_before}" in before) == (said_before is not None), who
        assert (f"{who} {said_after}" in after) == (said_after is not None), who


def test_the_fund_is_that_of_the_moment(world: World, sign_in: SignIn) -> None:
    claim_id = approved(world)
    then = world.clock.now()
    world.clock.advance(timedelta(days=1))
    with world.database.write() as connection:
        reduce_fund(
            connection, world.people["mia"], world.clock.now(), fund_id=world.fund_row().id, amount=600_000
        )
    eve = sign_in(world.people["eve"])
    for moment, cents in ((then.isoformat(), 4_600_000), ("", 4_000_000)):
        held = as_of(eve, claim_id, moment).text.partition('id="holder"')[2].partition("</section>")[0]
        assert f'value="{cents}"' in held


def test_before_its_first_move_it_was_a_draft_of_which_nothing_is_kept(world: World, eve: Browser) -> None:
    claim_id = world.draft()
    began = world.clock.now()
    world.clock.advance(timedelta(hours=1))
    world.move(claim_id, "submit", "anna")
    page = as_of(eve, claim_id, began.isoformat())
    places(page, "It was being written. What a draft says is not kept.", "No rule had been judged yet.")
    assert "Spring seminar" not in page.text


def test_a_draft_that_was_never_moved_does_not_exist_for_an_auditor(world: World, eve: Browser) -> None:
    assert as_of(eve, world.draft()).status == 404
    assert as_of(eve, 999_999).status == 404


@pytest.mark.parametrize("name", ["anna", "bob", "dan", "mia"])
def test_nobody_but_auditors_looks_back(world: World, sign_in: SignIn, name: str) -> None:
    assert as_of(sign_in(world.people[name]), submitted(world)).status == 403


def test_the_page_takes_as_many_statements_for_a_long_history_as_for_a_short_one(
    app: Flask, world: World, sign_in: SignIn
) -> None:
    shared: Services = app.extensions["cofund"]

    def taken(claim_id: int) -> int:
        browser = sign_in(world.people["eve"])
        as_of(browser, claim_id)
        with statements(shared.database) as seen:
            assert as_of(browser, claim_id).status == 200
        return len(seen)

    for_few = taken(submitted(world))
    claim_id = executed(world)
    for number in range(4):
        world.person(f"p{number}", Role.approver)
        world.performed(world.partner_id)
    assert taken(claim_id) == for_few
