"""Single-use links: each lets its user set a password once, until it ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, insert, select, true, update
from sqlalchemy.orm import Session

from models.base import Base
from models.messages import Message
from models.people import Partner, SingleUseLink, User, UserRole
from models.programme import Programme
from models.vocabulary import MessageKind
from workflow.announcements import message_row
from workflow.sessions import digest, new_token


class LinkSpent(Exception):
    """A link that was used, has ended, or never was."""


@dataclass(frozen=True, slots=True)
class OpenLink:
    """A link that still works: whom it lets set a password, and until when."""

    user: User
    ends_at: datetime


def send_link(connection: Connection, user_id: int, kind: MessageKind, now: datetime, life: timedelta) -> str:
    """Make a link for a user, put it in the outbox as `kind`, and return its token.

    It is the path `/set-password/<token>`.
    """
    token, rows = made_link(user_id, kind, taking_part(connection, user_id), now, life)
    for model, row in rows.items():
        connection.execute(insert(model).values(**row))
    return token


def made_link(
    user_id: int, kind: MessageKind, part: Mapping[str, Any], now: datetime, life: timedelta
) -> tuple[str, dict[type[Base], dict[str, Any]]]:
    """Return the token of a new link, and the rows that make it and put it in the outbox.

    `part` is what `taking_part` says of the user.
    """
    token, ends_at = new_token(), now + life
    link = {"token_hash": digest(token), "user_id": user_id, "created_at": now, "expires_at": ends_at}
    figures = {"path": f"/set-password/{token}", "ends_at": ends_at.isoformat(), **part}
    message = message_row(kind, f"link:{digest(token)[:32]}", user_id, figures, now)
    return token, {SingleUseLink: link, Message: {**message, "read_at": now}}


def taking_part(connection: Connection, user_id: int) -> dict[str, Any]:
    """Return in what a user takes part, for whom and as what: figures of every message that holds a link."""
    row = connection.execute(
        select(Programme.name, Programme.owner, Partner.name.label("partner"))
        .select_from(User)
        .join(Programme, true())
        .outerjoin(Partner, Partner.id == User.partner_id)
        .where(User.id == user_id)
    ).one()
    roles = connection.scalars(select(UserRole.role).where(UserRole.user_id == user_id))
    return {
        "programme": row.name,
        "owner": row.owner,
        "partner": row.partner,
        "roles": sorted(role.value for role in roles),
    }


def use_link(connection: Connection, token: str, now: datetime) -> int:
    """Spend a link that still works, and every other of its user; return the user's id. Raise LinkSpent."""
    # The user first, as whatever else ends links does: otherwise the two could wait for each other.
    holder = (
        select(User.id)
        .join(SingleUseLink, SingleUseLink.user_id == User.id)
        .where(*live(token, now))
        .with_for_update(of=User, key_share=True)
    )
    user_id = connection.scalar(holder)
    used = update(SingleUseLink).where(*live(token, now)).values(used_at=now)
    if user_id is None or connection.execute(used).rowcount == 0:
        raise LinkSpent
    end_links(connection, user_id)
    return user_id


def end_links(connection: Connection, user_id: int) -> None:
    """Let no link of a user work any more."""
    connection.execute(
        delete(SingleUseLink).where(SingleUseLink.user_id == user_id, SingleUseLink.used_at.is_(None))
    )


def open_link(session: Session, token: str, now: datetime) -> OpenLink:
    """Return the link that still works, with the active user whom it lets set a password. Raise LinkSpent."""
    found = session.execute(
        select(User, SingleUseLink.expires_at)
        .join(SingleUseLink, SingleUseLink.user_id == User.id)
        .where(*live(token, now), User.deactivated_at.is_(None))
    ).one_or_none()
    if found is None:
        raise LinkSpent
    return OpenLink(*found)


def link_kind(password_hash: str | None) -> MessageKind:
    """Return what a link is to a user: an invitation until they have chosen their first password."""
    return MessageKind.invitation if password_hash is None else MessageKind.password_reset


def live(token: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return what holds of a link that still works."""
    return (
        SingleUseLink.token_hash == digest(token),
        SingleUseLink.used_at.is_(None),
        SingleUseLink.expires_at > now,
    )
