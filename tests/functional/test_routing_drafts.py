"""Routing rules are edited in a draft of the policy, compared in words, and published by two people."""

import io
import json
from datetime import date
from typing import Any

import pytest

from models.policies import PolicyDraft
from models.programme import PolicyVersion
from tests.functional.conftest import SignIn
from tests.support.looking import places
from tests.support.pages import Browser, Page
from tests.support.policies import DRAFTS, POLICY, drafted, edit, proposed, published, second_manager
from tests.support.routing import rule
from tests.support.world import World, checked_policy

WIDE: dict[str, object] = {"label": "Large seminars", "rows-0-decider": "any"}


def rules(world: World) -> Any:
    """Return the routing rules of the newest draft."""
    return world.rows(PolicyDraft)[-1].document["routing"]


@pytest.fixture
def mia(world: World, sign_in: SignIn) -> Browser:
    return sign_in(world.people["mia"])


def test_a_rule_is_added_changed_moved_and_taken_out(mia: Browser, world: World) -> None:
    draft_id, north = drafted(world, routing=[rule({}, code="all")]), world.group("North", "bob")
    path = f"{DRAFTS}/{draft_id}/parts/new-route"
    more = mia.open(path).submit(path, do="add_line")
    typed = {
        "label": "Large seminars",
        "order": "1",
        "country": "de",
        "activity_type": "seminar",
        "partner_id": world.partner_id,
        "above": "3,000",
        "rows-0-decider": f"group:{north}",
        "rows-1-decider": "any",
    }
    assert more.submit(path, do="save", **typed).status == 302
    conditions = {"country": "DE", "activity_type": "seminar", "partner_id": world.partner_id}
    large = rule({"group": north}, {}, code="large_seminars", above=300_000, **conditions)
    assert rules(world) == [large, rule({}, code="all")]

    draft = mia.open(f"{DRAFTS}/{draft_id}")
    places(
        draft,
        "Large seminars",
        "Germany (DE), Seminar",
        "Elbe Systems, above 3,000.00 USD",
        "group North, then any",
    )
    edit(mia, draft_id, "route.large_seminars", order="", country="", **{"rows-1-decider": "any"})
    assert [one["code"] for one in rules(world)] == ["all", "large_seminars"]
    assert rules(world)[1]["tiers"] == [{"group": north}, {}]
    assert "country" not in rules(world)[1]

    page = mia.open(f"{DRAFTS}/{draft_id}/parts/route.all")
    page.submit(f"{DRAFTS}/{draft_id}/parts/route.all/remove")
    assert [one["code"] for one in rules(world)] == ["large_seminars"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"label": ""}, "This is still empty."),
        ({"order": "0"}, "Enter 1 or more."),
        ({"order": "first"}, "Enter a whole number such as 40."),
        ({"country": "1!"}, "This must be two capital letters, such as DE."),
        ({"above": "many"}, "Enter an amount such as 4000.00."),
        ({"country": "Germany"}, "This must be two capital letters, such as DE."),
        ({"country": "ß"}, "This must be two capital letters, such as DE."),
        ({"country": "uk"}, "There is no such country: the United Kingdom, for one, is GB."),
        ({"rows-0-decider": ""}, "Choose who decides, or remove this tier."),
        ({"rows-0-decider": "group:99"}, "Not a valid choice."),
        ({"rows-0-decider": "user:1"}, "Not a valid choice."),
        ({"partner_id": "99"}, "Not a valid choice."),
        ({"label": "aLL"}, "Another rule is called that."),
    ],
)
def test_what_is_wrong_with_a_rule_stands_at_its_field_and_nothing_typed_is_lost(
    mia: Browser, world: World, typed: dict[str, object], said: str
) -> None:
    draft_id = drafted(world, routing=[rule({}, code="all")])
    answer = edit(mia, draft_id, "new-route", **{**WIDE, "above": "77.77", **typed})
    assert answer.status == 422
    assert said in answer.text
    assert "above" in typed or 'value="77.77"' in answer.text
    assert len(rules(world)) == 1


def test_the_second_person_reads_what_changes_in_words(world: World, sign_in: SignIn) -> None:
    second_manager(world)
    north = {"group": world.group("North", "bob")}
    world.route({}, code="small", above=0)
    world.route(north, code="large", above=300_000)
    draft_id = drafted(
        world,
        routing=[
            rule({}, code="small"),
            rule(north, {}, code="large", above=500_000),
            rule(north, code="french", country="FR", partner_id=world.partner_id),
        ],
    )
    proposal = sign_in(world.people["ines"]).open(f"{POLICY}/proposals/{proposed(world, draft_id)}")
    places(
        proposal,
        "Large: Asks for more than: 3,000.00 USD → 5,000.00 USD",
        "Large: Who decides: group North → group North, then any approver",
        "A new routing rule: French (France (FR), Elbe Systems: group North)",
        "Routing rules are tried in this order: Small, Large, French",
    )


