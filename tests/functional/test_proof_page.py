"""Auditors and programme managers see how history is proved, and take checkpoints away."""

from pathlib import Path

from tests.functional.conftest import SignIn
from tests.support.stages import approved
from tests.support.world import World
from workflow.proof.verify import mark_of
from workflow.proof.verifying import Seal, verify_history


def test_before_the_first_checkpoint_the_page_says_so(world: World, sign_in: SignIn) -> None:
    page = sign_in(world.people["eve"]).open("/audit/proof")
    assert "There is no checkpoint yet" in page.text
    assert "Not yet. It is verified each night" in page.text


def test_the_page_tells_what_is_sealed_and_what_is_unproven(world: World, sign_in: SignIn) -> None:
    key = world.checkpoint()
    approved(world)
    for name in ("eve", "mia"):
        page = sign_in(world.people[name]).open("/audit/proof")
        assert page.status == 200
        assert key.public in page.text
        assert "2 rows" in page.text


def test_a_checkpoint_is_sent_as_verify_takes_it(world: World, sign_in: SignIn) -> None:
    world.checkpoint()
    page = sign_in(world.people["eve"]).open("/audit/proof/checkpoints/1")
    assert mark_of(page.text).number == 1
    assert sign_in(world.people["eve"]).open("/audit/proof/checkpoints/2").status == 404


def test_what_did_not_agree_is_named(world: World, sign_in: SignIn) -> None:
    world.checkpoint()
    seal = Seal([bytes(32)], Path("nowhere"))
    verify_history(world.database, seal, world.clock.now(), since=0)
    page = sign_in(world.people["eve"]).open("/audit/proof")
    assert "History does not verify" in page.text
    assert "checkpoint 1" in page.text
    assert "is not signed with a key that was given" in page.text


def test_nobody_else_sees_it(world: World, sign_in: SignIn) -> None:
    for name in ("anna", "bob", "dan"):
        assert sign_in(world.people[name]).open("/audit/proof").status == 403
