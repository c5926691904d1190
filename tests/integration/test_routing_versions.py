"""Routing rules are part of the policy: two people publish them, from a day on, and claims keep their way."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update

from models.base import canonical
from models.claims import Claim
from models.policies import PolicyDraft
from models.routing import ApproverGroup, FormerRoutingRule, GroupMember
from models.vocabulary import Role
from tests.support.policies import drafted, proposed, published, second_manager
from tests.support.routing import rule
from tests.support.stages import submitted
from tests.support.world import World, checked_policy
from workflow.acts import policy_drafts as drafts
from workflow.acts.policy_publishing import propose_draft
from workflow.acts.record import record_act
from workflow.as_of.gathering import as_of
from workflow.policy_parts import route_part
from workflow.policy_shelf import policy_in_force
from workflow.refusals import Refused

TOMORROW = date(2026, 3, 3)


def a_day_goes_by(world: World) -> None:
    """Let the first day of what is published for tomorrow come."""
    world.clock.advance(timedelta(days=1))


def refused_for(work: Callable[[], object]) -> str:
    """Return why something is refused."""
    with pytest.raises(Refused) as refused:
        work()
    return refused.value.why


def route(world: World, claim_id: int) -> Any:
    """Return the way of a claim."""
    return world.claim(claim_id).route


def routing_of(world: World, draft_id: int) -> Any:
    """Return the routing rules of a draft's document."""
    return next(one.document["routing"] for one in world.rows(PolicyDraft) if one.id == draft_id)


def silent(**changed: Any) -> dict[str, Any]:
    """Return a policy document that says nothing of routing."""
    return {name: value for name, value in checked_policy(**changed).items() if name != "routing"}


def draft_of(world: World, document: dict[str, Any]) -> int:
    """Make a draft of a document; return its id."""
    with world.database.write() as connection:
        return drafts.make_draft(
            connection, world.people["mia"], world.clock.now(), name="Autumn", document=document
        )


def test_rules_hold_from_the_first_day_of_their_version_and_claims_keep_their_way(world: World) -> None:
    world.person("cora", Role.approver)
    hers = world.only("cora")
    published(world, TOMORROW, routing=[rule(hers, {}, above=300_000)])
    before = submitted(world)
    a_day_goes_by(world)
    large, small = submitted(world), submitted(world, requested=300_000)
    assert route(world, before) == {"rule": None, "tiers": [{}]}
    assert route(world, large) == {"rule": "first", "tiers": [hers, {}]}
    assert route(world, small) == {"rule": None, "tiers": [{}]}
    assert world.holder(large) == ("cora", None, None)


def test_a_draft_that_changes_routing_alone_says_something_new(world: World) -> None:
    second_manager(world)
    proposed(world, drafted(world, routing=[rule({}, {})]), TOMORROW)
    same = drafted(world, routing=[])
    assert refused_for(lambda: proposed(world, same, TOMORROW)) == "policy_repeats"


@pytest.mark.parametrize("wrong", [rule({"group": 99}), rule({}, {"group": 99}), rule({}, partner_id=99)])
def test_no_draft_names_a_group_or_a_partner_that_is_not_on_file(world: World, wrong: Any) -> None:
    assert refused_for(lambda: drafted(world, routing=[wrong])) == "route_unknown"
    draft_id = drafted(world)
    with pytest.raises(Refused) as refused, world.database.write() as connection:
        drafts.save_part(
            connection,
            world.people["mia"],
            world.clock.now(),
            draft_id,
            route_part("first"),
            {**wrong, "place": 1},
            canonical(None),
        )
    assert refused.value.why == "route_unknown"
    assert routing_of(world, draft_id) == []


def test_a_document_that_says_nothing_of_routing_leaves_that_of_today(world: World) -> None:
    world.route({}, {}, country="DE")
    world.route({}, activity_type="webcast")
    rules = routing_of(world, draft_of(world, silent()))
    assert [(one.get("country"), one.get("activity_type")) for one in rules] == [
        (None, "webcast"),
        ("DE", None),
    ]
    types = [one for one in checked_policy()["catalogue"]["activity_types"] if one["code"] != "webcast"]
    fewer = silent(catalogue={**checked_policy()["catalogue"], "activity_types": types})
    assert [one.get("country") for one in routing_of(world, draft_of(world, fewer))] == ["DE"]


@pytest.fixture
def former(world: World) -> World:
    """A programme from before versions held routing rules: two tiers above 3,000.00, then as its rows say."""
    world.person("cora", Role.approver)
    values = {"place": 1, "country": None, "activity_type": None, "partner_id": None, "above": 300_000}
    world.demand(world.clock.now().date(), limits_are_examples=False, routing=None)
    with world.database.write() as connection:
        connection.execute(insert(FormerRoutingRule).values(**values, tiers=[{}, {}]))
    return world


