"""What the rules say of a claim now, and of one being typed. The evaluator is the one of the moves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any, cast

from models.claims import Claim
from models.funds import Fund
from models.money import Cents, Exact, rounded_up, share_of
from models.programme import Period
from models.vocabulary import LineKind, State, Trigger
from web.policies import policy_of
from web.services import reading, today
from web.verdicts import VerdictItem, troubles_first, verdict_items
from workflow.amounts import offered
from workflow.dossier import AnyRow, Dossier
from workflow.gathering import gather
from workflow.judgement import judge_partial
from workflow.policies import Policy
from workflow.rates import rate_columns
from workflow.record import document_of, judged_on
from workflow.sharing import Share, shares_of

NEXT_CHECKPOINT: dict[State, Trigger] = {
    State.draft: Trigger.submit,
    State.submitted: Trigger.approve,
    State.approved: Trigger.report,
    State.executed: Trigger.accept,
}
"""The move with rules that comes next on the straight way."""


@dataclass(frozen=True, slots=True)
class Sums:
    """The money of a plan, in cents. `most` is what may be asked for, `granted` what would be granted now.

    `total` is in the currency of the lines, and `worth` in US dollars, unrounded. What follows from it is
    None while the currency has no rate.
    """

    total: Cents
    worth: Exact | None
    most: Cents | None
    requested: Cents | None
    available: Cents | None
    granted: Cents | None
    has_period: bool

    @property
    def borne(self) -> Cents | None:
        """Return what the partner would bear of the total; None while nothing would be granted."""
        return max(0, rounded_up(self.worth) - self.granted) if self.granted and self.worth else None


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim as the rules see it at its next checkpoint."""

    trigger: Trigger
    items: list[VerdictItem]
    sums: Sums

    @property
    def troubles_first(self) -> list[VerdictItem]:
        """Return what the rules say, with what still needs something first."""
        return troubles_first(self.items)

    def count(self, outcome: str) -> int:
        """Return how many rules came out so: `holds`, `broken` or `unknown`."""
        return sum(item.outcome == outcome for item in self.items)


def dossier_of(claim_id: int) -> Dossier:
    """Return all that is known about a claim, read only."""
    return gather(reading().connection(), [claim_id], lock=False)[claim_id]


def shares_in(dossier: Dossier) -> list[tuple[Share, Cents]]:
    """Return the shared invoices that a claim's cost lines bear, each with the part that they take."""
    found = shares_of(reading().connection(), dossier, lock=False)
    return [(share, share.part_in(dossier.actual)) for share in found]


def judged(dossier: Dossier, policy: Policy) -> Judged | None:
    """Return what the rules say of a claim at its next checkpoint; None where no rule is to come."""
    trigger = NEXT_CHECKPOINT.get(dossier.claim.state)
    return None if trigger is None else judged_at(trigger, dossier, policy)


def judged_at(trigger: Trigger, dossier: Dossier, policy: Policy) -> Judged:
    """Return what the rules say of a claim at a checkpoint."""
    sums = sums_of(dossier, policy)
    granted = sums.granted if trigger is Trigger.approve else None
    day = judged_on(dossier.claim, today())
    document = document_of(dossier, day, approved=granted)
    items = verdict_items(judge_partial(document, policy, trigger), policy)
    return Judged(trigger, items, sums)


def sums_of(dossier: Dossier, policy: Policy) -> Sums:
    """Return the money of a claim's plan."""
    total = sum(line.amount or 0 for line in dossier.planned)
    worth = dossier.exchange.in_usd(total) if dossier.exchange else None
    requested = dossier.claim.requested
    available = dossier.fund.available if dossier.fund else None
    most, granted = None, None
    if worth is not None:
        most = min(share_of(policy.max_funding_share, worth), policy.max_amount_per_activity)
        granted = None if requested is None else offered(requested, worth, available or 0, policy)
    return Sums(total, worth, most, requested, available, granted, dossier.claim.period_id is not None)


def as_typed(
    dossier: Dossier,
    plan: Mapping[str, Any],
    lines: Sequence[Mapping[str, Any]],
    period: Period | None,
    fund: Fund | None,
) -> Dossier:
    """Return the dossier with a plan in place of the stored one."""
    drawn_on = {
        "period_code": period.code if period else None,
        "first_day": period.first_day if period else None,
        "last_day": period.last_day if period else None,
        "closed_at": period.closed_at if period else None,
        "open_period_id": None,  # a form chooses the open one that holds the first day, if there is any
    }
    gone_by = rate_columns(reading().connection(), dossier.claim, plan["currency"])
    claim = SimpleNamespace(**{**dossier.claim._asdict(), **plan, **drawn_on, **gone_by})
    rows = [SimpleNamespace(kind=LineKind.planned, **line) for line in lines]
    return replace(dossier, claim=cast(AnyRow, claim), lines=cast(Any, rows), fund=cast(Any, fund))


def reported(dossier: Dossier, lines: Sequence[Mapping[str, Any]]) -> Dossier:
    """Return the dossier with typed cost lines in place of the stored ones."""
    rows = [SimpleNamespace(kind=LineKind.actual, accepted=None, **line) for line in lines]
    return replace(dossier, lines=cast(Any, [*dossier.planned, *rows]))


def policy_for(claim: Claim) -> Policy:
    """Return the policy that a claim goes by."""
    return policy_of(version_judged_by(claim))


def version_judged_by(claim: Claim) -> int | None:
    """Return the id of a claim's policy version; None for a draft, which goes by the one in force."""
    return None if claim.state is State.draft else claim.policy_version_id
