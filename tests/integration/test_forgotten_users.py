"""Who a deactivated user was is erased; what they did stays theirs, under a number, and stays proved."""

import pytest
from sqlalchemy import Connection, update

from models.erasure import ErasureRequest
from models.imports import ImportFile, ImportRow
from models.jobs import Job
from models.messages import Message
from models.people import User
from models.searches import Export, SavedSearch
from models.vocabulary import ExportForm, JobKind, Role, SearchKind
from tests.integration.test_erasure import agrees
from tests.support.file_places import Folder
from tests.support.imports import Importer
from tests.support.personal import hold, traces
from tests.support.stages import rejected
from tests.support.world import World
from workflow.acts import users
from workflow.acts.erasure import confirm_erasure, propose_forgetting, turn_down_erasure
from workflow.erasure.due import finish
from workflow.jobs import start
from workflow.loose_files import GRACE
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


def test_what_is_no_users_name_stays_as_it_is(world: World, gone: int) -> None:
    """A partner may bear the same name, and so may a word of the product's own."""
    mia, now = world.people["mia"], world.clock.now()
    world.partner("Wilhelmina")
    with world.database.write() as connection:
        told = {"figures": {"partner": "Wilhelmina", "author": "Wilhelmina", "text": "Wilhelmina"}}
        connection.execute(update(Message).values(**told))
        asked = {"partner": "Wilhelmina", "actor": " WILHELMINA "}
        keep(connection, world.people["eve"], now, SearchKind.moves, "Of wilhelmina’s partner", asked)
        start(connection, mia, now, JobKind.count_rules, {"search": "Wilhelmina"}, [], "a-job")

    confirmed(world, proposed(world, gone))
    former = f"Former user {gone}"
    figures = {"partner": "Wilhelmina", "author": former, "text": "Wilhelmina"}
    assert figures in [row.figures for row in world.rows(Message)]
    (search,) = world.rows(SavedSearch)
    assert (search.name, search.asked) == (
        f"Of {former}’s partner",
        {"partner": "Wilhelmina", "actor": former},
    )
    assert [row.input for row in world.rows(Job)] == [{"search": "Wilhelmina"}]


def test_names_of_searches_stay_apart(world: World, gone: int) -> None:
    eve, now = world.people["eve"], world.clock.now()
    with world.database.write() as connection:
        for name in ("Wilhelmina", "WILHELMINA", "Wilhelminas"):
            keep(connection, eve, now, SearchKind.moves, name, {})
    confirmed(world, proposed(world, gone))
    first, second, other = world.rows(SavedSearch)
    former = f"Former user {gone}"
    assert [first.name, second.name, other.name] == [former, f"{former} ({second.id})", "Wilhelminas"]


def test_files_of_users_go_with_the_first_who_is_erased_of_them(
    world: World, folder: Folder, gone: int
) -> None:
    importer, head = Importer(world, folder.files), "email,name,roles,partner\n"
    theirs, others = (
        "Wilhelmina@people.example,Wilhelmina,,Elbe Systems\n",
        "zoe@people.example,Zoe,finance,\n",
    )
    importer.put("users", head + others + theirs)
    waiting, another = importer.read("users", head + theirs), importer.read("users", head + others)
    (applied,) = [row.id for row in world.rows(ImportFile) if row.applied_at]
    stored = {row.id: row.digest for row in world.rows(ImportFile)}

    confirmed(world, proposed(world, gone))
    finish(world.database, world.clock.now() + 2 * GRACE, files=folder.files)
    assert traces(world.database, NAMES) == set()
    left = {row.id: row.digest for row in world.rows(ImportFile)}
    assert left == {applied: "", waiting: "", another: stored[another]}
    assert {row.import_id for row in world.rows(ImportRow)} == {another}
    assert folder.names() == [f"{stored[another][:2]}/{stored[another]}"]
    for again in (importer.again, importer.ask):
        with pytest.raises(Refused, match="import_gone"):
            again(waiting)


def test_nobody_gets_the_address_of_somebody_who_was_erased(world: World, gone: int) -> None:
    with pytest.raises(Refused, match="email_form"), world.database.write() as connection:
        users.add_user(
            connection,
            world.people["mia"],
            world.clock.now(),
            email=f"user-{gone}@erased.invalid",
            name="Zoe",
            roles=[Role.finance],
        )


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
