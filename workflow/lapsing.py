"""What time alone does to a claim: whether it expires on a day, by what, and from which day on. Pure.

The sweep asks it about today, the forecast about the days to come.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from models.vocabulary import State
from workflow.certification import Certified, first_gap
from workflow.deadlines import report_deadline
from workflow.dossier import AnyRow
from workflow.policies import Policy

CERTIFICATION = "certification"
REPORT = "report_within_days"


class Lapse(NamedTuple):
    """What a claim expires by: the first day without certification, or the last day to report, now past."""

    because: str
    day: date


class Expiry(NamedTuple):
    """The programme day on which a claim expires, and by what."""

    day: date
    lapse: Lapse


def lapsed(claim: AnyRow, certificates: Sequence[Certified], policy: Policy, today: date) -> Lapse | None:
    """Return what a claim expires by today, or None where it does not. Certification comes first."""
    if claim.accepted_on is not None or claim.state.value not in policy.expirable_states:
        return None
    missing = missing_day(claim, certificates, today)
    if missing is not None:
        return Lapse(CERTIFICATION, missing)
    deadline = overdue_report(claim, policy, today, claim.state)
    return None if deadline is None else Lapse(REPORT, deadline)


def expiry_until(
    claim: AnyRow, certificates: Sequence[Certified], policy: Policy, today: date, until: date
) -> Expiry | None:
    """Return the first day from today to `until` on which a claim expires if nothing else happens to it.

    A claim that is due once is due on every later day. So the first day is that of the first gap, or the day
    after the deadline, or today where that has passed.
    """
    missing = missing_day(claim, certificates, until)
    deadline = overdue_report(claim, policy, until, claim.state)
    days = [day for day in (missing, deadline and deadline + timedelta(days=1)) if day is not None]
    if not days:
        return None
    day = max(today, min(days))
    lapse = lapsed(claim, certificates, policy, day)
    return None if lapse is None else Expiry(day, lapse)


def missing_day(claim: AnyRow, certificates: Sequence[Certified], until: date) -> date | None:
    """Return the first day from a claim's submission to a day on which its partner is not certified."""
    return first_gap(tuple(certificates), claim.submitted_on, until) if claim.submitted_on else None


def overdue_report(claim: AnyRow, policy: Policy, today: date, state: State) -> date | None:
    """Return the day by which a claim in this state was to be reported, where that has passed."""
    if state is not State.approved:
        return None
    deadline = report_deadline(claim, policy)
    return deadline if deadline is not None and deadline < today else None
