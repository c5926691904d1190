"""A run pays of a claim what is left of it: a claim that changed since holds the run, or is held by it."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update

from models.payment_runs import RunClaim
from models.vocabulary import Role, State
from tests.support.stages import collected, partly_paid, released
from tests.support.world import World
from workflow.payment_runs.collecting import collect
from workflow.payment_runs.leaving import cancel, take_out
from workflow.payment_runs.releasing import export, release
from workflow.refusals import Refused

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def act(world: World, what: Callable[..., Any], by: str, *given: Any, **more: Any) -> Any:
    with world.database.write() as connection:
        return what(connection, world.people[by], world.clock.now(), *given, **more)


def refused(work: Callable[[], Any]) -> str:
    with pytest.raises(Refused) as error:
        work()
    return error.value.why


def collected_rest(world: World) -> int:
    """Have `dan` collect what is left, 3,000.00, of a claim of which 1,000.00 was paid."""
    claim_id = partly_paid(world)
    world.confirm(world.account("anna", bic="COBADEFF"), "mia")
    act(world, collect, "dan", currency="USD", due_on=world.clock.now().date())
    world.person("fay", Role.finance)
    return claim_id


def change_amount(world: World, amount: int = 400_000) -> None:
    """Let runs pay another amount of a claim than is left, as no act of ours does."""
    with world.database.write() as connection:
        connection.execute(update(RunClaim).values(amount=amount))


def pay(world: World, claim_id: int) -> None:
    today = world.clock.now().date()
    world.move(claim_id, "reimburse", "dan", payment_reference="RUN-PAID", paid_on=today)


@pytest.mark.parametrize("stage", [collected, released])
def test_a_claim_in_a_run_is_not_reopened(world: World, stage: Callable[[World], int]) -> None:
    run_id = stage(world)
    expected = "in_draft_run" if stage is collected else "in_released_run"
    assert refused(lambda: world.move(1, "reopen", "dan", reason="An invoice was wrong.")) == expected
    if stage is collected:
        act(world, take_out, "dan", run_id, 1)
    else:
        act(world, cancel, "dan", run_id, "An invoice was wrong.")
    world.move(1, "reopen", "dan", reason="An invoice was wrong.")
    assert world.claim(1).state is State.executed


def test_a_part_that_fails_takes_its_claim_out_of_a_draft_run(world: World) -> None:
    claim_id = collected_rest(world)
    world.move(
        claim_id, "payment_failed", "dan", payment_reference=f"PART-{claim_id}", reason="It came back."
    )
    assert refused(lambda: act(world, release, "fay", 1)) == "run_empty"
    act(world, collect, "dan", currency="USD", due_on=world.clock.now().date())
    act(world, release, "fay", 2)


def test_a_run_that_would_pay_another_amount_than_is_left_is_not_released(world: World) -> None:
    claim_id = collected_rest(world)
    change_amount(world)
    assert refused(lambda: act(world, release, "fay", 1)) == "run_amount_changed"
    act(world, take_out, "dan", 1, claim_id)
    act(world, collect, "dan", currency="USD", due_on=world.clock.now().date())
    act(world, release, "fay", 2)


def test_a_run_that_would_pay_another_amount_than_is_left_gives_no_file(world: World) -> None:
    collected_rest(world)
    act(world, release, "fay", 1)
    change_amount(world)
    assert refused(lambda: act(world, export, "dan", 1, "csv")) == "run_amount_changed"


def test_no_payment_is_recorded_of_more_than_its_run_paid(world: World) -> None:
    claim_id = collected_rest(world)
    act(world, release, "fay", 1)
    change_amount(world)
    assert refused(lambda: pay(world, claim_id)) == "run_pays_another_amount"
    act(world, cancel, "dan", 1, "It paid too much.")
    pay(world, claim_id)
    assert world.claim(claim_id).state is State.reimbursed


def test_what_came_back_of_a_run_is_paid_again_while_its_amount_is_the_same(world: World) -> None:
    released(world)
    pay(world, 1)
    world.move(1, "payment_failed", "dan", payment_reference="RUN-PAID", reason="It came back.")
    today = world.clock.now().date()
    world.move(1, "reimburse", "dan", payment_reference="AGAIN", paid_on=today)
    assert world.claim(1).state is State.reimbursed
