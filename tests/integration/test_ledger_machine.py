"""Whatever is done in whatever order, the fund's balances are those of its entries (property-based)."""

import itertools
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from models.database import Database
from models.vocabulary import Role, State
from tests.integration.test_money import assert_ledger_agrees, paid_by_payments, reserved_and_paid
from tests.support.databases import Postgres, Sqlite
from tests.support.stages import propose_claw_back
from tests.support.world import INSTALLER, MIDDAY, World, bill, founded, line, world_in
from workflow.acts.funds import allocate, reduce_fund
from workflow.clock import SettableClock
from workflow.payments import payments_of
from workflow.refusals import Refused

cents = st.integers(1, 1_200_000)
parts = st.integers(1, 400_000)
which = st.integers(0, 50)
currencies = st.sampled_from(["USD", "EUR"])

A_FEW = 4
"""How many claims there are at most before those that are there are dealt with."""


class FundUnderUse(RuleBasedStateMachine):
    """People do whatever moves money, or could, in any order, right or wrong."""

    copies: Sqlite | Postgres

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        found = founded(self.copies)
        self.copy = self.copies.copy(Path(self.folder.name), found.template)
        self.database = Database(self.copy.__enter__())
        self.world: World = world_in(self.database, SettableClock(MIDDAY), found)
        self.world.person("fay", Role.finance)
        self.claims: list[int] = []
        self.references = itertools.count(1)
        self.world.confirm(self.world.account("anna", bic="COBADEFF", currency="EUR"), "mia")
        self.rates_move("1.0856")
        self.owe(600_000, "USD")
        self.owe(600_000, "EUR")
        self.reimburse(0)
        assert self.world.claim(self.claims[0]).paid, "let a payment in euro be made, or this shows nothing"

    def teardown(self) -> None:
        self.database.dispose()
        self.copy.__exit__(None, None, None)
        self.folder.cleanup()

    def any_claim(self, index: int) -> int | None:
        return self.claims[index % len(self.claims)] if self.claims else None

    def owed_or_paid(self, index: int) -> int | None:
        """Return a claim that is accepted or reimbursed, if there is one; else any other."""
        found = [
            one for one in self.claims if self.world.claim(one).state in (State.accepted, State.reimbursed)
        ]
        return found[index % len(found)] if found else self.any_claim(index)

    @contextmanager
    def right_or_wrong(self) -> Iterator[None]:
        """Let a refusal pass: it has to change nothing, which the invariants see."""
        try:
            yield
        except Refused:
            return

    @rule(usd=st.sampled_from(["0.9", "1.0856", "1.3"]))
    def rates_move(self, usd: str) -> None:
        """Let a euro be worth more or less: payments go to an account in euro, and no balance may see it."""
        self.usd = usd
        self.world.rate("EUR", usd)

    @rule(amount=cents, requested=cents, currency=currencies)
    def submit(self, amount: int, requested: int, currency: str) -> None:
        claim_id = self.world.draft(lines=[line(amount=amount)], requested=requested, currency=currency)
        self.claims.append(claim_id)
        with self.right_or_wrong():
            self.world.move(claim_id, "submit", "anna")

    @rule(index=which, amount=cents)
    def approve(self, index: int, amount: int) -> None:
        if (claim_id := self.any_claim(index)) is not None:
            with self.right_or_wrong():
                self.world.move(claim_id, "approve", "bob", approved=amount, reason="As much as there is.")

    @rule(index=which, amount=cents)
    def report_and_accept(self, index: int, amount: int) -> None:
        claim_id = self.any_claim(index)
        if claim_id is None or self.world.claim(claim_id).state is not State.approved:
            return
        self.world.clock.advance(max(timedelta(0), MIDDAY + timedelta(days=60) - self.world.clock.now()))
        self.rates_move(self.usd)
        self.world.bill(claim_id, bill(amount=amount))
        with self.right_or_wrong():
            self.world.move(claim_id, "report", "anna")
            self.world.review(claim_id, "bob")
            self.world.move(claim_id, "accept", "bob")

    @precondition(lambda self: len(self.claims) < A_FEW)
    @rule(amount=st.integers(2, 1_200_000), currency=currencies)
    def owe(self, amount: int, currency: str) -> None:
        """Bring a claim all the way to its acceptance, as far as the fund allows."""
        claim_id = self.world.draft(lines=[line(amount=amount)], requested=amount // 2, currency=currency)
        self.claims.append(claim_id)
        with self.right_or_wrong():
            self.world.move(claim_id, "submit", "anna")
            self.world.move(claim_id, "approve", "bob", approved=amount // 2)
        self.report_and_accept(len(self.claims) - 1, amount)

    @rule(index=which, back=st.booleans())
    def reopen(self, index: int, back: bool) -> None:
        claim_id = self.owed_or_paid(index)
        if claim_id is None:
            return
        with self.right_or_wrong():
            self.world.move(claim_id, "reopen", "dan", reason="An invoice was counted twice.")
            if back:
                self.world.move(claim_id, "rework", "bob", reason="Enter it as it was.")
                return
            self.world.review(claim_id, "bob")
            self.world.move(claim_id, "accept", "bob")

    @rule(index=which, amount=parts)
    def pay_part(self, index: int, amount: int) -> None:
        if (claim_id := self.owed_or_paid(index)) is not None:
            with self.right_or_wrong():
                self.world.move(
                    claim_id,
                    "pay_part",
                    "dan",
                    amount=amount,
                    payment_reference=f"P-{next(self.references)}",
                    paid_on=self.world.clock.now().date(),
                )

    @rule(index=which)
    def reimburse(self, index: int) -> None:
        if (claim_id := self.owed_or_paid(index)) is not None:
            day = self.world.clock.now().date()
            with self.right_or_wrong():
                self.world.move(
                    claim_id,
                    "reimburse",
                    "dan",
                    payment_reference=f"P-{next(self.references)}",
                    paid_on=day,
                )

    @rule(index=which, payment=which)
    def payment_failed(self, index: int, payment: int) -> None:
        claim_id = self.owed_or_paid(index)
        if claim_id is None:
            return
        with self.database.read() as connection:
            made = [row.reference for row in payments_of(connection, claim_id)] or ["none"]
        with self.right_or_wrong():
            reference = made[payment % len(made)]
            self.world.move(
                claim_id, "payment_failed", "dan", payment_reference=reference, reason="It came back."
            )

    @rule(index=which, amount=parts, by=st.sampled_from(["dan", "fay"]), release=st.booleans())
    def claw_back(self, index: int, amount: int, by: str, release: bool) -> None:
        claim_id = self.owed_or_paid(index)
        if claim_id is None:
            return
        with self.right_or_wrong():
            propose_claw_back(self.world, claim_id, "dan", amount)
        with self.right_or_wrong():
            if release:
                self.world.move(claim_id, "claw_back", by, reason="Please pay it back.")

    @rule(index=which, trigger=st.sampled_from([("withdraw", "anna"), ("reject", "bob"), ("return", "bob")]))
    def leave(self, index: int, trigger: tuple[str, str]) -> None:
        if (claim_id := self.any_claim(index)) is not None:
            with self.right_or_wrong():
                self.world.move(claim_id, *trigger, reason="It was said so.")

    @rule(amount=cents, more=st.booleans())
    def reallocate(self, amount: int, more: bool) -> None:
        fund = self.world.fund_row()
        with self.right_or_wrong(), self.database.write() as connection:
            if more:
                allocate(
                    connection,
                    INSTALLER,
                    self.world.clock.now(),
                    partner_id=self.world.partner_id,
                    period_id=self.world.period_id,
                    amount=amount,
                )
            else:
                reduce_fund(connection, INSTALLER, self.world.clock.now(), fund_id=fund.id, amount=amount)

    @invariant()
    def balances_are_those_of_the_entries(self) -> None:
        assert_ledger_agrees(self.world)

    @invariant()
    def a_claim_holds_what_its_state_says(self) -> None:
        for claim_id in self.claims:
            claim = self.world.claim(claim_id)
            assert (claim.reserved, claim.paid) == reserved_and_paid(self.database, claim_id)
            assert claim.paid == paid_by_payments(self.database, claim_id)
            assert _HOLDS.get(claim.state, _holds_nothing)(claim), claim


def _holds_nothing(claim: Any) -> bool:
    return bool(claim.reserved == claim.paid == 0)


def _holds_a_reserve(claim: Any) -> bool:
    """Return whether what was granted is reserved, or less of it once the claim was accepted before."""
    least = claim.approved if claim.accepted_on is None else 1
    return bool(least <= claim.reserved <= claim.approved and claim.paid == 0)


_HOLDS: dict[State, Callable[[Any], bool]] = {
    State.approved: _holds_a_reserve,
    State.executed: _holds_a_reserve,
    State.accepted: lambda claim: claim.reserved > 0 and claim.reserved + claim.paid <= claim.reimbursable,
    State.reimbursed: lambda claim: claim.reserved == 0 and 0 <= claim.paid <= claim.reimbursable,
}


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
def test_balances_are_always_those_of_the_ledger(engine: str, request: pytest.FixtureRequest) -> None:
    machine = type("Machine", (FundUnderUse,), {"copies": request.getfixturevalue(engine)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=8, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
