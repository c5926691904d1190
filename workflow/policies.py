"""Policies: the parameters, the catalogue and the country table that claims are judged by, and their routing.

A policy is a JSON document. The default one ships as default_policy.json; stored versions hold the same form.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from fractions import Fraction
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from models.money import MAX_CENTS, Cents, digits, plain
from models.vocabulary import State
from workflow.catalogue import CATALOGUE, Catalogue, check_words
from workflow.reading import (
    Field,
    FormError,
    Shape,
    amount,
    count,
    flag,
    items,
    mapping,
    one_of,
    reader,
    share,
    text,
)
from workflow.routing_rules import ROUTING, RoutingRule, check_rules

_DEFAULT = Path(__file__).with_name("default_policy.json")


class PolicyError(FormError):
    """A policy document, or an override, that has not its form; `path` names the first bad field."""


@dataclass(frozen=True)
class Policy:
    """The parameters of a policy version, its country table, its catalogue and its routing rules.

    Amounts are cents, shares exact fractions, deadlines days (None: no deadline). `promotional_item_limits`
    maps ISO 3166 country codes to the highest unit value; `limits_are_examples` marks a table that nobody has
    checked. Where `routing` is None, the document says nothing of it.
    """

    eligible_partner_types: tuple[str, ...]
    max_funding_share: Fraction
    max_amount_per_activity: Cents
    large_gift_unit_value: Cents
    max_reward_share: Fraction
    large_activity_attendees: int
    prohibited_categories: tuple[str, ...]
    promotional_item_limits: Mapping[str, Cents] = field(hash=False)
    catalogue: Catalogue = field(hash=False)
    limits_are_examples: bool = False
    report_within_days: int | None = None
    resubmit_within_days: int | None = None
    decide_within_days: int | None = None
    dispute_within_days: int | None = None
    pay_within_days: int | None = None
    expirable_states: tuple[State, ...] = (State.submitted, State.approved, State.executed)
    routing: tuple[RoutingRule, ...] | None = None

    @property
    def holds_examples(self) -> bool:
        """Return whether a claim could be judged by a figure that nobody has checked: only a demo's may."""
        return self.limits_are_examples and bool(self.promotional_item_limits)


def _limits(value: object) -> dict[str, Cents]:
    """Read the country table: an object of amounts."""
    table = {}
    for country, limit in mapping(value).items():
        if limit is None:
            continue
        try:
            table[text(country)] = amount(limit)
        except FormError as error:
            raise error.under(country) from None
    return table


def _states(value: object) -> tuple[State, ...]:
    """Read a list of the states that a claim can expire from."""
    expirable = (State.submitted, State.approved, State.executed)
    return tuple(State(word) for word in items(one_of(*expirable))(value))


PARAMETERS: tuple[Field, ...] = (
    Field("eligible_partner_types", items(text)),
    Field("max_funding_share", share),
    Field("max_amount_per_activity", amount),
    Field("large_gift_unit_value", amount),
    Field("max_reward_share", share),
    Field("large_activity_attendees", count),
    Field("prohibited_categories", items(text)),
    Field("promotional_item_limits", _limits),
    Field("report_within_days", count, None),
    Field("resubmit_within_days", count, None),
    Field("decide_within_days", count, None),
    Field("dispute_within_days", count, None),
    Field("pay_within_days", count, None),
    Field("expirable_states", _states),
)
"""What a check document may override by name, each as a whole."""

_BY_NAME = {parameter.name: parameter.read for parameter in PARAMETERS}

_read = reader(
    Shape(
        Policy,
        (
            *PARAMETERS,
            Field("limits_are_examples", flag, False),
            Field("catalogue", CATALOGUE),
            Field("routing", ROUTING, None),
        ),
        closed=True,
    )
)


def read_policy(document: object) -> Policy:
    """Return the policy of a JSON document. Raises PolicyError, whatever else it is given."""
    try:
        _check_text(document)
        policy: Policy = _read(document)
        _check_catalogue(policy.catalogue)
        _check_routing(policy)
        _check_deadlines(policy)
        _check_sizes(policy)
    except FormError as error:
        raise PolicyError(error.path or "policy", error.problem) from None
    return policy


def _check_text(document: object) -> None:
    """Raise FormError for text that no database holds: half a character, or none at all (NUL)."""
    try:
        written = json.dumps(document, ensure_ascii=False)
        written.encode()
    except UnicodeEncodeError:
        raise FormError("", "not_utf8") from None
    if "\\u0000" in written:
        raise FormError("", "not_text")


def _check_catalogue(catalogue: Catalogue) -> None:
    try:
        check_words(catalogue)
    except FormError as error:
        raise error.under("catalogue") from None


def _check_routing(policy: Policy) -> None:
    try:
        check_rules(policy.routing or (), (one.code for one in policy.catalogue.activity_types))
    except FormError as error:
        raise error.under("routing") from None


LONGEST_DEADLINE = 3660
"""Days that a deadline may leave, about ten years: a day so far off is a slip, and soon no date at all."""

