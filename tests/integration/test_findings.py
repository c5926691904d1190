"""Findings on a report are its assigned approver's alone, while it waits to be accepted."""

from collections.abc import Callable

import pytest
from sqlalchemy import insert, select, update

from models.claims import Claim, ClaimLine, Evidence
from models.people import UserRole
from models.tasks import Task
from models.vocabulary import LineKind, Role
from tests.support.stages import accepted, approved, executed, hand_over, rejected, submitted
from tests.support.world import CHECKLIST, World
from workflow.refusals import Refused
from workflow.reviewing import LineFinding, save_review

Found = tuple[set[bool | None], set[bool | None], dict[str, bool]]

NOTHING: Found = ({None}, {None}, {})
ALL: Found = ({True}, {True}, dict.fromkeys(CHECKLIST, True))


def refused(world: World, claim_id: int, by: str) -> str:
    """Return why findings were refused."""
    with pytest.raises(Refused) as error:
        world.review(claim_id, by)
    return error.value.why


def found(world: World, claim_id: int) -> Found:
    """Return what was found of the cost lines, of the files and of the checklist."""
    with world.database.reading_session() as session:
        claim = session.get_one(Claim, claim_id)
        lines = {line.accepted for line in claim.lines if line.kind is LineKind.actual}
        return lines, {file.meets_standard for file in claim.evidence}, dict(claim.checklist)


def test_findings_are_saved_by_the_assigned_approver(world: World) -> None:
    claim_id = executed(world)
    world.review(claim_id, "bob")
    assert found(world, claim_id) == ALL


def test_findings_of_an_approver_who_is_not_assigned_are_refused(world: World) -> None:
    claim_id = executed(world)
    world.person("cora", Role.approver)
    assert refused(world, claim_id, "cora") == "not_assigned"
    assert found(world, claim_id) == NOTHING

    hand_over(world, claim_id, "cora")
    assert refused(world, claim_id, "bob") == "not_assigned"
    world.review(claim_id, "cora")
    assert found(world, claim_id) == ALL


def test_findings_of_the_claims_own_organisation_are_refused_even_where_the_task_is_theirs(
    world: World,
) -> None:
    claim_id = executed(world)
    otto = world.person("otto", Role.partner, partner_id=world.partner_id)
    with world.database.write() as connection:  # no act gives a partner's user this role
        connection.execute(insert(UserRole).values(user_id=otto.user_id, role=Role.approver))
    world.people["otto"] = otto._replace(roles=frozenset({Role.approver}))
    assign(world, claim_id, otto.user_id)
    assert refused(world, claim_id, "otto") == "not_assigned"
    assert found(world, claim_id) == NOTHING


def test_findings_of_who_is_no_approver_are_refused_even_where_the_task_is_theirs(world: World) -> None:
    claim_id = executed(world)
    assign(world, claim_id, world.people["dan"].user_id)
    assert refused(world, claim_id, "dan") == "not_assigned"
    assert found(world, claim_id) == NOTHING


@pytest.mark.parametrize("state", [submitted, approved, accepted, rejected])
def test_findings_are_taken_while_the_report_waits_and_in_no_other_state(
    world: World, state: Callable[[World], int]
) -> None:
    claim_id = state(world)
    before = found(world, claim_id), world.claim(claim_id).version
    assign(world, claim_id, world.people["bob"].user_id)
    with pytest.raises(Refused) as error:
        save_review(
            world.database,
            world.people["bob"],
            claim_id,
            world.claim(claim_id).version,
            lines={},
            evidence={},
            checklist={CHECKLIST[0]: False},
        )
    assert error.value.why == "wrong_state"
    assert (found(world, claim_id), world.claim(claim_id).version) == before


def test_findings_reach_no_line_and_no_file_of_another_claim(world: World) -> None:
    mine, other = executed(world), executed(world)
    with world.database.read() as connection:
        lines = connection.scalars(select(ClaimLine.id).where(ClaimLine.claim_id == other)).all()
        files = connection.scalars(select(Evidence.id).where(Evidence.claim_id == other)).all()
    save_review(
        world.database,
        world.people["bob"],
        mine,
        world.claim(mine).version,
        lines=dict.fromkeys(lines, LineFinding(True)),
        evidence=dict.fromkeys(files, (True, "Fine.")),
        checklist={},
    )
    assert found(world, other) == NOTHING


def assign(world: World, claim_id: int, user_id: int | None) -> None:
    """Let a task be somebody's whom no act would give it to."""
    with world.database.write() as connection:
        connection.execute(update(Task).where(Task.claim_id == claim_id).values(assignee_id=user_id))


@pytest.mark.parametrize("trigger", ["accept", "rework"])
def test_a_cost_that_is_refused_without_a_word_stops_the_decision(world: World, trigger: str) -> None:
    claim_id = executed(world)
    world.review(claim_id, "bob")
    with world.database.write() as connection:
        connection.execute(update(ClaimLine).where(ClaimLine.claim_id == claim_id).values(accepted=False))
    with pytest.raises(Refused) as error:
        world.move(claim_id, trigger, "bob", reason="See the costs.")
    assert "line_why_missing" in {problem.code for problem in error.value.problems}
