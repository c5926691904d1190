"""Whoever had a part in what is held keeps their name until the hold is lifted."""

from collections.abc import Callable
from datetime import date
from threading import Thread

import pytest

from models.people import User
from models.vocabulary import Role, Trigger
from tests.integration.test_forgotten_users import confirmed, proposed
from tests.integration.test_verification import findings, tamper
from tests.support.personal import hold, lift
from tests.support.runs import take_out_by
from tests.support.stages import collected, propose_claw_back, reimbursed, submitted
from tests.support.world import World
from workflow.acts import users
from workflow.acts.legal_holds import set_hold
from workflow.acts.tasks import reassign
from workflow.attaching import attach
from workflow.attempt import Command
from workflow.payment_runs.contents import payments_of
from workflow.proof.verifying import Seal
from workflow.refusals import Problem, Refused
from workflow.refused_attempts import remember

WHO = "wilhelmina"


def handed_to(world: World, claim_id: int, name: str) -> None:
    with world.database.write() as connection:
        user_id = world.people[name].user_id or 0
        reassign(connection, world.people["mia"], world.clock.now(), claim_id, user_id)


def in_a_run(world: World) -> tuple[int, int]:
    """Return a run, and the one claim that is in it."""
    run_id = collected(world)
    with world.database.read() as connection:
        (payment,) = payments_of(connection, run_id)
    return run_id, int(payment.id)


def wrote_its_draft(world: World) -> int:
    world.person(WHO, Role.partner, partner_id=world.partner_id)
    return world.draft(WHO)


def moved_it(world: World) -> int:
    claim_id = world.draft()
    world.person(WHO, Role.partner, partner_id=world.partner_id)
    world.move(claim_id, "submit", WHO)
    return claim_id


def was_stood_in_for(world: World) -> int:
    world.person(WHO, Role.approver)
    world.away(WHO, date(2026, 3, 1), date(2026, 3, 9), substitute="bob")
    world.route({"group": world.group("Hers", WHO)})
    claim_id = submitted(world)
    assert world.holder(claim_id) == ("bob", WHO, None)
    world.move(claim_id, "return", "bob", reason="More.")
    return claim_id


def tried_to_move_it(world: World) -> int:
    claim_id = submitted(world)
    who = world.person(WHO, Role.approver)
    command = Command(claim_id, Trigger.approve, who, "once")
    remember(world.database, command, Refused(Problem("not_yours")), world.clock.now())
    return claim_id


def wrote_on_it(world: World) -> int:
    claim_id = submitted(world)
    world.person(WHO, Role.finance)
    world.post(claim_id, WHO, "Hello.", internal=True)
    return claim_id


def put_a_file_on_it(world: World) -> int:
    claim_id = world.draft()
    who = world.person(WHO, Role.partner, partner_id=world.partner_id)
    file = {"kind": "attachment", "name": "a", "content_type": "text/plain", "size": 1, "digest": "0" * 64}
    attach(world.database, who, claim_id, world.claim(claim_id).version, file, world.clock.now())
    return claim_id


def had_its_task(world: World) -> int:
    claim_id = submitted(world)
    world.person(WHO, Role.approver)
    handed_to(world, claim_id, WHO)
    return claim_id


def had_its_task_for_a_while(world: World) -> int:
    claim_id = had_its_task(world)
    handed_to(world, claim_id, "bob")
    return claim_id


def acted_on_it(world: World) -> int:
    claim_id = reimbursed(world)
    world.person(WHO, Role.finance)
    propose_claw_back(world, claim_id, WHO)
    return claim_id


def collected_its_run(world: World) -> int:
    world.people["dan"], dan = world.person(WHO, Role.finance), world.people["dan"]
    _run_id, claim_id = in_a_run(world)
    world.people["dan"] = dan
    return claim_id


def took_it_out_of_a_run(world: World) -> int:
    run_id, claim_id = in_a_run(world)
    world.person(WHO, Role.finance)
    take_out_by(world, run_id, claim_id, WHO)
    return claim_id


PARTS = (
    wrote_its_draft,
    moved_it,
    was_stood_in_for,
    tried_to_move_it,
    wrote_on_it,
    put_a_file_on_it,
    had_its_task,
    had_its_task_for_a_while,
    acted_on_it,
    collected_its_run,
    took_it_out_of_a_run,
)


def gone(world: World) -> int:
    """Let who had a part leave; return their id. There is a second manager, `ines`."""
    world.person("ines", Role.manager)
    user_id = world.people[WHO].user_id or 0
    with world.database.write() as connection:
        users.deactivate(connection, world.people["mia"], world.clock.now(), user_id)
    return user_id