def test_the_rules_from_before_hold_with_a_version_that_says_nothing_of_routing(former: World) -> None:
    large, small = submitted(former), submitted(former, requested=300_000)
    assert route(former, large) == {"rule": "rule_1", "tiers": [{}, {}]}
    assert route(former, small) == {"rule": None, "tiers": [{}]}


def test_a_draft_takes_the_rules_from_before_over_and_changes_nothing_by_that(former: World) -> None:
    second_manager(former)
    draft_id = draft_of(former, silent())
    assert routing_of(former, draft_id) == [
        {"code": "rule_1", "label": "Rule 1", "above": "3000.00", "tiers": [{}, {}]}
    ]
    mia, now = former.people["mia"], former.clock.now()

    def propose() -> None:
        with former.database.write() as connection:
            propose_draft(connection, mia, now, draft_id, 1, first_day=TOMORROW, today=now.date())

    assert refused_for(propose) == "policy_repeats"


def test_a_version_without_rules_ends_those_from_before(former: World) -> None:
    published(former, TOMORROW, routing=[])
    assert route(former, submitted(former))["tiers"] == [{}, {}]
    a_day_goes_by(former)
    assert route(former, submitted(former))["tiers"] == [{}]


def test_as_of_reads_the_rules_from_before_as_their_acts_left_them(former: World) -> None:
    claim_id = submitted(former)
    sent, mia = former.clock.now(), former.people["mia"]
    former.clock.advance(timedelta(hours=1))
    conditions = {"place": 1, "country": None, "activity_type": None, "partner_id": None, "above": "3000.00"}
    figures: dict[str, Any] = {
        "before": {**conditions, "tiers": [{}, {}]},
        "after": {**conditions, "tiers": [{}]},
    }
    with former.database.write() as connection:
        record_act(connection, mia, former.clock.now(), "route_saved", "route:1", figures)
        connection.execute(update(FormerRoutingRule).values(tiers=[{}]))
    with former.database.read() as connection:
        found = as_of(connection, former.claim(claim_id), sent, sent.date())
    assert found.values["route"] == route(former, claim_id) == {"rule": "rule_1", "tiers": [{}, {}]}


def test_a_former_rule_that_never_fitted_any_claim_stays_out_of_drafts(former: World) -> None:
    values = {"place": 2, "country": "ÖS", "activity_type": None, "partner_id": None, "above": 0}
    with former.database.write() as connection:
        connection.execute(insert(FormerRoutingRule).values(**values, tiers=[{}]))
    assert [one["label"] for one in routing_of(former, draft_of(former, silent()))] == ["Rule 1"]


def test_as_of_a_claim_keeps_the_person_whom_a_rule_from_before_named(former: World) -> None:
    claim_id = submitted(former)
    named = {"rule": 1, "tiers": [{"user": former.people["cora"].user_id}]}
    with former.database.write() as connection:
        connection.execute(update(Claim).values(route=named))
    with former.database.read() as connection:
        found = as_of(connection, former.claim(claim_id), former.clock.now(), former.clock.now().date())
    assert found.values["route"] == named


def test_a_shelf_knows_which_version_says_nothing_of_routing(former: World) -> None:
    with former.database.read() as connection:
        version = policy_in_force(connection, former.clock.now().date())
        first = policy_in_force(connection, date(2026, 1, 1))
    assert version is not None
    assert first is not None
    assert (version.says_routing, first.says_routing) == (False, True)


def test_an_upgrade_puts_a_group_where_a_rule_named_somebody_and_the_rules_into_drafts(former: World) -> None:
    draft_id = drafted(former)
    former.database.downgrade("0042")
    assert "routing" not in former.rows(PolicyDraft)[0].document
    named = [{"user": former.people["cora"].user_id}, {}]
    former.group(f"Approver {former.people['cora'].user_id}")
    with former.database.write() as connection:
        connection.execute(update(FormerRoutingRule).values(tiers=named))
    former.database.migrate()

    (alone,) = [one for one in former.rows(ApproverGroup) if one.name.endswith(", alone")]
    members = [one.user_id for one in former.rows(GroupMember) if one.group_id == alone.id]
    assert members == [former.people["cora"].user_id]
    tiers = [{"group": alone.id}, {}]
    assert routing_of(former, draft_id) == [
        {"code": "rule_1", "label": "Rule 1", "above": "3000.00", "tiers": tiers}
    ]
    claim_id = submitted(former)
    assert route(former, claim_id)["tiers"] == tiers
    assert former.holder(claim_id) == ("cora", None, None)
