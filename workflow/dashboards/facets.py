"""By what the claims behind a figure are told: one condition on `Claim` for each facet of a figure.

A figure sums the claims of its facets, and the list behind it shows the claims of the same ones.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Text, and_, cast, exists, func, or_, select, true
from sqlalchemy.orm import aliased

from models.claims import Claim
from models.history import Move
from models.json_text import items_at, members_at, word_at
from models.outcomes import Outcome
from models.payments import Payment, PaymentFailure
from models.people import Partner
from models.tasks import Task
from models.vocabulary import Role, State, Trigger
from workflow.actors import Actor
from workflow.sight import seen_by

Condition = ColumnElement[bool]
Which = Mapping[str, str]
"""The facets that are asked for, by name; each has one of the values that its facet knows."""

NONE = "none"
"""The value of a facet for claims that have nothing there: no JMF period, no reason on record."""

SENT_BACK: tuple[tuple[Trigger, State], ...] = (
    (Trigger.return_, State.submitted),
    (Trigger.rework, State.executed),
    (Trigger.reject, State.submitted),
    (Trigger.reject, State.executed),
)
"""The decisions that say no, and the state in which each is made."""

LESS = (Trigger.approve, Trigger.accept)
"""Decisions that may give less than was asked, or granted."""


_Move, _Task, _Payment, _Outcome = aliased(Move), aliased(Task), aliased(Payment), aliased(Outcome)
"""What facets look for stands apart from what a figure's own query reads."""


class Asking(NamedTuple):
    """Who asks, and of which database."""

    connection: Connection
    actor: Actor


def population(asking: Asking, which: Which) -> list[Condition]:
    """Return what holds for the claims that somebody's figures are made of, narrowed to some facets.

    A partner's are its own. Those of programme managers and auditors are whatever was ever submitted or
    withdrawn; an approver's, what they decided on or have on their desk; those of finance, what is to be paid
    or was. LookupError for a facet that there is none of.
    """
    return [*_whose(asking.actor), *narrowed(asking, which)]


def narrowed(asking: Asking, which: Which) -> list[Condition]:
    """Return what facets ask of claims, whosever they are: for figures that are one's own already."""
    return [FACETS[name](asking, value) for name, value in which.items()]


def _whose(actor: Actor) -> list[Condition]:
    roles = actor.roles
    if Role.partner in roles:
        return [seen_by(actor)]
    if roles & {Role.manager, Role.auditor}:
        return [seen_by(actor), Claim.moves > 0]
    mine = list[Condition]()
    if Role.approver in roles:
        mine += [_decided_on(actor), _has_task(actor)]
    if Role.finance in roles:
        mine += [Claim.state == State.accepted, exists().where(_Payment.claim_id == Claim.id)]
    return [seen_by(actor), or_(*mine)]


def _decided_on(actor: Actor, *how: Condition) -> Condition:
    mine = (_Move.actor_id == actor.user_id, _Move.role == Role.approver)
    return Claim.id.in_(select(_Move.claim_id).where(*mine, *how))


def _has_task(actor: Actor, *which: Condition) -> Condition:
    return Claim.id.in_(select(_Task.claim_id).where(_Task.assignee_id == actor.user_id, *which))


def arrived(payment: Any = Payment) -> Condition:
    """Return the condition that a payment did not fail."""
    return ~exists().where(PaymentFailure.payment_id == payment.id)


def month_of(column: Any) -> ColumnElement[str]:
    """Return the month of a calendar day, such as `2026-05`."""
    return func.substr(cast(column, Text), 1, 7)


def _period(_: Asking, value: str) -> Condition:
    return Claim.period_id.is_(None) if value == NONE else Claim.period_id == int(value)


def _country(_: Asking, value: str) -> Condition:
    country = Partner.country.is_(None) if value == NONE else Partner.country == value
    return Claim.partner_id.in_(select(Partner.id).where(country))


def _named(_: Asking, words: str) -> Condition:
    return Claim.partner_id.in_(select(Partner.id).where(Partner.name.icontains(words, autoescape=True)))


def _left(_: Asking, value: str) -> Condition:
    left = (_Move.source == State(value), _Move.target != _Move.source)
    return exists().where(_Move.claim_id == Claim.id, *left)


def _sent_back(_: Asking, value: str) -> Condition:
    trigger, _dash, source = value.partition("-")
    made = (_Move.trigger == Trigger(trigger), _Move.source == State(source))
    return exists().where(_Move.claim_id == Claim.id, *made)


def _why(asking: Asking, value: str) -> Condition:
    word = word_at(asking.connection, _Move.figures, "why")
    said = word.is_(None) if value == NONE else word == value
    return exists().where(_Move.claim_id == Claim.id, _Move.trigger == Trigger.reject, said)


def _rule(asking: Asking, value: str) -> Condition:
    item = items_at(asking.connection, _Move.figures, "broken")
    found = select(1).select_from(_Move).join(item, true()).where(item.c.value == value)
    return found.where(_Move.claim_id == Claim.id, _Move.trigger == Trigger.reject).correlate(Claim).exists()


def _reduced(asking: Asking, value: str) -> Condition:
    member = members_at(asking.connection, _Move.figures, "disallowed")
    found = select(1).select_from(_Move).join(member, true()).where(member.c.key == value)
    return found.where(_Move.claim_id == Claim.id, _Move.trigger.in_(LESS)).correlate(Claim).exists()


def _paid_in(_: Asking, value: str) -> Condition:
    paid = (month_of(_Payment.paid_on) == value, arrived(_Payment))
    return exists().where(_Payment.claim_id == Claim.id, *paid)


def _currency(_: Asking, value: str) -> Condition:
    return exists().where(_Payment.claim_id == Claim.id, _Payment.currency == value, arrived(_Payment))


def _decided(asking: Asking, value: str) -> Condition:
    return _decided_on(asking.actor, _Move.trigger == Trigger(value))


def _task(asking: Asking, value: str) -> Condition:
    return _has_task(asking.actor, _Task.kind == value, _Task.closed_at.is_(None))


def _done(asking: Asking, value: str) -> Condition:
    return _has_task(asking.actor, _Task.kind == value, _Task.closed_at.is_not(None))


_TOLD = exists().where(_Outcome.claim_id == Claim.id)

RETURNS: dict[str, Condition] = {
    "counted": and_(Claim.state == State.reimbursed, _TOLD),
    "missing": and_(Claim.state == State.reimbursed, ~_TOLD),
    "unpaid": and_(Claim.state != State.reimbursed, _TOLD),
}
"""What is told of claims by their outcomes: they count, none are told yet, or they are not paid in full."""

FACETS: dict[str, Callable[[Asking, str], Condition]] = {
    "period": _period,
    "country": _country,
    "activity": lambda _, code: Claim.activity_type == code,
    "partner": _named,
    "partner_id": lambda _, value: Claim.partner_id == int(value),
    "state": lambda _, state: Claim.state == State(state),
    "left": _left,
    "sent_back": _sent_back,
    "why": _why,
    "rule": _rule,
    "reduced": _reduced,
    "returns": lambda _, value: RETURNS[value],
    "paid_in": _paid_in,
    "currency": _currency,
    "decided": _decided,
    "task": _task,
    "done": _done,
}
"""Every facet: what it asks of a claim, given its value."""
