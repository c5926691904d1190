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


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a policy document.

    `of` returns what a document holds of it, and `into` a document with another value in its place; None
    stands for an activity type that is not there.
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


def _activity(document: Document, code: str) -> Any:
    return next((one for one in document["catalogue"]["activity_types"] if one["code"] == code), None)


def _put(document: Document, code: str, value: Any) -> dict[str, Any]:
    types = [one if one["code"] != code else value for one in document["catalogue"]["activity_types"]]
    if _activity(document, code) is None:
        types.append(value)
    return _with_catalogue(document, "activity_types", [one for one in types if one is not None])


def _with_catalogue(document: Document, name: str, value: Any) -> dict[str, Any]:
    return {**document, "catalogue": {**document["catalogue"], name: value}}
