"""Rows of figures that lead to the claims behind them, and the charts that draw them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import url_for

STYLES = ("solid", "hatched", "hollow")
"""How the parts of a bar are told apart, without any colour."""


LONGEST = 40
"""Characters of a name above a bar."""


class Line(NamedTuple):
    """One row of a table: what it is about, the address of the claims behind it, and its figures."""

    name: Any
    address: str
    figures: Any


class Part(NamedTuple):
    """A part of a bar: how it looks, what it is, where it begins and how wide it is, in percent."""

    style: str
    words: str
    at: float
    width: float


class Bar(NamedTuple):
    """One bar of a chart, with the words at its two ends above it."""

    name: Any
    told: str
    parts: Sequence[Part]


@dataclass(frozen=True, slots=True)
class Chart:
    """Horizontal bars on one scale. `key` names what each style of part stands for."""

    title: Any
    key: Sequence[tuple[str, Any]]
    bars: Sequence[Bar]


def behind(asked: Mapping[str, str], **facets: Any) -> str:
    """Return the address of the claims behind a figure: those of the page's filters and its own facets."""
    told: dict[str, Any] = {**asked, **{name: str(value) for name, value in facets.items()}}
    return url_for("dashboards.claims", **told)


def chart(title: Any, key: Sequence[Any], rows: Sequence[tuple[Any, str, Sequence[int]]]) -> Chart:
    """Return a chart of rows: name, words, and the sizes of parts in the order of the key, one for each."""
    longest = max((sum(sizes) for _, _, sizes in rows), default=0) or 1
    bars = [Bar(_short(str(name)), told, _parts(key, sizes, longest)) for name, told, sizes in rows]
    return Chart(title, list(zip(STYLES, key, strict=False)), bars)


def _short(name: str) -> str:
    """Return a name that fits above a bar on a narrow screen; the table has it whole."""
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1].rstrip()}…"


def _parts(key: Sequence[Any], sizes: Sequence[int], longest: int) -> list[Part]:
    parts, at = [], 0.0
    for style, words, size in zip(STYLES, key, sizes, strict=False):
        width = round(100 * size / longest, 2)
        if size > 0:
            parts.append(Part(style, str(words), round(at, 2), width))
        at += width
    return parts
