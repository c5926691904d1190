"""Cells: what the text of one means, and what stands in one. Whatever the file, a cell is text.

A reader takes text that is not empty and gives a value; it raises Unread with the code of what is wrong.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from models.money import MAX_CENTS, Cents, parse_amount
from models.vocabulary import Role
from workflow.readable import one_line

Cells = Mapping[str, str]
"""What a row says, by the names of its columns; without those that its file lacks."""

Values = dict[str, Any]
"""What cells mean, by column: None where one is empty, nothing where the file lacks the column."""


class Unread(Exception):
    """A cell that means nothing here: the code of a problem, and its figures."""

    def __init__(self, code: str, **figures: str) -> None:
        super().__init__(code)
        self.code = code
        self.figures = figures


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file: its name, what it means to people, how its cells are read.

    A file must have a column that is `needed`, with something in every row.
    """

    name: str
    meaning: str
    read: Callable[[str], Any]
    needed: bool = False


_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d+(?:\.\d{1,2})?", re.ASCII)
_WITH_DECIMAL_COMMA = re.compile(r"(?:\d{1,3}(?:\.\d{3})+|\d+),\d{1,2}", re.ASCII)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)
_YES, _NO = frozenset({"yes", "true", "1", "x"}), frozenset({"no", "false", "0"})


def text(most: int) -> Callable[[str], str]:
    """Return a reader of a line of text of at most so many characters."""

    def read(cell: str) -> str:
        line = str(one_line(cell))
        if len(line) > most:
            raise Unread("cell_long", most=str(most))
        return line

    return read


def country(cell: str) -> str:
    """Return a country code in capitals. Whether it is one, the acts say."""
    return text(10)(cell).upper()


def day(cell: str) -> date:
    """Return a day written as `2026-03-31` or `31.3.2026`. With slashes, nobody knows which is the month."""
    try:
        if _ISO.fullmatch(cell):
            return date.fromisoformat(cell)
        if dotted := _DOTTED.fullmatch(cell):
            of_month, month, year = map(int, dotted.groups())
            return date(year, month, of_month)
    except ValueError:
        pass
    raise Unread("cell_day")


def amount(cell: str) -> Cents:
    """Return the cents of `4000`, `4000.5`, `4,000.00` or `4000,00`: exact, and never rounded."""
    plain = cell.replace(" ", "").replace("\u00a0", "").replace("\u202f", "")
    if _GROUPED.fullmatch(plain):
        whole, _point, rest = plain.replace(",", "").partition(".")
    elif _WITH_DECIMAL_COMMA.fullmatch(plain):
        whole, _comma, rest = plain.replace(".", "").partition(",")
    else:
        raise Unread("cell_amount")
    cents = parse_amount(f"{whole}.{rest:0<2}")
    if cents > MAX_CENTS:
        raise Unread("amount_too_large")
    return cents


def yes_or_no(cell: str) -> bool:
    """Return whether a cell says yes."""
    word = cell.strip().lower()
    if word not in _YES | _NO:
        raise Unread("cell_yes_no")
    return word in _YES


ROLES = {role.value: role for role in Role if role is not Role.scheduler}


def roles(cell: str) -> frozenset[Role]:
    """Return the roles that a cell names, with commas, semicolons or blanks between them."""
    words = re.split(r"[\s,;]+", cell.strip().lower())
    unknown = [word for word in words if word not in ROLES]
    if unknown:
        raise Unread("cell_role", role=unknown[0], roles=", ".join(ROLES))
    return frozenset(ROLES[word] for word in words)
