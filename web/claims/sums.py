"""The money of a claim, as its page and its file tell it."""

from dataclasses import dataclass

from models.money import Cents, rounded_up
from workflow.dossier import Dossier
from workflow.exchange import Exchange
from workflow.table import UNPAID


@dataclass(frozen=True, slots=True)
class Money:
    """The money of a claim, in cents; None where it is not known yet. `paid` is less what was clawed back.

    `actual` is what was billed, `accepted` what of it the approver accepted; both, and `planned`, are in the
    currency of the lines, of which `exchange` tells the worth.
    """

    planned: Cents
    actual: Cents | None
    accepted: Cents | None
    asked: Cents | None
    granted: Cents | None
    reimbursable: Cents | None
    reserved: Cents
    paid: Cents
    exchange: Exchange | None
    is_unpaid_for_good: bool

    @property
    def cost(self) -> Cents:
        """Return what the activity costs: as billed, once it was billed."""
        return self.planned if self.actual is None else self.actual

    @property
    def borne(self) -> Cents | None:
        """Return what the partner bears of it, as far as it is decided; None where nothing is paid at all."""
        if self.is_unpaid_for_good:
            return None
        given = self.granted if self.reimbursable is None else self.paid + self.reserved
        if given is None or self.exchange is None:
            return None
        return max(0, rounded_up(self.exchange.in_usd(self.cost)) - given)


def money_of(dossier: Dossier) -> Money:
    """Return the money of a claim."""
    claim = dossier.claim
    return Money(
        planned=sum(line.amount or 0 for line in dossier.planned),
        actual=sum(line.amount or 0 for line in dossier.actual) if dossier.actual else None,
        accepted=_accepted(dossier),
        asked=claim.requested,
        granted=claim.approved,
        reimbursable=claim.reimbursable,
        reserved=claim.reserved,
        paid=claim.paid,
        exchange=dossier.exchange,
        is_unpaid_for_good=claim.state in UNPAID,
    )


def _accepted(dossier: Dossier) -> Cents | None:
    """Return the accepted actual costs; None while no line was refused, or none was looked at."""
    if not any(line.accepted is False for line in dossier.actual):
        return None
    return sum(line.amount or 0 for line in dossier.actual if line.accepted)
