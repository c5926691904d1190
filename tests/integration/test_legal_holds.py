"""While a legal hold stands nothing is erased, by time or on request, and not everybody lifts it."""

import threading

import pytest

from models.erasure import LegalHold
from models.messages import Message
from models.vocabulary import MessageKind, Personal, Role
from tests.integration.test_erasure import ALL, agrees
from tests.integration.test_verification import findings, tamper
from tests.support.file_places import Folder
from tests.support.personal import (
    erased,
    hold,
    keep_for,
    lift,
    night,
    paid_claim,
    traces,
)
from tests.support.stages import rejected
from tests.support.world import World
from workflow.acts.legal_holds import set_hold
from workflow.proof.signing import SigningKey
from workflow.proof.verifying import Seal
from workflow.refusals import Refused


@pytest.mark.parametrize("of", ["claim", "partner"])
@pytest.mark.parametrize(("by", "lifter"), [("mia", "ines"), ("eve", "eve")])
def test_a_hold_stops_retention_and_requests_until_it_is_lifted(
    world: World, folder: Folder, key: SigningKey, seal: Seal, ines: str, of: str, by: str, lifter: str
) -> None:
    claim_id = paid_claim(world, folder.files)
    on = {"claim_id": claim_id} if of == "claim" else {"partner_id": world.partner_id}
    keep_for(world, **dict.fromkeys(Personal, 1))
    hold_id = hold(world, by, **on)

    assert night(world, folder) == 0
    with pytest.raises(Refused, match="held"):
        erased(world, claim_id)
    assert traces(world.database, ALL) == ALL
    with pytest.raises(Refused, match="held_already"):
        hold(world, by, **on)
    with pytest.raises(Refused, match="not_yours"):
        lift(world, hold_id, "bob")

    lift(world, hold_id, lifter)
    assert night(world, folder) == 1
    assert traces(world.database, ALL) == set()
    agrees(world, key, seal)


def test_a_manager_does_not_lift_a_hold_of_their_own_and_an_auditor_may(world: World) -> None:
    claim_id = rejected(world)
    with pytest.raises(Refused, match="set_hold"):
        lift(world, hold(world, "mia", claim_id=claim_id), "mia")
    lift(world, world.rows(LegalHold)[0].id, "eve")
    lift(world, hold(world, "eve", claim_id=claim_id), "eve")


def test_a_hold_of_an_auditor_is_lifted_by_an_auditor_alone(world: World) -> None:
    hold_id = hold(world, "eve", claim_id=rejected(world))
    with pytest.raises(Refused, match="hold_of_auditor"):
        lift(world, hold_id, "mia")
    assert len(world.rows(LegalHold)) == 1
    world.person("evan", Role.auditor)
    lift(world, hold_id, "evan")


@pytest.mark.parametrize("of", ["claim", "partner"])
def test_whoever_set_a_hold_hears_that_somebody_else_lifted_it(world: World, of: str) -> None:
    claim_id = rejected(world)
    on = {"claim_id": claim_id} if of == "claim" else {"partner_id": world.partner_id}
    lift(world, hold(world, "eve", **on), "eve")
    assert [row for row in world.rows(Message) if row.kind is MessageKind.hold_lifted] == []
    lift(world, hold(world, "mia", **on), "eve")
    (told,) = [row for row in world.rows(Message) if row.kind is MessageKind.hold_lifted]
    held = world.claim(claim_id).number if of == "claim" else "Elbe Systems"
    assert (told.user_id, told.figures["held"]) == (world.people["mia"].user_id, held)
    assert told.figures["lifted_by"] == "Eve"
    assert told.figures["reason_hash"]


def test_what_was_erased_against_a_hold_is_found(
    world: World, folder: Folder, key: SigningKey, seal: Seal
) -> None:
    """Somebody at the database takes the hold away, and lets the product erase."""
    claim_id = paid_claim(world, folder.files)
    hold(world, "eve", partner_id=world.partner_id)
    tamper(world.database, "DELETE FROM legal_hold")
    erased(world, claim_id)
    assert [what for _, what in findings(world, seal)] == ["erased what a legal hold was to keep"]


@pytest.mark.parametrize("of", ["claim", "partner"])
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_hold_that_is_set_at_this_moment_is_waited_for_and_seen(
    world: World, folder: Folder, of: str
) -> None:
    claim_id = paid_claim(world, folder.files)
    on = {"claim_id": claim_id} if of == "claim" else {"partner_id": world.partner_id}
    refused: list[str] = []

    def erase_it() -> None:
        try:
            erased(world, claim_id)
        except Refused as error:
            refused.append(error.why)

    erasing_it = threading.Thread(target=erase_it)
    with world.database.write() as connection:
        eve, now, why = world.people["eve"], world.clock.now(), "A court asks."
        set_hold(
            connection, eve, now, claim_id=on.get("claim_id"), partner_id=on.get("partner_id"), reason=why
        )
        erasing_it.start()
        erasing_it.join(0.5)
        assert erasing_it.is_alive(), "it waits for the hold that is being set"
    erasing_it.join()
    assert refused == ["held"]
    assert traces(world.database, ALL) == ALL
