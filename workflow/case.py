"""What a rule may know: the facts of one claim, and the case that a rule judges. Amounts are in cents.

Lines are in the claim's own currency, everything else is in US dollars.

Named tuples, because they are made faster than anything else that does not change.
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from models.money import Cents
from models.vocabulary import Trigger
from workflow.catalogue import ActivityType
from workflow.exchange import IN_USD, Exchange
from workflow.policies import Policy

NOTHING: Mapping[str, Any] = MappingProxyType({})


class Certificate(NamedTuple):
    """Days on which a partner is certified, both inclusive, unless revoked."""

    valid_from: date
    valid_until: date
    revoked_on: date | None = None


class Performance(NamedTuple):
    """What a partner had to achieve in a JMF period, and what it did."""

    period: str
    required: Cents
    achieved: Cents


class Partner(NamedTuple):
    """The partner, as its file stands today."""

    partner_type: str = ""
    country: str | None = None
    certificates: tuple[Certificate, ...] = ()
    performance: tuple[Performance, ...] = ()


class Period(NamedTuple):
    """The JMF period that the claim draws on, both days inclusive."""

    code: str = ""
    first_day: date = date.min
    last_day: date = date.max


class Fund(NamedTuple):
    """What the partner may still draw in the period."""

    available: Cents = 0


class Organiser(NamedTuple):
    """Who holds the activity: `partner` or `third_party`."""

    kind: str = ""
    name: str | None = None


class Line(NamedTuple):
    """A planned budget line, or an actual cost line with its invoice. `accepted` is None until decided."""

    category: str = ""
    description: str | None = None
    quantity: int | None = None
    unit_value: Cents | None = None
    amount: Cents = 0
    product_model: str | None = None
    supplier: str | None = None
    invoice_number: str | None = None
    accepted: bool | None = None


class Evidence(NamedTuple):
    """One item of evidence. `meets_standard` is None until it is judged."""

    kind: str
    meets_standard: bool | None = None


class Claim(NamedTuple):
    """The claim's plan and report. `details` holds the activity type's own fields as they were given.

    `exchange` is what the amounts of its lines go by.
    """

    activity_type: str = ""
    starts_on: date = date.min
    ends_on: date = date.min
    submitted_on: date | None = None
    organiser: Organiser = Organiser()
    expected_attendees: int | None = None
    requested: Cents = 0
    approved: Cents = 0
    details: Mapping[str, Any] = NOTHING
    lines: tuple[Line, ...] = ()
    actual_lines: tuple[Line, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    checklist: Mapping[str, bool] = NOTHING
    exchange: Exchange = IN_USD


class Facts(NamedTuple):
    """All that rules may know of one claim on one day. What a checkpoint does not read keeps its default."""

    today: date = date.min
    partner: Partner = Partner()
    period: Period = Period()
    fund: Fund = Fund()
    claim: Claim = Claim()


NumberedLine = tuple[int, Line]
"""A line with its index in its own list, as paths name it: `claim.lines[0]`."""


class Case(NamedTuple):
    """The facts as one checkpoint sees them (rulebook, Words).

    `lines` are the planned ones; at C, and only there, the actual ones that were accepted. `amount` is what
    was requested; at A, what is to be approved. `activity` is None where the catalogue lacks the type.
    `total`, the sum of the lines, is in their currency.
    """

    facts: Facts
    policy: Policy
    trigger: Trigger
    activity: ActivityType | None
    lines: tuple[NumberedLine, ...]
    total: Cents
    amount: Cents

    @property
    def exchange(self) -> Exchange:
        """Return what the amounts of the lines go by."""
        return self.facts.claim.exchange

    @property
    def accepting(self) -> bool:
        """Return whether the accepted actual costs are judged, not the plan."""
        return self.trigger is Trigger.accept

    @property
    def lines_path(self) -> str:
        """Return the path of the list that `lines` came from."""
        return "claim.actual_lines" if self.accepting else "claim.lines"


def case_of(facts: Facts, policy: Policy, trigger: Trigger) -> Case:
    """Return the facts as the trigger's checkpoint sees them."""
    claim = facts.claim
    lines = _accepted_lines(claim) if trigger is Trigger.accept else tuple(enumerate(claim.lines))
    return Case(
        facts=facts,
        policy=policy,
        trigger=trigger,
        activity=policy.catalogue.types.get(claim.activity_type),
        lines=lines,
        total=sum([line.amount for _, line in lines]),
        amount=claim.approved if trigger is Trigger.approve else claim.requested,
    )


def _accepted_lines(claim: Claim) -> tuple[NumberedLine, ...]:
    return tuple((index, line) for index, line in enumerate(claim.actual_lines) if line.accepted)
