"""Reads JSON that others wrote: small readers for single values, and shapes for objects and lists of them.

A shape is a table of fields. Reading stops at the first field that has not its form, in the shape's own
order, and names its path. Any JSON value can be read without harm. null is the same as left out.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

from models.money import parse_amount, whole
from workflow.exchange import USD, rate_figure
from workflow.marking import N_

Reader = Callable[[Any], Any]

PROBLEMS: dict[str, str] = {
    "missing": N_("is missing"),
    "unknown": N_("is not known here"),
    "not_object": N_("must be a JSON object"),
    "not_list": N_("must be a list"),
    "not_text": N_("must be text"),
    "not_amount": N_("must be an amount as text, such as 4000.00"),
    "not_share": N_("must be a share as text, such as 0.50"),
    "not_day": N_("must be a day as text, such as 2026-04-10"),
    "not_count": N_("must be a whole number, 0 or more"),
    "not_flag": N_("must be true or false"),
    "nothing": N_("must be more than 0.00"),
    "not_currency": N_("must be the three letters of a currency other than USD, such as EUR"),
    "not_rate": N_("must be a number above 0 as text, such as 1.0856"),
    "not_country": N_("must be two capital letters, such as DE"),
    "not_code": N_("must be at most 60 letters, digits and underscores"),
    "too_many_rules": N_("is one more than the 100 rules that there may be"),
    "not_tiers": N_("must name one to four tiers"),
    "ends_before_start": N_("must not be before the first day"),
    "twice": N_("must not stand twice"),
    "not_utf8": N_("must be UTF-8"),
    "too_many_days": N_("must be at most 3660 days"),
    "too_large": N_("is larger than any that can be meant"),
    "too_deep": N_("is nested too deeply"),
}
"""What can be wrong with a field, by code, said after its path."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_SHARE = re.compile(r"[0-9]+(?:\.[0-9]+)?")


class FormError(ValueError):
    """A field without its form: its `path` (`claim.lines[1].amount`) and a code of PROBLEMS."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(path, problem)
        self.path = path
        self.problem = problem

    def under(self, step: str) -> "FormError":
        """Return the same error, its path continued upwards by a name or an `[index]`."""
        between = "" if not self.path or self.path.startswith("[") else "."
        return type(self)(f"{step}{between}{self.path}", self.problem)

    def __str__(self) -> str:
        return f"{self.path}: {PROBLEMS[self.problem]}"


def text(value: object) -> str:
    """Read text; text of only blanks counts as missing."""
    if not isinstance(value, str):
        raise FormError("", "not_text")
    if not value or value.isspace():
        raise FormError("", "missing")
    return value


def text_or_none(value: object) -> str | None:
    """Read text that may be left out; text of only blanks is left out."""
    if not isinstance(value, str):
        raise FormError("", "not_text")
    return None if not value or value.isspace() else value


def amount(value: object) -> int:
    """Read an amount (`4000.00`) as cents."""
    try:
        return parse_amount(value)  # type: ignore[arg-type] # TypeError for what is no text
    except (TypeError, ValueError):
        raise FormError("", "not_amount") from None


def amount_above_nothing(value: object) -> int:
    """Read an amount of at least one cent."""
    cents = amount(value)
    if not cents:
        raise FormError("", "nothing")
    return cents


def share(value: object) -> Fraction:
    """Read a share (`0.50`)."""
    if not isinstance(value, str) or not _SHARE.fullmatch(value):
        raise FormError("", "not_share")
    before, _, after = value.partition(".")
    return Fraction(whole(before + after), 10 ** len(after))


def foreign_currency(value: object) -> str:
    """Read the code of a currency (`EUR`) that is not the fund's own."""
    if not isinstance(value, str) or not _CURRENCY.fullmatch(value) or value == USD:
        raise FormError("", "not_currency")
    return value


def is_country(code: str) -> bool:
    """Return whether this has the form of a country code (`DE`)."""
    return bool(_COUNTRY.fullmatch(code))


def country(value: object) -> str:
    """Read a country code."""
    if not isinstance(value, str) or not is_country(value):
        raise FormError("", "not_country")
    return value


def rate(value: object) -> Fraction:
    """Read one of the two figures of an exchange rate (`1.0856`)."""
    try:
        return rate_figure(value)  # type: ignore[arg-type] # TypeError for what is no text
    except (TypeError, ValueError):
        raise FormError("", "not_rate") from None


