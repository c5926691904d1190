"""Policy versions: drafted by one, published by two, withdrawn by two, and never changed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import IntegrityError

from models.base import canonical
from models.history import Act, Reason
from models.messages import Message
from models.policies import PolicyDraft, PolicyProposal, PolicyWithdrawal
from models.programme import PolicyVersion
from models.vocabulary import MessageKind, Role
from tests.integration.test_races import meanwhile
from tests.support.policies import (
    NEWS,
    NEXT,
    drafted,
    proposed,
    published,
    second_manager,
    to_be_withdrawn,
    version_of,
    withdrawn,
)
from tests.support.world import World, checked_policy
from workflow.acts import policy_drafts as drafts
from workflow.acts import policy_publishing as publishing
from workflow.acts.policy import load_policy, require_news
from workflow.acts.users import deactivate
from workflow.moves import settled
from workflow.policies import default_document, policy_document, read_policy
from workflow.policy_parts import PARTS, activity_part
from workflow.policy_shelf import policies_to_come, policy_in_force
from workflow.refusals import Refused

Work = Callable[[Connection], Any]


def outcome(world: World, work: Work) -> str:
    """Return `done`, or why the work was refused."""
    try:
        settled(world.database, work)
    except Refused as refused:
        return refused.why
    return "done"


def publishes(world: World, proposal_id: int, by: str) -> Work:
    """Return the work of somebody who publishes a proposal."""
    now, actor = world.clock.now(), world.people[by]
    return lambda connection: publishing.publish(connection, actor, now, proposal_id, today=now.date())


def withdraws(world: World, proposal_id: int, by: str) -> Work:
    """Return the work of somebody who withdraws the version of a proposal."""
    now, actor = world.clock.now(), world.people[by]
    return lambda connection: publishing.withdraw(connection, actor, now, proposal_id, today=now.date())


def proposes(world: World, draft_id: int, by: str = "mia", **changed: Any) -> Work:
    """Return the work of somebody who proposes a draft as it stands, save for what is said."""
    now, actor, version = world.clock.now(), world.people[by], version_of(world, draft_id)
    said = {"first_day": NEXT, "today": now.date(), **changed}
    return lambda connection: publishing.propose_draft(connection, actor, now, draft_id, version, **said)


def saves(world: World, draft_id: int, by: str = "mia", name: str = "limits", **value: Any) -> Work:
    """Return the work of somebody who changes a part of a draft as it stands."""
    now, actor, part = world.clock.now(), world.people[by], PARTS[name]
    with world.database.read() as connection:
        found = part.of(connection.scalars(select(PolicyDraft.document)).one())
    return lambda connection: drafts.save_part(
        connection, actor, now, draft_id, part, {**found, **value}, canonical(found)
    )


def in_force(world: World, day: date) -> int | None:
    with world.database.read() as connection:
        found = policy_in_force(connection, day)
    return found.id if found else None


def test_a_draft_is_published_by_a_second_person_and_is_in_force_from_its_day(world: World) -> None:
    second_manager(world)
    draft_id = drafted(world, max_amount_per_activity="7500.00")
    proposal_id = proposed(world, draft_id)
    assert outcome(world, publishes(world, proposal_id, "ines")) == "done"

    first, version = world.rows(PolicyVersion)
    assert version.document == read_document(max_amount_per_activity="7500.00")
    assert [in_force(world, NEXT - timedelta(days=1)), in_force(world, NEXT)] == [first.id, version.id]
    assert world.rows(PolicyDraft) == world.rows(PolicyProposal) == []
    act = next(one for one in world.rows(Act) if one.id == version.act_id)
    assert (act.kind, act.actor_id) == ("policy_published", world.people["ines"].user_id)
    assert act.figures["proposed_by"] == world.people["mia"].user_id


def read_document(**changed: Any) -> dict[str, Any]:
    """Return a policy document in the form in which drafts hold it."""
    return policy_document(read_policy(checked_policy(**changed)))


def test_nobody_publishes_what_they_proposed_or_changed_last(world: World) -> None:
    second_manager(world)
    world.person("uma", Role.manager)
    draft_id = drafted(world, by="uma")
    settled(world.database, saves(world, draft_id, "mia", promotional_item_limits={"DE": "1.00"}))
    proposal_id = proposed(world, draft_id, by="ines")
    assert outcome(world, publishes(world, proposal_id, "ines")) == "proposed_policy"
    assert outcome(world, publishes(world, proposal_id, "mia")) == "changed_policy"
    assert len(world.rows(PolicyVersion)) == 1
    assert outcome(world, publishes(world, proposal_id, "uma")) == "done", "whose words another changed"


@pytest.mark.parametrize("name", ["anna", "bob", "dan", "eve"])
def test_only_managers_draft_propose_and_decide(world: World, name: str) -> None:
    second_manager(world)
    draft_id, now = drafted(world), world.clock.now()
    actor = world.people[name]
    make = partial(drafts.make_draft, actor=actor, now=now, name="x", document=checked_policy())
    works: list[Work] = [make, saves(world, draft_id, name), proposes(world, draft_id, name)]
    proposal_id = proposed(world, draft_id)
    works += [publishes(world, proposal_id, name), withdraws(world, proposal_id, name)]
    works.append(partial(publishing.turn_down, actor=actor, now=now, proposal_id=proposal_id, reason="No."))
    assert {outcome(world, work) for work in works} == {"not_yours"}


def test_who_is_no_manager_any_more_publishes_nothing(world: World) -> None:
    second_manager(world)
    proposal_id = proposed(world, drafted(world))
    with world.database.write() as connection:
        deactivate(connection, world.people["mia"], world.clock.now(), world.people["ines"].user_id or 0)
    assert outcome(world, publishes(world, proposal_id, "ines")) == "not_yours"


def test_a_manager_puts_no_policy_in_force_alone(world: World) -> None:
    now = world.clock.now()
    said: dict[str, Any] = {"document": checked_policy(), "first_day": NEXT, "today": now.date()}
    work = partial(load_policy, actor=world.people["mia"], now=now, **said)
    assert outcome(world, work) == "second_manager"


@pytest.mark.parametrize("first_day", [date(2026, 3, 2), date(2025, 1, 1)])
def test_a_version_starts_after_today(world: World, first_day: date) -> None:
    assert outcome(world, proposes(world, drafted(world), first_day=first_day)) == "first_day_past"


def test_a_draft_that_says_what_the_version_before_it_says_is_not_proposed(world: World) -> None:
    same = drafted(world, limits_are_examples=False)
    assert outcome(world, proposes(world, same)) == "policy_repeats"
    published(world, NEXT, max_funding_share="0.40")
    assert outcome(world, proposes(world, same, first_day=NEXT - timedelta(days=1))) == "policy_repeats"
    back = NEXT + timedelta(days=1)
    assert outcome(world, proposes(world, same, first_day=back)) == "done", "it brings back what was before"


def test_a_draft_that_was_proposed_twice_is_published_once(world: World) -> None:
    second_manager(world)
    first, late = (
        proposed(world, drafted(world, max_funding_share="0.40"), day)
        for day in (NEXT, NEXT + timedelta(days=1))
    )
    assert outcome(world, publishes(world, first, "ines")) == "done"
    assert outcome(world, publishes(world, late, "ines")) == "policy_repeats"
    assert len(world.rows(PolicyVersion)) == 2


def test_a_proposal_whose_day_came_meanwhile_is_not_published(world: World) -> None:
    second_manager(world)
    proposal_id = proposed(world, drafted(world), date(2026, 3, 3))
    world.clock.advance(timedelta(days=1))
    assert outcome(world, publishes(world, proposal_id, "ines")) == "first_day_past"
    assert len(world.rows(PolicyVersion)) == 1


def test_example_limits_are_not_published(world: World) -> None:
    with world.database.write() as connection:
        draft_id = drafts.make_draft(
            connection, world.people["mia"], world.clock.now(), name="x", document=default_document()
        )
    assert outcome(world, proposes(world, draft_id)) == "example_limits"


def test_what_is_proposed_is_not_changed_nor_thrown_away(world: World) -> None:
    draft_id = drafted(world)
    work = saves(world, draft_id, promotional_item_limits={})
    version = version_of(world, draft_id)
    proposed(world, draft_id)
    drop = partial(drafts.drop_draft, actor=world.people["mia"], draft_id=draft_id, version=version)
    works: list[Work] = [work, drop, proposes(world, draft_id)]
    assert {outcome(world, one) for one in works} == {"draft_proposed"}


def test_nobody_proposes_a_draft_that_has_changed_since_they_saw_it(world: World) -> None:
    draft_id = drafted(world)
    stale = proposes(world, draft_id)
    settled(world.database, saves(world, draft_id, promotional_item_limits={"DE": "40.00"}))
    assert outcome(world, stale) == "changed_meanwhile"


def test_of_two_who_change_one_part_the_second_is_told(world: World) -> None:
    draft_id = drafted(world)
    first = saves(world, draft_id, promotional_item_limits={"DE": "40.00"})
    second = saves(world, draft_id, promotional_item_limits={"DE": "50.00"})
    assert [outcome(world, first), outcome(world, second)] == ["done", "changed_meanwhile"]
    (draft,) = world.rows(PolicyDraft)
    assert (draft.document["promotional_item_limits"], draft.version) == ({"DE": "40.00"}, 2)


def test_two_who_change_two_parts_do_not_stand_in_each_others_way(world: World) -> None:
    draft_id = drafted(world)
    first = saves(world, draft_id, promotional_item_limits={"DE": "40.00"})
    second = saves(world, draft_id, name="figures", max_funding_share="0.60")
    assert [outcome(world, first), outcome(world, second)] == ["done", "done"]
    (draft,) = world.rows(PolicyDraft)
    assert draft.document["promotional_item_limits"] == {"DE": "40.00"}
    assert draft.document["max_funding_share"] == "0.60"


def test_what_would_be_no_policy_is_not_saved(world: World) -> None:
    draft_id = drafted(world)
    assert outcome(world, saves(world, draft_id, promotional_item_limits={"DE": "dear"})) == "policy_file"
    assert world.rows(PolicyDraft)[0].version == 1


def test_an_activity_type_is_added_changed_and_taken_out(world: World) -> None:
    draft_id, now, mia = drafted(world), world.clock.now(), world.people["mia"]
    seminar = activity_part("seminar")
    assert seminar is not None
    found = seminar.of(world.rows(PolicyDraft)[0].document)
    for part, seen, value in (
        (activity_part(""), None, {**found, "code": "workshop", "title": "Workshop"}),
        (seminar, found, {**found, "title": "Seminars"}),
        (seminar, {**found, "title": "Seminars"}, None),
    ):
        saved = partial(drafts.save_part, part=part, value=value, seen=canonical(seen))
        settled(world.database, partial(saved, actor=mia, now=now, draft_id=draft_id))
    codes = [one["code"] for one in world.rows(PolicyDraft)[0].document["catalogue"]["activity_types"]]
    assert codes[-1] == "workshop"
    assert "seminar" not in codes


def test_a_version_is_withdrawn_by_a_second_person_and_judges_nothing(world: World) -> None:
    version_id = published(world)
    proposal_id = to_be_withdrawn(world, version_id)
    assert outcome(world, withdraws(world, proposal_id, "mia")) == "proposed_policy"
    assert outcome(world, withdraws(world, proposal_id, "ines")) == "done"
    assert in_force(world, NEXT) == world.rows(PolicyVersion)[0].id
    assert [one.version_id for one in world.rows(PolicyWithdrawal)] == [version_id]
    with world.database.read() as connection:
        assert policies_to_come(connection, world.clock.now().date()) == []


def test_its_day_is_free_for_another_version_then_as_often_as_it_takes(world: World) -> None:
    for _time in range(2):
        withdrawn(world)
    last = published(world, max_funding_share="0.40")
    assert [row.attempt for row in world.rows(PolicyVersion)] == [None, None, 2, 3]
    assert in_force(world, NEXT) == last
    assert outcome(world, proposes(world, drafted(world))) == "first_day_taken"


def test_what_is_in_force_is_not_withdrawn(world: World) -> None:
    version_id = published(world)
    proposal_id = to_be_withdrawn(world, version_id)
    world.clock.advance(timedelta(days=(NEXT - world.clock.now().date()).days))
    assert outcome(world, withdraws(world, proposal_id, "ines")) == "version_in_force"
    now, mia = world.clock.now(), world.people["mia"]
    said: dict[str, Any] = {"reason": "A slip.", "today": now.date()}
    again = partial(publishing.propose_withdrawal, actor=mia, now=now, version_id=version_id, **said)
    assert outcome(world, again) == "version_in_force"
    assert in_force(world, NEXT) == version_id


def test_a_claim_keeps_the_version_it_was_submitted_under(world: World) -> None:
    claim_id = world.draft()
    world.move(claim_id, "submit", "anna")
    before = world.claim(claim_id).policy_version_id
    published(world, date(2026, 3, 3), max_amount_per_activity="1.00")
    world.clock.advance(timedelta(days=1))
    world.move(claim_id, "approve", "bob", approved=400_000)
    assert world.claim(claim_id).policy_version_id == before


def test_what_was_turned_down_can_be_changed_and_proposed_again(world: World) -> None:
    second_manager(world)
    draft_id, now = drafted(world), world.clock.now()
    proposal_id = proposed(world, draft_id)
    ines = world.people["ines"]
    empty = partial(publishing.turn_down, actor=ines, now=now, proposal_id=proposal_id, reason=" ")
    assert outcome(world, empty) == "policy_why"
    with world.database.write() as connection:
        publishing.turn_down(connection, world.people["ines"], now, proposal_id, reason="Too generous.")
    assert outcome(world, publishes(world, proposal_id, "ines")) == "proposal_gone"
    assert "Too generous." in [one.text for one in world_reasons(world)]
    settled(world.database, saves(world, draft_id, promotional_item_limits={}))
    assert outcome(world, proposes(world, draft_id)) == "done"


def world_reasons(world: World) -> list[Any]:
    with world.database.reading_session() as session:
        return list(session.scalars(select(Reason)))


def test_a_proposal_is_told_to_the_managers_who_may_decide(world: World) -> None:
    second_manager(world)
    world.person("uma", Role.manager)
    draft_id = drafted(world, by="ines")
    proposed(world, draft_id, by="mia")
    waiting = [one for one in world.rows(Message) if one.kind is MessageKind.policy_waiting]
    assert [one.user_id for one in waiting] == [world.people["uma"].user_id]
    assert waiting[0].figures["proposed_by"] == "Mia"


@pytest.mark.parametrize("decided", ["policy_published", "policy_turned_down"])
def test_whoever_wrote_or_proposed_a_draft_is_told_what_became_of_it(world: World, decided: str) -> None:
    second_manager(world)
    world.person("uma", Role.manager)
    proposal_id, now = proposed(world, drafted(world, by="ines"), by="mia"), world.clock.now()
    uma = world.people["uma"]
    works: dict[str, Work] = {
        "policy_published": publishes(world, proposal_id, "uma"),
        "policy_turned_down": partial(
            publishing.turn_down, actor=uma, now=now, proposal_id=proposal_id, reason="No."
        ),
    }
    assert outcome(world, works[decided]) == "done"
    told = [one for one in world.rows(Message) if one.kind is MessageKind.policy_decided]
    assert {one.user_id for one in told} == {world.people[name].user_id for name in ("mia", "ines")}
    assert {(one.figures["outcome"], one.figures["decided_by"]) for one in told} == {(decided, "Uma")}
    assert all((one.figures["reason_hash"] is None) == (decided == "policy_published") for one in told)


def test_whoever_proposed_a_withdrawal_is_told_that_it_is_done(world: World) -> None:
    second_manager(world)
    withdrawn(world)
    told = [one for one in world.rows(Message) if one.kind is MessageKind.policy_decided]
    mia = world.people["mia"].user_id
    assert [(one.user_id, one.figures["outcome"]) for one in told] == [
        (mia, "policy_published"),
        (mia, "policy_withdrawn"),
    ]


def test_whoever_takes_their_own_proposal_back_is_told_nothing(world: World) -> None:
    proposal_id = proposed(world, drafted(world, by="mia"), by="mia")
    mia, now = world.people["mia"], world.clock.now()
    back = partial(publishing.turn_down, actor=mia, now=now, proposal_id=proposal_id, reason="Not yet.")
    assert outcome(world, back) == "done"
    assert MessageKind.policy_decided not in {one.kind for one in world.rows(Message)}


def together(world: World, *works: Work) -> list[str]:
    """Return what became of works that begin at one moment."""
    start = Barrier(len(works))

    def run(work: Work) -> str:
        start.wait()
        return outcome(world, work)

    with ThreadPoolExecutor(len(works)) as pool:
        return sorted(pool.map(run, works))


def test_of_two_drafts_published_at_once_for_one_day_one_is(world: World) -> None:
    second_manager(world)
    proposals = [proposed(world, drafted(world, name=name)) for name in ("Autumn", "Winter")]
    found = together(world, *(publishes(world, one, "ines") for one in proposals))
    assert found == ["done", "first_day_taken"]
    assert [row.first_day for row in world.rows(PolicyVersion)] == [date(2025, 1, 1), NEXT]


def test_a_version_that_is_stored_since_the_day_was_looked_at_is_no_forerunner(world: World) -> None:
    first_version = world.rows(PolicyVersion)[0]
    published(world)
    with world.database.read() as connection:
        require_news(connection, read_policy(checked_policy(**NEWS)), NEXT)
        with pytest.raises(Refused) as refused:
            require_news(connection, read_policy(first_version.document), NEXT)
    assert refused.value.why == "policy_repeats"


def test_a_draft_published_while_another_is_for_the_same_day_finds_it_taken(world: World) -> None:
    second_manager(world)
    first, late = (publishes(world, proposed(world, drafted(world, name=name)), "ines") for name in "AB")
    with world.database.engine.connect() as connection, connection.begin() as transaction:
        first(connection)
        with meanwhile(world.database, lambda: outcome(world, late)) as second:
            transaction.commit()
    assert second.result() == "first_day_taken"
    assert [row.first_day for row in world.rows(PolicyVersion)] == [date(2025, 1, 1), NEXT]


def test_a_proposal_that_two_decide_on_at_once_is_done_once(world: World) -> None:
    second_manager(world)
    world.person("uma", Role.manager)
    proposal_id = proposed(world, drafted(world))
    found = together(world, *(publishes(world, proposal_id, name) for name in ("ines", "uma")))
    assert found == ["done", "proposal_gone"]
    version_id = world.rows(PolicyVersion)[-1].id
    withdrawal = to_be_withdrawn(world, version_id)
    found = together(world, *(withdraws(world, withdrawal, name) for name in ("ines", "uma")))
    assert found == ["done", "proposal_gone"]
    assert len(world.rows(PolicyWithdrawal)) == 1


def test_a_draft_that_two_propose_at_once_is_proposed_once(world: World) -> None:
    second_manager(world)
    draft_id = drafted(world)
    found = together(world, *(proposes(world, draft_id, name) for name in ("mia", "ines")))
    assert found == ["done", "draft_proposed"]


def test_a_draft_is_not_changed_while_it_is_being_proposed(world: World) -> None:
    draft_id = drafted(world)
    propose = proposes(world, draft_id)
    change = saves(world, draft_id, promotional_item_limits={"DE": "1.00"})
    with world.database.engine.connect() as first, first.begin() as transaction:
        propose(first)
        with meanwhile(world.database, lambda: outcome(world, change)) as second:
            transaction.commit()
    assert second.result() == "draft_proposed"
    assert world.rows(PolicyDraft)[0].version == 1


def test_the_database_itself_holds_one_first_version_of_a_day(world: World) -> None:
    published(world)
    row = {"first_day": NEXT, "document": {}, "act_id": 1, "recorded_at": world.clock.now()}
    with pytest.raises(IntegrityError), world.database.write() as connection:
        connection.execute(insert(PolicyVersion).values(row))
    with world.database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(PolicyVersion)) == 2
