"""Who a deactivated user was is erased; what they did stays theirs, under a number, and stays proved."""

import pytest
from sqlalchemy import Connection, update

from models.erasure import ErasureRequest
from models.jobs import Job
from models.messages import Message
from models.people import User
from models.searches import Export, SavedSearch
from models.vocabulary import ExportForm, Role, SearchKind
from tests.integration.test_erasure import agrees
from tests.support.personal import hold, traces
from tests.support.stages import rejected
from tests.support.world import World
from workflow.acts import users
from workflow.acts.erasure import confirm_erasure, propose_forgetting, turn_down_erasure
from workflow.proof.signing import SigningKey
from workflow.proof.verifying import Seal
from workflow.refusals import Refused
from workflow.searches.exports import ask
from workflow.searches.saved import keep

ASKED = {"reference": "DSR-3", "reason": "By letter."}


@pytest.fixture
def gone(world: World) -> int:
    """A deactivated user of the partner, who wrote on a claim; there is a second manager, `ines`."""
    world.person("ines", Role.manager)
    world.person("wilhelmina", Role.partner, partner_id=world.partner_id)
    claim_id = world.draft("wilhelmina")
    world.move(claim_id, "submit", "wilhelmina")
    world.post(claim_id, "wilhelmina", "Hello.")
    user_id = world.people["wilhelmina"].user_id or 0
    with world.database.write() as connection:
        users.deactivate(connection, world.people["mia"], world.clock.now(), user_id)
    return user_id


def proposed(world: World, user_id: int) -> int:
    with world.database.write() as connection:
        return propose_forgetting(connection, world.people["mia"], world.clock.now(), user_id, **ASKED)


def confirmed(world: World, request_id: int, by: str = "ines") -> int:
    with world.database.write() as connection:
        return confirm_erasure(connection, world.people[by], world.clock.now(), request_id)


NAMES = {"Wilhelmina", "wilhelmina@people.example"}


def test_name_and_address_are_nowhere_any_more(world: World, key: SigningKey, seal: Seal, gone: int) -> None:
    assert traces(world.database, NAMES) == NAMES
    request_id = proposed(world, gone)
    with pytest.raises(Refused, match="proposed_erasure"):
        confirmed(world, request_id, "mia")

    assert confirmed(world, request_id) == gone
    world.database.scrub()
    assert traces(world.database, NAMES) == set()
    (user,) = [row for row in world.rows(User) if row.id == gone]
    assert (user.name, user.email) == (f"Former user {gone}", f"user-{gone}@erased.invalid")
    assert world.rows(ErasureRequest) == []
    with pytest.raises(Refused, match="user_erased"), world.database.write() as connection:
        users.reactivate(connection, world.people["mia"], world.clock.now(), gone)
    with pytest.raises(Refused, match="user_erased"):
        proposed(world, gone)
    agrees(world, key, seal)


def test_what_others_searched_for_and_mail_servers_said_goes_too(world: World, gone: int) -> None:
    mail, otto = "wilhelmina@people.example", world.person("otto", Role.auditor)
    with world.database.write() as connection:
        now = world.clock.now()
        for name, words in (("by name", "wilhelmina"), ("by mail", mail.upper()), ("by part", "helm")):
            asked = {"actor": words, "standing": "own"}
            keep(connection, otto, now, SearchKind.moves, name, asked)
            ask(connection, otto, now, SearchKind.moves, ExportForm.csv, asked, f"key{len(words)}")
        said = {"last_error": f"550 <{mail}>: no such mailbox"}
        connection.execute(update(Message).where(Message.user_id != gone).values(said))
        connection.execute(update(Message).where(Message.user_id == gone).values(last_error="Mailbox full."))

    confirmed(world, proposed(world, gone))
    world.database.scrub()
    assert traces(world.database, NAMES | {"wilhelmina", mail.upper(), "Mailbox full."}) == set()
    former = f"Former user {gone}"
    for place in (
        [row.asked for row in world.rows(SavedSearch)],
        [row.asked for row in world.rows(Export)],
        [row.input["asked"] for row in world.rows(Job)],
    ):
        assert [one["actor"] for one in place] == [former, former, "helm"]
        assert {one["standing"] for one in place} == {"own"}


def test_a_namesake_keeps_the_name_in_messages(world: World, gone: int) -> None:
    with world.database.write() as connection:
        users.add_user(
            connection,
            world.people["mia"],
            world.clock.now(),
            email="other@people.example",
            name="Wilhelmina",
            roles=[Role.finance],
        )
    confirmed(world, proposed(world, gone))
    world.database.scrub()
    assert traces(world.database, NAMES) == {"Wilhelmina"}


def test_who_can_sign_in_or_is_held_is_not_erased(world: World, gone: int) -> None:
    with pytest.raises(Refused, match="user_active"):
        proposed(world, world.people["bob"].user_id or 0)
    request_id = proposed(world, gone)
    with pytest.raises(Refused, match="erasure_proposed"):
        proposed(world, gone)
    hold(world, partner_id=world.partner_id)
    with pytest.raises(Refused, match="held"):
        confirmed(world, request_id)
    assert traces(world.database, NAMES) == NAMES


def test_a_request_that_is_turned_down_changes_nothing(world: World, gone: int) -> None:
    request_id = proposed(world, gone)

    def turned_down(connection: Connection) -> int:
        ines, now = world.people["ines"], world.clock.now()
        return turn_down_erasure(connection, ines, now, request_id, reason="Not theirs.")

    with world.database.write() as connection:
        assert turned_down(connection) == gone
    with pytest.raises(Refused, match="erasure_gone"), world.database.write() as connection:
        turned_down(connection)
    assert rejected(world)
    assert traces(world.database, NAMES) == NAMES