_DEADLINES = (
    "report_within_days",
    "resubmit_within_days",
    "decide_within_days",
    "dispute_within_days",
    "pay_within_days",
)


def _check_deadlines(policy: Policy) -> None:
    for name in _DEADLINES:
        if (getattr(policy, name) or 0) > LONGEST_DEADLINE:
            raise FormError(name, "too_many_days")


LONGEST_SHARE = 10**12
"""The largest denominator that a share may have, so that no sum becomes a matter of thousands of digits."""

MOST_ATTENDEES = 10**9


def _check_sizes(policy: Policy) -> None:
    for name in ("max_funding_share", "max_reward_share"):
        share_found: Fraction = getattr(policy, name)
        if share_found > 1 or share_found.denominator > LONGEST_SHARE:
            raise FormError(name, "too_large")
    for name in sorted(_AS_AMOUNT):
        if getattr(policy, name) > MAX_CENTS:
            raise FormError(name, "too_large")
    if max(policy.promotional_item_limits.values(), default=0) > MAX_CENTS:
        raise FormError("promotional_item_limits", "too_large")
    if policy.large_activity_attendees > MOST_ATTENDEES:
        raise FormError("large_activity_attendees", "too_large")
    for index, rule in enumerate(policy.routing or ()):
        if rule.above > MAX_CENTS:
            raise FormError(f"routing[{index}].above", "too_large")


def override(policy: Policy, overrides: object) -> Policy:
    """Return the policy with parameters replaced by name, each as a whole; null leaves one as it is.

    Raises PolicyError with the path `policy.<name>` for an unknown name (the catalogue is no parameter) or a
    bad form.
    """
    if not isinstance(overrides, Mapping):
        raise PolicyError("policy", "not_object")
    changed = {name: _read_parameter(name, value) for name, value in overrides.items() if value is not None}
    return replace(policy, **changed) if changed else policy


def _read_parameter(name: str, value: object) -> Any:
    path = f"policy.{name}"
    read = _BY_NAME.get(name)
    if read is None or isinstance(read, Shape):
        raise PolicyError(path, "unknown")
    try:
        return read(value)
    except FormError as error:
        found = error.under(path)
        raise PolicyError(found.path, found.problem) from None


@cache
def default_policy() -> Policy:
    """Return the policy that ships with the product. Its country table is an example."""
    return read_policy(default_document())


def default_document() -> dict[str, Any]:
    """Return the JSON document of the default policy."""
    document: dict[str, Any] = json.loads(_DEFAULT.read_text(encoding="utf-8"))
    return document


def without_examples(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a policy document with an empty country table, where its table is marked as an example.

    A real installation is set up with this: no invented figure is passed off as law.
    """
    if not document.get("limits_are_examples"):
        return dict(document)
    return {**document, "promotional_item_limits": {}, "limits_are_examples": False}


def policy_document(policy: Policy) -> dict[str, Any]:
    """Return the JSON document that `read_policy` turns into an equal policy."""
    return {member.name: member_document(policy, member.name) for member in fields(policy)}


def member_document(policy: Policy, name: str) -> Any:
    """Return what the document of a policy holds of one member."""
    write = _WRITTEN.get(name, _as_json)
    return write(getattr(policy, name))


def overrides_of(policy: Policy) -> dict[str, Any]:
    """Return the parameters of a policy as a check document overrides those of another one with them."""
    return {parameter.name: member_document(policy, parameter.name) for parameter in PARAMETERS}


@lru_cache(maxsize=64)
def plain_share(value: Fraction) -> str:
    """Return a share as a document holds it, exact and with two decimals at least: `0.50`."""
    places = 2
    while (value * 10**places).denominator != 1:
        places += 1
    number = digits((value * 10**places).numerator).zfill(places + 1)
    return f"{number[:-places]}.{number[-places:]}"


def _as_json(value: Any) -> Any:
    if isinstance(value, Fraction):
        return plain_share(value)
    if isinstance(value, State):
        return value.value
    if isinstance(value, tuple):
        return [_as_json(item) for item in value]
    return _said(value) if is_dataclass(value) else value


def _said(value: Any) -> dict[str, Any]:
    """Return the members of a dataclass that say anything; the others are left out."""
    return {
        member.name: _as_json(getattr(value, member.name))
        for member in fields(value)
        if getattr(value, member.name) != member.default
    }


def _routing_as_json(rules: tuple[RoutingRule, ...] | None) -> list[dict[str, Any]] | None:
    return None if rules is None else [{**_said(rule), "above": plain(rule.above)} for rule in rules]


_AS_AMOUNT = frozenset({"max_amount_per_activity", "large_gift_unit_value"})

_WRITTEN: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(_AS_AMOUNT, plain),
    "promotional_item_limits": lambda table: {country: plain(limit) for country, limit in table.items()},
    "routing": _routing_as_json,
}
"""How members are written that are not written as what they are."""
