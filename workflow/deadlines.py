"""The deadlines of a claim, where its policy sets them (rulebook: all off by default)."""

from datetime import date, timedelta

from models.claims import Claim
from models.vocabulary import State
from workflow.dossier import AnyRow
from workflow.policies import Policy


def report_deadline(claim: AnyRow | Claim, policy: Policy) -> date | None:
    """Return the last day to report an approved claim: the claim's own, else the policy's.

    None for a claim that was accepted before: it does not expire.
    """
    if claim.accepted_on is not None:
        return None
    if claim.report_by is not None:
        by: date = claim.report_by
        return by
    return _after(claim.ends_on, policy.report_within_days)


def report_deadline_after_delay(claim: AnyRow, policy: Policy, days_late: int) -> date | None:
    """Return the last day to report what the programme owner decided late: the partner loses no day by it.

    None where the delay moves nothing.
    """
    deadline = report_deadline(claim, policy)
    return _after(deadline, days_late) if days_late else None


def report_again_deadline(claim: AnyRow, today: date, policy: Policy) -> date | None:
    """Return the last day to report once more after a rework today: no shorter than the first report had.

    None for a claim that was accepted before: it does not expire.
    """
    if claim.accepted_on is not None:
        return None
    again = _after(today, policy.report_within_days)
    return again and max(again, report_deadline(claim, policy) or again)


def resubmit_deadline(returned_on: date, policy: Policy) -> date | None:
    """Return the last day to submit again what was returned, by the policy it was submitted under."""
    return _after(returned_on, policy.resubmit_within_days)


def dispute_deadline(decided_on: date, policy: Policy) -> date | None:
    """Return the last day to dispute a decision."""
    return _after(decided_on, policy.dispute_within_days)


def decide_deadline(submitted_on: date | None, policy: Policy) -> date | None:
    """Return the day by which the programme owner means to decide on a submission."""
    return _after(submitted_on, policy.decide_within_days)


def pay_deadline(accepted_on: date, policy: Policy | None) -> date:
    """Return the day by which a claim is to be paid: that of its acceptance where nothing is set."""
    return (policy and _after(accepted_on, policy.pay_within_days)) or accepted_on


def next_deadline(claim: AnyRow | Claim, policy: Policy, due_on: date | None) -> date | None:
    """Return the deadline that now runs for a claim, if there is one. `due_on` is that of its open task.

    An accepted claim is to be paid at once, or by the day that its policy leaves: only that is a deadline.
    """
    if claim.state is State.approved:
        return report_deadline(claim, policy)
    if claim.state is State.draft:
        by: date | None = claim.resubmit_by
        return by
    if claim.state is State.accepted and policy.pay_within_days is not None:
        return claim.pay_by
    return due_on


def _after(day: date | None, days: int | None) -> date | None:
    if day is None or days is None:
        return None
    return day + min(timedelta(days=days), date.max - day)
