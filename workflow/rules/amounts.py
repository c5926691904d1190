"""How much may be asked for, and granted (rulebook, amounts)."""

from models.money import plain, share_of
from workflow.amounts import costs_needed
from workflow.case import Case
from workflow.marking import N_
from workflow.policies import plain_share
from workflow.rules.rule import A, Rule, S, cost
from workflow.verdicts import Finding, Op, Ruling, Step, Whose, broken, holds


def _funding_share(case: Case) -> Ruling:
    share = case.policy.max_funding_share
    limit = share_of(share, case.exchange.in_usd(case.total))
    figures = {
        "amount": plain(case.amount),
        **cost(case, "total", case.total),
        "share": plain_share(share),
        "limit": plain(limit),
    }
    if case.amount <= limit:
        return holds(_by(case, "within"), figures)
    return broken(figures, _lower(case, limit) if limit else _too_little_planned(case))


def _too_little_planned(case: Case) -> Finding:
    """Return the finding where the planned costs carry no amount at all: it names the costs that would."""
    needed = costs_needed(case.amount, case.policy)
    if needed is None:
        return Finding(_by(case, "nothing"), whose=_whose(case), paths=(_path(case),))
    costs = case.exchange.least_for(needed)
    return Finding(
        _by(case, "costs-needed"),
        cost(case, "needed", costs),
        missing=not case.lines,
        paths=("claim.lines",),
        steps=(Step(Op.total, "claim.lines", plain(costs)),),
    )


def _activity_cap(case: Case) -> Ruling:
    cap = case.policy.max_amount_per_activity
    figures = {"amount": plain(case.amount), "limit": plain(cap)}
    if case.amount <= cap:
        return holds(_by(case, "within"), figures)
    return broken(figures, _lower(case, cap))


def _available_amount(case: Case) -> Ruling:
    available = case.facts.fund.available
    figures = {"amount": plain(case.amount), "limit": plain(available)}
    if case.amount <= available:
        return holds("granted-within", figures)
    return broken(figures, _lower(case, available))


def _lower(case: Case, limit: int) -> Finding:
    """Return the finding that the amount is above a limit; lowering it to nothing is no remedy."""
    path = _path(case)
    if not limit:
        return Finding(_by(case, "nothing"), whose=_whose(case), paths=(path,))
    step = Step(Op.set, path, plain(limit))
    return Finding(_by(case, "above"), whose=_whose(case), paths=(path,), steps=(step,))


def _by(case: Case, code: str) -> str:
    return f"granted-{code}" if case.trigger is A else f"asked-{code}"


def _path(case: Case) -> str:
    return "claim.approved" if case.trigger is A else "claim.requested"


def _whose(case: Case) -> Whose:
    return Whose.vendor if case.trigger is A else Whose.partner


FUNDING_SHARE = Rule(
    id="funding-share",
    clause=N_(
        "The programme owner bears a limited share of an activity's total costs; the partner bears the rest"
        " (Requirements, 1st paragraph)."
    ),
    checkpoints=frozenset({S, A}),
    reads=("claim.{amount}", "claim.{lines}.amount", "claim.exchange"),
    judge=_funding_share,
)

ACTIVITY_CAP = Rule(
    id="activity-cap",
    clause=N_("There is a highest amount for any one activity (Requirements, 1st paragraph)."),
    checkpoints=frozenset({S, A}),
    reads=("claim.{amount}",),
    judge=_activity_cap,
)

AVAILABLE_AMOUNT = Rule(
    id="available-amount",
    clause=N_(
        "No more is granted than the partner's fund holds; what goes beyond, the partner bears"
        " (Requirements, 1st paragraph)."
    ),
    checkpoints=frozenset({A}),
    reads=("claim.{amount}", "fund.available"),
    judge=_available_amount,
)
