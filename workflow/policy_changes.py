"""What differs between two policies: every member by its path. Words are made where somebody reads them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from workflow.policies import Policy, policy_document


class Changed(StrEnum):
    """How a member of a policy differs from what it was."""

    value = "value"
    added = "added"
    removed = "removed"
    order = "order"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: where, how, what was there and what is; None for nothing.

    The path has a step for each member, and for things in lists their code:
    `catalogue`, `activity_types`, `seminar`, `evidence`. What is `added` to a list or `removed` from it is a
    code at the list's own path, or a whole object at a path that ends with its code.
    """

    path: tuple[str, ...]
    how: Changed
    before: Any = None
    after: Any = None


WHOLE = frozenset({"open_to", "needed_if", "tiers"})
"""Members that are read as one value: to leave them out says something else than an empty one does."""

TRIED = frozenset({"routing"})
"""Lists whose first fitting thing applies: what is put before others changes what those do."""

OPEN = frozenset({"promotional_item_limits"})
"""Members whose own members have no fixed names."""


def changes(old: Policy, new: Policy) -> tuple[Change, ...]:
    """Return every difference between two policies, in their documents' order; none where they are equal."""
    return tuple(_changes((), policy_document(old), policy_document(new)))


def _changes(path: tuple[str, ...], old: Any, new: Any) -> Iterator[Change]:
    if old == new:
        return
    if path and path[-1] in WHOLE:
        yield Change(path, Changed.value, old, new)
    elif isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from _of_objects(path, old, new)
    elif isinstance(old, list) or isinstance(new, list):
        yield from _of_lists(path, old or [], new or [])
    else:
        yield Change(path, Changed.value, old, new)


def _of_objects(path: tuple[str, ...], old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    is_open = bool(path) and path[-1] in OPEN
    for name in {**old, **new}:
        if is_open and (name not in old or name not in new):
            how = Changed.added if name in new else Changed.removed
            yield Change((*path, name), how, old.get(name), new.get(name))
        else:
            yield from _changes((*path, name), old.get(name), new.get(name))


def _of_lists(path: tuple[str, ...], old: Sequence[Any], new: Sequence[Any]) -> Iterator[Change]:
    before, after = {key_of(one): one for one in old}, {key_of(one): one for one in new}
    for key, one in before.items():
        if key not in after:
            yield Change(_step(path, one), Changed.removed, before=one)
        elif one != after[key]:  # its members, since its own code may be called like one of those above
            for name in {**one, **after[key]}:
                yield from _changes((*path, key, name), one.get(name), after[key].get(name))
    for key, one in after.items():
        if key not in before:
            yield Change(_step(path, one), Changed.added, after=one)
    stayed = [key for key in before if key in after]
    if path[-1] in TRIED:
        moved = list(after) != [*stayed, *(key for key in after if key not in before)]
    else:
        moved = stayed != [key for key in after if key in before]
    if moved:
        yield Change(path, Changed.order, list(before), list(after))


def key_of(item: Any) -> str:
    """Return what names a thing in a list: its code, its name (a detail has one), or itself."""
    if isinstance(item, Mapping):
        return str(item.get("code") or item["name"])
    return str(item)


def _step(path: tuple[str, ...], item: Any) -> tuple[str, ...]:
    return (*path, key_of(item)) if isinstance(item, Mapping) else path
