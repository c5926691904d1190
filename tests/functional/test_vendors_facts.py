"""Where a fact is the vendor's to record, the partner reads that, and the managers are told."""

from datetime import date

import pytest
from sqlalchemy import select

from models.messages import Message
from models.people import User
from models.vocabulary import MessageKind, Role
from tests.functional.conftest import SignIn
from tests.support.pages import Page
from tests.support.world import World, line

NOT_AT_FAULT = "the partner is not at fault"


def told(world: World) -> list[tuple[str, list[str]]]:
    """Return who was told that which facts are missing."""
    with world.database.read() as connection:
        rows = connection.execute(
            select(User.name, Message.figures)
            .join(User, User.id == Message.user_id)
            .where(Message.kind == MessageKind.vendor_fact_missing)
            .order_by(Message.id)
        )
        return [(name, figures["missing"]) for name, figures in rows]


def refused(world: World, sign_in: SignIn, claim_id: int, by: str = "anna") -> Page:
    """Return what a partner reads whose submission is refused."""
    browser = sign_in(world.people[by])
    address = f"/claims/{claim_id}/submit/confirm"
    before = browser.open(address)
    assert "They have been told." not in before.text
    assert told(world) == []
    page = before.submit(address)
    assert page.status == 422
    return page


def test_a_period_that_nobody_opened_yet(world: World, sign_in: SignIn) -> None:
    claim_id = world.draft(period_id=None, starts_on=date(2026, 9, 10), ends_on=date(2026, 9, 10))
    page = refused(world, sign_in, claim_id)
    assert "No JMF period is open for 10 Sep 2026." in page.text
    assert NOT_AT_FAULT in page.text
    assert told(world) == [("Mia", ["period"])]


def test_an_open_period_that_was_not_chosen_is_the_partners_to_choose(world: World, sign_in: SignIn) -> None:
    page = refused(world, sign_in, world.draft(period_id=None))
    assert "is open for" not in page.text
    assert told(world) == []


def test_the_form_says_while_it_is_typed_that_no_period_is_open(world: World, sign_in: SignIn) -> None:
    claim_id = world.draft(period_id=None)
    browser = sign_in(world.people["anna"])
    address = f"/claims/{claim_id}/plan"
    browser.open(address).submit(address, starts_on="2026-09-10", ends_on="2026-09-10", period_id="")
    page = browser.open(f"/claims/{claim_id}/submit/confirm")
    assert "No JMF period is open for 10 Sep 2026." in page.text


def test_a_country_without_a_limit_for_promotional_items(world: World, sign_in: SignIn) -> None:
    world.demand(promotional_item_limits={})
    claim_id = world.draft(
        activity_type="promotional_items",
        details={"law_declared": True},
        lines=[line("gift", 800_000, quantity=800, unit_value=1_000)],
    )
    page = refused(world, sign_in, claim_id)
    assert "You did nothing wrong. They have been told." in page.text
    assert told(world) == [("Mia", ["country_limit"])]


@pytest.mark.parametrize(("record", "fact"), [("certify", "performance"), ("performed", "certificate")])
def test_a_record_that_is_not_on_file(world: World, sign_in: SignIn, record: str, fact: str) -> None:
    partner = world.partner("Weser Systems")
    world.fund(partner)
    if record == "certify":
        world.certify(partner, date(2025, 1, 1), date(2026, 12, 31))
    else:
        world.performed(partner)
    world.person("carl", Role.partner, partner_id=partner)
    page = refused(world, sign_in, world.draft(by="carl"), by="carl")
    assert NOT_AT_FAULT in page.text
    assert "They have been told." in page.text
    assert told(world) == [("Mia", [fact])]
