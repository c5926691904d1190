"""What may be granted, and what is paid in the end: always the least of several limits."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from flask_babel import gettext as _

from models.money import Cents, share_of
from web.desk import Desk
from workflow.amounts import offered, reimbursable
from workflow.exchange import both
from workflow.policies import plain_share
from workflow.routing import stage_of


@dataclass(frozen=True, slots=True)
class Limit:
    """One of the amounts of which the least counts, in cents. `binds` says that it is the least."""

    name: str
    amount: Cents
    binds: bool


@dataclass(frozen=True, slots=True)
class LeastOf:
    """An amount in cents, and the limits of which it is the least."""

    amount: Cents
    limits: Sequence[Limit]


def offer_of(desk: Desk) -> LeastOf:
    """Return the most that may be granted: of what was asked, share × total, cap and available."""
    policy, requested = desk.policy, desk.claim.requested or 0
    endorsed = stage_of(desk.claim, {}).at_most
    total = sum(line.amount for line in desk.dossier.planned)
    costs = desk.exchange.in_usd(total)
    return _least(
        max(0, offered(endorsed or requested, costs, desk.available, policy)),
        (_("Asked for"), requested),
        *(() if endorsed is None else ((_("Endorsed before"), endorsed),)),
        (_share_name(desk, total), share_of(policy.max_funding_share, costs)),
        (_("Most for one activity"), policy.max_amount_per_activity),
        (_("Available in the fund"), desk.available),
    )


def payment_of(desk: Desk, accepted: Cents) -> LeastOf:
    """Return what will be reimbursed if costs of `accepted` are accepted, in the currency of the lines."""
    costs = desk.exchange.in_usd(accepted)
    policy, approved, reserved = desk.policy, desk.claim.approved or 0, desk.claim.reserved
    return _least(
        reimbursable(min(approved, reserved), costs, policy),
        (_("Granted"), approved),
        *(() if reserved >= approved else ((_("Still reserved"), reserved),)),
        (_share_name(desk, accepted), share_of(policy.max_funding_share, costs)),
        (_("Most for one activity"), policy.max_amount_per_activity),
    )


def percent(share: Fraction) -> str:
    """Return a share as people read it: `50%`, `12.5%`."""
    return f"{plain_share(share * 100).rstrip('0').rstrip('.')}%"


def _share_name(desk: Desk, total: Cents) -> str:
    share = percent(desk.policy.max_funding_share)
    return str(_("%(share)s of the costs, %(total)s", share=share, total=both(total, desk.exchange)))


def _least(amount: Cents, *limits: tuple[str, Cents]) -> LeastOf:
    return LeastOf(amount, [Limit(name, limit, limit == amount) for name, limit in limits])