def name_of(world: World, user_id: int) -> str:
    (name,) = [row.name for row in world.rows(User) if row.id == user_id]
    return str(name)


@pytest.mark.parametrize("of", ["claim", "partner"])
@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_who_had_a_part_in_what_is_held_is_not_forgotten_until_it_is_lifted(
    world: World, seal: Seal, of: str, part: Callable[[World], int]
) -> None:
    claim_id = part(world)
    user_id = gone(world)
    request_id = proposed(world, user_id)
    on = {"claim_id": claim_id} if of == "claim" else {"partner_id": world.partner_id}
    hold_id = hold(world, "eve", **on)

    with pytest.raises(Refused, match="name_held"):
        confirmed(world, request_id)
    with pytest.raises(Refused, match="name_held"):
        proposed(world, user_id)
    assert name_of(world, user_id) == "Wilhelmina"

    lift(world, hold_id, "eve")
    confirmed(world, request_id)
    assert name_of(world, user_id) == f"Former user {user_id}"
    hold(world, "eve", **on)
    assert findings(world, seal) == []


PROVED = (moved_it, acted_on_it, took_it_out_of_a_run)
"""The parts that are history, and so bear witness."""


@pytest.mark.parametrize("of", ["claim", "partner"])
@pytest.mark.parametrize("part", PROVED, ids=lambda part: part.__name__)
def test_a_name_that_was_erased_against_a_hold_is_found(
    world: World, seal: Seal, of: str, part: Callable[[World], int]
) -> None:
    """Somebody at the database takes the hold away, and lets the product forget."""
    claim_id = part(world)
    user_id = gone(world)
    hold(world, "eve", **({"claim_id": claim_id} if of == "claim" else {"partner_id": world.partner_id}))
    tamper(world.database, "DELETE FROM legal_hold")
    confirmed(world, proposed(world, user_id))
    assert [what for _, what in findings(world, seal)] == ["erased a name that a legal hold was to keep"]


def test_the_name_of_a_held_partners_person_that_was_erased_is_found(world: World, seal: Seal) -> None:
    world.person(WHO, Role.partner, partner_id=world.partner_id)
    user_id = gone(world)
    hold(world, "eve", partner_id=world.partner_id)
    tamper(world.database, "DELETE FROM legal_hold")
    confirmed(world, proposed(world, user_id))
    assert [what for _, what in findings(world, seal)] == ["erased a name that a legal hold was to keep"]


@pytest.mark.parametrize("part", PROVED, ids=lambda part: part.__name__)
def test_holds_on_what_they_had_no_part_in_are_not_in_the_way(
    world: World, seal: Seal, part: Callable[[World], int]
) -> None:
    held, *_others = (world.draft() for _ in range(9))
    claim_id = part(world)
    assert str(claim_id).startswith(str(held)), "one number begins as the other"
    hold(world, "eve", claim_id=held)
    hold(world, "eve", partner_id=world.partner("Isar Networks"))
    user_id = gone(world)
    confirmed(world, proposed(world, user_id))
    assert name_of(world, user_id) == f"Former user {user_id}"
    assert findings(world, seal) == []


def test_a_payment_that_waits_for_all_of_finance_is_nobodys_part(world: World) -> None:
    """All of them are told of it; who pays has a part in it."""
    world.person(WHO, Role.finance)
    _run_id, claim_id = in_a_run(world)
    hold(world, "eve", claim_id=claim_id)
    user_id = gone(world)
    confirmed(world, proposed(world, user_id))
    assert name_of(world, user_id) == f"Former user {user_id}"


@pytest.mark.parametrize("of", ["claim", "partner"])
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_hold_that_is_set_at_this_moment_keeps_names_too(world: World, of: str) -> None:
    claim_id = moved_it(world)
    user_id = gone(world)
    request_id = proposed(world, user_id)
    refused: list[str] = []

    def forget_them() -> None:
        try:
            confirmed(world, request_id)
        except Refused as error:
            refused.append(error.why)

    forgetting = Thread(target=forget_them)
    with world.database.write() as connection:
        set_hold(
            connection,
            world.people["eve"],
            world.clock.now(),
            claim_id=claim_id if of == "claim" else None,
            partner_id=world.partner_id if of == "partner" else None,
            reason="A court asks.",
        )
        forgetting.start()
        forgetting.join(0.5)
        assert forgetting.is_alive(), "it waits for the hold that is being set"
    forgetting.join()
    assert refused == ["name_held"]
