"""What belongs to one move alone, as label and value: its amount, and the figures of its trigger."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _

from models.history import Move
from models.money import group, parse_amount
from models.vocabulary import Trigger
from web.formats import beside, day, money
from web.labels import DEDUCTIONS
from web.verdicts import TITLES
from workflow.deductions import Deduction
from workflow.exchange import USD
from workflow.wording import in_sentence

_AMOUNT: dict[Trigger, tuple[str, str]] = {
    Trigger.submit: ("requested", "Asked for"),
    Trigger.approve: ("approved", "Granted"),
    Trigger.accept: ("reimbursable", "To be reimbursed"),
    Trigger.reimburse: ("paid", "Paid"),
    Trigger.reinstate: ("reserved", "Reserved again"),
    Trigger.dispute: ("reserved", "Reserved again"),
    Trigger.amend: ("requested", "Asked for"),
    Trigger.raise_: ("approved", "Granted"),
    Trigger.reopen: ("reserved", "Still reserved"),
}
"""The amount that a move is about, and what it is called."""

_FIGURES: dict[str, str] = {
    "endorsed": "Endorsed",
    "days_late": "Days that the programme owner was late",
    "amount": "Amount",
    "payment_reference": "Payment reference",
    "paid_on": "Day of payment",
    "paid_in": "Paid in the currency of the account",
    "taken_in": "In the currency of the account",
    "cost": "Cost by the rate of the day",
    "difference": "Exchange difference",
    "report_by": "Report by",
    "missing_from": "Not certified from",
    "deadline": "Deadline that passed",
}


def facts_of(move: Move) -> list[tuple[str, str]]:
    """Return label and value of what a move was about; a value is empty where there is none."""
    facts = []
    if move.trigger in _AMOUNT:
        name, label = _AMOUNT[move.trigger]
        cents = getattr(move, name)
        facts.append((_(label), money(cents) if cents else ""))
    return facts + told_figures(move.figures)


def _by_reason(figures: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what was disallowed of an amount, and what costs were refused, each by reason."""
    for reason, amount in figures.get("disallowed", {}).items():
        yield str(DEDUCTIONS[Deduction(reason)]), f"−{money(parse_amount(amount))}"
    for reason, amount in figures.get("refused_costs", {}).items():
        why = in_sentence(str(DEDUCTIONS[Deduction(reason)]))
        yield str(_("Costs refused, %(why)s", why=why)), f"{group(amount)} {figures.get('costs_in', USD)}"


def told_figures(figures: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return label and value of the figures that belong to a move's trigger alone."""
    told = [(_(label), _figure(name, figures[name])) for name, label in _FIGURES.items() if figures.get(name)]
    return [*_why(figures), *_by_reason(figures), *told]


def _why(figures: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield why a claim was rejected: the code of the reason, and the rules that were broken then."""
    if "why" in figures:
        yield str(_("Why")), str(DEDUCTIONS[Deduction(figures["why"])])
    if figures.get("broken"):
        yield str(_("Rules broken")), ", ".join(str(TITLES.get(rule, rule)) for rule in figures["broken"])


_AMOUNTS = frozenset({"endorsed", "amount", "cost"})


def _figure(name: str, value: str) -> str:
    if name in _AMOUNTS:
        return money(parse_amount(value))
    if name == "difference":
        return f"{group(value)} USD"
    if name in ("paid_in", "taken_in"):
        return beside(value)
    try:
        return day(date.fromisoformat(value))
    except ValueError:
        return value
