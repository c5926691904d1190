"""Deadlines, where a policy sets them: what the partner was told is what holds."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select, update

from models.claims import Claim
from models.history import Move
from models.messages import Message
from models.vocabulary import MessageKind, State
from tests.support import stages
from tests.support.world import World
from workflow.expiry import sweep
from workflow.refusals import Refused


def at(world: World, month: int, day: int) -> None:
    world.clock.set(datetime(2026, month, day, 12, 0, tzinfo=UTC))


def returned(world: World) -> int:
    """Return a claim that came back on 3 March."""
    claim_id = stages.submitted(world)
    at(world, 3, 3)
    world.move(claim_id, "return", "bob", reason="The agenda is missing.")
    return claim_id


def executed(world: World) -> int:
    """Return a claim whose activity ended on 11 April and was reported on the 20th."""
    claim_id = stages.approved(world)
    at(world, 4, 20)
    world.bill(claim_id)
    world.move(claim_id, "report", "anna")
    return claim_id


def told(world: World, claim_id: int) -> dict[str, Any]:
    """Return the figures of what the partner was last told."""
    with world.database.read() as connection:
        figures = connection.scalars(
            select(Message.figures)
            .where(Message.claim_id == claim_id, Message.kind == MessageKind.decision)
            .order_by(Message.id)
        ).all()
    return dict(figures[-1])


def refused(world: World, claim_id: int, trigger: str) -> list[tuple[str, str | None]]:
    with pytest.raises(Refused) as error:
        world.move(claim_id, trigger, "anna")
    return [(problem.code, problem.figures.get("deadline")) for problem in error.value.problems]


def test_a_returned_claim_can_be_submitted_again_until_its_deadline_and_no_longer(world: World) -> None:
    world.demand(resubmit_within_days=10)
    claims = [returned(world), returned(world)]
    assert told(world, claims[0])["resubmit_by"] == "2026-03-13"
    assert world.claim(claims[0]).resubmit_by == date(2026, 3, 13)

    at(world, 3, 13)
    world.move(claims[0], "submit", "anna")
    assert world.claim(claims[0]).resubmit_by is None
    at(world, 3, 14)
    assert refused(world, claims[1], "submit") == [("resubmit_late", "2026-03-13")]


@pytest.mark.parametrize(("before", "after"), [(30, 2), (10, None), (None, 2)])
def test_a_later_policy_changes_no_deadline_that_was_told(
    world: World, before: int | None, after: int | None
) -> None:
    world.demand(resubmit_within_days=before)
    claim_id = returned(world)
    world.demand(date(2026, 3, 4), resubmit_within_days=after)
    at(world, 3, 20)
    if before == 10:
        assert refused(world, claim_id, "submit") == [("resubmit_late", "2026-03-13")]
    else:
        world.move(claim_id, "submit", "anna")


def test_a_report_is_refused_after_its_deadline_even_before_any_sweep(world: World) -> None:
    world.demand(report_within_days=10)
    claim_id = stages.approved(world)
    at(world, 4, 15)
    world.bill(claim_id)
    at(world, 4, 22)
    assert refused(world, claim_id, "report") == [("report_late", "2026-04-21")]
    at(world, 4, 21)
    world.move(claim_id, "report", "anna")


def test_a_rework_gives_the_partner_the_time_to_report_anew(world: World) -> None:
    world.demand(report_within_days=10)
    claim_id = executed(world)
    at(world, 4, 25)
    world.move(claim_id, "rework", "bob", reason="The agenda is missing.")
    assert told(world, claim_id)["report_by"] == "2026-05-05"
    assert sweep(world.database, datetime(2026, 5, 5, 12, tzinfo=UTC)).expired == 0
    assert sweep(world.database, datetime(2026, 5, 6, 12, tzinfo=UTC)).expired == 1


def test_a_rework_shortens_no_deadline_that_a_reinstatement_gave(world: World) -> None:
    world.demand(report_within_days=10)
    claim_id = executed(world)
    with world.database.write() as connection:
        connection.execute(update(Claim).where(Claim.id == claim_id).values(report_by=date(2026, 8, 1)))
    world.move(claim_id, "rework", "bob", reason="The agenda is missing.")
    assert world.claim(claim_id).report_by == date(2026, 8, 1)


def test_a_rework_sets_no_deadline_where_the_policy_has_none(world: World) -> None:
    claim_id = executed(world)
    world.move(claim_id, "rework", "bob", reason="The agenda is missing.")
    assert world.claim(claim_id).report_by is None
    assert told(world, claim_id)["report_by"] is None
    assert sweep(world.database, datetime(2026, 12, 31, 12, tzinfo=UTC)).expired == 0


def test_a_reinstatement_may_ask_for_the_report_today_and_not_for_a_day_that_is_past(world: World) -> None:
    world.demand(report_within_days=10)
    claim_id = stages.approved(world)
    at(world, 4, 22)
    sweep(world.database, world.clock.now())
    with pytest.raises(Refused) as error:
        world.move(claim_id, "reinstate", "mia", reason="They asked.", report_by=date(2026, 4, 21))
    assert error.value.why == "deadline_past"
    world.move(claim_id, "reinstate", "mia", reason="They asked.", report_by=date(2026, 4, 22))
    assert world.claim(claim_id).report_by == date(2026, 4, 22)
    world.bill(claim_id)
    world.move(claim_id, "report", "anna")
    assert world.claim(claim_id).state is State.executed


def test_a_new_submission_forgets_the_deadline_of_a_reinstatement(world: World) -> None:
    claim_id = stages.submitted(world)
    with world.database.write() as connection:
        connection.execute(update(Claim).where(Claim.id == claim_id).values(report_by=date(2026, 5, 1)))
    world.move(claim_id, "return", "bob", reason="The agenda is missing.")
    world.move(claim_id, "submit", "anna")
    assert world.claim(claim_id).report_by is None


def test_a_claim_is_judged_for_its_whole_life_by_the_version_of_its_submission(world: World) -> None:
    claim_id = stages.submitted(world)
    version = world.claim(claim_id).policy_version_id
    world.demand(date(2026, 3, 3), max_amount_per_activity="100.00", max_funding_share="0.01")
    at(world, 3, 4)

    world.move(claim_id, "approve", "bob", approved=400_000)
    at(world, 4, 20)
    world.bill(claim_id)
    world.move(claim_id, "report", "anna")
    world.review(claim_id, "bob")
    world.move(claim_id, "accept", "bob")

    assert world.claim(claim_id).reimbursable == 400_000
    with world.database.read() as connection:
        versions = connection.scalars(select(Move.policy_version_id).where(Move.claim_id == claim_id)).all()
    assert set(versions) == {version}


def test_a_submission_after_a_return_is_judged_by_the_version_then_in_force(world: World) -> None:
    claim_id = returned(world)
    world.demand(date(2026, 3, 4), max_amount_per_activity="100.00")
    at(world, 3, 4)
    with pytest.raises(Refused) as error:
        world.move(claim_id, "submit", "anna")
    assert "activity-cap" in [one.rule for one in error.value.verdicts if one.broken]
