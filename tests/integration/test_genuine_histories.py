"""Whatever people really do, history that nobody touched agrees: in the database, and in the package."""

import io

from tests.integration.test_verification import findings, sealed
from tests.support.stages import (
    IN_STATE,
    partly_paid,
    reinstatable,
    submitted,
)
from tests.support.tampering import kept, unpacked, verified
from tests.support.world import World, line
from workflow.drafts import save_plan
from workflow.proof.package import write_package
from workflow.proof.signing import SigningKey
from workflow.proof.verifying import Seal

ODD = "Caf\u00e9 Cafe\u0301 \u2028\u2029\u0085 \\u0000 \U0001f600 \u202eabc\u202c \"' \t\r\n x"
"""Line ends of all kinds, both normal forms of a letter, and what looks like an escape."""


def agrees(world: World, key: SigningKey, seal: Seal) -> None:
    """Hold history to agree from each checkpoint, and its package to agree with each."""
    number = sealed(world, key, seal) or 1
    data = io.BytesIO()
    with world.database.snapshot() as connection:
        write_package(connection, key, world.clock.now(), data)
    files = unpacked(data.getvalue())
    for mark in kept(seal.folder):
        assert verified(files, key, [mark]) == []
    for since in {0, 1, number - 1, number}:
        assert findings(world, seal, since) == []


def test_claims_in_every_state_agree(world: World, key: SigningKey, seal: Seal) -> None:
    for state, reach in IN_STATE.items():
        if state != "expired":
            reach(world)
        sealed(world, key, seal)
    partly_paid(world)
    agrees(world, key, seal)
    reinstatable(world)
    agrees(world, key, seal)


def test_a_returned_draft_that_is_edited_and_sent_again_agrees(
    world: World, key: SigningKey, seal: Seal
) -> None:
    claim_id = submitted(world)
    world.move(claim_id, "return", "bob", reason="Say more.")
    agrees(world, key, seal)
    version = world.claim(claim_id).version
    save_plan(world.database, world.people["anna"], claim_id, version, {"requested": 300_000}, [line()])
    agrees(world, key, seal)
    world.move(claim_id, "submit", "anna")
    agrees(world, key, seal)


def test_odd_texts_agree(world: World, key: SigningKey, seal: Seal) -> None:
    claim_id = submitted(world, title=ODD[:100], objective=ODD * 3000, details={"invited_customers": 40})
    world.move(claim_id, "reject", "bob", reason=ODD * 1000)
    agrees(world, key, seal)
