"""Gifts and rewards: never large ones, and rewards only at large activities and within their share."""

from collections.abc import Iterator

from models.money import digits, plain, share_of
from workflow.case import Case, NumberedLine
from workflow.catalogue import GIFTS, REWARDS
from workflow.marking import N_
from workflow.policies import plain_share
from workflow.rules.rule import EACH_LINE, A, C, Rule, S, at, cost, limit, numbers, paths, take_out
from workflow.verdicts import Finding, Op, Ruling, Step, broken, holds


def _large_gifts(case: Case) -> Ruling:
    threshold = case.policy.large_gift_unit_value
    gifts = [(index, line) for index, line in case.lines if line.category in GIFTS]
    figures = limit(case, "threshold", threshold)
    if not gifts:
        return holds("none", figures)
    figures |= cost(case, "unit_value", max(line.unit_value or 0 for _, line in gifts))
    large = above(case, gifts, threshold)
    return broken(figures, too_dear(case, large, threshold)) if large else holds("within", figures)


def above(case: Case, lines: list[NumberedLine], most: int) -> list[NumberedLine]:
    """Return the lines whose unit value, unrounded, is above a limit in US dollars."""
    return [(index, line) for index, line in lines if case.exchange.in_usd(line.unit_value or 0) > most]


def too_dear(case: Case, lines: list[NumberedLine], most: int, code: str = "above") -> Finding:
    """Return the finding that unit values are above a limit: lower them, or do not accept the lines."""
    where = paths(case, lines, "unit_value")
    lowered = tuple(Step(Op.set, path, plain(case.exchange.most_for(most))) for path in where)
    return Finding(
        at(case, code),
        {"lines": numbers(lines)},
        paths=where,
        steps=take_out(case, lines) if case.accepting else lowered,
    )


def _reward_share(case: Case) -> Ruling:
    rewards = [(index, line) for index, line in case.lines if line.category in REWARDS]
    share, threshold = case.policy.max_reward_share, case.policy.large_activity_attendees
    attendees = case.facts.claim.expected_attendees
    in_all = sum(line.amount for _, line in rewards)
    most = share_of(share, case.total)  # all of it in the currency of the lines: no rate changes a share
    figures = {
        **cost(case, "rewards", in_all),
        **cost(case, "total", case.total),
        "share": plain_share(share),
        **cost(case, "limit", most),
        "attendees": digits(attendees or 0),
        "least_attendees": digits(threshold),
    }
    if not rewards:
        return holds("none", figures)
    findings = [*_small(case, rewards), *_beyond_share(case, rewards, in_all, most)]
    return broken(figures, *findings) if findings else holds("within", figures)


def _small(case: Case, rewards: list[NumberedLine]) -> Iterator[Finding]:
    figures = {"lines": numbers(rewards)}
    if _all_out(case):
        where = paths(case, rewards, "category")
        yield Finding(at(case, "small"), figures, paths=where, steps=take_out(case, rewards))
    elif _is_small(case):
        path = "claim.expected_attendees"
        step = Step(Op.set, path, case.policy.large_activity_attendees)
        yield Finding("attendees-missing", figures, missing=True, paths=(path,), steps=(step,))


def _is_small(case: Case) -> bool:
    return (case.facts.claim.expected_attendees or 0) < case.policy.large_activity_attendees


def _all_out(case: Case) -> bool:
    """Return whether the activity is small and stays so: the attendees are stated, or the plan is past."""
    return _is_small(case) and (case.accepting or case.facts.claim.expected_attendees is not None)


def _beyond_share(case: Case, rewards: list[NumberedLine], in_all: int, most: int) -> Iterator[Finding]:
    """Yield that the rewards are above their share, unless all have to go anyhow."""
    if in_all <= most or _all_out(case):
        return
    allowed = _allowed(case, in_all)
    if case.accepting:
        yield _accept_fewer(case, rewards, in_all)
    elif allowed:
        yield _lower_to(case, rewards, in_all, allowed)
    else:
        where = paths(case, rewards, "amount")
        figures = {"lines": numbers(rewards)}
        yield Finding("planned-none-left", figures, paths=where, steps=take_out(case, rewards))


def _allowed(case: Case, in_all: int) -> int:
    """Return the most that rewards may be beside the other costs.

    Lowering rewards lowers the total as well, so r ≤ share × (others + r) is solved for r. Called where
    rewards are above their share, which is then below 1.
    """
    share = case.policy.max_reward_share
    allowed = share.numerator * (case.total - in_all) // (share.denominator - share.numerator)
    return allowed - allowed % case.exchange.unit


def _lower_to(case: Case, rewards: list[NumberedLine], in_all: int, allowed: int) -> Finding:
    """Return the finding whose steps cut the rewards, from the last line on, to what is allowed."""
    excess = in_all - allowed
    steps: list[Step] = []
    cut: list[NumberedLine] = []
    for index, line in reversed(rewards):
        if not excess:
            break
        left = max(line.amount - excess, 0)
        excess -= line.amount - left
        cut.append((index, line))
        path = f"{case.lines_path}[{index}]"
        steps.append(Step(Op.set, f"{path}.amount", plain(left)) if left else Step(Op.remove, path))
    figures = {**cost(case, "allowed", allowed), "lines": numbers(reversed(cut))}
    return Finding("planned-above", figures, paths=paths(case, cut, "amount"), steps=tuple(steps))


def _accept_fewer(case: Case, rewards: list[NumberedLine], in_all: int) -> Finding:
    """Return the finding at C whose steps leave reward lines out, from the last on, until the share holds."""
    total = case.total
    dropped: list[NumberedLine] = []
    for index, line in reversed(rewards):
        if in_all <= share_of(case.policy.max_reward_share, total):
            break
        in_all, total = in_all - line.amount, total - line.amount
        dropped.append((index, line))
    dropped.reverse()
    figures = {"lines": numbers(dropped)}
    return Finding(
        "accepted-above", figures, paths=paths(case, dropped, "accepted"), steps=take_out(case, dropped)
    )


LARGE_GIFTS = Rule(
    id="large-gifts",
    clause=N_("The fund does not pay for gifts of a large amount (Prohibited, 1st item)."),
    checkpoints=frozenset({S, A, C}),
    reads=(EACH_LINE, "claim.{lines}.category", "claim.{lines}.unit_value", "claim.exchange"),
    judge=_large_gifts,
)

REWARD_SHARE = Rule(
    id="reward-share",
    clause=N_(
        "Door gifts and lottery prizes are for large activities only, and limited to a share of the total"
        " budget (Prohibited, 1st item)."
    ),
    checkpoints=frozenset({S, A, C}),
    reads=(
        EACH_LINE,
        "claim.expected_attendees",
        "claim.{lines}.category",
        "claim.{lines}.amount",
        "claim.exchange",
    ),
    judge=_reward_share,
)
