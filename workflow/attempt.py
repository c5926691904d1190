"""A move that is asked for, and all that is known while it is tried."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple

from models.money import Cents
from models.vocabulary import State, Trigger
from workflow.actors import Actor
from workflow.authority import NO_LIMIT, Authority
from workflow.deductions import Deduction
from workflow.dossier import AnyRow, Dossier, Rows
from workflow.payouts import Payout
from workflow.policies import Policy
from workflow.routing import ONE_APPROVER, Route, Stage, stage_of
from workflow.sharing import Share
from workflow.table import MoveRow
from workflow.task_deadlines import days_late
from workflow.verdicts import Verdict


class Command(NamedTuple):
    """Somebody asks for one move of one claim.

    `key` is the request's idempotency key: the same key never moves the claim twice. `version` is the
    claim's version as the person saw it; empty for the scheduler. `approved` and `amount`, what a payment
    is of, are in cents. `payment_reference` is a payment's own, or names the one that failed.
    """

    claim_id: int
    trigger: Trigger
    actor: Actor
    key: str
    version: int | None = None
    approved: Cents | None = None
    reason: str = ""
    reason_code: Deduction = Deduction.other
    payment_reference: str = ""
    paid_on: date | None = None
    report_by: date | None = None
    amount: Cents | None = None


@dataclass
class Attempt:
    """One command on one claim: what is known and, once the machine has decided, how it went.

    `deciders`, known where a decision is disputed, are those who decided on the claim or for whom it was.
    `moved` is the amount, in cents, that a payment is of; `asked` is what the trigger's own question found
    (workflow/moves.py), `payment` the one of a claim's that failed, `payout` what the bank pays, and
    `claw_back` the proposal that is released.
    """

    dossier: Dossier
    command: Command
    policy: Policy | None
    policy_version_id: int | None
    now: datetime
    today: date
    state: State
    number: str | None = None
    row: MoveRow | None = None
    document: dict[str, Any] | None = None
    verdicts: tuple[Verdict, ...] = ()
    reimbursable: Cents | None = None
    moved: Cents = 0
    asked: Rows = ()
    payment: AnyRow | None = None
    payout: Payout | None = None
    claw_back: AnyRow | None = None
    figures: dict[str, Any] | None = None
    authority: Authority = NO_LIMIT
    route: Route = ONE_APPROVER
    deciders: tuple[int, ...] = ()
    shares: tuple[Share, ...] = ()

    @cached_property
    def stage(self) -> Stage:
        """Return how far the decision on the claim is, before this move."""
        return stage_of(self.dossier.claim, {})

    @property
    def days_late(self) -> int:
        """Return by how many calendar days the open task is late by now."""
        return days_late(self.dossier.claim.due_on, self.today)
