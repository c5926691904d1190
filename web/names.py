"""The names that ids stand for, asked for once for a whole page."""

from collections.abc import Iterable

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
