"""Erases who a deactivated user was. Ids stay, so history still tells apart who did what."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, true, update

from models.people import SingleUseLink, User
from workflow.actors import Actor
from workflow.acts.record import record_act
from workflow.dossier import AnyRow
from workflow.erasure.copies import remove_copies
from workflow.erasure.held import wait_for_holds
from workflow.erasure.held_names import is_name_held
from workflow.erasure.unnaming import unname
from workflow.refusals import Problem, Refused
from workflow.sessions import end_all_sessions

NOWHERE = "erased.invalid"
"""No mail goes there (RFC 2606)."""


def forget(
    connection: Connection,
    actor: Actor,
    now: datetime,
    user: AnyRow,
    why: Mapping[str, Any],
    key: str | None = None,
) -> int:
    """Put a number in the place of the name and the address of a locked user; return the act.

    So it is wherever they are named (`unname`). Raises Refused for whom `not_to_forget` names.
    """
    require_forgettable(connection, user)
    act_id = record_act(
        connection, actor, now, "user_erased", f"user:{user.id}", why, partner_id=user.partner_id, key=key
    )
    name = f"Former user {user.id}"
    unname(connection, user, name, now)
    remove_copies(connection, now)
    end_all_sessions(connection, user.id)
    connection.execute(delete(SingleUseLink).where(SingleUseLink.user_id == user.id))
    nobody = {"email": f"user-{user.id}@{NOWHERE}", "password_hash": None, "is_contact": False}
    connection.execute(update(User).where(User.id == user.id).values(name=name, erased_by=act_id, **nobody))
    return act_id


def require_forgettable(connection: Connection, user: AnyRow) -> None:
    """Return for a user who may be erased; raise Refused for any other.

    They may have had a part in any partner's claims, so holds that are being set anywhere are waited for.
    """
    wait_for_holds(connection, true())
    if (problem := not_to_forget(connection, user)) is not None:
        raise Refused(problem)


def not_to_forget(connection: Connection, user: AnyRow | User) -> Problem | None:
    """Return why a user may not be erased: they were, can still sign in, or a legal hold keeps their name."""
    if user.erased_by is not None:
        return Problem("user_erased")
    if user.deactivated_at is None:
        return Problem("user_active")
    return Problem("name_held") if is_name_held(connection, user.id) else None
