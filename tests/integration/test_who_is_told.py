"""Who hears what: author and contacts each decision, programme managers the facts that are theirs."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from models.history import Move
from models.messages import Message
from models.programme import Programme
from models.vocabulary import MessageKind, Role, Trigger
from tests.support.stages import approved, correct_certificate, reinstatable, submitted
from tests.support.world import World
from workflow.acts.users import change_user, deactivate
from workflow.attempt import Command
from workflow.expiry import sweep
from workflow.refusals import Problem, Refused
from workflow.refused_attempts import remember


def told(world: World, kind: MessageKind = MessageKind.decision) -> list[tuple[int | None, str]]:
    """Return of which claim whom a message of a kind told, in the order of claims and names."""
    names = {actor.user_id: name for name, actor in world.people.items()}
    with world.database.read() as connection:
        rows = connection.execute(select(Message.claim_id, Message.user_id).where(Message.kind == kind)).all()
    return sorted((row.claim_id, names[row.user_id]) for row in rows)


def last_told(world: World) -> dict[str, Any]:
    """Return the figures of the latest decision that was told."""
    with world.database.read() as connection:
        latest = select(Message.figures).where(Message.kind == MessageKind.decision)
        return dict(connection.scalars(latest.order_by(Message.id.desc())).first() or {})


def forget(world: World, kind: MessageKind) -> None:
    with world.database.write() as connection:
        connection.execute(delete(Message).where(Message.kind == kind))


def user(world: World, name: str) -> int:
    user_id = world.people[name].user_id
    assert user_id is not None
    return user_id


def leave(world: World, name: str) -> None:
    with world.database.write() as connection:
        deactivate(connection, world.people["mia"], world.clock.now(), user(world, name))


def other_partner(world: World, contact: str) -> int:
    """Put another partner that may claim on file, with one contact; return its id."""
    partner_id = world.partner("Rhine Networks")
    world.certify(partner_id, date(2025, 1, 1), date(2026, 5, 1))
    world.performed(partner_id)
    world.fund(partner_id)
    world.person(contact, Role.partner, partner_id=partner_id, contact=True)
    return partner_id


def test_a_decision_is_told_to_its_author_who_is_no_contact_and_to_the_contacts_alone(world: World) -> None:
    world.person("carl", Role.partner, partner_id=world.partner_id)
    world.person("karla", Role.partner, partner_id=world.partner_id)
    claim_id = world.draft("carl")
    world.move(claim_id, "submit", "carl")
    world.move(claim_id, "approve", "bob", approved=400_000)
    assert told(world) == [(claim_id, "anna"), (claim_id, "carl")]


def test_a_contact_who_is_one_no_more_hears_of_own_claims_alone(world: World) -> None:
    world.person("carla", Role.partner, partner_id=world.partner_id, contact=True)
    hers, annas = world.draft("carla"), world.draft("anna")
    with world.database.write() as connection:
        change_user(
            connection,
            world.people["mia"],
            world.clock.now(),
            user(world, "carla"),
            roles={Role.partner},
            is_contact=False,
        )
    for claim_id, author in ((hers, "carla"), (annas, "anna")):
        world.move(claim_id, "submit", author)
        world.move(claim_id, "return", "bob", reason="Add the agenda.")
    assert told(world) == [(hers, "anna"), (hers, "carla"), (annas, "anna")]


def test_who_has_left_hears_of_no_decision(world: World) -> None:
    world.person("carl", Role.partner, partner_id=world.partner_id)
    world.person("carla", Role.partner, partner_id=world.partner_id, contact=True)
    claim_id = world.draft("carl")
    world.move(claim_id, "submit", "carl")
    leave(world, "carl")
    leave(world, "carla")
    world.move(claim_id, "reject", "bob", reason="Not this time.")
    assert told(world) == [(claim_id, "anna")]


def test_one_sweep_tells_authors_and_contacts_of_their_own_claims_alone(world: World) -> None:
    other_partner(world, "rolf")
    world.person("carl", Role.partner, partner_id=world.partner_id)
    claims = {author: world.draft(author) for author in ("anna", "carl", "rolf")}
    for author, claim_id in claims.items():
        world.move(claim_id, "submit", author)
    correct_certificate(world, date(2026, 5, 1))
    assert sweep(world.database, datetime(2026, 5, 2, 12, tzinfo=UTC)).expired == 3
    assert told(world) == [
        (claims["anna"], "anna"),
        (claims["carl"], "anna"),
        (claims["carl"], "carl"),
        (claims["rolf"], "rolf"),
    ]


def test_a_reinstatement_is_told_to_the_partner_and_to_whose_turn_it_becomes(world: World) -> None:
    claim_id = reinstatable(world)
    for kind in (MessageKind.decision, MessageKind.turn):
        forget(world, kind)
    world.move(claim_id, "reinstate", "mia", reason="The certificate came late.")
    assert told(world) == [(claim_id, "anna")]
    assert told(world, MessageKind.turn) == [(claim_id, "bob")]
    assert (last_told(world)["source"], last_told(world)["target"]) == ("expired", "submitted")


def test_a_reinstatement_tells_the_partner_the_new_day_which_history_keeps(world: World) -> None:
    world.demand(report_within_days=10)
    claim_id = approved(world)
    world.clock.set(datetime(2026, 4, 22, 12, tzinfo=UTC))
    sweep(world.database, world.clock.now())
    world.move(claim_id, "reinstate", "mia", reason="They asked.", report_by=date(2026, 5, 6))
    assert last_told(world)["report_by"] == "2026-05-06"
    with world.database.read() as connection:
        figures = connection.scalars(
            select(Move.figures).where(Move.claim_id == claim_id, Move.trigger == Trigger.reinstate)
        ).one()
    assert figures == {"report_by": "2026-05-06"}


def test_a_missing_fact_is_told_to_each_manager_once_a_day(world: World) -> None:
    world.person("max", Role.manager)
    claim_id = submitted(world)
    command = Command(claim_id, Trigger.approve, world.people["bob"], "key")
    refused = Refused(Problem("no_fund"))
    today = world.clock.now()
    for moment in (today, today + timedelta(hours=1), today + timedelta(days=1)):
        remember(world.database, command, refused, moment)
    missing = MessageKind.vendor_fact_missing
    assert told(world, missing) == [
        (claim_id, "max"),
        (claim_id, "max"),
        (claim_id, "mia"),
        (claim_id, "mia"),
    ]


@pytest.mark.parametrize(
    ("first", "second", "times"),
    [
        pytest.param((2, 14), (2, 16), 2, id="one day in UTC, two in Tokyo"),
        pytest.param((2, 16), (3, 14), 1, id="two days in UTC, one in Tokyo"),
    ],
)
def test_the_day_on_which_a_missing_fact_is_told_once_is_the_programmes(
    world: World, first: tuple[int, int], second: tuple[int, int], times: int
) -> None:
    claim_id = submitted(world)
    with world.database.write() as connection:
        connection.execute(update(Programme).values(time_zone="Asia/Tokyo"))
    command = Command(claim_id, Trigger.approve, world.people["bob"], "key")
    for day, hour in (first, second):
        moment = datetime(2026, 3, day, hour, tzinfo=UTC)
        remember(world.database, command, Refused(Problem("no_fund")), moment)
    assert told(world, MessageKind.vendor_fact_missing) == [(claim_id, "mia")] * times
