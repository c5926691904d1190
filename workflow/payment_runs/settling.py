"""Recording that a run was paid: each claim's payment is a move of its own, in a transaction of its own."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from models.database import Database
from models.vocabulary import LeftRun, Trigger
from workflow.actors import Actor
from workflow.attempt import Command
from workflow.moves import Done, perform
from workflow.payment_runs.contents import AnyPayment, left_of
from workflow.payment_runs.releasing import released_payments
from workflow.refusals import Problem, Refused
from workflow.refused_attempts import remember


class Settled(NamedTuple):
    """What became of one claim of a run: it was paid, or why it was not."""

    claim_id: int
    number: str
    outcome: Done | Refused


def end_to_end(payment: AnyPayment) -> str:
    """Return the reference that a claim's payment bears from the programme owner to the partner.

    It is the claim's number; where a run tried in vain before, with the number of the trial after it.
    """
    tried: int = payment.tried_before
    return f"{payment.number}-{tried + 1}" if tried else str(payment.number)


def settle(
    database: Database,
    actor: Actor,
    now: datetime,
    run_id: int,
    *,
    paid_on: date | None,
    references: Mapping[int, str],
    versions: Mapping[int, int],
    key: str,
) -> list[Settled]:
    """Record the payments of those claims of a released run that have a reference; return a line for each.

    A claim that left the run since is refused with why it left.
    `references` and `versions` are by claim id: the payment's own reference, and the claim as it was seen.
    A payment that is refused stops no other. The same `key` again pays none twice.
    """
    with database.read() as connection:
        payments = released_payments(connection, actor, run_id)
        left = left_of(connection, run_id)
    commands = [
        Command(
            payment.id,
            Trigger.reimburse,
            actor,
            key,
            version=versions.get(payment.id),
            payment_reference=references[payment.id],
            paid_on=paid_on,
        )
        for payment in payments
        if payment.id in references
    ]
    numbers = {payment.id: payment.number for payment in payments}
    return [
        *(Settled(one.claim_id, numbers[one.claim_id], _paid(database, one, now)) for one in commands),
        *(
            Settled(one.id, one.number, Refused(Problem(_LEFT[one.taken_out_why])))
            for one in left
            if one.id in references and one.id not in numbers
        ),
    ]


_LEFT: Mapping[LeftRun, str] = {
    LeftRun.by_hand: "left_by_hand",
    LeftRun.rejected: "left_rejected",
    LeftRun.failed: "left_failed",
}
"""What is said of a claim that is in its run no more."""


def _paid(database: Database, command: Command, now: datetime) -> Done | Refused:
    try:
        return perform(database, command, now)
    except Refused as refused:
        remember(database, command, refused, now)
        return refused
