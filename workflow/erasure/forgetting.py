"""Erases who a deactivated user was. Ids stay, so history still tells apart who did what."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Text, delete, func, or_, select, true, type_coerce, update

from models.base import canonical
from models.jobs import Job
from models.messages import Message
from models.people import SingleUseLink, User
from models.searches import Export, SavedSearch
from workflow.actors import Actor
from workflow.acts.record import record_act
from workflow.dossier import AnyRow
from workflow.erasure.copies import remove_copies
from workflow.erasure.held import wait_for_holds
from workflow.erasure.held_names import is_name_held
from workflow.refusals import Problem, Refused
from workflow.sessions import end_all_sessions

NOWHERE = "erased.invalid"
"""No mail goes there (RFC 2606)."""

QUOTED = (Message.figures, SavedSearch.asked, Export.asked, Job.input)
"""Where JSON may quote a name or an address: what is told of somebody, and what somebody searched for."""


def forget(
    connection: Connection,
    actor: Actor,
    now: datetime,
    user: AnyRow,
    why: Mapping[str, Any],
    key: str | None = None,
) -> int:
    """Put a number in the place of the name and the address of a locked user; return the act.

    What messages tell of them, and what others searched for, is changed too; a name stays there if somebody
    else bears it. Raises Refused for whom `not_to_forget` names.
    """
    require_forgettable(connection, user)
    act_id = record_act(
        connection, actor, now, "user_erased", f"user:{user.id}", why, partner_id=user.partner_id, key=key
    )
    name = f"Former user {user.id}"
    namesakes = connection.scalar(select(func.count()).where(User.name == user.name, User.id != user.id))
    _no_longer_quoted(connection, {user.email} if namesakes else {user.email, user.name}, name)
    _why_mail_failed(connection, user)
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


def _no_longer_quoted(connection: Connection, words: Collection[str], other: str) -> None:
    """Put another name in the place of each of some words wherever JSON has it, in whatever case."""
    folded = {word.casefold() for word in words}
    for column in QUOTED:
        table, text = column.class_, type_coerce(column, Text)
        quotes = or_(*(text.icontains(canonical(word), autoescape=True) for word in words))
        for row in connection.execute(select(table.id, column.label("said")).where(quotes)).all():
            said = {column.key: _without(folded, other, row.said)}
            connection.execute(update(table).where(table.id == row.id).values(said))


def _without(folded: Collection[str], other: str, value: Any) -> Any:
    """Return a value of JSON with another text in the place of each that is one of some folded words."""
    if isinstance(value, dict):
        return {key: _without(folded, other, one) for key, one in value.items()}
    if isinstance(value, list):
        return [_without(folded, other, one) for one in value]
    return other if isinstance(value, str) and value.casefold() in folded else value


def _why_mail_failed(connection: Connection, user: AnyRow) -> None:
    """Forget what mail servers said of mail to a user, and wherever else they named the address."""
    named = Message.last_error.icontains(user.email, autoescape=True)
    said = (Message.user_id == user.id) & Message.last_error.is_not(None)
    connection.execute(update(Message).where(or_(said, named)).values(last_error=None))