def test_who_is_overtaken_at_a_rule_reads_what_the_other_changed(
    mia: Browser, world: World, sign_in: SignIn
) -> None:
    second_manager(world)
    draft_id = drafted(world, routing=[rule({}, code="all")])
    path = f"{DRAFTS}/{draft_id}/parts/route.all"
    late = mia.open(path)
    edit(sign_in(world.people["ines"]), draft_id, "route.all", country="FR")
    answer = late.submit(path, do="save", country="DE")
    assert answer.status == 409
    places(answer, "Nothing was saved", "All: Country: every country → France (FR)", 'value="DE"')
    assert rules(world)[0]["country"] == "FR"
    answer.submit(path, do="save")
    assert rules(world)[0]["country"] == "DE"


def test_a_rule_without_any_tier_says_so_and_takes_another(mia: Browser, world: World) -> None:
    draft_id = drafted(world, routing=[rule({}, code="all")])
    path = f"{DRAFTS}/{draft_id}/parts/route.all"
    none = mia.open(path).submit(path, do="remove_line:0")
    places(none, "Add a tier")
    refused = none.submit(path, do="save")
    assert refused.status == 422
    places(refused, "Choose who decides.", "Add a tier")
    assert (
        refused.submit(path, do="add_line").submit(path, do="save", **{"rows-0-decider": "any"}).status == 302
    )


@pytest.mark.parametrize("code", ["tiers", "open_to", "needed_if", "promotional_item_limits", "routing"])
def test_things_may_be_called_like_the_members_of_a_policy(world: World, sign_in: SignIn, code: str) -> None:
    second_manager(world)
    world.route({}, code=code, country="DE")
    types = checked_policy()["catalogue"]["activity_types"]
    types[0]["code"], types[0]["title"] = code, "Odd"
    catalogue = {**checked_policy()["catalogue"], "activity_types": types}
    published(world, date(2026, 6, 1), catalogue=catalogue, routing=[rule({}, code=code, country="FR")])
    types = [{**types[0], "description": "Other."}, *types[1:]]
    published(world, catalogue={**catalogue, "activity_types": types}, routing=[rule({}, {}, code=code)])
    page = sign_in(world.people["mia"]).open(f"{POLICY}/{world.rows(PolicyVersion)[-1].id}")
    label = code.replace("_", " ").capitalize()
    places(
        page,
        "Odd: Description",
        f"{label}: Country: France (FR) → every country",
        f"{label}: Who decides: any",
    )
    assert sign_in(world.people["anna"]).open("/rules").status == 200


@pytest.mark.parametrize("named", [{"tiers": [{"group": 77}]}, {"tiers": [{}], "partner_id": 99}])
def test_a_file_that_names_who_is_not_on_file_is_refused_in_words(
    mia: Browser, world: World, named: dict[str, Any]
) -> None:
    odd = checked_policy(routing=[{"code": "odd", "label": "Odd", **named}])
    page = mia.open(POLICY)
    forms = [dict(one.fields) for one in page.read.forms if one.action == DRAFTS]
    (fields,) = [one for one in forms if "name" in one]
    file = (io.BytesIO(json.dumps(odd).encode()), "policy.json")
    answer = mia.post(DRAFTS, {**fields, "file": file})
    assert answer.status == 422
    assert "The routing rule “Odd” names a group or a partner that is not on file." in answer.text


def test_moving_other_rules_stands_in_nobodys_way(mia: Browser, world: World) -> None:
    draft_id = drafted(world, routing=[rule({}, code="one"), rule({}, code="two")])
    path = f"{DRAFTS}/{draft_id}/parts/route.two"
    late = mia.open(path)
    one = f"{DRAFTS}/{draft_id}/parts/route.one"
    mia.open(one).submit(f"{one}/remove")
    assert late.submit(path, do="save", country="FR").status == 302


def test_a_rule_put_before_others_says_in_which_order_they_are_tried(world: World, sign_in: SignIn) -> None:
    second_manager(world)
    world.route({}, {}, code="large", above=300_000)
    draft_id = drafted(world, routing=[rule({}, code="all"), rule({}, {}, code="large", above=300_000)])
    page = sign_in(world.people["ines"]).open(f"{POLICY}/proposals/{proposed(world, draft_id)}")
    places(
        page, "A new routing rule: All (all claims: any approver)", "tried in this order: All, Large", "Place"
    )
    last = drafted(world, routing=[rule({}, {}, code="large", above=300_000), rule({}, code="all")])
    assert "tried in this order" not in sign_in(world.people["mia"]).open(f"{DRAFTS}/{last}").text


