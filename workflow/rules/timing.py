"""When: within the JMF period, and under a valid certification."""

from datetime import date, timedelta

from workflow.case import Case, Claim, Period
from workflow.certification import Days, gaps
from workflow.marking import N_
from workflow.rules.rule import A, C, Rule, S, X
from workflow.verdicts import Finding, Op, Ruling, Step, Whose, broken, holds


def _period(case: Case) -> Ruling:
    claim, period = case.facts.claim, case.facts.period
    figures = {
        "starts_on": claim.starts_on.isoformat(),
        "ends_on": claim.ends_on.isoformat(),
        "first_day": period.first_day.isoformat(),
        "last_day": period.last_day.isoformat(),
    }
    if period.first_day <= claim.starts_on and claim.ends_on <= period.last_day:
        return holds("inside", figures)
    return broken(figures, _widen(claim, period) if case.trigger is X else _move(claim, period))


def _move(claim: Claim, period: Period) -> Finding:
    """Return the finding with the nearest days of the same length in the period, or all of its days."""
    length = claim.ends_on - claim.starts_on
    if length > period.last_day - period.first_day:
        code, first, last = "too-long", period.first_day, period.last_day
    elif claim.starts_on < period.first_day:
        code, first, last = "outside", period.first_day, period.first_day + length
    else:
        code, first, last = "outside", period.last_day - length, period.last_day
    return Finding(
        code,
        {"move_from": first.isoformat(), "move_until": last.isoformat()},
        paths=("claim.starts_on", "claim.ends_on"),
        steps=(
            Step(Op.set, "claim.starts_on", first.isoformat()),
            Step(Op.set, "claim.ends_on", last.isoformat()),
        ),
    )


def _widen(claim: Claim, period: Period) -> Finding:
    """Return the finding at X: the plan stands by then, so the period's days would have to change."""
    first, last = min(claim.starts_on, period.first_day), max(claim.ends_on, period.last_day)
    return Finding(
        "outside-when-reported",
        {"widen_from": first.isoformat(), "widen_until": last.isoformat()},
        whose=Whose.vendor,
        paths=("period.first_day", "period.last_day"),
        steps=(
            Step(Op.set, "period.first_day", first.isoformat()),
            Step(Op.set, "period.last_day", last.isoformat()),
        ),
    )


def needed_days(claim: Claim, today: date) -> Days:
    """Return the days that certification must cover (rulebook, certification)."""
    submitted_on = claim.submitted_on or today
    return min(submitted_on, claim.starts_on), max(today, claim.ends_on)


def _certification(case: Case) -> Ruling:
    certificates = case.facts.partner.certificates
    first, last = needed_days(case.facts.claim, case.facts.today)
    figures = {"needed_from": first.isoformat(), "needed_until": last.isoformat()}
    missing = gaps(certificates, first, last)
    if not missing:
        return holds("covered", figures)
    return broken(figures, _uncovered(missing, none_on_file=not certificates))


def _uncovered(missing: list[Days], *, none_on_file: bool) -> Finding:
    return Finding(
        "none-on-file" if none_on_file else "gap",
        {"gaps": ", ".join(_range(days) for days in missing)},
        missing=none_on_file,
        whose=Whose.vendor if none_on_file else Whose.partner,
        paths=("partner.certificates",),
        steps=tuple(
            Step(
                Op.add,
                "partner.certificates",
                {"valid_from": first.isoformat(), "valid_until": last.isoformat()},
            )
            for first, last in missing
        ),
    )


def _range(days: Days) -> str:
    """Return a range as one word: `2026-03-31`, or `2026-03-31/2026-04-02`."""
    first, last = days
    one_day = last - first < timedelta(days=1)
    return first.isoformat() if one_day else f"{first.isoformat()}/{last.isoformat()}"


PERIOD = Rule(
    id="period",
    clause=N_(
        "An activity lies within the JMF period that pays for it, from its first day to its last"
        " (Requirements, 2nd paragraph)."
    ),
    checkpoints=frozenset({S, A, X}),
    reads=("period.first_day", "period.last_day", "claim.starts_on", "claim.ends_on"),
    judge=_period,
)

CERTIFICATION = Rule(
    id="certification",
    clause=N_(
        "The partner's certification is valid without a gap, from the earlier of submission and the"
        " activity's first day to the later of today and its last day (Requirements, 2nd paragraph)."
    ),
    checkpoints=frozenset({S, A, X, C}),
    reads=("today", "partner.certificates", "claim.starts_on", "claim.ends_on", "claim.submitted_on"),
    judge=_certification,
)
