"""What must hold before a move: who asks, what is plain sense, and the rules of the checkpoint.

Each trigger's own demands stand in one table. A guard reads the attempt, and raises Refused with everything
that stands in the way.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import lru_cache

from models.money import Cents, grouped, plain, share_of
from models.payment_runs import run_reference
from models.vocabulary import Role, State, Trigger
from workflow.amounts import offered, reimbursable
from workflow.attempt import Attempt
from workflow.certification import first_gap
from workflow.clock import programme_day
from workflow.completeness import plan_problems, report_problems
from workflow.deadlines import dispute_deadline, report_deadline, report_deadline_after_delay
from workflow.deductions import Deduction, Limits, deductions
from workflow.documents import read_document
from workflow.judgement import judge, judge_partial
from workflow.payments import too_much
from workflow.policies import Policy
from workflow.reading import FormError
from workflow.record import document_of, expiry_document, judged_on
from workflow.references import folded
from workflow.refusals import Problem, Refused
from workflow.routing import Stage
from workflow.table import HOLDS_A_RESERVE, MoveRow


def check(attempt: Attempt, row: MoveRow) -> None:
    """Put document and verdicts on the attempt; raise Refused where the move may not be made."""
    _refuse_any(who_problems(attempt, row))
    if row.needs_reason and not attempt.command.reason.strip():
        raise Refused(Problem("reason_missing", "reason"))
    problems = tuple(DEMANDS.get(row.trigger, _nothing)(attempt))
    if attempt.document is None:
        day = judged_on(attempt.dossier.claim, attempt.today) if row.checkpoint else attempt.today
        attempt.document = document_of(
            attempt.dossier,
            day,
            approved=attempt.command.approved,
            number=attempt.number,
            held=attempt.dossier.claim.reserved if row.trigger is Trigger.raise_ else 0,
        )
    if row.checkpoint is not None and _breaks_rules(attempt, row.checkpoint, incomplete=bool(problems)):
        problems += (Problem("rules"),)
    if problems:
        raise Refused(*problems, verdicts=attempt.verdicts)
    _refuse_any(AFTER_THE_RULES.get(row.trigger, _nothing)(attempt))


def who_problems(attempt: Attempt, row: MoveRow) -> Iterator[Problem]:
    """Yield why this actor may not make this move, whatever the claim holds."""
    actor, claim = attempt.command.actor, attempt.dossier.claim
    if row.role not in actor.roles:
        yield Problem("not_yours")
    elif row.role is Role.partner:
        if actor.partner_id is None or actor.partner_id != claim.partner_id:
            yield Problem("not_yours")
    elif actor.partner_id is not None and actor.partner_id == claim.partner_id:
        yield Problem("own_organisation")
    elif row.by_assignee and claim.assignee_id != actor.user_id:
        yield Problem("not_assigned")
    elif row.by_assignee and attempt.authority.ended:
        yield Problem("absence_over")
    elif row.trigger in OF_TIERS and attempt.stage.is_last is not OF_TIERS[row.trigger]:
        yield Problem("more_tiers" if OF_TIERS[row.trigger] else "last_tier")
    elif row.trigger in PAYS and claim.accepted_by_id == actor.user_id:
        yield Problem("accepted_it")
    elif row.trigger in PAYS and claim.accepted_for_id == actor.user_id:
        yield Problem("accepted_for_you")
    elif row.trigger in OF_PAID and bool(claim.paid) is not OF_PAID[row.trigger]:
        yield Problem("nothing_paid" if OF_PAID[row.trigger] else "paid_already")


OF_TIERS = {Trigger.endorse: False, Trigger.approve: True}
"""Moves that belong to a tier, and whether to the last."""

PAYS = frozenset({Trigger.reimburse, Trigger.pay_part})
"""Moves that whoever accepted the claim leaves to somebody else."""

OF_PAID = {Trigger.reopen: False, Trigger.payment_failed: True, Trigger.claw_back: True}
"""Moves for which it counts whether anything was paid, and whether it has to be."""


def _breaks_rules(attempt: Attempt, checkpoint: Trigger, *, incomplete: bool) -> bool:
    """Put the verdicts on the attempt, and return whether a rule is broken.

    What is `incomplete` may have no form to be judged; then its rules are judged by what is there.
    """
    if attempt.policy is None:
        return False
    document = attempt.document or {}
    try:
        facts = read_document(document, checkpoint, attempt.policy)
    except FormError:
        if not incomplete:
            raise
        attempt.verdicts = judge_partial(document, attempt.policy, checkpoint)
    else:
        attempt.verdicts = judge(facts, attempt.policy, checkpoint)
    return any(verdict.broken for verdict in attempt.verdicts)


def _nothing(_: Attempt) -> Iterable[Problem]:
    return ()


def _submit(attempt: Attempt) -> Iterator[Problem]:
    claim = attempt.dossier.claim
    yield from plan_problems(attempt.dossier)
    if attempt.policy is None:
        yield Problem("no_policy", figures={"day": attempt.today.isoformat()})
        return
    if claim.closed_at is not None:
        yield Problem("period_closed", "period_id", {"period": claim.period_code})
    if claim.resubmit_by is not None and claim.resubmit_by < attempt.today:
        yield Problem("resubmit_late", figures={"deadline": claim.resubmit_by.isoformat()})


def _endorse(attempt: Attempt) -> Iterator[Problem]:
    stage = attempt.stage
    yield from _amount_to_grant(attempt, stage)
    attempt.figures = {
        "endorsed": plain(attempt.command.approved or 0),
        "tier": str(stage.endorsed + 1),
        "tiers": str(len(stage.tiers)),
    }


def _approve(attempt: Attempt) -> Iterator[Problem]:
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
            {"approved": grouped(approved), "requested": grouped(claim.requested)},
        )
    elif stage.at_most is not None and approved > stage.at_most:
        figures = {"approved": grouped(approved), "endorsed": grouped(stage.at_most)}
        yield Problem("above_endorsed", "approved", figures)


def _beyond_limit(attempt: Attempt, amount: Cents, field: str = "") -> Iterator[Problem]:
    limit = attempt.authority.limit
    if limit is not None and amount > limit:
        yield Problem("above_limit", field, {"amount": grouped(amount), "limit": grouped(limit)})


def _approve_less(attempt: Attempt) -> Iterator[Problem]:
    assert attempt.policy is not None
    dossier, approved = attempt.dossier, attempt.command.approved or 0
    available = dossier.fund.available if dossier.fund else 0
    total = sum(line.amount for line in dossier.planned)
    asked = attempt.stage.at_most or dossier.claim.requested
    offer = offered(asked, total, available, attempt.policy)
    limits = (*_limits(total, attempt.policy), (Deduction.available, available))
    _disallow(attempt, asked, limits, approved)
    if approved < offer and not attempt.command.reason.strip():
        yield Problem(
            "less_needs_reason", "reason", {"approved": grouped(approved), "offered": grouped(offer)}
        )


def _limits(total: Cents, policy: Policy) -> tuple[tuple[Deduction, Cents], ...]:
    """Return what limits an amount by the policy: the share of a total of costs, and the cap."""
    share = share_of(policy.max_funding_share, total)
    return (Deduction.share, share), (Deduction.cap, policy.max_amount_per_activity)


def _disallow(attempt: Attempt, asked: Cents, limits: Limits, allowed: Cents) -> None:
    """Put on the attempt's figures what is disallowed of an amount by reason, where anything is."""
    found = deductions(asked, limits, allowed, attempt.command.reason_code)
    if found:
        parts = {reason.value: plain(amount) for reason, amount in found.items()}
        attempt.figures = {**(attempt.figures or {}), "disallowed": parts}