def test_a_new_rule_is_given_a_code_of_its_own_whatever_others_were_called(
    mia: Browser, world: World
) -> None:
    draft_id = drafted(world, routing=[rule({}, code="all")])
    edit(mia, draft_id, "route.all", label="Huge")
    assert edit(mia, draft_id, "new-route", **{**WIDE, "label": "All"}).status == 302
    assert edit(mia, draft_id, "new-route", **{**WIDE, "label": "???"}).status == 302
    assert [(one["code"], one["label"]) for one in rules(world)] == [
        ("all", "Huge"),
        ("all_2", "All"),
        ("rule", "???"),
    ]


@pytest.mark.parametrize(
    "seen", ["[]", '"x"', "1", "[1]", '{"place": 1e400}', '{"place": 99999999999999999999}']
)
def test_a_forged_part_that_was_seen_is_one_that_changed(mia: Browser, world: World, seen: str) -> None:
    draft_id = drafted(world, routing=[rule({}, code="all")])
    assert edit(mia, draft_id, "route.all", country="DE", seen=seen).status == 409


def test_an_activity_type_that_a_rule_names_is_not_taken_out(mia: Browser, world: World) -> None:
    draft_id = drafted(world, routing=[rule({}, code="seminars", activity_type="seminar")])
    path = f"{DRAFTS}/{draft_id}/parts/activity.seminar"
    answer = mia.open(path).submit(f"{path}/remove")
    assert answer.status == 422
    assert "“Seminar” is still named by: Seminars. Take it out there first." in answer.text


def test_a_version_shows_its_rules_to_managers_and_auditors(world: World, sign_in: SignIn) -> None:
    version_id = published(world, routing=[rule(world.only("bob"), country="DE")])
    for name in ("mia", "eve"):
        places(
            sign_in(world.people[name]).open(f"{POLICY}/{version_id}"), "Routing", "First", "group Only Bob"
        )


def test_partners_and_the_public_read_nothing_of_who_decides(world: World, sign_in: SignIn) -> None:
    rival = world.partner("Rival Systems")
    routing = [rule(world.only("bob"), code="watch_them", partner_id=rival)]
    published(world, routing=routing, pay_within_days=21)
    page: Page = sign_in(world.people["anna"]).open("/rules")
    assert "no deadline → 21 days" in page.text
    for word in ("Rival", "Watch them", "Only Bob", "outing"):
        assert word not in page.text


def test_a_version_that_changes_routing_alone_is_no_news_to_partners(world: World, sign_in: SignIn) -> None:
    published(world, routing=[rule({}, {})])
    anna = sign_in(world.people["anna"])
    for page in (anna.open("/rules"), anna.open("/claims")):
        assert "1 Jul 2026" not in page.text


def test_a_forged_part_of_a_rule_that_is_not_there_is_not_found(mia: Browser, world: World) -> None:
    draft_id = drafted(world)
    assert mia.open(f"{DRAFTS}/{draft_id}/parts/route.none").status == 404
    assert mia.open(f"{DRAFTS}/{draft_id}/parts/route.").status == 404


def test_what_to_look_at_in_the_rules_is_said_to_both_and_refuses_nothing(
    mia: Browser, ines: Browser, world: World
) -> None:
    north, south = {"group": world.group("North", "bob")}, {"group": world.group("South")}
    rules = [
        rule(north, north, code="twice", country="FR"),
        rule({}, south, code="south", country="IT"),
        rule({}, code="all"),
        rule(south, code="seminars", activity_type="seminar"),
    ]
    draft_id = drafted(world, routing=rules)
    said = (
        "No claim comes to “Seminars”: “All” is tried first and fits all of its claims.",
        "In tier 2 of “Twice”, group North, nobody may be left: the tiers before can take everybody in it",
        "In tier 2 of “South”, group South, there is nobody who can sign in and decide",
    )
    page = mia.open(f"{DRAFTS}/{draft_id}")
    places(page, *said)
    assert "of “Seminars”" not in page.text, "no claim comes to it"
    proposal_id = proposed(world, draft_id)
    page = ines.open(f"{POLICY}/proposals/{proposal_id}")
    places(page, *said)
    assert page.submit(f"{POLICY}/proposals/{proposal_id}/publish").status == 302


def test_nothing_is_said_of_rules_that_are_well(mia: Browser, world: World) -> None:
    north = {"group": world.group("North", "bob")}
    draft_id = drafted(world, routing=[rule(north, code="seminars", activity_type="seminar"), rule({})])
    assert "Have a look at these rules" not in mia.open(f"{DRAFTS}/{draft_id}").text
