"""What an approver's yes demands: an amount within its bounds, reasons for less, refusals explained."""

from collections.abc import Iterable, Iterator

from models.money import Cents, Exact, plain, share_of, written
from workflow.amounts import offered, reimbursable
from workflow.attempt import Attempt
from workflow.coverage import INVOICE, unproven
from workflow.deadlines import report_deadline_after_delay
from workflow.deductions import CHOSEN, Deduction, Limits, deductions, limits_of_costs, refused_costs
from workflow.demands.sharing import overdrawn
from workflow.dossier import AnyRow, worth
from workflow.exchange import USD
from workflow.policies import Policy
from workflow.refusals import Problem
from workflow.routing import Stage


def endorse(attempt: Attempt) -> Iterator[Problem]:
    """Yield what stands against an endorsement; put its amount and tier on the figures."""
    stage = attempt.stage
    yield from _amount_to_grant(attempt, stage)
    attempt.figures = {
        "endorsed": plain(attempt.command.approved or 0),
        "tier": str(stage.endorsed + 1),
        "tiers": str(len(stage.tiers)),
    }


def approve(attempt: Attempt) -> Iterator[Problem]:
    """Yield what stands against an approval; put what a delay moves on the figures."""
    stage = attempt.stage
    yield from _amount_to_grant(attempt, stage)
    yield from _beyond_limit(attempt, attempt.command.approved or 0, "approved")
    late = stage.days_late + attempt.days_late
    moved = attempt.policy and report_deadline_after_delay(attempt.dossier.claim, attempt.policy, late)
    if moved:
        attempt.figures = {"days_late": str(late), "report_by": moved.isoformat()}


def _amount_to_grant(attempt: Attempt, stage: Stage) -> Iterator[Problem]:
    claim, approved = attempt.dossier.claim, attempt.command.approved
    if attempt.dossier.fund is None:
        yield Problem("no_fund", figures={"period": claim.period_code})
    if approved is None or approved <= 0:
        yield Problem("amount_missing", "approved")
    elif approved > claim.requested:
        yield Problem(
            "above_requested",
            "approved",
            {"approved": written(approved), "requested": written(claim.requested)},
        )
    elif stage.at_most is not None and approved > stage.at_most:
        figures = {"approved": written(approved), "endorsed": written(stage.at_most)}
        yield Problem("above_endorsed", "approved", figures)


def _beyond_limit(attempt: Attempt, amount: Cents, field: str = "") -> Iterator[Problem]:
    limit = attempt.authority.limit
    if limit is not None and amount > limit:
        yield Problem("above_limit", field, {"amount": written(amount), "limit": written(limit)})


def approve_less(attempt: Attempt) -> Iterator[Problem]:
    """Yield what is missing where less is granted than could be; put what is disallowed on the figures."""
    assert attempt.policy is not None
    dossier, approved = attempt.dossier, attempt.command.approved or 0
    available = dossier.fund.available if dossier.fund else 0
    total = worth(dossier, dossier.planned)
    asked = attempt.stage.at_most or dossier.claim.requested
    offer = offered(asked, total, available, attempt.policy)
    limits = (*_limits(total, attempt.policy), (Deduction.available, available))
    _disallow(attempt, asked, limits, approved)
    if approved < offer and not attempt.command.reason.strip():
        yield Problem(
            "less_needs_reason", "reason", {"approved": written(approved), "offered": written(offer)}
        )


def _limits(total: Exact, policy: Policy) -> tuple[tuple[Deduction, Cents], ...]:
    """Return what limits an amount by the policy: the share of a total of costs, and the cap."""
    share = share_of(policy.max_funding_share, total)
    return (Deduction.share, share), (Deduction.cap, policy.max_amount_per_activity)


def _disallow(attempt: Attempt, asked: Cents, limits: Limits, allowed: Cents) -> None:
    """Put on the attempt's figures what is disallowed of an amount by reason, where anything is."""
    found = deductions(asked, limits, allowed, attempt.command.reason_code)
    if found:
        parts = {reason.value: plain(amount) for reason, amount in found.items()}
        attempt.figures = {**(attempt.figures or {}), "disallowed": parts}