def _report(attempt: Attempt) -> Iterator[Problem]:
    deadline = _overdue_report(attempt, attempt.state)
    if deadline is not None:
        yield Problem("report_late", figures={"deadline": deadline.isoformat()})
    if attempt.dossier.actual:
        yield from report_problems(attempt.dossier)
    yield from _overdrawn(attempt, "shared_overdrawn")


def _overdrawn(attempt: Attempt, code: str) -> Iterator[Problem]:
    """Yield each shared invoice of which the claim would take more than remains."""
    for share in attempt.shares:
        part = share.part_in(attempt.dossier.actual)
        if part > share.remains:
            figures = {"total": share.total, "taken": share.taken, "remains": share.remains, "part": part}
            amounts = {name: grouped(amount) for name, amount in figures.items()}
            yield Problem(code, figures={"document": share.name, **amounts})


def _refusals_explained(attempt: Attempt) -> Iterator[Problem]:
    for line in attempt.dossier.actual:
        if line.accepted is False and not line.comment.strip():
            yield Problem("line_why_missing", f"why-{line.id}")


def _accept(attempt: Attempt) -> Iterator[Problem]:
    assert attempt.policy is not None
    claim = attempt.dossier.claim
    accepted = sum(line.amount for line in attempt.dossier.actual if line.accepted)
    attempt.reimbursable = reimbursable(min(claim.approved, claim.reserved), accepted, attempt.policy)
    limits = (*_limits(accepted, attempt.policy), (Deduction.available, claim.reserved))
    _disallow(attempt, claim.approved, limits, attempt.reimbursable)
    if not attempt.reimbursable:
        yield Problem("nothing_to_reimburse")
    yield from _beyond_limit(attempt, attempt.reimbursable)
    yield from _overdrawn(attempt, "shared_overaccepted")


