"""What a search is, and the conditions that several share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Text, or_, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute

from models.base import canonical
from models.people import Partner, User
from workflow.dossier import AnyRow, Query

Asked = Mapping[str, Any]
"""What is asked for, as JSON: a value for each field that is filled in. Days are ISO, amounts in cents."""

Condition = Callable[[Asked], ColumnElement[bool]]


class Holds(StrEnum):
    """What a column of an export holds."""

    text = "text"
    number = "number"
    cents = "cents"
    day = "day"
    moment = "moment"
    figures = "figures"


class Column(NamedTuple):
    """A column of an export: its name, what it holds, and what it is read by where no column is called so."""

    name: str
    holds: Holds = Holds.text
    read: Callable[[AnyRow], Any] | None = None

    def of(self, row: AnyRow) -> Any:
        """Return what a row has in this column."""
        return getattr(row, self.name) if self.read is None else self.read(row)


@dataclass(frozen=True, slots=True)
class Search:
    """The rows that can be found, with what a page shows of them.

    `conditions` are those of the fields that it has. `exported` are the same rows with what an export says of
    them, in `columns`; `key` is their id.
    """

    key: InstrumentedAttribute[int]
    listed: Query
    exported: Query
    conditions: Mapping[str, Condition]
    columns: tuple[Column, ...]


def conditions(asked: Asked, table: Mapping[str, Condition]) -> list[ColumnElement[bool]]:
    """Return what is asked for: the condition of the table for each field that is filled in."""
    return [table[name](asked) for name in table if name in asked]


def in_zone(asked: Asked, zone: ZoneInfo) -> dict[str, Any]:
    """Return what is asked for with moments for the days `first` and `last`: when each begins, and ends.

    The first and the last day that there are ask for nothing.
    """
    days = {name: date.fromisoformat(asked[name]) for name in ("first", "last") if name in asked}
    found = {name: value for name, value in asked.items() if name not in days}
    if days.get("first", date.min) != date.min:
        found["first"] = _begins(days["first"], zone)
    if days.get("last", date.max) != date.max:
        found["last"] = _begins(days["last"] + timedelta(days=1), zone)
    return found


def of_partner(column: InstrumentedAttribute[Any], name: str) -> ColumnElement[bool]:
    """Return the condition that a column names a partner whose name holds some words."""
    return column.in_(select(Partner.id).where(Partner.name.icontains(name, autoescape=True)))


def named(words: str) -> ColumnElement[bool]:
    """Return the condition that the name or the address of a user holds some words."""
    return or_(User.name.icontains(words, autoescape=True), User.email.icontains(words, autoescape=True))


def of_user(column: InstrumentedAttribute[Any], words: str) -> ColumnElement[bool]:
    """Return the condition that a column names a user whose name or address holds some words."""
    return column.in_(select(User.id).where(named(words)))


def about_rule(column: InstrumentedAttribute[Any], **asked: str | None) -> ColumnElement[bool]:
    """Return the condition that a column of verdicts holds one with a `rule`, an `outcome`, or both.

    Verdicts are kept as canonical text, in which `outcome` and `rule` stand side by side.
    """
    fragment = canonical({name: value for name, value in asked.items() if value})[1:-1]
    return type_coerce(column, Text).contains(fragment, autoescape=True)


def broken_in(verdicts: list[Mapping[str, Any]]) -> str:
    """Return the ids of the rules that were broken, with blanks between."""
    return " ".join(one["rule"] for one in verdicts if one["outcome"] == "broken")


def _begins(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
