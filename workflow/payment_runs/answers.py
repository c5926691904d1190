"""What is done with a bank's answers: each is held to the payments of the run, and nothing is guessed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from models.money import Cents
from models.payment_runs import run_reference
from models.vocabulary import LeftRun, State
from workflow.payment_runs.bank_files import Answer, Said
from workflow.payment_runs.contents import AnyPayment, ordered
from workflow.payment_runs.settling import end_to_end


class Deed(StrEnum):
    """What is done with an answer. All but the first three do nothing, and say why."""

    pay = "pay"
    reject = "reject"
    fail = "fail"
    recorded = "recorded"
    not_yours = "not_yours"
    differs = "differs"
    no_day = "no_day"
    not_paid = "not_paid"
    paid_already = "paid_already"
    gone = "gone"
    open = "open"
    unknown = "unknown"


DONE = frozenset({Deed.pay, Deed.reject, Deed.fail})
"""What changes something."""


@dataclass(frozen=True, slots=True)
class Planned:
    """An answer with what is done with it. `payment` is that of the run which it is about, if any.

    `reference` is what the payment is recorded with, or that of the one that failed.
    """

    answer: Answer
    deed: Deed
    payment: AnyPayment | None = None
    reference: str = ""


@dataclass(slots=True)
class Ledger:
    """What a run's answers are held to: its payments and what left it, by their end-to-end references.

    `made` are the payments that are on record of each claim and did not fail: reference and amount in cents.
    """

    run_id: int
    payments: Mapping[str, AnyPayment]
    left: Mapping[str, Any]
    made: dict[int, list[tuple[str, Cents]]]
    reader_id: int | None = None
    told: set[tuple[Said, int]] = field(default_factory=set)


def plan(ledger: Ledger, answers: Sequence[Answer]) -> list[Planned]:
    """Return what is done with each answer, one after the other: a payment may come back in the same file."""
    planned = []
    for answer in (each for one in answers for each in _one_by_one(ledger, one)):
        one = _planned(ledger, answer)
        _take_in(ledger, one)
        planned.append(one)
    return planned


def _one_by_one(ledger: Ledger, answer: Answer) -> Iterator[Answer]:
    """Yield an answer, or, where it is about the whole of this run, one for each of its payments."""
    if answer.end_to_end or answer.run != run_reference(ledger.run_id):
        yield answer
        return
    for reference in ledger.payments:
        yield replace(answer, end_to_end=reference)


def _planned(ledger: Ledger, answer: Answer) -> Planned:
    payment = ledger.payments.get(answer.end_to_end)
    gone = ledger.left.get(answer.end_to_end)
    of_another = answer.run not in ("", run_reference(ledger.run_id))
    if payment is not None and not of_another:
        return _ABOUT[answer.said](ledger, answer, payment)
    if gone is not None and not of_another:
        return Planned(answer, _DEED_OF_GONE.get((answer.said, gone.taken_out_why), Deed.gone), gone)
    return Planned(answer, Deed.unknown)


_DEED_OF_GONE = {
    (Said.rejected, LeftRun.rejected): Deed.recorded,
    (Said.returned, LeftRun.failed): Deed.recorded,
    (Said.paid, LeftRun.failed): Deed.recorded,
    (Said.open, LeftRun.by_hand): Deed.open,
    (Said.open, LeftRun.rejected): Deed.open,
    (Said.open, LeftRun.failed): Deed.open,
}


def _paid(ledger: Ledger, answer: Answer, payment: AnyPayment) -> Planned:
    reference = answer.reference or answer.end_to_end
    if _is_paid(ledger, payment):
        return Planned(answer, Deed.recorded, payment)
    if _differs(answer, payment):
        return Planned(answer, Deed.differs, payment)
    if answer.day is None:
        return Planned(answer, Deed.no_day, payment)
    if _accepted_it(ledger, payment):
        return Planned(answer, Deed.not_yours, payment)
    return Planned(answer, Deed.pay, payment, reference)


def _rejected(ledger: Ledger, answer: Answer, payment: AnyPayment) -> Planned:
    deed = Deed.reject
    if (Said.rejected, payment.id) in ledger.told:
        deed = Deed.recorded
    elif _is_paid(ledger, payment):
        deed = Deed.paid_already
    elif _differs(answer, payment):
        deed = Deed.differs
    elif _accepted_it(ledger, payment):
        deed = Deed.not_yours
    return Planned(answer, deed, payment)


def _returned(ledger: Ledger, answer: Answer, payment: AnyPayment) -> Planned:
    """Plan a failure where just one payment on record can be the one that came back."""
    if (Said.returned, payment.id) in ledger.told:
        return Planned(answer, Deed.recorded, payment)
    if not _is_paid(ledger, payment):
        return Planned(answer, Deed.not_paid, payment)
    amount = payment.amount
    same = [reference for reference, made in ledger.made.get(payment.id, ()) if made == amount]
    if _differs(answer, payment) or len(same) != 1:
        return Planned(answer, Deed.differs, payment)
    return Planned(answer, Deed.fail, payment, same[0])


def _open(_ledger: Ledger, answer: Answer, payment: AnyPayment) -> Planned:
    return Planned(answer, Deed.open, payment)


_ABOUT = {Said.paid: _paid, Said.rejected: _rejected, Said.returned: _returned, Said.open: _open}


def _is_paid(ledger: Ledger, payment: AnyPayment) -> bool:
    """Return whether the run's payment is on record, or is recorded by an answer before."""
    return payment.state is State.reimbursed or (Said.paid, payment.id) in ledger.told


def _accepted_it(ledger: Ledger, payment: AnyPayment) -> bool:
    """Return whether who reads the answers accepted the claim, or somebody did on their behalf."""
    return ledger.reader_id in (payment.accepted_by_id, payment.accepted_for_id)


def _differs(answer: Answer, payment: AnyPayment) -> bool:
    """Return whether a bank names another amount or currency than was ordered. Some statuses name none."""
    if answer.amount is None and not answer.currency:
        return answer.said is Said.returned
    return (answer.amount, answer.currency) != ordered(payment)


def _take_in(ledger: Ledger, one: Planned) -> None:
    """Let what is done with an answer be known to those after it."""
    if one.deed not in DONE or one.payment is None:
        return
    claim_id = one.payment.id
    ledger.told.add((one.answer.said, claim_id))
    if one.deed is Deed.pay:
        ledger.made.setdefault(claim_id, []).append((one.reference, one.payment.amount))


def by_reference(payments: Sequence[Any]) -> dict[str, Any]:
    """Return payments by their end-to-end references."""
    return {end_to_end(payment): payment for payment in payments}
