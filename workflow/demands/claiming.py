"""What the partner's own moves demand: a whole plan, a report in time, a dispute that is still open to it."""

from collections.abc import Iterator
from datetime import date

from models.money import written
from workflow.attempt import Attempt
from workflow.clock import programme_day
from workflow.completeness import plan_problems, report_problems
from workflow.deadlines import dispute_deadline
from workflow.demands.sharing import overdrawn
from workflow.dossier import AnyRow, Dossier
from workflow.exchange import MOST_DAYS_OLD, USD, young_enough
from workflow.lapsing import overdue_report
from workflow.refusals import Problem
from workflow.table import HOLDS_A_RESERVE


def submit(attempt: Attempt) -> Iterator[Problem]:
    """Yield what stands against a submission."""
    claim = attempt.dossier.claim
    yield from to_submit(attempt.dossier, attempt.today)
    if attempt.policy is None:
        yield Problem("no_policy", figures={"day": attempt.today.isoformat()})
        return
    if claim.closed_at is not None:
        yield Problem("period_closed", "period_id", {"period": claim.period_code})
    if claim.resubmit_by is not None and claim.resubmit_by < attempt.today:
        yield Problem("resubmit_late", figures={"deadline": claim.resubmit_by.isoformat()})


def to_submit(dossier: Dossier, today: date) -> Iterator[Problem]:
    """Yield what a plan lacks to be submitted on a day, and that its currency has no rate to be pinned."""
    yield from plan_problems(dossier)
    yield from _rate(dossier.claim, today)


def _rate(claim: AnyRow, today: date) -> Iterator[Problem]:
    if claim.currency == USD:
        return
    figures = {"currency": claim.currency, "most": str(MOST_DAYS_OLD)}
    if claim.rate_id is None:
        yield Problem("no_rate", "currency", figures)
    elif not young_enough(claim.rate_day, today):
        yield Problem("rate_old", "currency", {**figures, "day": claim.rate_day.isoformat()})


def report(attempt: Attempt) -> Iterator[Problem]:
    """Yield what stands against a report."""
    assert attempt.policy is not None
    deadline = overdue_report(attempt.dossier.claim, attempt.policy, attempt.today, attempt.state)
    if deadline is not None:
        yield Problem("report_late", figures={"deadline": deadline.isoformat()})
    if attempt.dossier.actual:
        yield from report_problems(attempt.dossier)
    yield from overdrawn(attempt, "shared_overdrawn")


def dispute(attempt: Attempt) -> Iterator[Problem]:
    """Yield what stands against disputing a rejection."""
    assert attempt.policy is not None
    claim, fund = attempt.dossier.claim, attempt.dossier.fund
    if claim.disputed_on is not None:
        yield Problem("disputed_already", figures={"disputed_on": claim.disputed_on.isoformat()})
    deadline = dispute_deadline(programme_day(claim.state_since, claim.zone), attempt.policy)
    if deadline is not None and deadline < attempt.today:
        yield Problem("dispute_late", figures={"deadline": deadline.isoformat()})
    available = fund.available if fund else 0
    if claim.rejected_from in HOLDS_A_RESERVE and claim.approved > available:
        needed = {"needed": written(claim.approved), "available": written(available)}
        yield Problem("dispute_unfunded", figures=needed)
