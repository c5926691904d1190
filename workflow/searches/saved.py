"""Searches that auditors keep under names of their own."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from models.people import User
from models.searches import SavedSearch
from models.vocabulary import Role, SearchKind
from workflow.actors import Actor
from workflow.assignment import roles_now
from workflow.refusals import Problem, Refused

LONGEST_NAME = 80
"""Characters of a name."""

MOST = 50
"""How many searches somebody keeps."""


def require_auditor(connection: Connection, actor: Actor) -> int:
    """Return the id of who is an auditor now; raise Refused for anybody else."""
    if actor.user_id is None or Role.auditor not in roles_now(connection, actor.user_id):
        raise Refused(Problem("not_yours"))
    return actor.user_id


def keep(
    connection: Connection, actor: Actor, now: datetime, kind: SearchKind, name: str, sent: Mapping[str, str]
) -> None:
    """Keep a search, its fields as they were `sent`, under a name. The same again changes nothing.

    Raises Refused for a name that another search of theirs bears, and for more than MOST.
    """
    owner_id = require_auditor(connection, actor)
    # Two at once would both find room for one more.
    connection.execute(select(User.id).where(User.id == owner_id).with_for_update())
    own = select(SavedSearch.__table__).where(SavedSearch.owner_id == owner_id)
    same = connection.execute(own.where(SavedSearch.name == name)).one_or_none()
    if same is not None:
        if (same.kind, same.asked) == (kind, dict(sent)):
            return
        raise Refused(Problem("search_name_taken", "name"))
    if connection.scalar(select(func.count()).select_from(own.subquery())) == MOST:
        raise Refused(Problem("searches_full", "name", {"most": str(MOST)}))
    row = {"owner_id": owner_id, "kind": kind, "name": name, "asked": dict(sent), "created_at": now}
    connection.execute(insert(SavedSearch).values(row))


def forget(connection: Connection, actor: Actor, saved_id: int) -> None:
    """Forget a search of one's own; of anybody else's nothing happens."""
    mine = (SavedSearch.id == saved_id, SavedSearch.owner_id == actor.user_id)
    connection.execute(delete(SavedSearch).where(*mine))
