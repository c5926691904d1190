"""What finance's moves demand: a day and a reference of the payment's own, an amount that is there."""

from collections.abc import Iterator

from models.money import plain, written
from models.payment_runs import run_reference
from models.vocabulary import RunState, State
from workflow.attempt import Attempt
from workflow.exchange import MOST_DAYS_OLD
from workflow.holds import payout_on
from workflow.payments import too_much
from workflow.payouts import figures_of, paid_in, taken_in
from workflow.references import folded
from workflow.refusals import Problem


def reimburse(attempt: Attempt) -> Iterator[Problem]:
    """Yield what stands against recording a payment of all that is left."""
    claim = attempt.dossier.claim
    attempt.moved = claim.reserved
    yield from _payment(attempt)
    held = attempt.asked[0]
    if held.run_amount not in (None, claim.reserved):
        amounts = {"amount": written(held.run_amount), "left": written(claim.reserved)}
        yield Problem("run_pays_another_amount", figures={"run": run_reference(held.open_run_id), **amounts})
    if claim.paid:
        attempt.figures = {**(attempt.figures or {}), "amount": plain(attempt.moved)}


def pay_part(attempt: Attempt) -> Iterator[Problem]:
    """Yield what stands against recording a payment of a part."""
    claim = attempt.dossier.claim
    amount, left = attempt.command.amount or 0, claim.reserved
    if amount <= 0:
        yield Problem("part_missing", "amount")
    elif amount >= left:
        yield Problem("part_too_large", "amount", {"amount": written(amount), "left": written(left)})
    attempt.moved = amount
    yield from _payment(attempt)
    yield from _in_released_run(attempt)
    attempt.figures = {**(attempt.figures or {}), "amount": plain(amount)}


def reopen(attempt: Attempt) -> Iterator[Problem]:
    """Yield what stands against a reopening: a run that is to pay the claim, or may have paid it."""
    yield from _in_draft_run(attempt)
    yield from _in_released_run(attempt)


def payment_failed(attempt: Attempt) -> Iterator[Problem]:
    """Yield what stands against recording that a payment failed."""
    reference = folded(attempt.command.payment_reference)
    named = {"reference": attempt.command.payment_reference.strip()}
    payment = next((each for each in attempt.asked if folded(each.reference) == reference), None)
    if not reference:
        yield Problem("reference_missing", "payment_reference")
    elif payment is None:
        yield Problem("no_such_payment", "payment_reference", named)
    elif payment.failed_by is not None:
        yield Problem("failed_already", "payment_reference", named)
    elif payment.run_state is RunState.released and attempt.state is State.accepted:
        yield Problem("in_released_run", figures={"run": run_reference(payment.run_id)})
    elif problem := too_much(payment.amount, attempt.dossier.claim.paid):
        yield problem
    else:
        attempt.payment, attempt.moved = payment, payment.amount
        amount = {"amount": plain(payment.amount), **paid_in(payment)}
        attempt.figures = {"payment_reference": payment.reference, **amount}


def claw_back(attempt: Attempt) -> Iterator[Problem]:
    """Yield what stands against taking back what was paid."""
    proposal = attempt.asked[0] if attempt.asked else None
    if proposal is None:
        yield Problem("no_claw_back")
    elif proposal.proposed_by_id == attempt.command.actor.user_id:
        yield Problem("proposed_it")
    elif problem := too_much(proposal.amount, attempt.dossier.claim.paid):
        yield problem
    else:
        attempt.claw_back, attempt.moved = proposal, proposal.amount
        amount = {"amount": plain(proposal.amount), **taken_in(proposal.amount, proposal)}
        attempt.figures = {**amount, "proposed_by": proposal.proposed_by_id}


def _payment(attempt: Attempt) -> Iterator[Problem]:
    command, claim, held = attempt.command, attempt.dossier.claim, attempt.asked[0]
    if held.pending_account_id is not None:
        yield Problem("account_pending")
    yield from _in_draft_run(attempt)
    if not folded(command.payment_reference):
        yield Problem("reference_missing", "payment_reference")
    if command.paid_on is None:
        yield Problem("paid_on_missing", "paid_on")
    elif command.paid_on > attempt.today:
        yield Problem("paid_on_future", "paid_on", {"paid_on": command.paid_on.isoformat()})
    elif claim.accepted_on and command.paid_on < claim.accepted_on:
        yield Problem(
            "paid_on_early",
            "paid_on",
            {"paid_on": command.paid_on.isoformat(), "accepted_on": claim.accepted_on.isoformat()},
        )
    attempt.payout = payout_on(command.paid_on, attempt.moved, claim, held)
    if attempt.payout is None and command.paid_on is not None:
        figures = {
            "currency": held.currency,
            "paid_on": command.paid_on.isoformat(),
            "most": str(MOST_DAYS_OLD),
        }
        yield Problem("no_day_rate", "paid_on", figures)
    attempt.figures = {
        "payment_reference": command.payment_reference.strip(),
        "paid_on": command.paid_on.isoformat() if command.paid_on else None,
        **(figures_of(attempt.payout, held) if attempt.payout else {}),
    }


def _in_draft_run(attempt: Attempt) -> Iterator[Problem]:
    held = attempt.asked[0]
    if held.draft_run_id is not None:
        yield Problem("in_draft_run", figures={"run": run_reference(held.draft_run_id)})


def _in_released_run(attempt: Attempt) -> Iterator[Problem]:
    held = attempt.asked[0]
    if held.open_run_id is not None and held.draft_run_id is None:
        yield Problem("in_released_run", figures={"run": run_reference(held.open_run_id)})