def refusals_explained(attempt: Attempt) -> Iterator[Problem]:
    """Yield the refused cost lines that lack a reason; put what is refused by reason on the figures."""
    lines = attempt.dossier.actual
    yield from unexplained(lines)
    refused = _refused(lines)
    if refused:
        by_reason = {reason.value: plain(amount) for reason, amount in refused.items()}
        currency = attempt.dossier.claim.currency
        attempt.figures = {**(attempt.figures or {}), "refused_costs": by_reason}
        if currency != USD:
            attempt.figures["costs_in"] = currency


def unexplained(lines: Iterable[AnyRow]) -> Iterator[Problem]:
    """Yield the refused cost lines that lack a reason, in a word and in a sentence."""
    for line in lines:
        if line.accepted is False and line.reason_code not in CHOSEN:
            yield Problem("line_code_missing", f"code-{line.id}")
        if line.accepted is False and not line.comment.strip():
            yield Problem("line_why_missing", f"why-{line.id}")


def _refused(lines: Iterable[AnyRow]) -> dict[Deduction, Cents]:
    refused = (line for line in lines if line.accepted is False and line.reason_code in CHOSEN)
    return refused_costs((Deduction(line.reason_code), line.amount) for line in refused)


def _refused_worth(attempt: Attempt) -> dict[Deduction, Exact]:
    exchange = attempt.dossier.exchange
    assert exchange is not None
    return {reason: exchange.in_usd(amount) for reason, amount in _refused(attempt.dossier.actual).items()}


def costs_settled(attempt: Attempt) -> Iterator[Problem]:
    """Yield the cost lines that are open, refused without a reason, or accepted without proof."""
    lines, evidence = attempt.dossier.actual, attempt.dossier.evidence
    for number, line in enumerate(lines, start=1):
        if line.accepted is None:
            yield Problem("line_open", f"line-{line.id}", {"number": str(number)})
    yield from refusals_explained(attempt)
    if attempt.policy and takes_invoices(attempt.policy, attempt.dossier.claim.activity_type):
        yield from accepted_without_proof(lines, evidence)


def takes_invoices(policy: Policy, activity_type: str) -> bool:
    """Return whether an activity type demands invoices. Where a policy does not, no line needs one."""
    activity = policy.catalogue.types.get(activity_type)
    return activity is not None and INVOICE in activity.evidence


def accepted_without_proof(lines: Iterable[AnyRow], evidence: Iterable[AnyRow]) -> Iterator[Problem]:
    """Yield the accepted cost lines that no good invoice proves."""
    for line in unproven(lines, evidence).values():
        if line.accepted:
            yield Problem("line_unproven", f"proof-{line.id}")


def accept(attempt: Attempt) -> Iterator[Problem]:
    """Yield what stands against an acceptance whose rules hold; put what is reimbursable on the attempt."""
    assert attempt.policy is not None
    claim = attempt.dossier.claim
    lines, policy = attempt.dossier.actual, attempt.policy
    accepted = worth(attempt.dossier, [line for line in lines if line.accepted])
    attempt.reimbursable = reimbursable(min(claim.approved, claim.reserved), accepted, policy)
    limits = (
        *limits_of_costs(worth(attempt.dossier, lines), _refused_worth(attempt), policy.max_funding_share),
        (Deduction.cap, policy.max_amount_per_activity),
        (Deduction.available, claim.reserved),
    )
    _disallow(attempt, claim.approved, limits, attempt.reimbursable)
    if not attempt.reimbursable:
        yield Problem("nothing_to_reimburse")
    yield from _beyond_limit(attempt, attempt.reimbursable)
    yield from overdrawn(attempt, "shared_overaccepted")


def raise_(attempt: Attempt) -> Iterator[Problem]:
    """Yield what stands against raising a disputed amount."""
    claim, approved = attempt.dossier.claim, attempt.command.approved or 0
    if approved <= claim.approved:
        yield Problem("raise_not_more", "approved", {"approved": written(claim.approved)})
    elif approved > claim.requested:
        figures = {"approved": written(approved), "requested": written(claim.requested)}
        yield Problem("above_requested", "approved", figures)
    yield from _beyond_limit(attempt, approved, "approved")
