"""One claim's decisions judged by another policy: which flip, by which rule, and what money moves. Pure."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import orjson

from models.base import canonical
from models.money import Cents, Exact, plain
from models.vocabulary import Effect, FlipKind, Trigger
from workflow.amounts import offered, reimbursable
from workflow.case import Facts
from workflow.documents import read_document
from workflow.dossier import AnyRow
from workflow.judgement import judge
from workflow.policies import Policy
from workflow.reading import FormError
from workflow.verdicts import Outcome, Verdict, verdict_from_row
from workflow.what_if.decisions import Decision, standing

PolicyOf = Callable[[int], Policy]
"""The policy of a version, by its id."""

AMOUNTS = frozenset({"claim.requested", "claim.approved"})
"""Where a remedy that only lowers the amount has its steps."""


_ONE_BROKEN = canonical(Outcome.broken)
"""What the text of verdicts holds where one is broken."""


class Flip(NamedTuple):
    """A rule that comes out otherwise at a move."""

    move_id: int
    rule: str
    kind: FlipKind


class Rejudged(NamedTuple):
    """What another policy makes of a claim. `effect` is None where nothing comes out otherwise.

    `before` and `after` are what the claim holds and what it would, in cents; `unread` counts the decisions
    whose documents could not be read for the policy.
    """

    effect: Effect | None
    before: Cents
    after: Cents
    flips: tuple[Flip, ...]
    decisions: int
    unread: int


class Heard(NamedTuple):
    """A decision judged again: the rules that were broken then, and every verdict now, on these facts."""

    decision: Decision
    facts: Facts
    was_broken: frozenset[str]
    now: tuple[Verdict, ...]


def judge_again(moves: Sequence[AnyRow], asked: Policy, policy_of: PolicyOf) -> Rejudged:
    """Return what a policy makes of a claim, from all the moves of its history in order.

    By the claim's own version nothing comes out otherwise, and every cent stays where it is.
    """
    decisions = standing(moves)
    heard = [one for decision in decisions if (one := hear(decision, asked, policy_of))]
    flips = tuple(flip for one in heard for flip in flips_of(one))
    unread = len(decisions) - len(heard)
    before = _held(moves[-1])
    admitted = _admitted(heard)
    if admitted:
        after = _most(heard[-1], asked)
    elif any(flip.kind is FlipKind.breaks for flip in flips):
        after = 0
    else:
        after = before if unread or not before else _chained(heard, before, asked, policy_of)
    rejected = bool(decisions) and not decisions[-1].allowed
    effect = Effect.admitted if admitted else _effect(flips, before, after, rejected=rejected)
    return Rejudged(effect, before, after, flips, len(decisions), unread)


def hear(decision: Decision, asked: Policy, policy_of: PolicyOf) -> Heard | None:
    """Return how a decision is judged by the asked policy; None where its document cannot be read for it."""
    move = decision.move
    try:
        if decision.allowed:
            was_broken = _broken(move.verdicts)
            facts = read_document(move.document, decision.checkpoint, asked)
        else:
            was_broken = frozenset(one.rule for one in said(decision, policy_of) if one.broken)
            facts = _as_if_granted(decision, asked)
    except FormError:
        return None
    return Heard(decision, facts, was_broken, judge(facts, asked, decision.checkpoint))


def said(decision: Decision, policy_of: PolicyOf) -> tuple[Verdict, ...]:
    """Return what the rules said at a decision, as history recorded it.

    A rejection recorded nothing: its own policy is asked, as if the most that could be had been granted.
    Raises FormError where its document cannot be read.
    """
    move = decision.move
    if decision.allowed:
        return tuple(map(verdict_from_row, orjson.loads(move.verdicts)))
    own = policy_of(move.policy_version_id)
    return judge(_as_if_granted(decision, own), own, decision.checkpoint)


def _broken(verdicts: str) -> frozenset[str]:
    """Return the rules that a text of verdicts says were broken."""
    if _ONE_BROKEN not in verdicts:
        return frozenset()  # nearly always, and it takes no time to see that
    return frozenset(row["rule"] for row in orjson.loads(verdicts) if row["outcome"] == Outcome.broken)


def flips_of(heard: Heard) -> Iterator[Flip]:
    """Yield the rules that come out otherwise at a decision."""
    for verdict in heard.now:
        if verdict.broken != (verdict.rule in heard.was_broken):
            yield Flip(heard.decision.move.id, verdict.rule, _kind(verdict))


def _kind(verdict: Verdict) -> FlipKind:
    if not verdict.broken:
        return FlipKind.holds
    if verdict.missing:
        return FlipKind.lacks
    return FlipKind.lowers if _lowers_amount(verdict) else FlipKind.breaks


def _lowers_amount(verdict: Verdict) -> bool:
    """Return whether a smaller amount puts a rule right."""
    return all(
        finding.steps and all(step.path in AMOUNTS for step in finding.steps) for finding in verdict.findings
    )


def _held(last: AnyRow) -> Cents:
    """Return what a claim was granted or, once accepted, is reimbursed; nothing where it holds nothing."""
    if not last.reserved + last.paid:
        return 0
    amount: Cents = last.reimbursable if last.reimbursable is not None else last.approved or 0
    return amount


def _chained(heard: Sequence[Heard], before: Cents, asked: Policy, policy_of: PolicyOf) -> Cents:
    """Return what a claim would hold where no decision falls: what is granted bounds what is reimbursed."""
    amount, granted = before, None
    for one in heard:
        if one.decision.checkpoint is Trigger.approve:
            amount = granted = _granted(one, asked, policy_of)
        elif one.decision.checkpoint is Trigger.accept:
            amount = _reimbursed(one, granted, asked, policy_of)
    return amount


def _effect(flips: Sequence[Flip], before: Cents, after: Cents, *, rejected: bool) -> Effect | None:
    kinds = {flip.kind for flip in flips}
    if rejected:
        return Effect.same if flips else None
    if FlipKind.breaks in kinds:
        return Effect.refused
    if after != before:
        return Effect.less if after < before else Effect.more
    if FlipKind.lacks in kinds:
        return Effect.lacking
    return Effect.same if flips else None


def _admitted(heard: Sequence[Heard]) -> bool:
    """Return whether a rule stood in the way of a claim that was rejected, and none does now."""
    if not heard or heard[-1].decision.allowed or not heard[-1].was_broken:
        return False
    return not any(verdict.broken for one in heard for verdict in one.now)


def _as_if_granted(decision: Decision, policy: Policy) -> Facts:
    """Return the facts of a rejection as they would have been at the approval of the most there could be."""
    move, claim = decision.move, decision.move.document.get("claim", {})
    if decision.checkpoint is not Trigger.approve:
        return read_document(move.document, decision.checkpoint, policy)
    asked_for = {**move.document, "claim": {**claim, "approved": plain(move.requested or 1)}}
    facts = read_document(asked_for, decision.checkpoint, policy)
    most = _offered(facts, move, policy)
    return facts._replace(claim=facts.claim._replace(approved=max(most, 1)))


def _most(heard: Heard, asked: Policy) -> Cents:
    """Return the most that a rejected claim could have been given by a policy."""
    move = heard.decision.move
    if heard.decision.checkpoint is Trigger.approve:
        return _offered(heard.facts, move, asked)
    return reimbursable(move.approved or 0, _accepted(heard.facts), asked)


def _granted(heard: Heard, asked: Policy, policy_of: PolicyOf) -> Cents:
    move, own = heard.decision.move, policy_of(heard.decision.move.policy_version_id)
    then, now = (_offered(heard.facts, move, policy) for policy in (own, asked))
    return _moved(move.approved or 0, then, now)


def _reimbursed(heard: Heard, granted: Cents | None, asked: Policy, policy_of: PolicyOf) -> Cents:
    move, own = heard.decision.move, policy_of(heard.decision.move.policy_version_id)
    accepted, approved = _accepted(heard.facts), move.approved or 0
    then = reimbursable(approved, accepted, own)
    now = reimbursable(approved if granted is None else granted, accepted, asked)
    return _moved(move.reimbursable or 0, then, now)


def _moved(given: Cents, most_then: Cents, most_now: Cents) -> Cents:
    """Return what would be given: the most again where it was the most; less was somebody's own judgement."""
    return most_now if given >= most_then else min(given, most_now)


def _offered(facts: Facts, move: AnyRow, policy: Policy) -> Cents:
    claim = facts.claim
    total = claim.exchange.in_usd(sum(line.amount for line in claim.lines))
    return offered(move.requested or 0, total, facts.fund.available, policy)


def _accepted(facts: Facts) -> Exact:
    claim = facts.claim
    return claim.exchange.in_usd(sum(line.amount for line in claim.actual_lines if line.accepted))
