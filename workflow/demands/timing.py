"""What expiring and reinstating demand: what time made of a claim, and what closes the gap."""

from collections.abc import Iterator
from functools import lru_cache

from models.money import written
from workflow.attempt import Attempt
from workflow.lapsing import CERTIFICATION, Lapse, lapsed, missing_day, overdue_report
from workflow.record import expiry_document
from workflow.refusals import Problem
from workflow.table import HOLDS_A_RESERVE


def expire(attempt: Attempt) -> Iterator[Problem]:
    """Yield why a claim does not expire today; put what makes it expire on the figures."""
    assert attempt.policy is not None
    dossier, today = attempt.dossier, attempt.today
    attempt.document = expiry_document(dossier, today)
    lapse = lapsed(dossier.claim, dossier.certificates, attempt.policy, today)
    if lapse is None:
        yield Problem("still_certified")
    else:
        attempt.figures = _figures(lapse)


@lru_cache(maxsize=1024)
def _figures(lapse: Lapse) -> dict[str, str]:
    """Return the figures that all claims share that expire by the same."""
    day = "missing_from" if lapse.because == CERTIFICATION else "deadline"
    return {"expired_by": lapse.because, day: lapse.day.isoformat()}


def reinstate(attempt: Attempt) -> Iterator[Problem]:
    """Yield what stands against a reinstatement."""
    claim, command, fund = attempt.dossier.claim, attempt.command, attempt.dossier.fund
    gap = missing_day(claim, attempt.dossier.certificates, attempt.today)
    if gap is not None:
        yield Problem("gap_open", figures={"first": gap.isoformat(), "last": attempt.today.isoformat()})
    if command.report_by is not None and command.report_by < attempt.today:
        yield Problem("deadline_past", "report_by", {"deadline": command.report_by.isoformat()})
    assert attempt.policy is not None
    deadline = overdue_report(claim, attempt.policy, attempt.today, claim.expired_from)
    if deadline is not None and command.report_by is None:
        yield Problem("deadline_needed", "report_by", {"deadline": deadline.isoformat()})
    available = fund.available if fund else 0
    if claim.expired_from in HOLDS_A_RESERVE and claim.approved > available:
        yield Problem(
            "fund_too_small", figures={"needed": written(claim.approved), "available": written(available)}
        )
    if command.report_by is not None:
        attempt.figures = {"report_by": command.report_by.isoformat()}
