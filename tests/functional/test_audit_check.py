"""What an auditor downloads of a move can be put to the check, which finds what was found then."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from models.history import Move
from models.vocabulary import Trigger
from tests.functional.conftest import SignIn
from tests.support.pages import Browser
from tests.support.stages import new_policy, rejected, submitted
from tests.support.world import World
from web.commands.check import check
from workflow.documents import CHECKPOINTS
from workflow.policies import default_policy, policy_document

OWN_CATALOGUE = "This policy version has a catalogue of its own."


@pytest.fixture
def eve(world: World, sign_in: SignIn) -> Browser:
    """The auditor, signed in."""
    return sign_in(world.people["eve"])


def moves_of(world: World, claim_id: int) -> list[Move]:
    with world.database.session() as session:
        return list(session.scalars(select(Move).where(Move.claim_id == claim_id).order_by(Move.number)))


def accepted_above_the_default_share(world: World) -> list[Move]:
    """Bring a claim to its acceptance under a policy that pays more than the default; return its moves."""
    new_policy(world, max_funding_share="0.60")
    claim_id = submitted(world, requested=480_000)
    world.move(claim_id, "approve", "bob", approved=480_000)
    world.clock.set(datetime(2026, 5, 4, 12, 0, tzinfo=UTC))
    world.bill(claim_id)
    world.move(claim_id, "report", "anna")
    world.review(claim_id, "bob")
    world.move(claim_id, "accept", "bob")
    return moves_of(world, claim_id)


def checked(*lines: str) -> list[dict[str, Any]]:
    """Return what `flask --app wsgi check` answers to lines."""
    done = CliRunner().invoke(check, input="".join(lines))
    assert done.exit_code == 0
    return [json.loads(answer) for answer in done.stdout.splitlines()]


def broken(answer: dict[str, Any]) -> list[str]:
    return [violation["rule"] for violation in answer["violations"]]


def test_the_check_finds_of_every_move_what_was_found_when_it_was_made(world: World, sign_in: SignIn) -> None:
    moves = accepted_above_the_default_share(world)
    eve = sign_in(world.people["eve"])
    assert tuple(move.trigger for move in moves) == CHECKPOINTS
    lines = []
    for move in moves:
        page = eve.open(f"/audit/moves/{move.id}")
        assert page.offers(f"/audit/moves/{move.id}/check.jsonl")
        assert OWN_CATALOGUE not in page.text
        lines.append(eve.client.get(f"/audit/moves/{move.id}/check.jsonl").get_data(as_text=True))
    assert checked(*lines) == [
        {"id": f"2026H1-00001 move {number}", "violations": []} for number in (1, 2, 3, 4)
    ]


def test_it_is_judged_by_the_version_that_judged_the_move_and_at_its_checkpoint(
    world: World, sign_in: SignIn
) -> None:
    moves = accepted_above_the_default_share(world)
    eve = sign_in(world.people["eve"])
    lines = [json.loads(eve.client.get(f"/audit/moves/{move.id}/check.jsonl").data) for move in moves]
    by_default = checked(*(json.dumps({**line, "policy": None}) + "\n" for line in lines))
    assert [broken(answer) for answer in by_default] == [["funding-share"], ["funding-share"], [], []]
    for move, line in zip(moves, lines, strict=True):
        assert line["trigger"] == move.trigger
        assert {name: line[name] for name in move.document} == move.document
        (empty,) = checked(json.dumps({**line, "claim": {**line["claim"], "lines": [], "actual_lines": []}}))
        assert broken(empty), "the check judged nothing"


def test_a_move_at_which_no_rule_is_judged_is_not_offered_to_the_check(world: World, eve: Browser) -> None:
    move = moves_of(world, rejected(world))[-1]
    assert move.trigger is Trigger.reject
    assert not eve.open(f"/audit/moves/{move.id}").offers(f"/audit/moves/{move.id}/check.jsonl")
    assert eve.client.get(f"/audit/moves/{move.id}/check.jsonl").status_code == 404


def test_a_catalogue_that_the_check_does_not_know_is_named(world: World, sign_in: SignIn) -> None:
    catalogue = policy_document(default_policy())["catalogue"]
    first, *rest = catalogue["activity_types"]
    new_policy(world, catalogue={**catalogue, "activity_types": [{**first, "title": "Try-outs"}, *rest]})
    move = moves_of(world, submitted(world))[-1]
    assert OWN_CATALOGUE in sign_in(world.people["eve"]).open(f"/audit/moves/{move.id}").text
