"""What changed in a claim between two looks at it: field by field, as its check documents hold it."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import zip_longest
from typing import Any, NamedTuple

from workflow.exchange import USD


class Part(StrEnum):
    """The part of a claim that a field belongs to."""

    plan = "plan"
    details = "details"
    lines = "lines"
    actual_lines = "actual_lines"
    evidence = "evidence"


class Change(NamedTuple):
    """One field that differs. `line` counts from 1 where it is a line's; None stands for nothing there.

    `field` is empty where a whole line, or a file, was added or taken away: its value is then what says most.
    """

    part: Part
    field: str
    before: Any
    after: Any
    line: int | None = None


PLAN_FIELDS = ("title", "place", "starts_on", "ends_on", "expected_attendees", "requested")
LINE_FIELDS = (
    "category",
    "description",
    "product_model",
    "quantity",
    "unit_value",
    "amount",
    "supplier",
    "invoice_number",
)

Document = Mapping[str, Any]


def changes_between(before: Document, after: Document) -> list[Change]:
    """Return what differs between two check documents of one claim that its partner can change."""
    old, new = before.get("claim", {}), after.get("claim", {})
    return [
        *_fields(Part.plan, PLAN_FIELDS, old, new),
        *_currency(old, new),
        *_period(before, after),
        *_organiser(old.get("organiser", {}), new.get("organiser", {})),
        *_fields(
            Part.details,
            sorted({*old.get("details", {}), *new.get("details", {})}),
            old.get("details", {}),
            new.get("details", {}),
        ),
        *_lines(Part.lines, old, new),
        *_lines(Part.actual_lines, old, new),
        *_evidence(old.get("evidence", ()), new.get("evidence", ())),
    ]


def _fields(
    part: Part, names: Sequence[str], old: Document, new: Document, line: int | None = None
) -> Iterator[Change]:
    for name in names:
        if old.get(name) != new.get(name):
            yield Change(part, name, old.get(name), new.get(name), line)


def _currency(old: Document, new: Document) -> Iterator[Change]:
    was, is_now = ((one.get("exchange") or {}).get("currency", USD) for one in (old, new))
    if was != is_now:
        yield Change(Part.plan, "currency", was, is_now)


def _period(before: Document, after: Document) -> Iterator[Change]:
    old, new = ((one.get("period") or {}).get("code") for one in (before, after))
    if old != new:
        yield Change(Part.plan, "period_id", old, new)


def _organiser(old: Document, new: Document) -> Iterator[Change]:
    for name in ("kind", "name"):
        if old.get(name) != new.get(name):
            yield Change(Part.plan, f"organiser_{name}", old.get(name), new.get(name))


def _lines(part: Part, old: Document, new: Document) -> Iterator[Change]:
    """Yield what differs line by line. Lines are the same by their place: partners seldom reorder them."""
    pairs = zip_longest(old.get(part, ()), new.get(part, ()))
    for number, (was, is_now) in enumerate(pairs, start=1):
        if was is None or is_now is None:
            yield Change(part, "", was, is_now, number)
        else:
            yield from _fields(part, LINE_FIELDS, was, is_now, number)


def _evidence(old: Sequence[Document], new: Sequence[Document]) -> Iterator[Change]:
    """Yield the files that came or went, by what binds their bytes and what they are said to be."""
    had, has = ({(one.get("kind"), one.get("commitment")): one for one in files} for files in (old, new))
    for key, file in had.items():
        if key not in has:
            yield Change(Part.evidence, "", file, None)
    for key, file in has.items():
        if key not in had:
            yield Change(Part.evidence, "", None, file)
