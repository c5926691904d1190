"""Managers see where claims go, and who is in each group; how far a decision is stands on every page."""

from sqlalchemy import select

from models.policies import PolicyDraft
from models.routing import ApproverGroup, GroupMember
from models.vocabulary import Role, State
from tests.functional.conftest import SignIn
from tests.support.looking import places
from tests.support.policies import drafted, published
from tests.support.routing import rule
from tests.support.stages import submitted
from tests.support.world import World
from workflow.acts.users import deactivate

ROUTING = "/programme/routing"


def user(world: World, name: str) -> int:
    user_id = world.people[name].user_id
    assert user_id is not None
    return user_id


def test_a_group_is_made_and_changed_at_once(world: World, sign_in: SignIn) -> None:
    world.person("cora", Role.approver)
    mia, new_group = sign_in(world.people["mia"]), f"{ROUTING}/groups/new"
    mia.open(new_group).submit(new_group, name="North", members=[user(world, "bob")])
    mia.open(f"{ROUTING}/groups/1").submit(
        f"{ROUTING}/groups/1", name="North", members=[user(world, "bob"), user(world, "cora")]
    )
    with world.database.read() as connection:
        assert connection.scalars(select(ApproverGroup.name)).all() == ["North"]
        assert len(connection.execute(select(GroupMember)).all()) == 2
    places(mia.open(ROUTING), "North", "Bob, Cora")


def test_who_changed_a_group_meanwhile_is_told_and_nothing_is_overwritten(
    world: World, sign_in: SignIn
) -> None:
    group_id = world.group("North", "bob")
    mia, path = sign_in(world.people["mia"]), f"{ROUTING}/groups/{group_id}"
    early, late = mia.open(path), mia.open(path)
    early.submit(path, name="South")
    answer = late.submit(path, name="East")
    assert answer.status == 409
    places(answer, "Nothing was saved", 'value="East"')
    assert [one.name for one in world.rows(ApproverGroup)] == ["South"]


def test_the_rules_in_force_are_shown_and_lead_to_a_draft_of_others(world: World, sign_in: SignIn) -> None:
    mia = sign_in(world.people["mia"])
    places(mia.open(ROUTING), "No rule: any one approver decides on each claim.")
    world.route(
        {"group": world.group("North", "bob")}, {}, country="DE", above=300_000, partner_id=world.partner_id
    )
    page = mia.open(ROUTING)
    places(page, "Germany (DE), Elbe Systems, above 3,000.00 USD", "group North, then any approver")
    answer = page.submit("/programme/policy/drafts")
    (draft,) = world.rows(PolicyDraft)
    assert (answer.status, draft.document["routing"][0]["country"]) == (302, "DE")


def test_a_group_says_which_rules_name_it(world: World, sign_in: SignIn) -> None:
    mia, group_id = sign_in(world.people["mia"]), world.group("North", "bob")
    page = f"{ROUTING}/groups/{group_id}"
    places(mia.open(page), "No rule in force, to come or drafted sends claims to it.")
    north = {"group": group_id}
    published(world, routing=[rule(north, code="by_north")])
    drafted(world, name="Winter", routing=[rule({}, code="all"), rule(north), rule(north, code="again")])
    places(mia.open(page), "From 1 Jul 2026 on", "By north", "Winter", "First, Again")


def test_rules_to_come_that_nobody_could_decide_by_are_pointed_out(world: World, sign_in: SignIn) -> None:
    published(world, routing=[rule({"group": world.group("South")}, code="by_south")])
    page = sign_in(world.people["mia"]).open(ROUTING)
    places(
        page,
        "Have a look at those from 1 Jul 2026 on",
        "In tier 1 of “By south”, group South, there is nobody",
    )


def test_rules_in_force_that_nobody_could_decide_by_are_pointed_out(world: World, sign_in: SignIn) -> None:
    world.route(world.only("bob"), code="first")
    mia, said = sign_in(world.people["mia"]), "In tier 1 of “First”, group Only Bob, there is nobody"
    assert said not in mia.open(ROUTING).text
    with world.database.write() as connection:
        deactivate(connection, world.people["mia"], world.clock.now(), user(world, "bob"))
    assert said in mia.open(ROUTING).text


def test_rules_to_come_and_of_drafts_are_tried_before_they_hold(world: World, sign_in: SignIn) -> None:
    version_id = published(world, routing=[rule(world.only("bob"), code="by_bob")])
    draft_id = drafted(world, routing=[rule({}, {}, code="by_two")])
    mia = sign_in(world.people["mia"])
    asked = f"partner={world.partner_id}&activity=seminar&amount=4000.00"
    places(mia.open(f"{ROUTING}?{asked}"), "No rule fits: any approver decides.")
    places(
        mia.open(f"{ROUTING}?{asked}&rules=version:{version_id}"), "The rule “By bob” fits.", "group Only Bob"
    )
    places(mia.open(f"{ROUTING}?{asked}&rules=draft:{draft_id}"), "The rule “By two” fits.", "Tier 2")
    places(mia.open(ROUTING), "From 1 Jul 2026 on, the rules of another version hold.")
    assert mia.open(f"{ROUTING}?{asked}&rules=draft:99").status == 422
    assert mia.open(f"{ROUTING}?rules=draft:{draft_id}").status == 200


def test_the_preview_says_who_would_get_a_claim_and_why_nobody_else(world: World, sign_in: SignIn) -> None:
    world.person("cora", Role.approver)
    world.person("otto", Role.approver)
    today = world.clock.now().date()
    world.away("otto", today, today)
    world.route({"group": world.group("North", "cora", "otto")}, world.only("bob"), above=300_000)
    mia = sign_in(world.people["mia"])

    page = mia.open(f"{ROUTING}?partner={world.partner_id}&activity=seminar&amount=4000.00")
    places(
        page,
        "The rule “Rule 1” fits.",
        "Tier 1: group North",
        "Cora would get it.",
        "not named by the rule",
        "out of office",
        "Tier 2: group Only Bob",
        "Bob would get it.",
    )
    below = mia.open(f"{ROUTING}?partner={world.partner_id}&activity=seminar&amount=3000.00")
    places(below, "No rule fits: any approver decides.", "Bob would get it.", "could too, open tasks: 0")
    assert mia.open(f"{ROUTING}?partner=&activity=&amount=x").status == 422


def test_two_tiers_decide_on_their_pages_and_everybody_sees_how_far_it_is(
    world: World, sign_in: SignIn
) -> None:
    world.person("cora", Role.approver)
    world.person("otto", Role.approver)
    world.route(world.only("cora"), world.only("otto"))
    claim_id = submitted(world)
    decide = f"/claims/{claim_id}/decide"

    page = sign_in(world.people["cora"]).open(decide)
    places(page, "Cora", "now", "group Only Otto", "Endorse")
    assert 'value="approve"' not in page.text
    page.submit(decide, decision="endorse", approved="3500.00", reason="Without the buffet.")

    for name in ("anna", "mia"):
        claim = sign_in(world.people[name]).open(f"/claims/{claim_id}")
        places(claim, "endorsed", "3,500.00", "Otto", "Cora endorsed the claim.", "Without the buffet.")

    page = sign_in(world.people["otto"]).open(decide)
    places(page, "Endorsed before", "3,500.00", 'value="approve"')
    above = page.submit(decide, decision="approve", approved="3500.01")
    places(above, "3,500.01 USD is more than the 3,500.00 USD that was endorsed before.")
    page.submit(decide, decision="approve", approved="3500.00")
    assert world.claim(claim_id).state is State.approved
