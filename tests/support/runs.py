"""Payment runs as people of the world collect, release, leave and record them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from models.payment_runs import PaymentRun
from models.vocabulary import RunState
from tests.support.world import World
from workflow.payment_runs.collecting import collect
from workflow.payment_runs.contents import payments_of
from workflow.payment_runs.leaving import cancel, take_out
from workflow.payment_runs.releasing import release
from workflow.payment_runs.settling import Settled, settle
from workflow.refusals import Refused

MAY_1 = date(2026, 5, 1)


def inside(world: World, run_id: int) -> list[int]:
    """Return the claims in a run."""
    with world.database.read() as connection:
        return [payment.id for payment in payments_of(connection, run_id)]


def state_of(world: World, run_id: int) -> RunState:
    with world.database.read() as connection:
        return RunState(connection.scalars(select(PaymentRun.state).where(PaymentRun.id == run_id)).one())


def collect_by(world: World, by: str = "dan", **more: Any) -> int:
    values = {"currency": "USD", "due_on": world.clock.now().date(), **more}
    with world.database.write() as connection:
        return collect(connection, world.people[by], world.clock.now(), **values)


def release_by(world: World, run_id: int, by: str) -> int:
    with world.database.write() as connection:
        return release(connection, world.people[by], world.clock.now(), run_id)


def take_out_by(world: World, run_id: int, claim_id: int, by: str = "dan") -> None:
    with world.database.write() as connection:
        take_out(connection, world.people[by], world.clock.now(), run_id, claim_id)


def cancel_by(world: World, run_id: int, by: str = "dan", reason: str = "Not this week.") -> None:
    with world.database.write() as connection:
        cancel(connection, world.people[by], world.clock.now(), run_id, reason)


def settle_by(
    world: World, run_id: int, references: Mapping[int, str], by: str = "dan", key: str = "paid"
) -> list[Settled]:
    return settle(
        world.database,
        world.people[by],
        world.clock.now(),
        run_id,
        paid_on=world.clock.now().date(),
        references=references,
        versions={},
        key=key,
    )


def why(lines: list[Settled]) -> dict[int, str]:
    """Return of each claim of a run why it was not paid, or an empty word."""
    return {line.claim_id: line.outcome.why if isinstance(line.outcome, Refused) else "" for line in lines}
