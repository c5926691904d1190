"""Who asks to be forgotten is: one manager proposes it, another confirms."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from models.messages import Message
from models.vocabulary import MessageKind, Personal
from notifications.wording import tell
from tests.integration.test_erasure import ALL, agrees
from tests.support.file_places import Folder
from tests.support.personal import erasing_acts, night, paid_claim, said, traces
from tests.support.stages import rejected
from tests.support.world import World
from workflow.acts.erasure import confirm_erasure, propose_erasure, turn_down_erasure
from workflow.moves import in_transaction
from workflow.proof.signing import SigningKey
from workflow.proof.verifying import Seal
from workflow.refusals import Refused


def test_a_rejection_that_can_still_be_disputed_is_not_erased_on_request(world: World) -> None:
    world.demand(dispute_within_days=30)
    claim_id, mia = rejected(world), world.people["mia"]
    asked: dict[str, Any] = {"reference": "DSR-7", "reason": "By letter."}
    now = world.clock.now()
    with pytest.raises(Refused, match="not_over"), world.database.write() as connection:
        propose_erasure(connection, mia, now, claim_id, [Personal.reasons], **asked)
    with world.database.write() as connection:
        propose_erasure(connection, mia, now + timedelta(days=31), claim_id, [Personal.reasons], **asked)


def test_a_request_is_proposed_by_one_and_confirmed_by_another(
    world: World, folder: Folder, key: SigningKey, seal: Seal, ines: str
) -> None:
    claim_id, now = paid_claim(world, folder.files), world.clock.now()
    mia, other = world.people["mia"], world.people[ines]
    asked = {"reference": "DSR-7", "reason": "The person asked by letter."}
    with world.database.write() as connection:
        request_id = propose_erasure(connection, mia, now, claim_id, [Personal.people_files], **asked)
    (told,) = [row for row in world.rows(Message) if row.kind is MessageKind.erasure_waiting]
    assert (told.user_id, told.figures["claim"], told.claim_id) == (other.user_id, claim_id, None)
    telling = tell(told.kind, None, told.figures, ZoneInfo("UTC"))
    assert f"personal data of {world.claim(claim_id).number}, on request DSR-7" in telling.headline
    for again in (
        lambda connection: propose_erasure(connection, other, now, claim_id, [Personal.texts], **asked),
        lambda connection: confirm_erasure(connection, mia, now, request_id),
    ):
        with pytest.raises(Refused, match=r"erasure_proposed|proposed_erasure"):
            in_transaction(world.database, again)

    with world.database.write() as connection:
        assert confirm_erasure(connection, other, now, request_id) == claim_id
    assert night(world, folder) == 0
    assert traces(world.database, ALL) == ALL - said(Personal.people_files)
    (act,) = erasing_acts(world)
    assert (act.figures["reference"], act.figures["proposed_by"]) == ("DSR-7", mia.user_id)
    with pytest.raises(Refused, match="erasure_gone"), world.database.write() as connection:
        turn_down_erasure(connection, other, now, request_id, reason="Too late.")
    agrees(world, key, seal)


def test_a_request_that_is_turned_down_erases_nothing(world: World, folder: Folder, ines: str) -> None:
    claim_id, now = paid_claim(world, folder.files), world.clock.now()
    mia, other = world.people["mia"], world.people[ines]
    with world.database.write() as connection:
        request_id = propose_erasure(
            connection, mia, now, claim_id, list(Personal), reference="DSR-7", reason="By letter."
        )
    with world.database.write() as connection:
        turn_down_erasure(connection, other, now, request_id, reason="Not their claim.")
    assert traces(world.database, ALL) == ALL
    assert erasing_acts(world) == []


def test_a_request_is_refused_with_all_that_is_wrong(world: World, folder: Folder) -> None:
    mia, now, over = world.people["mia"], world.clock.now(), rejected(world)
    for claim_id, kinds, text, why in (
        (over, [], "", "nothing_chosen, field_missing, erasure_why"),
        (over, [Personal.thread], "x", "nothing_to_erase"),
        (_submitted(world), [Personal.texts], "x", "not_over"),
    ):
        with pytest.raises(Refused, match=why), world.database.write() as connection:
            propose_erasure(connection, mia, now, claim_id, kinds, reference=text, reason=text)
    with pytest.raises(Refused, match="not_yours"), world.database.write() as connection:
        propose_erasure(connection, world.people["bob"], now, over, list(Personal), reference="x", reason="x")


def _submitted(world: World) -> int:
    claim_id = world.draft(contact="Grace")
    world.move(claim_id, "submit", "anna")
    return claim_id
