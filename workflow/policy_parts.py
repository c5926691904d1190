"""The parts in which a policy document is edited: each is read from a document, and put into one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from workflow.policies import PARAMETERS

Document = Mapping[str, Any]

WORD_LISTS = ("partner_types", "organisers", "categories", "evidence_kinds", "checklist_items")
"""The lists of words of a catalogue."""

LIMITS = ("promotional_item_limits", "limits_are_examples")
"""The country table, and whether it is an example."""

FIGURES = tuple(one.name for one in PARAMETERS if one.name not in LIMITS)
"""The parameters that are edited together."""

ACTIVITY = "activity"
"""How the name of an activity type's part begins: `activity.seminar`."""

ROUTE = "route"
"""How the name of a routing rule's part begins: `route.large_seminars`."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a policy document.

    `of` returns what a document holds of it, and `into` a document with another value in its place; None
    stands for an activity type, or a routing rule, that is not there.
    """

    of: Callable[[Document], Any]
    into: Callable[[Document, Any], dict[str, Any]]


def _members(names: tuple[str, ...]) -> Part:
    return Part(
        lambda document: {name: document[name] for name in names},
        lambda document, value: {**document, **value},
    )


def _words(name: str) -> Part:
    return Part(
        lambda document: document["catalogue"][name],
        lambda document, value: _with_catalogue(document, name, value),
    )


PARTS: Mapping[str, Part] = {
    "figures": _members(FIGURES),
    "limits": _members(LIMITS),
    **{name: _words(name) for name in WORD_LISTS},
}
"""The parts that every document has, by their names."""


def activity_part(code: str) -> Part:
    """Return the part of an activity type; a new one (with the code ``) is put last."""
    return Part(
        lambda document: _activity(document, code), lambda document, value: _put(document, code, value)
    )


LAST = 10**6
"""The place of a routing rule that is tried after all others."""


def route_part(code: str) -> Part:
    """Return the part of a routing rule; what is put in may bear its `place` among the others, from 1 on.

    Without one it stays where it is, and a new one is put last.
    """
    return Part(lambda document: _route(document, code), lambda document, value: _lead(document, code, value))


def route_place(document: Document, code: str) -> int | None:
    """Return the place of a routing rule among the others, from 1 on; None where it is not there."""
    places = (place for place, one in enumerate(document["routing"], 1) if one["code"] == code)
    return next(places, None)


def _route(document: Document, code: str) -> Any:
    return next((one for one in document["routing"] if one["code"] == code), None)


def _lead(document: Document, code: str, value: Any) -> dict[str, Any]:
    rules = [one for one in document["routing"] if one["code"] != code]
    if value is not None:
        rule = {name: said for name, said in value.items() if name != "place"}
        rules.insert(value.get("place", route_place(document, code) or LAST) - 1, rule)
    return {**document, "routing": rules}


def _activity(document: Document, code: str) -> Any:
    return next((one for one in document["catalogue"]["activity_types"] if one["code"] == code), None)


def _put(document: Document, code: str, value: Any) -> dict[str, Any]:
    types = [one if one["code"] != code else value for one in document["catalogue"]["activity_types"]]
    if _activity(document, code) is None:
        types.append(value)
    return _with_catalogue(document, "activity_types", [one for one in types if one is not None])


def _with_catalogue(document: Document, name: str, value: Any) -> dict[str, Any]:
    return {**document, "catalogue": {**document["catalogue"], name: value}}
