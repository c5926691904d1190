"""The catalogue of activity types: what each admits and demands, with every word that a form or a page needs.

It is data (default_policy.json). Nothing here knows a particular activity type.
"""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from functools import cached_property

from workflow.reading import REQUIRED, Field, FormError, Shape, count, flag, items, one_of, text

DETAIL_TYPES = ("count", "text", "flag", "choice")
LINE_DETAILS = ("product_model", "quantity")
THIRD_PARTY = "third_party"
ORGANISERS = ("partner", THIRD_PARTY)

GIFTS = frozenset({"gift", "door_gift", "lottery_prize"})
"""The categories whose unit value is looked at (Prohibited, 1st item)."""

REWARDS = frozenset({"door_gift", "lottery_prize"})
"""The categories that make a line a reward (rulebook, Words)."""


@dataclass(frozen=True, slots=True)
class Word:
    """A code that is stored, the label that people read, and a hint where the label alone does not do."""

    code: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Category:
    """An expense category. `needs_description` says that a line of it must be described."""

    code: str
    label: str
    hint: str = ""
    needs_description: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """A detail is demanded only where another detail `equals` a value."""

    detail: str
    equals: str


@dataclass(frozen=True, slots=True)
class Detail:
    """A fact that an activity type demands, enough to make a form field of it.

    `type` is `count` (with a `minimum` and a `unit`), `text`, `flag` (which `must_be` true or false) or
    `choice` (one of `choices`).
    """

    name: str
    type: str
    label: str
    hint: str = ""
    unit: str = ""
    minimum: int = 0
    choices: tuple[Word, ...] = ()
    must_be: bool | None = None
    needed_if: Condition | None = None


@dataclass(frozen=True, slots=True)
class ActivityType:
    """What may be claimed as one kind of activity.

    `open_to` names the partner types it is open to (None: all eligible ones). `line_details` must stand in
    every line. No line of a `country_limited` category may have a unit value above the limit of the partner's
    country.
    """

    code: str
    title: str
    description: str
    organiser: str
    categories: tuple[str, ...]
    evidence: tuple[str, ...]
    checklist: tuple[str, ...]
    open_to: tuple[str, ...] | None = None
    line_details: tuple[str, ...] = ()
    country_limited: tuple[str, ...] = ()
    details: tuple[Detail, ...] = ()


@dataclass(frozen=True)
class Catalogue:
    """All activity types, and the words they are made of."""

    partner_types: tuple[Word, ...]
    organisers: tuple[Word, ...]
    categories: tuple[Category, ...]
    evidence_kinds: tuple[Word, ...]
    checklist_items: tuple[Word, ...]
    activity_types: tuple[ActivityType, ...]

    @cached_property
    def types(self) -> dict[str, ActivityType]:
        """Return the activity types by their code."""
        return {activity.code: activity for activity in self.activity_types}

    @cached_property
    def described(self) -> frozenset[str]:
        """Return the categories whose lines need a description."""
        return frozenset(category.code for category in self.categories if category.needs_description)

    @cached_property
    def ticks(self) -> frozenset[str]:
        """Return the codes of all checklist items."""
        return frozenset(item.code for item in self.checklist_items)

    @cached_property
    def labels(self) -> dict[str, dict[str, str]]:
        """Return the labels by the kind of the word, then by its code.

        A detail's code is `seminar.invited_customers`, a choice's `advertising.medium.print`.
        """
        return {
            "activity_type": {activity.code: activity.title for activity in self.activity_types},
            "category": _labels(self.categories),
            "checklist_item": _labels(self.checklist_items),
            "choice": {
                f"{activity.code}.{detail.name}.{choice.code}": choice.label
                for activity in self.activity_types
                for detail in activity.details
                for choice in detail.choices
            },
            "detail": {
                f"{activity.code}.{detail.name}": detail.label
                for activity in self.activity_types
                for detail in activity.details
            },
            "evidence_kind": _labels(self.evidence_kinds),
            "organiser": _labels(self.organisers),
            "partner_type": _labels(self.partner_types),
        }

    def label(self, kind: str, code: str) -> str:
        """Return the label of a word, or the code itself where the catalogue has none."""
        return self.labels[kind].get(code, code)


