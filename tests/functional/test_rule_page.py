"""The programme's rules as a page: every clause beside its rule, and what versions to come change."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from tests.functional.conftest import OtherApp, SignIn
from tests.support.pages import Browser
from tests.support.policies import NEXT, published, withdrawn
from tests.support.stages import new_policy
from tests.support.statements import statements
from tests.support.world import World, line
from web.services import Services
from workflow.policies import PARAMETERS
from workflow.rules import RULES

RULES_PAGE = "/rules"

CHANGED: dict[str, tuple[Any, str, str]] = {
    "eligible_partner_types": (["vap"], "partner-type", "open to: Value-added partner (VAP)."),
    "max_funding_share": ("0.425", "funding-share", "Northwind bears at most 42.5 %"),
    "max_amount_per_activity": ("7500.00", "activity-cap", "7,500.00 USD"),
    "large_gift_unit_value": ("80.00", "large-gifts", "80.00 USD"),
    "max_reward_share": ("0.10", "reward-share", "at most 10 % of the costs"),
    "large_activity_attendees": (60, "reward-share", "60 attendees or more"),
    "prohibited_categories": (
        ["entertainment", "gift"],
        "entertainment",
        "Entertainment, Promotional items.",
    ),
    "promotional_item_limits": ({"FR": "17.00"}, "activity-details", "FR 17.00 USD"),
    "expirable_states": (["approved"], "certification", "in these states: Approved."),
    "report_within_days": (41, "", "41 days"),
    "resubmit_within_days": (42, "", "42 days"),
    "decide_within_days": (43, "", "43 days"),
    "dispute_within_days": (44, "", "44 days"),
    "pay_within_days": (45, "", "45 days"),
}
"""Each parameter with another value, the rule that enforces it, and what its clause says then."""


def clause_of(page: str, rule: str) -> str:
    """Return what the page says of a rule, as text on one line."""
    article = re.search(rf'<article class="clause" id="{rule}">(.*?)</article>', page, re.DOTALL)
    assert article is not None, f"the page has no clause of {rule}"
    return " ".join(re.sub(r"<[^>]+>", " ", article[1]).split())


@pytest.mark.parametrize("name", ["anna", "bob", "dan", "eve", "mia"])
def test_everybody_signed_in_reads_each_clause_beside_its_rule(
    world: World, sign_in: SignIn, name: str
) -> None:
    page = sign_in(world.people[name]).open(RULES_PAGE)
    assert page.status == 200
    assert re.findall(r'<article class="clause" id="([a-z-]+)"', page.text) == [rule.id for rule in RULES]
    for rule in RULES:
        said = clause_of(page.text, rule.id)
        assert rule.id in said
        assert str(rule.clause).replace("'", "&#39;") in said
        assert "Checked when" in said


def test_every_parameter_of_the_version_in_force_stands_in_the_clause_of_its_rule(
    world: World, sign_in: SignIn
) -> None:
    before = sign_in(world.people["anna"]).open(RULES_PAGE).text
    new_policy(world, **{name: value for name, (value, _rule, _said) in CHANGED.items()})
    page = sign_in(world.people["anna"]).open(RULES_PAGE).text
    for name, (_value, rule, said) in CHANGED.items():
        there = clause_of(page, rule) if rule else page
        assert said in there, f"the page does not say {name} as the version has it"
        assert said not in (clause_of(before, rule) if rule else before)


def test_every_parameter_is_looked_at() -> None:
    assert set(CHANGED) == {one.name for one in PARAMETERS}


def test_a_stranger_is_led_to_the_door_unless_a_setting_opens_the_rules(
    stranger: Browser, other_app: OtherApp, world: World
) -> None:
    assert "/sign-in" in stranger.open(RULES_PAGE).location
    published(world, max_amount_per_activity="7500.00")
    page = Browser(other_app(public_rules=True).test_client()).open(RULES_PAGE)
    assert page.status == 200
    assert "Most for one activity: 10,000.00 USD → 7,500.00 USD" in page.text
    assert "your drafts" not in page.text
    assert page.offers("/")


def test_the_rules_of_another_day_are_those_of_its_version(world: World, sign_in: SignIn) -> None:
    published(world, max_amount_per_activity="7500.00")
    anna = sign_in(world.people["anna"])
    today = anna.open(RULES_PAGE)
    assert "10,000.00 USD" in clause_of(today.text, "activity-cap")
    assert "New from 1 Jul 2026" in today.text
    then = anna.open(f"{RULES_PAGE}?day={NEXT.isoformat()}")
    assert "7,500.00 USD" in clause_of(then.text, "activity-cap")
    assert "These are the rules of 1 Jul 2026." in then.text
    assert "No policy is in force on that day." in anna.open(f"{RULES_PAGE}?day=2024-01-01").text
    wrong = anna.open(f"{RULES_PAGE}?day=soon")
    assert (wrong.status, "Enter a day such as 2026-11-24." in wrong.text) == (422, True)


LATER = date(2026, 10, 1)
"""The first day of a version that is published before another one takes the days until then."""


def in_between(world: World) -> None:
    """Publish a version of October, then a stricter one from July on."""
    published(world, LATER, max_amount_per_activity="8000.00")
    published(world, NEXT, max_amount_per_activity="3000.00", max_funding_share="0.40")


def announced(page: str, first_day: date) -> str:
    """Return what the page announces from a day on; empty where it announces nothing from then."""
    return page.partition(f'id="from-{first_day.isoformat()}"')[2].partition("</section>")[0]


def test_each_version_to_come_is_held_against_the_one_that_it_follows(world: World, sign_in: SignIn) -> None:
    in_between(world)
    page = sign_in(world.people["anna"]).open(RULES_PAGE).text
    assert "Most for one activity: 10,000.00 USD → 3,000.00 USD" in announced(page, NEXT)
    assert "costs: 50 % → 40 %" in announced(page, NEXT)
    assert "Most for one activity: 3,000.00 USD → 8,000.00 USD" in announced(page, LATER)
    assert "costs: 40 % → 50 %" in announced(page, LATER)
    assert "the rules from 1 Jul 2026, which hold until then" in announced(page, LATER)


@pytest.mark.parametrize(
    ("day", "coming"),
    [
        (date(2025, 6, 1), [NEXT, LATER]),
        (date(2026, 3, 2), [NEXT, LATER]),
        (NEXT, [LATER]),
        (date(2026, 9, 30), [LATER]),
        (LATER, []),
    ],
)
def test_only_what_begins_after_the_day_that_is_shown_is_announced(
    world: World, sign_in: SignIn, day: date, coming: list[date]
) -> None:
    in_between(world)
    page = sign_in(world.people["anna"]).open(f"{RULES_PAGE}?day={day.isoformat()}").text
    assert [one for one in (NEXT, LATER) if announced(page, one)] == coming
    if coming == [LATER]:
        assert "Most for one activity: 3,000.00 USD → 8,000.00 USD" in announced(page, LATER)


def test_a_version_that_has_begun_is_announced_on_no_day(world: World, sign_in: SignIn) -> None:
    in_between(world)
    world.clock.advance(NEXT - date(2026, 3, 2))
    page = sign_in(world.people["mia"]).open(f"{RULES_PAGE}?day=2025-06-01").text
    assert [one for one in (NEXT, LATER) if announced(page, one)] == [LATER]


def test_a_draft_is_held_against_the_version_before_the_one_to_come(world: World, sign_in: SignIn) -> None:
    world.draft(title="Dear seminar", requested=400_000)
    in_between(world)
    published(world, date(2026, 12, 1), max_amount_per_activity="8000.00", report_within_days=9)
    page = sign_in(world.people["anna"]).open(RULES_PAGE).text
    assert "Submit them before 1 Jul 2026" in announced(page, NEXT)
    back = announced(page, LATER)
    assert "Dear seminar" in back
    assert "Submit them from 1 Jul 2026 to 30 Sep 2026 to have them judged" in back
    unchanged = announced(page, date(2026, 12, 1))
    assert "Nothing: each comes out as it does on the day before." in unchanged


def test_a_withdrawn_version_is_not_announced(world: World, sign_in: SignIn) -> None:
    withdrawn(world)
    assert "New from" not in sign_in(world.people["anna"]).open(RULES_PAGE).text


def test_a_partner_reads_which_of_its_drafts_a_version_to_come_changes_and_how(
    world: World, sign_in: SignIn
) -> None:
    dear = world.draft(title="Dear seminar", requested=400_000)
    world.draft(title="Cheap seminar", lines=[line(amount=100_000)], requested=50_000)
    world.move(world.draft(title="Submitted seminar"), "submit", "anna")
    published(world, max_amount_per_activity="3000.00")
    page = sign_in(world.people["anna"]).open(RULES_PAGE)
    coming = page.text.split('id="from-2026-07-01"')[1].split("</section>")[0]
    assert "Dear seminar" in coming
    assert "3,000.00" in coming
    assert "Submit them before 1 Jul 2026" in coming
    assert page.offers(f"/claims/{dear}")
    assert "Cheap seminar" not in coming
    assert "Submitted seminar" not in coming


def test_a_returned_claim_is_a_draft_again(world: World, sign_in: SignIn) -> None:
    claim_id = world.draft(title="Returned seminar")
    world.move(claim_id, "submit", "anna")
    world.move(claim_id, "return", "bob", reason="Say more.")
    published(world, max_amount_per_activity="3000.00")
    assert "Returned seminar" in sign_in(world.people["anna"]).open(RULES_PAGE).text


def test_a_partner_whose_drafts_come_out_alike_reads_so(world: World, sign_in: SignIn) -> None:
    world.draft()
    published(world, max_reward_share="0.10")
    assert "each comes out as it does today" in sign_in(world.people["anna"]).open(RULES_PAGE).text


def test_nobody_reads_what_changes_for_another_partner(world: World, sign_in: SignIn) -> None:
    world.draft(title="Secret seminar")
    published(world, max_amount_per_activity="3000.00")
    other = world.partner("Isar Networks")
    world.person("olga", *world.people["anna"].roles, partner_id=other)
    for name in ("olga", "bob", "mia", "eve"):
        assert "Secret seminar" not in sign_in(world.people[name]).open(RULES_PAGE).text


def test_the_page_takes_as_many_statements_for_many_drafts_as_for_one(
    app: Flask, world: World, sign_in: SignIn
) -> None:
    shared: Services = app.extensions["cofund"]
    published(world, max_amount_per_activity="3000.00")
    world.draft()
    anna = sign_in(world.people["anna"])
    anna.open(RULES_PAGE)
    with statements(shared.database) as for_one:
        anna.open(RULES_PAGE)
    for _ in range(5):
        world.draft()
    with statements(shared.database) as for_many:
        anna.open(RULES_PAGE)
    assert len(for_many) == len(for_one)


def test_claims_say_that_new_rules_come_while_there_are_some_to_submit(world: World, sign_in: SignIn) -> None:
    anna = sign_in(world.people["anna"])
    assert "New rules" not in anna.open("/claims").text
    published(world, date(2026, 3, 2) + timedelta(days=30), max_amount_per_activity="3000.00")
    page = anna.open("/claims")
    assert "New rules are in force from 1 Apr 2026." in page.text
    assert page.offers(RULES_PAGE)
