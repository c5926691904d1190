"""Two people at the same moment: whoever comes second decides on what the first has left."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Connection, delete, func, insert, select, text

from models.database import Database
from models.jobs import Job
from models.messages import Message
from models.tasks import Task
from models.vocabulary import JobKind, MessageKind, Role, State, Trigger
from tests.support.stages import accepted
from tests.support.world import World
from workflow.actors import SCHEDULER
from workflow.acts.banking import enter_account
from workflow.acts.record import once
from workflow.acts.tasks import reassign
from workflow.acts.users import change_user, deactivate
from workflow.attempt import Command
from workflow.gathering import gather
from workflow.jobs import start
from workflow.moves import perform, perform_in, settled
from workflow.refusals import Problem, Refused
from workflow.refused_attempts import remember


@contextmanager
def meanwhile(database: Database, second: Callable[[], Any]) -> Iterator[Future[Any]]:
    """Start the second while a transaction of the first is open; go on once it has to wait for that."""
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(second)
        while not database.is_sqlite and not running.done() and not _somebody_waits(database):
            pass
        yield running


def _somebody_waits(database: Database) -> bool:
    waiting = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with database.read() as connection:
        return bool(connection.scalar(text(waiting)))


def outcome_of(work: Callable[[], object]) -> str:
    """Return `done`, or why the work was refused."""
    try:
        work()
    except Refused as refused:
        return refused.why
    return "done"


def submitted(world: World) -> int:
    claim_id = world.draft()
    world.move(claim_id, "submit", "anna")
    return claim_id


def approval(world: World, claim_id: int) -> Command:
    """Return the command of bob, who sees the claim as it stands now."""
    version = world.claim(claim_id).version
    return Command(claim_id, Trigger.approve, world.people["bob"], "bob-1", version, approved=400_000)


def open_tasks(world: World, claim_id: int) -> list[int | None]:
    with world.database.read() as connection:
        found = select(Task.assignee_id).where(Task.claim_id == claim_id, Task.closed_at.is_(None))
        return list(connection.scalars(found))


def test_an_approver_whose_task_is_being_handed_over_decides_no_more(world: World) -> None:
    claim_id, cora = submitted(world), world.person("cora", Role.approver)
    assert cora.user_id is not None
    command = approval(world, claim_id)
    with world.database.engine.connect() as first, first.begin() as transaction:
        reassign(first, world.people["mia"], world.clock.now(), claim_id, cora.user_id)
        late = partial(perform, world.database, command, world.clock.now())
        with meanwhile(world.database, partial(outcome_of, late)) as second:
            transaction.commit()
    assert second.result() == "not_assigned"
    assert world.claim(claim_id).state is State.submitted


def test_a_claim_that_expires_while_it_is_reported_leaves_no_task_open(world: World) -> None:
    claim_id = submitted(world)
    world.move(claim_id, "approve", "bob", approved=400_000)
    world.clock.advance(timedelta(days=60))
    world.bill(claim_id)
    now = world.clock.now()
    report = Command(claim_id, Trigger.report, world.people["anna"], "anna-1")
    expire = Command(claim_id, Trigger.expire, SCHEDULER, "expire-1")
    day_after = now.replace(year=2027)
    with world.database.engine.connect() as first, first.begin() as transaction:
        perform_in(first, report, now)
        with meanwhile(world.database, lambda: perform(world.database, expire, day_after)) as second:
            transaction.commit()
    assert second.result().source is State.executed
    assert open_tasks(world, claim_id) == []


def test_somebody_can_be_deactivated_while_they_decide(world: World) -> None:
    claim_id = submitted(world)
    command, bob = approval(world, claim_id), world.people["bob"].user_id
    assert bob is not None
    mia, now = world.people["mia"], world.clock.now()

    def leave() -> str:
        return outcome_of(lambda: once(world.database, "leave-1", lambda c: deactivate(c, mia, now, bob)))

    with world.database.engine.connect() as first, first.begin() as transaction:
        perform_in(first, command, now)
        with meanwhile(world.database, leave) as second:
            transaction.commit()
    assert second.result() == "done"
    assert world.claim(claim_id).state is State.approved


def test_a_deactivation_under_way_and_a_decision_do_not_stop_each_other(world: World) -> None:
    """The manager holds the user and wants the claim; the approver holds the claim and writes their name."""
    claim_id = submitted(world)
    command, bob = approval(world, claim_id), world.people["bob"].user_id
    assert bob is not None
    mia, now = world.people["mia"], world.clock.now()

    def leave() -> None:
        once(world.database, "leave-1", lambda connection: deactivate(connection, mia, now, bob))

    with world.database.engine.connect() as first, first.begin() as transaction:
        gather(first, [claim_id], lock=True)
        with meanwhile(world.database, leave) as second:
            perform_in(first, command, now)
            transaction.commit()
    second.result()
    assert world.claim(claim_id).state is State.approved


def test_of_two_managers_who_deactivate_each_other_one_stays(world: World) -> None:
    world.person("max", Role.manager)
    together = Barrier(2)

    def out(who: str, whom: str) -> str:
        user_id = world.people[whom].user_id
        assert user_id is not None
        together.wait()
        return outcome_of(
            lambda: once(
                world.database,
                f"out-{whom}",
                lambda connection: deactivate(connection, world.people[who], world.clock.now(), user_id),
            )
        )

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(out, ["mia", "max"], ["max", "mia"]))
    assert sorted(outcomes) in (["done", "last_manager"], ["done", "not_yours"])


def test_while_one_manager_deactivates_the_other_nobody_deactivates_the_one(world: World) -> None:
    """On PostgreSQL the second still sees both, and has to wait to learn that it would be the last."""
    max_, mia, now = world.person("max", Role.manager), world.people["mia"], world.clock.now()
    assert max_.user_id is not None
    assert mia.user_id is not None
    whom = mia.user_id

    def second() -> str:
        return outcome_of(lambda: once(world.database, "out-mia", lambda c: deactivate(c, max_, now, whom)))

    with world.database.engine.connect() as first, first.begin() as transaction:
        deactivate(first, mia, now, max_.user_id)
        with meanwhile(world.database, second) as running:
            transaction.commit()
    assert running.result() == ("not_yours" if world.database.is_sqlite else "last_manager")


def test_a_manager_who_was_deactivated_a_moment_ago_acts_no_more(world: World) -> None:
    max_ = world.person("max", Role.manager)
    mia, now = world.people["mia"], world.clock.now()
    assert max_.user_id is not None
    assert mia.user_id is not None
    with world.database.write() as connection:
        deactivate(connection, mia, now, max_.user_id)
    with world.database.write() as connection, pytest.raises(Refused) as refused:
        deactivate(connection, max_, now, mia.user_id)
    assert refused.value.why == "not_yours"


@pytest.mark.parametrize("who", ["anna", "bob"])
def test_who_was_deactivated_a_moment_ago_moves_nothing(world: World, who: str) -> None:
    claim_id = submitted(world)
    user_id = world.people[who].user_id
    assert user_id is not None
    with world.database.write() as connection:
        deactivate(connection, world.people["mia"], world.clock.now(), user_id)
    trigger = "withdraw" if who == "anna" else "approve"
    with pytest.raises(Refused) as refused:
        world.move(claim_id, trigger, who, approved=400_000)
    assert refused.value.why == "not_yours"


def test_who_lost_the_role_a_moment_ago_pays_nothing(world: World) -> None:
    claim_id = submitted(world)
    world.move(claim_id, "approve", "bob", approved=400_000)
    world.clock.advance(timedelta(days=60))
    world.bill(claim_id)
    world.move(claim_id, "report", "anna")
    world.review(claim_id, "bob")
    world.move(claim_id, "accept", "bob")
    dan = world.people["dan"].user_id
    assert dan is not None
    with world.database.write() as connection:
        change_user(
            connection,
            world.people["mia"],
            world.clock.now(),
            dan,
            roles={Role.auditor},
            is_contact=False,
        )
    with pytest.raises(Refused) as refused:
        world.move(claim_id, "reimburse", "dan", payment_reference="P", paid_on=date(2026, 5, 1))
    assert refused.value.why == "not_yours"


def payment_of_an_accepted_claim(world: World) -> Command:
    dan, day = world.people["dan"], date(2026, 5, 1)
    return Command(accepted(world), Trigger.reimburse, dan, "dan-1", payment_reference="P", paid_on=day)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_an_account_that_is_being_entered_holds_the_payment_of_the_same_moment(world: World) -> None:
    pay = payment_of_an_accepted_claim(world)
    account = {"holder": "Elbe", "iban": "DE89370400440532013000", "currency": "USD"}
    now = world.clock.now()
    with world.database.engine.connect() as first, first.begin() as transaction:
        enter_account(first, world.people["anna"], now, partner_id=world.partner_id, **account)
        with meanwhile(
            world.database, lambda: outcome_of(lambda: perform(world.database, pay, now))
        ) as second:
            transaction.commit()
    assert second.result() == "account_pending"


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_an_account_is_entered_only_after_the_payment_that_it_would_have_held(world: World) -> None:
    pay = payment_of_an_accepted_claim(world)
    with world.database.engine.connect() as first, first.begin() as transaction:
        perform_in(first, pay, world.clock.now())
        with meanwhile(world.database, lambda: world.account("anna")) as second:
            assert not second.done()
            transaction.commit()
    second.result()
    assert world.claim(pay.claim_id).state is State.reimbursed


def test_two_refusals_at_once_tell_a_manager_once(world: World) -> None:
    claim_id = submitted(world)
    command, now = approval(world, claim_id), world.clock.now()
    refused = Refused(Problem("no_fund", figures={"period": "2026H1"}))
    remember(world.database, command, refused, now)
    told = select(Message.__table__).where(Message.kind == MessageKind.vendor_fact_missing)
    with world.database.write() as connection:
        row = dict(connection.execute(told).one()._mapping)
        connection.execute(delete(Message).where(Message.id == row["id"]))
    with world.database.engine.connect() as first, first.begin() as transaction:
        first.execute(insert(Message).values(row))
        again = partial(remember, world.database, command, refused, now)
        with meanwhile(world.database, again) as second:
            transaction.commit()
    second.result()
    with world.database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(told.subquery())) == 1


def test_a_task_is_not_left_with_somebody_who_is_just_leaving(world: World) -> None:
    """The claim is submitted while its approver is deactivated; nobody else would notice."""
    claim_id, cora = world.draft(), world.person("cora", Role.approver)
    bob = world.people["bob"].user_id
    assert bob is not None
    submit = Command(claim_id, Trigger.submit, world.people["anna"], "anna-1")
    now = world.clock.now()
    with world.database.engine.connect() as first, first.begin() as transaction:
        deactivate(first, world.people["mia"], now, bob)
        with meanwhile(world.database, lambda: perform(world.database, submit, now)) as second:
            transaction.commit()
    second.result()
    assert open_tasks(world, claim_id) == [cora.user_id]


def test_who_leaves_while_a_task_comes_in_hands_it_on(world: World) -> None:
    claim_id, cora = world.draft(), world.person("cora", Role.approver)
    bob = world.people["bob"].user_id
    assert bob is not None
    submit = Command(claim_id, Trigger.submit, world.people["anna"], "anna-1")
    mia, now = world.people["mia"], world.clock.now()

    def leave() -> None:
        once(world.database, "leave-1", lambda connection: deactivate(connection, mia, now, bob))

    with world.database.engine.connect() as first, first.begin() as transaction:
        perform_in(first, submit, now)
        with meanwhile(world.database, leave) as second:
            transaction.commit()
    second.result()
    assert open_tasks(world, claim_id) == [cora.user_id]


def test_a_form_for_several_claims_that_is_sent_twice_at_once_is_one_job(world: World) -> None:
    def ask(connection: Connection) -> int:
        return start(connection, world.people["bob"], world.clock.now(), JobKind.give_back, {}, [], "twice")

    with world.database.engine.connect() as connection, connection.begin() as transaction:
        first = ask(connection)
        with meanwhile(world.database, partial(settled, world.database, ask)) as second:
            transaction.commit()
    assert second.result() == first
    with world.database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(Job)) == 1