def count(value: object) -> int:
    """Read a whole JSON number of 0 or more; 2.0 and true are none."""
    if type(value) is not int or value < 0:
        raise FormError("", "not_count")
    return value


def flag(value: object) -> bool:
    """Read true or false."""
    if value is not True and value is not False:
        raise FormError("", "not_flag")
    return value


def day(value: object) -> date:
    """Read a day (`2026-04-10`)."""
    if not isinstance(value, str):
        raise FormError("", "not_day")
    return _day(value)


@lru_cache(maxsize=4096)
def _day(value: str) -> date:
    if not _DAY.fullmatch(value):
        raise FormError("", "not_day")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise FormError("", "not_day") from None


def mapping(value: object) -> dict[str, Any]:
    """Read a JSON object as it stands."""
    if not isinstance(value, dict):
        raise FormError("", "not_object")
    return value


def one_of(*allowed: str) -> Reader:
    """Return a reader of one of a few words."""

    def read(value: object) -> str:
        word = text(value)
        if word not in allowed:
            raise FormError("", "unknown")
        return word

    return read


def items(read_item: Reader) -> Reader:
    """Return a reader of a list, as a tuple."""

    def read(value: object) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise FormError("", "not_list")
        found = []
        for index, item in enumerate(value):
            if item is None:
                raise FormError(f"[{index}]", "missing")
            try:
                found.append(read_item(item))
            except FormError as error:
                raise error.under(f"[{index}]") from None
        return tuple(found)

    return read


REQUIRED = object()
"""The default of a field that must be there."""


@dataclass(frozen=True, slots=True)
class Field:
    """One named field of an object.

    Left out, it takes `default`, or is an error where that is REQUIRED. It is read only where `only_if` says
    so of the object; `not_before` names an earlier field whose day it may not precede.
    """

    name: str
    read: "Reader | Shape"
    default: object = REQUIRED
    only_if: Callable[[Mapping[str, Any]], bool] | None = None
    not_before: str | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """An object of the given fields, made into `make`; or, with `many`, a list of such objects.

    Fields that are not named are ignored, or refused where the shape is `closed`.
    """

    make: Callable[..., Any]
    fields: tuple[Field, ...]
    many: bool = False
    closed: bool = False


def everything(_path: str) -> bool:
    """Tell that a field is read, whichever it is."""
    return True


def reader(shape: Shape, is_read: Callable[[str], bool] = everything, path: str = "") -> Reader:
    """Return the reader of a shape, which looks only at the fields whose path `is_read`.

    What is not read keeps the default of what is made. `path` is where the shape stands, a point at its end.
    """
    chosen = tuple(field for field in shape.fields if is_read(path + field.name))
    read = _object_reader(shape.make, tuple(_compiled(field, is_read, path) for field in chosen))
    if shape.closed:
        read = _closed(read, frozenset(field.name for field in shape.fields))
    return items(read) if shape.many else read


Compiled = tuple[str, Reader, object, Callable[[Mapping[str, Any]], bool] | None, str | None]
"""A field as the inner loop takes it: name, reader, default, only_if, not_before."""


def _compiled(field: Field, is_read: Callable[[str], bool], path: str) -> Compiled:
    below = f"{path}{field.name}."
    read = reader(field.read, is_read, below) if isinstance(field.read, Shape) else field.read
    return field.name, read, field.default, field.only_if, field.not_before


def _object_reader(make: Callable[..., Any], fields: tuple[Compiled, ...]) -> Reader:
    def read(value: object) -> Any:
        if not isinstance(value, dict):
            raise FormError("", "not_object")
        found: dict[str, Any] = {}
        for name, read_field, default, only_if, not_before in fields:
            if only_if is not None and not only_if(value):
                continue
            raw = value.get(name)
            if raw is None:
                if default is REQUIRED:
                    raise FormError(name, "missing")
                found[name] = default
                continue
            try:
                found[name] = read_field(raw)
            except FormError as error:
                raise error.under(name) from None
            if not_before is not None and not_before in found and found[name] < found[not_before]:
                raise FormError(name, "ends_before_start")
        return make(**found)

    return read


def _closed(read: Reader, known: frozenset[str]) -> Reader:
    def read_closed(value: object) -> Any:
        for name, item in mapping(value).items():
            if name not in known and item is not None:
                raise FormError(name, "unknown")
        return read(value)

    return read_closed
