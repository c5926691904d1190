"""Who is asking. The one place that knows Flask-Login, which is kept thin over the product's own sessions."""

from dataclasses import dataclass
from typing import Any, cast

import flask_login
from flask import Flask, session

from models.people import User
from models.vocabulary import Role
from web.services import now, read_afresh, reading, services
from workflow.actors import Actor
from workflow.sessions import TOUCH_EVERY, end_session, find_session, session_user, touch_session

VENDOR_ROLES = frozenset({Role.approver, Role.finance, Role.auditor, Role.manager})


@dataclass(frozen=True, slots=True)
class Visitor:
    """A user who is signed in with the roles that count, and the token of this browser."""

    token: str
    user: User
    roles: frozenset[Role]

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """Return what the cookie holds: a random token, never the user."""
        return self.token


def keep_visitors(app: Flask) -> None:
    """Let an app recognise who is signed in."""
    manager: Any = flask_login.LoginManager()
    manager.session_protection = None
    manager.user_loader(_load)
    manager.init_app(app, add_context_processor=False)


def visitor() -> Visitor | None:
    """Return who is signed in, or None."""
    who = cast(Any, flask_login.current_user)
    return cast(Visitor, who._get_current_object()) if who.is_authenticated else None


def signed_in_user() -> User:
    """Return the user who is signed in, where the route demands one."""
    return _present().user


def present_token() -> str:
    """Return the token of this browser's session, where the route demands one."""
    return _present().token


def actor() -> Actor:
    """Return the signed-in user as the actor of a move or an act."""
    who = _present()
    return Actor(who.user.id, who.roles, who.user.partner_id)


def let_in(token: str) -> None:
    """Remember a new session in this browser. Nothing of an earlier one stays."""
    session.clear()
    read_afresh()
    visitor_now = _load(token)
    if visitor_now is not None:
        flask_login.login_user(visitor_now)


def let_out() -> None:
    """End this browser's session."""
    who = visitor()
    if who is not None:
        with services().database.write() as connection:
            end_session(connection, who.token)
    flask_login.logout_user()
    session.clear()


def _present() -> Visitor:
    who = visitor()
    if who is None:
        raise LookupError("nobody is signed in")
    return who


def _load(token: str) -> Visitor | None:
    found = find_session(reading(), token, now())
    user = session_user(reading(), found.user_id) if found else None
    if found is None or user is None:
        return None
    if now() - found.seen_at >= TOUCH_EVERY:
        with services().database.write() as connection:
            touch_session(connection, token, now(), services().door.idle)
    of_their_side = VENDOR_ROLES if user.partner_id is None else frozenset({Role.partner})
    return Visitor(token, user, user.roles & of_their_side)
