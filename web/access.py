"""Who may use what. Every route declares it; what declares nothing is refused.

What a person may not see does not exist for them (404).
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from flask import Flask, abort, current_app, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy import ColumnElement, select

from models.claims import Claim
from models.vocabulary import Role, Trigger
from web.auth.visitor import actor, visitor
from web.errors import signed_out
from web.services import now, reading, services
from workflow.attempt import Command
from workflow.refusals import Problem, Refused
from workflow.refused_attempts import remember
from workflow.sight import seen_by

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Access:
    """Who may use a route: everyone, or who is signed in with one of the roles (any, where none is named).

    `moves` are those that the route makes of the claim in its address. `setting` names one by which an
    installation opens the route to everyone.
    """

    everyone: bool = False
    roles: frozenset[Role] = frozenset()
    moves: frozenset[Trigger] = frozenset()
    setting: str = ""


PUBLIC_FILES = frozenset({"static", "bootstrap.static"})
"""Endpoints that Flask makes itself, and that serve files which are the same for everyone."""


def public(view: View) -> View:
    """Declare that everyone may use a route, signed in or not."""
    return _declare(view, Access(everyone=True))


def signed_in(view: View) -> View:
    """Declare that everyone who is signed in may use a route, whatever their role."""
    return _declare(view, Access())


def signed_in_or_by(setting: str) -> Callable[[View], View]:
    """Declare that who is signed in may use a route; everyone may where a setting says so."""
    return lambda view: _declare(view, Access(setting=setting))


def allow(*roles: Role, moves: Collection[Trigger] = ()) -> Callable[[View], View]:
    """Declare that whoever is signed in with one of these roles may use a route, and which moves it makes.

    A move that is asked for without the role is remembered as a refused attempt.
    """
    if not roles:
        raise ValueError("allow() names at least one role; @signed_in is for all of them")
    return lambda view: _declare(view, Access(roles=frozenset(roles), moves=frozenset(moves)))


def access_of(app: Flask, endpoint: str) -> Access | None:
    """Return what a route declares, or None."""
    if endpoint in PUBLIC_FILES:
        return Access(everyone=True)
    return cast(Access | None, getattr(app.view_functions[endpoint], "access", None))


def undeclared(app: Flask) -> list[str]:
    """Return the endpoints that declare nothing."""
    return sorted(name for name in app.view_functions if access_of(app, name) is None)


def guard(app: Flask) -> None:
    """Make an app refuse what its routes do not allow, before anything else looks at the request."""

    @app.before_request
    def _refuse() -> ResponseReturnValue | None:
        if request.endpoint is None:
            return None
        access = access_of(app, request.endpoint)
        if access is None:
            abort(403)
        if access.everyone or (access.setting and getattr(services().settings, access.setting)):
            return None
        who = visitor()
        if who is None:
            return signed_out()
        if access.roles and not access.roles & who.roles:
            _remember_forged(access.moves)
            abort(403)
        return None


def can_see_claim() -> ColumnElement[bool]:
    """Return the condition on `Claim` that holds for what the signed-in user may see."""
    return seen_by(actor())


def claim_or_404(claim_id: int) -> Claim:
    """Return a claim that the signed-in user may see. Any other is not found, whether it exists or not."""
    found = reading().scalar(select(Claim).where(Claim.id == claim_id, can_see_claim()))
    if found is None:
        abort(404)
    return found


def _remember_forged(moves: frozenset[Trigger]) -> None:
    """Remember that a user asked for a move that is not their role's, of a claim that they may see."""
    trigger, claim_id = _asked_for(moves), (request.view_args or {}).get("claim_id")
    visible = select(Claim.id).where(Claim.id == claim_id, can_see_claim())
    if trigger is None or not _comes_from_our_page() or reading().scalar(visible) is None:
        return
    command = Command(cast(int, claim_id), trigger, actor(), key="")
    remember(services().database, command, Refused(Problem("not_yours")), now())


def _asked_for(moves: frozenset[Trigger]) -> Trigger | None:
    """Return which of a route's moves is asked for: its only one, or the one that address or form name."""
    if len(moves) == 1:
        return next(iter(moves))
    named = (request.view_args or {}).get("trigger") or request.form.get("decision")
    return next((trigger for trigger in moves if trigger == named), None)


def _comes_from_our_page() -> bool:
    """Return whether the request bears our token: no other site leaves traces in a user's name."""
    try:
        current_app.extensions["csrf"].protect()
    except CSRFError:
        return False
    return True


def _declare(view: View, access: Access) -> View:
    view.access = access  # type: ignore[attr-defined] # a mark of ours on a function
    return view
