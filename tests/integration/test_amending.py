"""An approved plan is changed: the approval is renewed where a rule reads what changed, and only there."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from models.history import Act, Move, Reason
from models.vocabulary import Role, State, Trigger
from tests.support.stages import approved, executed, submitted
from tests.support.world import World, line
from workflow.acts.periods import set_period_closed
from workflow.amending import CORRECTABLE, amend, correct
from workflow.attempt import Command
from workflow.drafts import PLAN_COLUMNS
from workflow.moves import Done
from workflow.refusals import Refused


def plan_of(world: World, claim_id: int, **changed: Any) -> dict[str, Any]:
    claim = world.claim(claim_id)
    return {**{name: getattr(claim, name) for name in PLAN_COLUMNS}, **changed}


def change(
    world: World, claim_id: int, *, by: str = "anna", amount: int = 800_000, key: str = "once", **plan: Any
) -> Done:
    """Amend a claim's plan as its partner would who sees it as it stands."""
    command = Command(claim_id, Trigger.amend, world.people[by], key, version=world.claim(claim_id).version)
    return amend(
        world.database, command, plan_of(world, claim_id, **plan), [line(amount=amount)], world.clock.now()
    )


def fix(world: World, claim_id: int, *, by: str = "anna", **plan: Any) -> None:
    with world.database.write() as connection:
        correct(
            connection,
            world.people[by],
            world.clock.now(),
            claim_id,
            world.claim(claim_id).version,
            plan_of(world, claim_id, **plan),
        )


def test_a_changed_plan_is_decided_anew_and_its_reserve_is_free(world: World) -> None:
    claim_id = approved(world)
    before = world.claim(claim_id)
    world.clock.advance(timedelta(days=5))
    change(world, claim_id, amount=600_000, requested=300_000)

    claim = world.claim(claim_id)
    assert (claim.state, claim.requested, claim.approved) == (State.submitted, 300_000, None)
    assert (claim.reserved, world.fund_row().reserved, world.fund_row().available) == (0, 0, 5_000_000)
    assert (claim.submitted_on, claim.policy_version_id) == (before.submitted_on, before.policy_version_id)
    assert (claim.number, claim.period_id) == (before.number, before.period_id)
    assert world.holder(claim_id)[0] == "bob"
    world.move(claim_id, "approve", "bob", approved=300_000)
    assert world.fund_row().reserved == 300_000


def test_what_the_rules_do_not_allow_changes_nothing_at_all(world: World) -> None:
    claim_id = approved(world)
    before = world.claim(claim_id)
    with pytest.raises(Refused) as refused:
        change(world, claim_id, amount=600_000, requested=300_001)
    assert [one.rule for one in refused.value.verdicts if one.broken] == ["funding-share"]
    assert world.claim(claim_id) == before
    assert world.fund_row().reserved == 400_000
    with pytest.raises(Refused) as refused:
        change(world, claim_id, ends_on=date(2026, 4, 1))
    assert refused.value.why == "ends_before_start"
    assert world.claim(claim_id) == before


def test_it_is_the_partners_alone_and_of_an_approved_claim_alone(world: World) -> None:
    waiting = submitted(world)
    with pytest.raises(Refused) as refused:
        change(world, waiting, requested=1)
    assert refused.value.why == "wrong_state"
    claim_id = executed(world)
    with pytest.raises(Refused) as refused:
        change(world, claim_id, requested=1)
    assert refused.value.why == "wrong_state"


def test_the_same_request_twice_amends_once(world: World) -> None:
    claim_id = approved(world)
    first = change(world, claim_id, requested=300_000)
    second = change(world, claim_id, requested=300_000)
    assert (first.repeated, second.repeated) == (False, True)
    with world.database.read() as connection:
        moves = connection.scalars(select(Move.trigger).where(Move.claim_id == claim_id)).all()
    assert [move.value for move in moves] == ["submit", "approve", "amend"]


def test_a_smaller_claim_goes_the_way_of_a_smaller_claim(world: World) -> None:
    world.person("cora", Role.approver)
    world.route({}, {}, above=300_000)
    claim_id = submitted(world)
    first = world.holder(claim_id)[0] or ""
    world.move(claim_id, "endorse", first, approved=400_000)
    world.move(claim_id, "approve", world.holder(claim_id)[0] or "", approved=400_000)
    change(world, claim_id, requested=300_000)
    claim = world.claim(claim_id)
    assert (claim.route["tiers"], claim.endorsements) == ([{}], [])


def test_a_closed_period_takes_a_changed_plan_for_it_was_submitted_before(world: World) -> None:
    claim_id = approved(world)
    with world.database.write() as connection:
        set_period_closed(connection, world.people["mia"], world.clock.now(), world.period_id, closed=True)
    change(world, claim_id, requested=300_000)
    assert world.claim(claim_id).state is State.submitted


def test_what_no_rule_reads_is_corrected_at_once_and_recorded(world: World) -> None:
    claim_id = approved(world)
    fix(world, claim_id, title="Spring fair", contact="Ida Example, +49 40 000")
    claim = world.claim(claim_id)
    assert (claim.state, claim.title, claim.approved, claim.reserved) == (
        State.approved,
        "Spring fair",
        400_000,
        400_000,
    )
    with world.database.read() as connection:
        act = connection.execute(select(Act).where(Act.kind == "plan_corrected")).one()
        reason = connection.scalar(select(Reason.text).where(Reason.hash == act.reason_hash))
    assert act.figures == {
        "claim": claim_id,
        "fields": ["title", "contact"],
        "before": {"title": "Spring seminar"},
        "after": {"title": "Spring fair"},
    }
    assert "Ida" not in str(act.figures)
    assert reason == "contact:  → Ida Example, +49 40 000"


def test_the_texts_of_a_correction_stand_in_its_reason_alone_which_can_be_erased(
    world: World,
) -> None:
    claim_id = approved(world)
    fix(world, claim_id, audience="Ida Example's class", objective="Ida learns", contact="Ida")
    with world.database.read() as connection:
        act = connection.execute(select(Act).where(Act.kind == "plan_corrected")).one()
        reason = connection.scalar(select(Reason.text).where(Reason.hash == act.reason_hash))
    assert act.figures["fields"] == ["audience", "objective", "contact"]
    assert "Ida" not in str(act.figures)
    assert str(reason).count("Ida") == 3


def test_a_correction_changes_nothing_that_a_rule_reads(world: World) -> None:
    claim_id = approved(world)
    fix(world, claim_id, requested=1, starts_on=date(2026, 5, 1), title="Other")
    claim = world.claim(claim_id)
    assert (claim.requested, claim.starts_on, claim.title) == (400_000, date(2026, 4, 10), "Other")
    assert "requested" not in CORRECTABLE


def test_nothing_is_written_where_nothing_changes(world: World) -> None:
    claim_id = approved(world)
    before = world.claim(claim_id)
    fix(world, claim_id)
    assert world.claim(claim_id) == before


def test_another_partners_people_correct_nothing(world: World) -> None:
    claim_id = approved(world)
    other = world.partner("Isar Networks")
    world.person("olga", Role.partner, partner_id=other)
    with pytest.raises(Exception, match=str(claim_id)):
        fix(world, claim_id, by="olga", title="Mine")
    with pytest.raises(Exception, match=str(claim_id)):
        change(world, claim_id, by="olga", requested=1)