def _reimburse(attempt: Attempt) -> Iterator[Problem]:
    claim = attempt.dossier.claim
    attempt.moved = claim.reserved
    yield from _payment(attempt)
    if claim.paid:
        attempt.figures = {**(attempt.figures or {}), "amount": plain(attempt.moved)}


def _pay_part(attempt: Attempt) -> Iterator[Problem]:
    claim = attempt.dossier.claim
    amount, left = attempt.command.amount or 0, claim.reserved
    if amount <= 0:
        yield Problem("part_missing", "amount")
    elif amount >= left:
        yield Problem("part_too_large", "amount", {"amount": grouped(amount), "left": grouped(left)})
    attempt.moved = amount
    yield from _payment(attempt)
    if claim.open_run_id is not None and claim.draft_run_id is None:
        yield Problem("in_released_run", figures={"run": run_reference(claim.open_run_id)})
    attempt.figures = {**(attempt.figures or {}), "amount": plain(amount)}


def _payment_failed(attempt: Attempt) -> Iterator[Problem]:
    reference = folded(attempt.command.payment_reference)
    named = {"reference": attempt.command.payment_reference.strip()}
    payment = next((each for each in attempt.asked if folded(each.reference) == reference), None)
    if not reference:
        yield Problem("reference_missing", "payment_reference")
    elif payment is None:
        yield Problem("no_such_payment", "payment_reference", named)
    elif payment.failed_by is not None:
        yield Problem("failed_already", "payment_reference", named)
    elif problem := too_much(payment.amount, attempt.dossier.claim.paid):
        yield problem
    else:
        attempt.payment, attempt.moved = payment, payment.amount
        attempt.figures = {"payment_reference": payment.reference, "amount": plain(payment.amount)}


def _claw_back(attempt: Attempt) -> Iterator[Problem]:
    proposal = attempt.asked[0] if attempt.asked else None
    if proposal is None:
        yield Problem("no_claw_back")
    elif proposal.proposed_by_id == attempt.command.actor.user_id:
        yield Problem("proposed_it")
    elif problem := too_much(proposal.amount, attempt.dossier.claim.paid):
        yield problem
    else:
        attempt.claw_back, attempt.moved = proposal, proposal.amount
        attempt.figures = {"amount": plain(proposal.amount), "proposed_by": proposal.proposed_by_id}


def _payment(attempt: Attempt) -> Iterator[Problem]:
    command, claim = attempt.command, attempt.dossier.claim
    if claim.pending_account_id is not None:
        yield Problem("account_pending")
    if claim.draft_run_id is not None:
        yield Problem("in_draft_run", figures={"run": run_reference(claim.draft_run_id)})
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
    attempt.figures = {
        "payment_reference": command.payment_reference.strip(),
        "paid_on": command.paid_on.isoformat() if command.paid_on else None,
    }


