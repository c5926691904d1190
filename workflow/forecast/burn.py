"""How fast a fund is used, and how much of it stays unused by the last day of its period.

A straight line: what is reserved or paid so far, divided by the days so far, goes on to the last day.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, ColumnElement, Connection, case, cast, func, literal, select

from models.funds import Fund, LedgerEntry
from models.money import Cents, Exact, rounded_down, rounded_up
from models.vocabulary import EntryKind
from workflow.ledger import Entry

MOST_MONTHS = 24
"""Months of a period's history that are told apart; what came before stands in the first of them."""


class Balances(NamedTuple):
    """What a fund holds, or several together, in cents."""

    available: Cents = 0
    reserved: Cents = 0
    paid: Cents = 0

    @property
    def allocated(self) -> Cents:
        """Return what was allocated in all."""
        return self.available + self.reserved + self.paid

    @property
    def used(self) -> Cents:
        """Return what is reserved or paid."""
        return self.reserved + self.paid


class Span(NamedTuple):
    """The days of a period, both inclusive, and the day that it is looked at."""

    first_day: date
    last_day: date
    today: date

    @property
    def days(self) -> int:
        """Return how many days the period has."""
        return (self.last_day - self.first_day).days + 1

    @property
    def gone(self) -> int:
        """Return how many of them have begun: none before the first, all after the last."""
        return min(max((self.today - self.first_day).days + 1, 0), self.days)


@dataclass(frozen=True, slots=True)
class Burn:
    """What becomes of a fund by the last day of its period. Amounts in cents.

    `returning` is what claims give back that expire until then (all that are forecast, once it has passed).
    What is used is rounded up to the cent, so what is left is rounded down. Nothing more is allocated.
    """

    span: Span
    held: Balances
    returning: Cents = 0

    @property
    def pace(self) -> Exact | None:
        """Return how much is used a day so far, not rounded; None before the first day."""
        return Fraction(self.held.used, self.span.gone) if self.span.gone else None

    @property
    def pace_a_day(self) -> Cents | None:
        """Return how much is used a day so far, rounded down to the cent."""
        return None if self.pace is None else rounded_down(self.pace)

    @property
    def wanted(self) -> Cents | None:
        """Return what would be used by the last day at this pace, though the fund may not hold so much."""
        return None if self.pace is None else rounded_up(self.pace * self.span.days)

    @property
    def runs_out(self) -> bool:
        """Return whether more would be used by the last day than the fund holds."""
        return self.wanted is not None and self.wanted > self.held.allocated

    @property
    def unused(self) -> Cents | None:
        """Return what is left on the last day at this pace."""
        return self._left(0)

    @property
    def unused_after_expiries(self) -> Cents | None:
        """Return what is left on the last day at this pace, once the claims at risk have expired."""
        return self._left(self.returning)

    @property
    def unused_without_more(self) -> Cents:
        """Return what is left on the last day if nothing more is granted, and the claims at risk expire."""
        return self.held.available + self.returning

    def _left(self, returning: Cents) -> Cents | None:
        if self.wanted is None:
            return None
        return max(self.held.allocated - self.wanted + returning, 0)


@dataclass(frozen=True, slots=True)
class Month:
    """Days of a period in one month, and what its funds hold after the last of them, or by now."""

    first_day: date
    last_day: date
    held: Balances
    used: Cents = 0
    """How much more is reserved or paid than before; negative where more was released."""


def months_of(connection: Connection, period_id: int, span: Span, zone: str) -> list[Month]:
    """Return month by month what the ledger says of a period, up to today, the earliest first.

    What was allocated before the first day stands in the first month, what was paid after the last in one
    more, from the day after it.
    """
    days = _first_days(span)
    if not days:
        return []
    changes = _changes(connection, period_id, [_begins(day, zone) for day in days[1:]])
    last_days = [day - timedelta(days=1) for day in days[1:]] + [span.today]
    months: list[Month] = []
    held = Balances()
    for place, (first, last) in enumerate(zip(days, last_days, strict=True)):
        before, held = held, _after(held, changes[place])
        months.append(Month(first, last, held, held.used - before.used))
    return months


def _first_days(span: Span) -> list[date]:
    """Return the first day of each month that has begun, and the one after the period once it is over."""
    if not span.gone:
        return []
    day, found = span.first_day, [span.first_day]
    while (day := (day.replace(day=1) + timedelta(days=32)).replace(day=1)) <= min(span.today, span.last_day):
        found.append(day)
    if span.last_day < span.today:
        found.append(span.last_day + timedelta(days=1))
    return found[-MOST_MONTHS:]


def _begins(day: date, zone: str) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(zone))


def _changes(
    connection: Connection, period_id: int, bounds: Sequence[datetime]
) -> Mapping[int, Mapping[EntryKind, Cents]]:
    """Return what each kind of entry moved, by how many of the bounds had passed."""
    passed = [(LedgerEntry.at < bound, index) for index, bound in enumerate(bounds)]
    place: ColumnElement[int] = case(*passed, else_=len(bounds)) if passed else literal(0)
    entries = (
        select(place.label("place"), LedgerEntry.kind, LedgerEntry.amount)
        .join(Fund, Fund.id == LedgerEntry.fund_id)
        .where(Fund.period_id == period_id)
        .subquery()
    )
    moved = cast(func.sum(entries.c.amount), BigInteger)
    found: defaultdict[int, dict[EntryKind, Cents]] = defaultdict(dict)
    for row in connection.execute(
        select(entries.c.place, entries.c.kind, moved.label("moved")).group_by(
            entries.c.place, entries.c.kind
        )
    ):
        found[row.place][row.kind] = row.moved
    return found


def _after(held: Balances, moved: Mapping[EntryKind, Cents]) -> Balances:
    """Return balances once so much of each kind was moved."""
    for kind, amount in moved.items():
        change = Entry(kind, amount).change()
        held = Balances(*(getattr(held, name) + change[name] for name in Balances._fields))
    return held
