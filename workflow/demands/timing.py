"""What expiring and reinstating demand: what time made of a claim, and what closes the gap."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from models.money import written
from models.vocabulary import State
from workflow.attempt import Attempt
from workflow.certification import first_gap
from workflow.deadlines import report_deadline
from workflow.record import expiry_document
from workflow.refusals import Problem
from workflow.table import HOLDS_A_RESERVE


def expire(attempt: Attempt) -> Iterator[Problem]:
    """Yield why a claim does not expire today; put what makes it expire on the figures."""
    assert attempt.policy is not None
    attempt.document = expiry_document(attempt.dossier, attempt.today)
    attempt.figures = expiry_figures(attempt)
    may_expire = (
        attempt.state.value in attempt.policy.expirable_states and not attempt.dossier.claim.accepted_on
    )
    if attempt.figures is None or not may_expire:
        yield Problem("still_certified")


def expiry_figures(attempt: Attempt) -> dict[str, str] | None:
    """Return what makes the claim expire today (days missed, or a deadline passed), or None."""
    gap = _gap(attempt)
    if gap is not None:
        return _lapsed_on(gap)
    deadline = overdue_report(attempt, attempt.state)
    return (
        None if deadline is None else {"expired_by": "report_within_days", "deadline": deadline.isoformat()}
    )


@lru_cache(maxsize=1024)
def _lapsed_on(first: date) -> dict[str, str]:
    """Return the figures that all claims share whose first missing day is the same."""
    return {"expired_by": "certification", "missing_from": first.isoformat()}


def _gap(attempt: Attempt) -> date | None:
    """Return the first day from the submission to today on which the partner is not certified."""
    submitted_on = attempt.dossier.claim.submitted_on
    return first_gap(attempt.dossier.certificates, submitted_on, attempt.today) if submitted_on else None


def overdue_report(attempt: Attempt, state: State) -> date | None:
    """Return the day by which a claim in this state was to be reported, where that has passed."""
    assert attempt.policy is not None
    if state is not State.approved:
        return None
    deadline = report_deadline(attempt.dossier.claim, attempt.policy)
    return deadline if deadline is not None and deadline < attempt.today else None


def reinstate(attempt: Attempt) -> Iterator[Problem]:
    """Yield what stands against a reinstatement."""
    claim, command, fund = attempt.dossier.claim, attempt.command, attempt.dossier.fund
    gap = _gap(attempt)
    if gap is not None:
        yield Problem("gap_open", figures={"first": gap.isoformat(), "last": attempt.today.isoformat()})
    if command.report_by is not None and command.report_by < attempt.today:
        yield Problem("deadline_past", "report_by", {"deadline": command.report_by.isoformat()})
    deadline = overdue_report(attempt, claim.expired_from)
    if deadline is not None and command.report_by is None:
        yield Problem("deadline_needed", "report_by", {"deadline": deadline.isoformat()})
    available = fund.available if fund else 0
    if claim.expired_from in HOLDS_A_RESERVE and claim.approved > available:
        yield Problem(
            "fund_too_small", figures={"needed": written(claim.approved), "available": written(available)}
        )
    if command.report_by is not None:
        attempt.figures = {"report_by": command.report_by.isoformat()}