def _expire(attempt: Attempt) -> Iterator[Problem]:
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
    deadline = _overdue_report(attempt, attempt.state)
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


def _overdue_report(attempt: Attempt, state: State) -> date | None:
    assert attempt.policy is not None
    if state is not State.approved:
        return None
    deadline = report_deadline(attempt.dossier.claim, attempt.policy)
    return deadline if deadline is not None and deadline < attempt.today else None


def _reinstate(attempt: Attempt) -> Iterator[Problem]:
    claim, command, fund = attempt.dossier.claim, attempt.command, attempt.dossier.fund
    gap = _gap(attempt)
    if gap is not None:
        yield Problem("gap_open", figures={"first": gap.isoformat(), "last": attempt.today.isoformat()})
    if command.report_by is not None and command.report_by < attempt.today:
        yield Problem("deadline_past", "report_by", {"deadline": command.report_by.isoformat()})
    deadline = _overdue_report(attempt, claim.expired_from)
    if deadline is not None and command.report_by is None:
        yield Problem("deadline_needed", "report_by", {"deadline": deadline.isoformat()})
    available = fund.available if fund else 0
    if claim.expired_from in HOLDS_A_RESERVE and claim.approved > available:
        yield Problem(
            "fund_too_small", figures={"needed": grouped(claim.approved), "available": grouped(available)}
        )
    if claim.expired_from is State.executed:
        yield from _overdrawn(attempt, "shared_overdrawn")
    if command.report_by is not None:
        attempt.figures = {"report_by": command.report_by.isoformat()}


def _raise(attempt: Attempt) -> Iterator[Problem]:
    claim, approved = attempt.dossier.claim, attempt.command.approved or 0
    if approved <= claim.approved:
        yield Problem("raise_not_more", "approved", {"approved": grouped(claim.approved)})
    elif approved > claim.requested:
        figures = {"approved": grouped(approved), "requested": grouped(claim.requested)}
        yield Problem("above_requested", "approved", figures)
    yield from _beyond_limit(attempt, approved, "approved")


def _dispute(attempt: Attempt) -> Iterator[Problem]:
    assert attempt.policy is not None
    claim, fund = attempt.dossier.claim, attempt.dossier.fund
    if claim.disputed_on is not None:
        yield Problem("disputed_already", figures={"disputed_on": claim.disputed_on.isoformat()})
    deadline = dispute_deadline(programme_day(claim.state_since, claim.zone), attempt.policy)
    if deadline is not None and deadline < attempt.today:
        yield Problem("dispute_late", figures={"deadline": deadline.isoformat()})
    available = fund.available if fund else 0
    if claim.rejected_from in HOLDS_A_RESERVE and claim.approved > available:
        needed = {"needed": grouped(claim.approved), "available": grouped(available)}
        yield Problem("dispute_unfunded", figures=needed)
    if claim.rejected_from is State.executed:
        yield from _overdrawn(attempt, "shared_overdrawn")


DEMANDS: dict[Trigger, Callable[[Attempt], Iterable[Problem]]] = {
    Trigger.submit: _submit,
    Trigger.endorse: _endorse,
    Trigger.approve: _approve,
    Trigger.report: _report,
    Trigger.rework: _refusals_explained,
    Trigger.accept: _refusals_explained,
    Trigger.reimburse: _reimburse,
    Trigger.pay_part: _pay_part,
    Trigger.payment_failed: _payment_failed,
    Trigger.claw_back: _claw_back,
    Trigger.expire: _expire,
    Trigger.reinstate: _reinstate,
    Trigger.dispute: _dispute,
    Trigger.raise_: _raise,
    Trigger.amend: lambda attempt: plan_problems(attempt.dossier),
}
"""What a trigger demands besides the rules. What is wrong is told together with the rules that are broken."""

AFTER_THE_RULES: dict[Trigger, Callable[[Attempt], Iterable[Problem]]] = {
    Trigger.endorse: _approve_less,
    Trigger.approve: _approve_less,
    Trigger.accept: _accept,
}
"""What a trigger demands once its rules hold."""


def _refuse_any(problems: Iterable[Problem]) -> None:
    found = tuple(problems)
    if found:
        raise Refused(*found)
