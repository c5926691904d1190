"""One activity in several claims: the same supplier, organiser or event within days, together above the cap.

A flag and never a refusal: a partner may rightly do one thing twice. docs/decisions says what was measured.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, select

from models.claims import Claim, ClaimLine
from models.money import Cents
from models.vocabulary import LineKind, State
from workflow.catalogue import THIRD_PARTY
from workflow.dossier import AnyRow, Dossier
from workflow.duplicates.invoices import letters, supplier_key
from workflow.table import UNPAID

NEIGHBOURING = timedelta(days=30)
"""How far the days of two activities lie apart at most, from the last of one to the first of the other."""

LONGEST = timedelta(days=366)
"""How long before it neighbours another an activity may have begun to be found."""

COUNTED = frozenset({State.submitted, State.approved, State.executed, State.accepted, State.reimbursed})
"""States in which another claim counts: it was sent, and came to no bad end."""

MOST = 500
"""Rows of neighbouring claims that are looked at, the earliest first: a row a claim and supplier."""


class Ground(StrEnum):
    """What two claims have in common."""

    supplier = "supplier"
    organiser = "organiser"
    event = "event"


Grounds = Mapping[tuple[Ground, str], str]
"""What a claim may have in common with others: its name as written, by what its spellings share."""


@dataclass(frozen=True, slots=True)
class Activity:
    """One claim, as far as it counts here. `amount` is what is granted, else asked for, in cents."""

    claim_id: int
    number: str | None
    title: str
    state: State
    starts_on: date
    ends_on: date
    amount: Cents
    grounds: Grounds = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Split:
    """A claim and its neighbours that are together above the cap, and what they have in common."""

    mine: Activity
    others: tuple[Activity, ...]
    grounds: tuple[tuple[Ground, str], ...]
    cap: Cents

    @property
    def total(self) -> Cents:
        """Return what they come to together."""
        return self.mine.amount + sum(other.amount for other in self.others)


def splits_of(
    connection: Connection, dossier: Dossier, cap: Cents, counts: ColumnElement[bool]
) -> list[Split]:
    """Return in what a claim looks like a part of something larger; one statement, led by an index.

    `counts` is a condition on `Claim`: which others are looked at, of those of the same partner.
    """
    claim = dossier.claim
    if claim.state in UNPAID or not claim.starts_on or not claim.ends_on:
        return []
    rows = connection.execute(neighbours_of(claim, counts)).all()
    by_claim = groupby(rows, key=lambda row: row.id)
    others = [_activity(first, [row.supplier for row in (first, *rest)]) for _, (first, *rest) in by_claim]
    return splits_among(_activity(claim, [line.supplier for line in dossier.actual]), others, cap)


def neighbours_of(claim: AnyRow, counts: ColumnElement[bool]) -> Select[Any]:
    """Return the query for the claims of the same partner on neighbouring days, a row a supplier."""
    billed = and_(ClaimLine.claim_id == Claim.id, ClaimLine.kind == LineKind.actual)
    columns = (
        "id",
        "number",
        "title",
        "place",
        "state",
        "starts_on",
        "ends_on",
        "organiser_kind",
        "organiser_name",
        "requested",
        "approved",
    )
    return (
        select(*(getattr(Claim, name) for name in columns), ClaimLine.supplier)
        .outerjoin(ClaimLine, billed)
        .where(
            Claim.partner_id == claim.partner_id,
            Claim.starts_on >= claim.starts_on - NEIGHBOURING - LONGEST,
            Claim.starts_on <= claim.ends_on + NEIGHBOURING,
            Claim.ends_on >= claim.starts_on - NEIGHBOURING,
            Claim.id != claim.id,
            Claim.state.in_(sorted(COUNTED)),
            counts,
        )
        .distinct()
        .order_by(Claim.starts_on, Claim.id)
        .limit(MOST)
    )


def splits_among(mine: Activity, others: Iterable[Activity], cap: Cents) -> list[Split]:
    """Return the groups that a claim makes with its neighbours: above the cap, and each alone within it.

    What has the same neighbours is one group, with all that they have in common.
    """
    near = [other for other in others if neighbouring(mine, other) and 0 < other.amount <= cap]
    if not 0 < mine.amount <= cap:
        return []
    common: dict[tuple[int, ...], list[tuple[Ground, str]]] = defaultdict(list)
    groups: dict[tuple[int, ...], tuple[Activity, ...]] = {}
    for (ground, key), name in mine.grounds.items():
        alike = tuple(other for other in near if (ground, key) in other.grounds)
        if alike and mine.amount + sum(other.amount for other in alike) > cap:
            ids = tuple(other.claim_id for other in alike)
            groups[ids] = alike
            common[ids].append((ground, name))
    return [Split(mine, alike, tuple(common[ids]), cap) for ids, alike in groups.items()]


def neighbouring(one: Activity, other: Activity) -> bool:
    """Return whether the days of two activities overlap or lie close together."""
    return max(one.starts_on, other.starts_on) - min(one.ends_on, other.ends_on) <= NEIGHBOURING


def grounds_of(
    title: str, place: str, organiser_kind: str | None, organiser_name: str, suppliers: Sequence[str | None]
) -> dict[tuple[Ground, str], str]:
    """Return what a claim may have in common with others. A partner that organises itself is no ground."""
    named = [(Ground.supplier, supplier_key(each), each) for each in suppliers if each]
    if organiser_kind == THIRD_PARTY:
        named.append((Ground.organiser, supplier_key(organiser_name), organiser_name))
    named.append((Ground.event, event_key(title, place), title))
    return {(ground, key): name for ground, key, name in named if key}


def event_key(title: str, place: str) -> str:
    """Return what the titles of one event's parts share, with its place; empty where no word is left.

    Neither the order of words counts nor what numbers the parts, nor the place where the title names it too.
    """
    words = {word for word in _words(title) if not _says_little(word)} - {*_words(place)}
    return f"{' '.join(sorted(words))}|{letters(place)}" if words else ""


def _says_little(word: str) -> bool:
    return word.isdecimal() or len(word) == 1 or _NUMBERING.fullmatch(word) is not None


def _words(text: str) -> list[str]:
    return [word for each in re.split(r"[\W_]+", text) if (word := letters(each))]


_NUMBERING = re.compile(
    "a|and|at|das|day|der|dia|die|dritter|erster|first|for|giorno|ii|iii|im|in|iv|jour|no|nr|of|one|part|parte"
    "|partie|phase|second|session|tag|teil|the|third|three|two|und|vi|vii|viii|zweiter"
)
"""Words that number the parts of something, and small words."""


def _activity(row: AnyRow, suppliers: Sequence[str | None]) -> Activity:
    return Activity(
        row.id,
        row.number,
        row.title,
        row.state,
        row.starts_on,
        row.ends_on,
        row.approved or row.requested or 0,
        grounds_of(row.title, row.place, row.organiser_kind, row.organiser_name, suppliers),
    )
