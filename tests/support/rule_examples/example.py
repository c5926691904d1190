"""What an example of a rule is, and the changes that several examples make."""

from typing import Any, NamedTuple

from models.vocabulary import Trigger

S, A, X, C = Trigger.submit, Trigger.approve, Trigger.report, Trigger.accept


class Example(NamedTuple):
    """One sentence about a rule: `changes` to a plain document, and whether the rule then holds."""

    rule: str
    kind: str
    sentence: str
    trigger: Trigger
    changes: dict[str, Any]
    holds: bool


def line(category: str, amount: str, unit_value: str = "1.00", **rest: Any) -> dict[str, Any]:
    """Return a cost line."""
    described = {"description": "item", "quantity": 1, "unit_value": unit_value, "amount": amount}
    return {"category": category, **described, **rest}


def bill(category: str, amount: str, unit_value: str = "1.00", **rest: Any) -> dict[str, Any]:
    """Return an actual cost line that was accepted."""
    return line(
        category, amount, unit_value, **{"supplier": "S", "invoice_number": "1", "accepted": True, **rest}
    )


def certificates(*ranges: tuple[str, ...]) -> dict[str, Any]:
    """Return the change that gives a partner certificates: first day, last day, and day of revocation."""
    names = ("valid_from", "valid_until", "revoked_on")
    return {"partner.certificates": [dict(zip(names, days, strict=False)) for days in ranges]}


def performance(*achieved: str) -> dict[str, Any]:
    """Return the change that gives a partner records of which 100.00 was required."""
    return {
        "partner.performance": [
            {"period": "2026H1", "required": "100.00", "achieved": amount} for amount in achieved
        ]
    }


def activity(code: str, category: str = "venue", **details: Any) -> dict[str, Any]:
    """Return the change to another activity type, with one line and its details."""
    third = code in {"sponsorship", "exhibition"}
    return {
        "claim.activity_type": code,
        "claim.organiser": {"kind": "third_party", "name": "Fair Ltd"} if third else {"kind": "partner"},
        "claim.lines": [line(category, "8000.00", product_model="S1")],
        "claim.details": details,
    }


def passes(rule: str, sentence: str, trigger: Trigger, changes: dict[str, Any] | None = None) -> Example:
    """Return an example in which the rule holds with room to spare."""
    return Example(rule, "passing", sentence, trigger, changes or {}, True)


def fails(rule: str, sentence: str, trigger: Trigger, changes: dict[str, Any]) -> Example:
    """Return an example in which the rule is broken."""
    return Example(rule, "failing", sentence, trigger, changes, False)


def edge(rule: str, sentence: str, trigger: Trigger, changes: dict[str, Any], holds: bool = True) -> Example:
    """Return an example on the boundary: the last that holds, or the first that does not."""
    return Example(rule, "boundary", sentence, trigger, changes, holds)


GIFTS_600 = [line("venue", "7400.00"), line("door_gift", "600.00", "100.00")]