def _labels(words: Iterable[Word | Category]) -> dict[str, str]:
    return {word.code: word.label for word in words}


_WORD = (Field("code", text), Field("label", text), Field("hint", text, ""))
_WORDS = Shape(Word, _WORD, many=True, closed=True)
_CONDITION = Shape(Condition, (Field("detail", text), Field("equals", text)), closed=True)
_DETAILS = Shape(
    Detail,
    (
        Field("name", text),
        Field("type", one_of(*DETAIL_TYPES)),
        Field("label", text),
        Field("hint", text, ""),
        Field("unit", text, ""),
        Field("minimum", count, 0),
        Field("choices", _WORDS, ()),
        Field("must_be", flag, None),
        Field("needed_if", _CONDITION, None),
    ),
    many=True,
    closed=True,
)
_ACTIVITY_TYPES = Shape(
    ActivityType,
    (
        Field("code", text),
        Field("title", text),
        Field("description", text),
        Field("organiser", one_of(*ORGANISERS)),
        Field("categories", items(text)),
        Field("evidence", items(text)),
        Field("checklist", items(text)),
        Field("open_to", items(text), None),
        Field("line_details", items(one_of(*LINE_DETAILS)), ()),
        Field("country_limited", items(text), ()),
        Field("details", _DETAILS, ()),
    ),
    many=True,
    closed=True,
)
CATALOGUE = Shape(
    Catalogue,
    (
        Field("partner_types", _WORDS),
        Field("organisers", _WORDS),
        Field("categories", Shape(Category, (*_WORD, Field("needs_description", flag, False)), True, True)),
        Field("evidence_kinds", _WORDS),
        Field("checklist_items", _WORDS),
        Field("activity_types", _ACTIVITY_TYPES, REQUIRED),
    ),
    closed=True,
)
"""The form of a catalogue in a policy document."""


def check_words(catalogue: Catalogue) -> None:
    """Raise FormError at the first code that stands twice, or that is used and explained nowhere."""
    for name in (
        "partner_types",
        "organisers",
        "categories",
        "evidence_kinds",
        "checklist_items",
        "activity_types",
    ):
        _no_code_twice(name, [word.code for word in getattr(catalogue, name)])
    explained: dict[str, tuple[Word, ...] | tuple[Category, ...]] = {
        "categories": catalogue.categories,
        "evidence": catalogue.evidence_kinds,
        "checklist": catalogue.checklist_items,
        "open_to": catalogue.partner_types,
    }
    for index, activity in enumerate(catalogue.activity_types):
        path = f"activity_types[{index}]"
        for name, words in explained.items():
            _all_among(f"{path}.{name}", getattr(activity, name) or (), [word.code for word in words])
        _all_among(f"{path}.country_limited", activity.country_limited, GIFTS)
        _no_code_twice(f"{path}.details", [detail.name for detail in activity.details], "name")
        _check_details(path, activity.details)


def _no_code_twice(path: str, codes: list[str], member: str = "code") -> None:
    for index, code in enumerate(codes):
        if code in codes[:index]:
            raise FormError(f"{path}[{index}].{member}", "twice")


def _all_among(path: str, used: Iterable[str], known: Container[str]) -> None:
    for index, code in enumerate(used):
        if code not in known:
            raise FormError(f"{path}[{index}]", "unknown")


def _check_details(path: str, details: tuple[Detail, ...]) -> None:
    for index, detail in enumerate(details):
        if detail.type == "choice" and not detail.choices:
            raise FormError(f"{path}.details[{index}].choices", "missing")
        _no_code_twice(f"{path}.details[{index}].choices", [choice.code for choice in detail.choices])
        if detail.needed_if and detail.needed_if.detail not in [other.name for other in details]:
            raise FormError(f"{path}.details[{index}].needed_if.detail", "unknown")
