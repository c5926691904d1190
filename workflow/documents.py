"""Reads a check document, a JSON object, into facts (rulebook, Check documents).

What is read at a trigger is what the rules of that checkpoint declare to read; the rest is ignored. The first
field without its form is reported, in this order: `trigger`, `today`, `partner`, `period`, `fund`, `claim`,
within each in the order of the shapes below, and last `policy`.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from models.vocabulary import Trigger
from workflow.case import (
    Certificate,
    Claim,
    Evidence,
    Facts,
    Fund,
    Line,
    Organiser,
    Partner,
    Performance,
    Period,
)
from workflow.catalogue import GIFTS
from workflow.exchange import IN_USD, Exchange
from workflow.policies import Policy, default_policy
from workflow.reading import (
    Field,
    FormError,
    Reader,
    Shape,
    amount,
    amount_above_nothing,
    count,
    day,
    flag,
    foreign_currency,
    mapping,
    rate,
    reader,
    text,
    text_or_none,
)
from workflow.rules import RULES, Rule

CHECKPOINTS: tuple[Trigger, ...] = (Trigger.submit, Trigger.approve, Trigger.report, Trigger.accept)
"""The triggers at which rules are judged."""

GOES_BY: dict[Trigger, dict[str, str]] = {
    Trigger.submit: {"lines": "lines", "amount": "requested"},
    Trigger.approve: {"lines": "lines", "amount": "approved"},
    Trigger.report: {"lines": "actual_lines", "amount": "approved"},
    Trigger.accept: {"lines": "actual_lines", "amount": "approved"},
}
"""What `{lines}` and `{amount}` stand for in the parts that a rule reads."""

NOT_READ: dict[Trigger, frozenset[str]] = {
    Trigger.submit: frozenset({"claim.submitted_on", "claim.lines.accepted"}),
    Trigger.approve: frozenset({"claim.lines.accepted"}),
    Trigger.report: frozenset({"claim.actual_lines.accepted"}),
}
"""What no rule looks at yet: the submission is today's, and nothing is accepted before C."""


def _is_gift(line: Mapping[str, Any]) -> bool:
    return line.get("category") in GIFTS


_PLANNED = (
    Field("category", text),
    Field("description", text_or_none, None),
    Field("quantity", count, None),
    Field("unit_value", amount, only_if=_is_gift),
    Field("amount", amount),
    Field("product_model", text_or_none, None),
)
_ACTUAL = (
    *_PLANNED,
    Field("supplier", text_or_none, None),
    Field("invoice_number", text_or_none, None),
    Field("accepted", flag, None),
)
_CERTIFICATES = Shape(
    Certificate,
    (
        Field("valid_from", day),
        Field("valid_until", day, not_before="valid_from"),
        Field("revoked_on", day, None),
    ),
    many=True,
)
_PERFORMANCE = Shape(
    Performance, (Field("period", text), Field("required", amount), Field("achieved", amount)), many=True
)
_PARTNER = Shape(
    Partner,
    (
        Field("partner_type", text),
        Field("country", text_or_none, None),
        Field("certificates", _CERTIFICATES, ()),
        Field("performance", _PERFORMANCE, ()),
    ),
)
_PERIOD = Shape(
    Period,
    (Field("code", text), Field("first_day", day), Field("last_day", day, not_before="first_day")),
)
_ORGANISER = Shape(Organiser, (Field("kind", text), Field("name", text_or_none, None)))
_EXCHANGE = Shape(
    Exchange,
    (
        Field("currency", foreign_currency),
        Field("usd", rate),
        Field("local", rate),
        Field("day", day, None),
        Field("source", text_or_none, ""),
    ),
)
_EVIDENCE = Shape(Evidence, (Field("kind", text), Field("meets_standard", flag, None)), many=True)


def _checklist_reader(named: frozenset[str]) -> Reader:
    """Return the reader of a checklist: the named items are flags; others are kept only if they are."""

    def read(value: object) -> dict[str, bool]:
        ticks = {}
        for item, tick in mapping(value).items():
            if isinstance(tick, bool):
                ticks[item] = tick
            elif tick is not None and item in named:
                raise FormError(item, "not_flag")
        return ticks

    return read


def _shape(checklist_items: frozenset[str]) -> Shape:
    claim = Shape(
        Claim,
        (
            Field("activity_type", text),
            Field("starts_on", day),
            Field("ends_on", day, not_before="starts_on"),
            Field("submitted_on", day),
            Field("organiser", _ORGANISER),
            Field("expected_attendees", count, None),
            Field("requested", amount_above_nothing),
            Field("approved", amount_above_nothing),
            Field("details", mapping, {}),
            Field("lines", Shape(Line, _PLANNED, many=True)),
            Field("actual_lines", Shape(Line, _ACTUAL, many=True), ()),
            Field("evidence", _EVIDENCE, ()),
            Field("checklist", _checklist_reader(checklist_items), {}),
            Field("exchange", _EXCHANGE, IN_USD),
        ),
    )
    return Shape(
        Facts,
        (
            Field("today", day),
            Field("partner", _PARTNER),
            Field("period", _PERIOD),
            Field("fund", Shape(Fund, (Field("available", amount),))),
            Field("claim", claim),
        ),
    )


def read_document(document: object, trigger: Trigger, policy: Policy | None = None) -> Facts:
    """Return the facts that the trigger's rules may know. Raises FormError, whatever JSON it is given.

    The policy, by default the default one, names the checklist items that must be flags.
    """
    facts: Facts = reader_at(trigger, checklist_items(policy))(document)
    return facts


def checklist_items(policy: Policy | None) -> frozenset[str]:
    """Return the checklist items of a policy's catalogue."""
    return (policy or default_policy()).catalogue.ticks


def read_trigger(value: object) -> Trigger:
    """Return the trigger of a check document: one at which rules are judged. Raises FormError."""
    word = text(value) if value is not None else None
    if word is None:
        raise FormError("", "missing")
    if word not in CHECKPOINTS:
        raise FormError("", "unknown")
    return Trigger(word)


@cache
def reader_at(trigger: Trigger, items: frozenset[str]) -> Reader:
    """Return the reader of a document for all rules of a checkpoint."""
    return reader(_shape(items), _among(part for rule in RULES for part in parts_read(rule, trigger)))


@cache
def reader_for(rule_id: str, trigger: Trigger, items: frozenset[str]) -> Reader:
    """Return the reader of a document for one rule at a checkpoint."""
    rule = next(rule for rule in RULES if rule.id == rule_id)
    return reader(_shape(items), _among(parts_read(rule, trigger)))


def parts_read(rule: Rule, trigger: Trigger) -> tuple[str, ...]:
    """Return the parts of a document that a rule reads at a trigger: none where it is not judged."""
    if trigger not in rule.checkpoints:
        return ()
    parts = [part.format_map(GOES_BY[trigger]) for part in rule.reads]
    return tuple(part for part in parts if part not in NOT_READ.get(trigger, ()))


def _among(parts: Iterable[str]) -> Callable[[str], bool]:
    """Return whether a path is one of the parts, stands above one, or below one."""
    chosen = frozenset(parts)

    def is_read(path: str) -> bool:
        return any(
            path == part or part.startswith(f"{path}.") or path.startswith(f"{part}.") for part in chosen
        )

    return is_read
