"""Lists by key: a page starts after the last row that was seen, so none grows slower with the list."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for
from sqlalchemy import ColumnElement, Row, String, literal, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from models.base import UtcTime
from web.forms import sent_number
from web.services import reading
from workflow.dossier import Query

SIZE = 50
"""Rows on a page."""

Keys = tuple[InstrumentedAttribute[Any], ...]


@dataclass(frozen=True, slots=True)
class ListPage:
    """Some rows of a list, and the addresses of the pages before and after them, where there are any."""

    rows: Sequence[Any]
    before: str | None
    after: str | None


def page_of(
    query: Query, keys: Keys, *, descending: bool = False, size: int = SIZE, at: str | None = None
) -> ListPage:
    """Return the page that the request asks for, sorted by `keys`, of which the last has to be unique.

    Text can be the last key only. A cursor that is none gives the first page. `at` is where the list stands,
    for a page that also answers forms, which have addresses of their own.
    """
    after, before = _cursor("after", keys), _cursor("before", keys)
    backward = before is not None and after is None
    mark = before if backward else after
    downward = descending != backward
    if mark is not None:
        query = query.where(_beyond(keys, mark, downward))
    order = [key.desc() if downward else key.asc() for key in keys]
    marked = query.add_columns(*(key.label(f"key_{index}") for index, key in enumerate(keys)))
    found = list(reading().execute(marked.order_by(*order).limit(size + 1)))
    more, rows = len(found) > size, found[:size]
    if backward:
        rows.reverse()
    return ListPage(
        rows=rows,
        before=_address("before", rows, 0, keys, at) if (more if backward else mark is not None) else None,
        after=_address("after", rows, -1, keys, at) if (more or backward) else None,
    )


def page_of_rows(rows: Sequence[Any], key: Callable[[Any], int], *, size: int = SIZE) -> ListPage:
    """Return the page that the request asks for of rows that were worked out, each with a key of its own.

    A cursor that names no row gives the first page.
    """
    place = {str(key(row)): index for index, row in enumerate(rows)}
    here = place.get(request.args.get("before", ""), 0)
    start = place.get(request.args.get("after", ""), max(here - size, 0) - 1) + 1
    found = rows[start : start + size]
    is_last = start + size >= len(rows)
    return ListPage(
        rows=found,
        before=_link("before", str(key(found[0])), None) if start and found else None,
        after=None if is_last else _link("after", str(key(found[-1])), None),
    )


def _beyond(keys: Keys, mark: Sequence[Any], downward: bool) -> ColumnElement[bool]:
    there = tuple_(*(literal(value, key.type) for key, value in zip(keys, mark, strict=True)))
    return tuple_(*keys) < there if downward else tuple_(*keys) > there


def _address(name: str, rows: Sequence[Row[Any]], index: int, keys: Keys, at: str | None) -> str | None:
    if not rows:
        return None
    cursor = "~".join(_text(getattr(rows[index], f"key_{number}")) for number in range(len(keys)))
    return _link(name, cursor, at)


def _link(name: str, cursor: str, at: str | None) -> str:
    kept = {key: value for key, value in request.args.items() if key not in ("after", "before") and value}
    # Not as arguments of `url_for`, some of which are orders: `_external`, `_scheme`, `_method`.
    place = at or url_for(request.endpoint or "", **(request.view_args or {}))
    return f"{place}?{urlencode({**kept, name: cursor})}"


def _cursor(name: str, keys: Keys) -> list[Any] | None:
    texts = request.args.get(name, "").split("~", len(keys) - 1)
    if len(texts) != len(keys):
        return None
    try:
        return [_value(text, key) for text, key in zip(texts, keys, strict=True)]
    except ValueError:
        return None


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _value(text: str, key: InstrumentedAttribute[Any]) -> Any:
    if isinstance(key.type, UtcTime):
        return _moment(text)
    if isinstance(key.type, String):
        if not text or "\0" in text:
            raise ValueError(text)
        return text
    number = sent_number(text)
    if number is None:
        raise ValueError(text)
    return number


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError(text) from None
