"""The number of SQL statements of a list page does not grow with the data."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import insert, select

from models.payment_runs import PaymentRun, RunClaim
from tests.functional.conftest import SignIn
from tests.support.stages import (
    accepted,
    approved,
    collected,
    draft,
    executed,
    payable,
    reimbursed,
    rejected,
    submitted,
    with_outcomes,
)
from tests.support.statements import statements
from tests.support.world import PLAN_FILE, World
from web.services import Services


def into_the_first_run(world: World) -> int:
    """Let one more claim be in the first payment run."""
    with world.database.read() as connection:
        first = connection.scalar(select(PaymentRun.id).limit(1))
    if first is None:
        return collected(world)
    claim_id = payable(world)
    with world.database.write() as connection:
        line = {"run_id": first, "claim_id": claim_id, "account_id": 1, "amount": 400_000}
        connection.execute(insert(RunClaim).values(line))
    return first


def another_account(world: World) -> int:
    """Let one more partner's bank account wait to be confirmed."""
    return world.account("mia", partner_id=world.partner(f"Waits {uuid4().hex}"))


@pytest.mark.parametrize(
    ("name", "path", "make"),
    [
        ("bob", "/inbox", submitted),
        ("bob", "/inbox", executed),
        ("dan", "/payments", accepted),
        ("dan", "/bank-accounts", another_account),
        ("dan", "/payment-runs", collected),
        ("dan", "/payment-runs/1", into_the_first_run),
        ("eve", "/audit", submitted),
        ("eve", "/audit/moves", executed),
        ("eve", "/audit/acts", submitted),
        ("eve", "/audit/funds", submitted),
        ("mia", "/programme/claims", submitted),
        ("mia", "/programme/waiting", submitted),
        ("mia", "/forecast", submitted),
        ("mia", "/forecast", approved),
        ("mia", "/forecast/claims", submitted),
        ("eve", "/forecast/periods/1", approved),
        ("eve", "/forecast/approvers/2/open", submitted),
        ("anna", "/claims", submitted),
        ("anna", "/dashboard", submitted),
        ("mia", "/dashboard", accepted),
        ("mia", "/dashboard/times", accepted),
        ("mia", "/dashboard/reasons", rejected),
        ("mia", "/dashboard/returns", with_outcomes),
        ("mia", "/dashboard/claims", with_outcomes),
        ("bob", "/dashboard/decisions", accepted),
        ("dan", "/dashboard/payments", reimbursed),
    ],
)
def test_a_list_takes_as_many_statements_for_many_rows_as_for_one(
    app: Flask, world: World, sign_in: SignIn, name: str, path: str, make: Callable[[World], int]
) -> None:
    shared: Services = app.extensions["cofund"]
    make(world)
    browser = sign_in(world.people[name])
    browser.open(path)
    with statements(shared.database) as for_one:
        browser.open(path)
    for _ in range(5):
        make(world)
        world.performed(world.partner(f"Partner {_}"))
    with statements(shared.database) as for_many:
        assert browser.open(path).status == 200
    assert len(for_many) == len(for_one)


@pytest.mark.parametrize(("stage", "form"), [(draft, "plan"), (approved, "report"), (approved, "amend")])
def test_a_form_that_a_claim_is_written_in_reads_the_programme_once(
    app: Flask, world: World, sign_in: SignIn, stage: Callable[[World], int], form: str
) -> None:
    shared: Services = app.extensions["cofund"]
    path = f"/claims/{stage(world)}/{form}"
    browser = sign_in(world.people["anna"])
    with statements(shared.database) as seen:
        assert browser.open(path).status == 200
    assert sum("FROM programme" in one.replace("\n", " ") for one in seen) == 1


@pytest.mark.parametrize("name", ["anna", "bob"])
def test_a_claims_page_takes_as_many_statements_for_a_long_thread_as_for_one_post(
    app: Flask, world: World, sign_in: SignIn, name: str
) -> None:
    shared: Services = app.extensions["cofund"]
    claim_id = submitted(world)
    path = f"/claims/{claim_id}"
    world.post(claim_id, "anna", tell=["bob"], files=[PLAN_FILE])
    browser = sign_in(world.people[name])
    browser.open(path)
    with statements(shared.database) as for_one:
        browser.open(path)
    for _ in range(12):
        world.post(claim_id, "anna", tell=["bob"], files=[PLAN_FILE, PLAN_FILE])
        world.post(claim_id, "mia", tell=["anna", "bob"])
        world.post(claim_id, "dan", internal=True, tell=["bob"])
    with statements(shared.database) as for_many:
        assert browser.open(path).status == 200
    assert len(for_many) == len(for_one)
