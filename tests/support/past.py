"""Histories of claims for what-ifs: the rows of moves that a check document could have led to."""

import copy
from collections.abc import Mapping
from typing import Any, NamedTuple

from models.base import canonical
from models.money import parse_amount, plain
from models.vocabulary import State, Trigger
from tests.support.check_documents import Document
from workflow.amounts import offered, reimbursable
from workflow.documents import read_document
from workflow.judgement import judge
from workflow.policies import Policy, default_policy
from workflow.verdicts import verdict_to_row

OWN = 1
"""The version that a history was judged by."""

WAY = (
    (Trigger.submit, State.draft, State.submitted),
    (Trigger.approve, State.submitted, State.approved),
    (Trigger.report, State.approved, State.executed),
    (Trigger.accept, State.executed, State.accepted),
)


class Moved(NamedTuple):
    """A move as history holds it."""

    id: int
    trigger: Trigger
    source: State
    target: State
    document: Document
    verdicts: str
    requested: int
    approved: int | None = None
    reimbursable: int | None = None
    reserved: int = 0
    paid: int = 0
    policy_version_id: int = OWN


def history(
    document: Document,
    policy: Policy | None = None,
    *,
    until: Trigger = Trigger.accept,
    granted: int | None = None,
) -> list[Moved]:
    """Return the moves of a claim up to one, judged by a policy: it was granted the most, or less.

    It goes no further than money allows: nothing is granted, or reimbursed, of nothing.
    """
    policy = policy or default_policy()
    whole = copy.deepcopy(document)
    requested = parse_amount(whole["claim"]["requested"])
    facts = read_document(whole, Trigger.approve, policy)
    claim = facts.claim
    total = claim.exchange.in_usd(sum(line.amount for line in claim.lines))
    most = offered(requested, total, facts.fund.available, policy)
    given = max(most if granted is None else min(granted, most), 1)
    whole["claim"]["approved"] = plain(given)
    accepted = [
        line for line in read_document(whole, Trigger.accept, policy).claim.actual_lines if line.accepted
    ]
    worth = claim.exchange.in_usd(sum(line.amount for line in accepted))
    paid_back = reimbursable(given, worth, policy)
    moves = []
    for number, (trigger, source, target) in enumerate(WAY, start=1):
        row = {
            "approved": None if trigger is Trigger.submit else given,
            "reimbursable": paid_back if trigger is Trigger.accept else None,
            "reserved": {Trigger.submit: 0, Trigger.accept: paid_back}.get(trigger, given),
        }
        if (row["approved"], most) == (given, 0) or row["reimbursable"] == 0:
            break
        moves.append(move(number, trigger, source, target, whole, policy, requested=requested, **row))
        if trigger is until:
            break
    return moves


def move(
    number: int,
    trigger: Trigger,
    source: State,
    target: State,
    document: Document,
    policy: Policy | None = None,
    **row: Any,
) -> Moved:
    """Return one move; its verdicts are those of a policy where its document was judged."""
    verdicts = []
    if policy is not None:
        verdicts = [
            verdict_to_row(one) for one in judge(read_document(document, trigger, policy), policy, trigger)
        ]
    return Moved(number, trigger, source, target, document, canonical(verdicts), **row)


def rejected(document: Mapping[str, Any], policy: Policy | None = None) -> list[Moved]:
    """Return the moves of a claim that was submitted and rejected."""
    whole = dict(document)
    whole["claim"] = {name: value for name, value in document["claim"].items() if name != "approved"}
    (sent,) = history({**document}, policy, until=Trigger.submit)
    no = move(2, Trigger.reject, State.submitted, State.rejected, whole, requested=sent.requested)
    return [sent, no]
