"""Which claims the sweep will expire on which day, if nothing else happens to them until then."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Connection, select

from models.claims import Claim
from models.money import Cents
from models.people import Partner
from models.vocabulary import State
from workflow.dossier import Query
from workflow.expiry import EXPIRABLE
from workflow.gathering import certificates_of
from workflow.lapsing import Lapse, expiry_until
from workflow.policy_shelf import policy_version

HORIZONS = (30, 60, 90)
"""How many days ahead is looked."""


@dataclass(frozen=True, slots=True)
class AtRisk:
    """A claim that will expire, on which programme day and by what.

    `stake` is what the partner loses, in cents: what is `reserved`, or else what was asked for.
    """

    claim_id: int
    number: str
    title: str
    state: State
    partner_id: int
    partner: str
    period_id: int | None
    reserved: Cents
    stake: Cents
    day: date
    lapse: Lapse

    @property
    def in_time(self) -> date:
        """Return the last day on which a remedy is in time."""
        return self.day - timedelta(days=1)


def at_risk(
    connection: Connection, today: date, *which: ColumnElement[bool], days: int = HORIZONS[-1]
) -> list[AtRisk]:
    """Return the claims that expire from today to so many days later, the soonest first.

    `which` narrows them, by conditions on `Claim`. A fixed number of statements for any number of claims; of
    policy versions each is read once and for all.
    """
    claims = connection.execute(_OPEN.where(*which)).all()
    certificates = {
        partner_id: tuple(rows)
        for partner_id, rows in certificates_of(connection, {claim.partner_id for claim in claims}).items()
    }
    until = today + timedelta(days=days)
    found = []
    for claim in claims:
        version = policy_version(connection, claim.policy_version_id)
        if version is None:
            continue
        expiry = expiry_until(claim, certificates.get(claim.partner_id, ()), version.policy, today, until)
        if expiry is not None:
            stake = claim.reserved or claim.requested
            known = (claim.id, claim.number, claim.title, claim.state, claim.partner_id, claim.partner)
            found.append(AtRisk(*known, claim.period_id, claim.reserved, stake, *expiry))
    return sorted(found, key=lambda one: (one.day, one.claim_id))


def released(claims: Iterable[AtRisk]) -> Cents:
    """Return what the fund gets back when these claims expire, in cents."""
    return sum(claim.reserved for claim in claims)


_OPEN: Query = (
    select(
        Claim.id,
        Claim.number,
        Claim.title,
        Claim.state,
        Claim.partner_id,
        Partner.name.label("partner"),
        Claim.period_id,
        Claim.policy_version_id,
        Claim.submitted_on,
        Claim.ends_on,
        Claim.report_by,
        Claim.accepted_on,
        Claim.requested,
        Claim.reserved,
    )
    .join(Partner, Partner.id == Claim.partner_id)
    .where(Claim.state.in_(EXPIRABLE), Claim.accepted_on.is_(None))
    .order_by(Claim.partner_id, Claim.submitted_on, Claim.id)
)
