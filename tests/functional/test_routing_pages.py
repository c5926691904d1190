"""Programme managers route claims to people and groups; how far a decision is stands on every page."""

from sqlalchemy import select

from models.routing import ApproverGroup, GroupMember, RoutingRule
from models.vocabulary import Role, State
from tests.functional.conftest import SignIn
from tests.support.looking import places
from tests.support.stages import submitted
from tests.support.world import World

ROUTING = "/programme/routing"


def user(world: World, name: str) -> int:
    user_id = world.people[name].user_id
    assert user_id is not None
    return user_id


def test_a_group_and_a_rule_are_made_changed_and_removed(world: World, sign_in: SignIn) -> None:
    world.person("cora", Role.approver)
    mia = sign_in(world.people["mia"])
    new_group, new_rule = f"{ROUTING}/groups/new", f"{ROUTING}/rules/new"

    mia.open(new_group).submit(new_group, name="North", members=[user(world, "bob")])
    mia.open(f"{ROUTING}/groups/1").submit(
        f"{ROUTING}/groups/1", name="North", members=[user(world, "bob"), user(world, "cora")]
    )
    with world.database.read() as connection:
        assert connection.scalars(select(ApproverGroup.name)).all() == ["North"]
        assert len(connection.execute(select(GroupMember)).all()) == 2

    page = mia.open(new_rule)
    page.submit(new_rule, country="de", above="3,000", tier_1="group:1", tier_2=f"user:{user(world, 'bob')}")
    places(mia.open(ROUTING), "DE, above", "3,000.00", "group North, then Bob", "Bob, Cora")
    mia.open(f"{ROUTING}/rules/1").submit(f"{ROUTING}/rules/1", tier_2="")
    with world.database.read() as connection:
        rule = connection.execute(select(RoutingRule)).one()
    assert (rule.place, rule.country, rule.above, rule.tiers) == (1, "DE", 300_000, [{"group": 1}])

    mia.open(ROUTING).submit(f"{ROUTING}/rules/1/remove")
    assert "No rule yet" in mia.open(ROUTING).text


def test_what_is_wrong_with_a_rule_stands_at_its_field(world: World, sign_in: SignIn) -> None:
    world.route({})
    mia, new = sign_in(world.people["mia"]), f"{ROUTING}/rules/new"
    bob = f"user:{user(world, 'bob')}"
    for typed, said in (
        ({"place": "1"}, "Another rule stands at place 1."),
        ({"place": "0"}, "Enter a number from 1."),
        ({"country": "1!"}, "This is no country code."),
        ({"above": "many"}, "Enter an amount such as 4000.00."),
        ({"tier_1": bob, "tier_2": bob}, "One person stands in two tiers"),
    ):
        page = mia.open(new).submit(new, **typed)
        assert page.status == 422
        assert said in page.text, typed


def test_who_changed_a_rule_meanwhile_is_told_and_nothing_is_overwritten(
    world: World, sign_in: SignIn
) -> None:
    world.route({})
    mia, path = sign_in(world.people["mia"]), f"{ROUTING}/rules/1"
    early, late = mia.open(path), mia.open(path)
    early.submit(path, country="DE")
    answer = late.submit(path, country="FR")
    assert answer.status == 409
    places(answer, "Nothing was saved", 'value="FR"')
    with world.database.read() as connection:
        assert connection.scalar(select(RoutingRule.country)) == "DE"


def test_the_preview_says_who_would_get_a_claim_and_why_nobody_else(world: World, sign_in: SignIn) -> None:
    world.person("cora", Role.approver)
    world.person("otto", Role.approver)
    today = world.clock.now().date()
    world.away("otto", today, today)
    world.route({"group": world.group("North", "cora", "otto")}, {"user": user(world, "bob")}, above=300_000)
    mia = sign_in(world.people["mia"])

    page = mia.open(f"{ROUTING}?partner={world.partner_id}&activity=seminar&amount=4000.00")
    places(
        page,
        "The rule at place 1 fits.",
        "Tier 1: group North",
        "Cora would get it.",
        "not named by the rule",
        "out of office",
        "Tier 2: Bob",
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
    world.route({"user": user(world, "cora")}, {"user": user(world, "otto")})
    claim_id = submitted(world)
    decide = f"/claims/{claim_id}/decide"

    page = sign_in(world.people["cora"]).open(decide)
    places(page, "Cora", "now", "Otto", "Endorse")
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
