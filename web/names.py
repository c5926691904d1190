"""The names that ids stand for, asked for once for a whole page, and those of countries."""

from collections.abc import Iterable

from babel import Locale
from flask_babel import get_locale
from sqlalchemy import select

from models.people import Partner, User
from models.routing import ApproverGroup
from web.services import reading


def names_of(model: type[User | Partner | ApproverGroup], ids: Iterable[int | None]) -> dict[int, str]:
    """Return the names of rows by their ids; None is nobody's."""
    wanted = sorted({one for one in ids if one is not None})
    if not wanted:
        return {}
    rows = reading().execute(select(model.id, model.name).where(model.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def all_names(model: type[User | Partner | ApproverGroup]) -> dict[int, str]:
    """Return the names of all rows by their ids, ordered by name."""
    rows = reading().execute(select(model.id, model.name).order_by(model.name, model.id))
    return {row.id: row.name for row in rows}


def country_names(codes: Iterable[str]) -> dict[str, str]:
    """Return countries by their codes, named in the visitor's language and ordered by that name.

    A code that is no country's is its own name.
    """
    territories = (get_locale() or Locale("en")).territories
    return dict(sorted(((code, territories.get(code, code)) for code in codes), key=lambda one: one[1]))
