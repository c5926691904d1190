"""Balances are always those of the ledger, and no cent is spent twice."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import ColumnElement, Connection, case, func, select

from models.database import Database
from models.driver import Command, Cursor, send
from models.funds import Fund, LedgerEntry
from models.vocabulary import Bucket, EntryKind, Role, State
from tests.support.stages import accepted, reimbursed, to_be_clawed_back
from tests.support.world import World
from workflow import writer
from workflow.acts.funds import reduce_fund
from workflow.payments import payments_of
from workflow.refusals import Refused


def balance(bucket: Bucket) -> ColumnElement[int]:
    """Return what entries leave in a bucket."""
    moved = case(
        (LedgerEntry.target == bucket, LedgerEntry.amount),
        (LedgerEntry.source == bucket, -LedgerEntry.amount),
        else_=0,
    )
    return func.coalesce(func.sum(moved), 0)


def balances_of_entries(database: Database, fund_id: int) -> tuple[int, int, int]:
    """Return available, reserved and paid as the ledger alone gives them."""
    with database.read() as connection:
        row = connection.execute(
            select(balance(Bucket.available), balance(Bucket.reserved), balance(Bucket.paid)).where(
                LedgerEntry.fund_id == fund_id
            )
        ).one()
    available, reserved, paid = row
    return int(available), int(reserved), int(paid)


def reserved_and_paid(database: Database, claim_id: int) -> tuple[int, int]:
    """Return what the ledger alone says is reserved for a claim, and paid."""
    of_claim = LedgerEntry.claim_id == claim_id
    with database.read() as connection:
        row = connection.execute(select(balance(Bucket.reserved), balance(Bucket.paid)).where(of_claim)).one()
    return int(row[0]), int(row[1])


def paid_by_payments(database: Database, claim_id: int) -> int:
    """Return what the payments say was paid for a claim, less what was clawed back."""
    clawed_back = select(func.coalesce(func.sum(LedgerEntry.amount), 0)).where(
        LedgerEntry.claim_id == claim_id, LedgerEntry.kind == EntryKind.claw_back
    )
    with database.read() as connection:
        paid: int = sum(each.amount for each in payments_of(connection, claim_id) if each.failed_by is None)
        return paid - int(connection.scalars(clawed_back).one())


def assert_ledger_agrees(world: World) -> None:
    fund = world.fund_row()
    assert (fund.available, fund.reserved, fund.paid) == balances_of_entries(world.database, fund.id)
    with world.database.read() as connection:
        from models.claims import Claim

        sums = select(func.sum(Claim.reserved), func.sum(Claim.paid))
        reserved, paid = connection.execute(sums).one()
    assert (fund.reserved, fund.paid) == (reserved or 0, paid or 0)


def test_simultaneous_approvals_never_spend_the_same_cent(world: World) -> None:
    """Twelve approvals of 4,000.00 at once against 20,000.00: five are granted, seven are refused."""
    fund_id = world.fund_row().id
    with world.database.write() as connection:
        reduce_fund(connection, world.people["mia"], world.clock.now(), fund_id=fund_id, amount=3_000_000)
    claims = [world.draft() for _ in range(12)]
    for claim_id in claims:
        world.move(claim_id, "submit", "anna")
    together = Barrier(len(claims))

    def approve(claim_id: int) -> list[str]:
        together.wait()
        try:
            world.move(claim_id, "approve", "bob", approved=400_000)
        except Refused as refused:
            return [verdict.rule for verdict in refused.verdicts if verdict.broken]
        return ["granted"]

    with ThreadPoolExecutor(len(claims)) as pool:
        outcomes = sorted(pool.map(approve, claims))

    assert outcomes == [["available-amount"]] * 7 + [["granted"]] * 5
    assert world.fund_row().available == 0
    assert_ledger_agrees(world)


def test_two_people_who_move_the_same_claim_at_once_move_it_once(world: World) -> None:
    claim_id = world.draft()
    world.move(claim_id, "submit", "anna")
    version = world.claim(claim_id).version
    together = Barrier(2)

    def move(trigger: str) -> str:
        together.wait()
        try:
            world.move(
                claim_id,
                trigger,
                "anna" if trigger == "withdraw" else "bob",
                version=version,
                approved=400_000,
            )
        except Refused as refused:
            return refused.why
        return "moved"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(move, ["approve", "withdraw"]))
    assert outcomes == ["moved", "stale"]
    assert_ledger_agrees(world)


def test_a_double_click_at_the_same_moment_moves_once(world: World) -> None:
    claim_id = world.draft()
    version = world.claim(claim_id).version
    together = Barrier(4)

    def submit(_: int) -> bool:
        together.wait()
        return world.move(claim_id, "submit", "anna", key="one-form", version=version).repeated

    with ThreadPoolExecutor(4) as pool:
        repeated = list(pool.map(submit, range(4)))
    assert sorted(repeated) == [False, True, True, True]


def at_once(world: World, *moves: tuple[int, str, str, dict[str, Any]]) -> list[str]:
    """Make moves at the same moment, each of a claim as it stood before; return what came of each."""
    together = Barrier(len(moves))
    seen = {claim_id: world.claim(claim_id).version for claim_id, *_ in moves}

    def move(asked: tuple[int, str, str, dict[str, Any]]) -> str:
        claim_id, trigger, by, more = asked
        together.wait()
        try:
            world.move(claim_id, trigger, by, version=seen[claim_id], **more)
        except Refused as refused:
            return refused.why
        return "moved"

    with ThreadPoolExecutor(len(moves)) as pool:
        return sorted(pool.map(move, moves))


def payment(world: World, reference: str, amount: int | None = None) -> dict[str, Any]:
    """Return what is recorded of a payment that was made today."""
    return {"payment_reference": reference, "paid_on": world.clock.now().date(), "amount": amount}


def test_parts_and_the_whole_at_once_pay_once(world: World) -> None:
    claim_id = accepted(world)
    world.person("fay", Role.finance)
    outcomes = at_once(
        world,
        *((claim_id, "pay_part", "dan", payment(world, f"PART-{each}", 300_000)) for each in range(3)),
        (claim_id, "reimburse", "fay", payment(world, "ALL")),
    )
    assert outcomes == ["moved", "stale", "stale", "stale"]
    claim = world.claim(claim_id)
    assert claim.reserved + claim.paid == 400_000
    assert (claim.reserved, claim.paid) == reserved_and_paid(world.database, claim_id)
    assert_ledger_agrees(world)


def test_two_claims_at_once_never_bear_the_same_reference(world: World) -> None:
    first, second = accepted(world), accepted(world)
    outcomes = at_once(
        world,
        (first, "pay_part", "dan", payment(world, "BANK 7", 100_000)),
        (second, "reimburse", "dan", payment(world, "bank7")),
    )
    assert outcomes == ["moved", "reference_used"]
    assert_ledger_agrees(world)


def test_a_payment_that_two_people_say_failed_fails_once(world: World) -> None:
    claim_id = reimbursed(world)
    world.person("fay", Role.finance)
    failed = {"payment_reference": f"PAY-{claim_id}", "reason": "The account is closed."}
    outcomes = at_once(
        world, (claim_id, "payment_failed", "dan", failed), (claim_id, "payment_failed", "fay", failed)
    )
    assert outcomes == ["moved", "stale"]
    assert reserved_and_paid(world.database, claim_id) == (400_000, 0)
    assert_ledger_agrees(world)


def test_two_people_who_release_a_claw_back_at_once_release_it_once(world: World) -> None:
    claim_id = to_be_clawed_back(world)
    world.person("gus", Role.finance)
    why = {"reason": "Please pay it back."}
    before = world.fund_row()
    outcomes = at_once(world, (claim_id, "claw_back", "dan", why), (claim_id, "claw_back", "gus", why))
    assert outcomes == ["moved", "stale"]
    assert reserved_and_paid(world.database, claim_id) == (0, 300_000)
    assert world.fund_row().available == before.available + 100_000
    assert_ledger_agrees(world)


def test_a_claw_back_and_a_failure_at_once_never_take_the_same_cent(world: World) -> None:
    claim_id = to_be_clawed_back(world)
    failed = {"payment_reference": f"PAY-{claim_id}", "reason": "It came back."}
    outcomes = at_once(
        world,
        (claim_id, "claw_back", "dan", {"reason": "Pay it back."}),
        (claim_id, "payment_failed", "dan", failed),
    )
    assert outcomes == ["moved", "stale"]
    claim = world.claim(claim_id)
    assert (claim.reserved, claim.paid) in {(0, 300_000), (400_000, 0)}
    assert (claim.reserved, claim.paid) == reserved_and_paid(world.database, claim_id)
    assert_ledger_agrees(world)


STATEMENTS = 7
"""What an approval writes: claim, fund, history and its link, ledger, task and messages."""


@pytest.mark.parametrize("sent", range(1, STATEMENTS + 1))
def test_a_move_that_breaks_after_any_statement_leaves_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch, sent: int
) -> None:
    claim_id = world.draft()
    world.move(claim_id, "submit", "anna")
    before = world.claim(claim_id)

    def breaks(connection: Connection, commands: Sequence[Command]) -> list[Cursor]:
        assert len(commands) == STATEMENTS
        send(connection, commands[:sent])
        raise RuntimeError("the power went")

    monkeypatch.setattr(writer, "send", breaks)
    with pytest.raises(RuntimeError):
        world.move(claim_id, "approve", "bob", approved=400_000)
    monkeypatch.undo()
    assert world.claim(claim_id) == before
    assert before.state is State.submitted
    assert_ledger_agrees(world)
    with world.database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(LedgerEntry)) == 1
        assert connection.scalar(select(Fund.reserved)) == 0


def test_the_ledger_agrees_after_every_move(world: World) -> None:
    from datetime import date, timedelta

    claim_id = world.draft()
    for trigger, by, more in (
        ("submit", "anna", {}),
        ("approve", "bob", {"approved": 400_000}),
    ):
        world.move(claim_id, trigger, by, **more)
        assert_ledger_agrees(world)
    world.clock.advance(timedelta(days=60))
    world.bill(claim_id)
    world.move(claim_id, "report", "anna")
    world.review(claim_id, "bob")
    world.move(claim_id, "accept", "bob")
    assert_ledger_agrees(world)
    world.move(claim_id, "reimburse", "dan", payment_reference="P", paid_on=date(2026, 5, 1))
    assert_ledger_agrees(world)
