"""Who may use what. Every route declares it; what declares nothing is refused.

Which rows a person may see is decided here too: what is not theirs does not exist for them (404).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from flask import Flask, abort, request
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, false, select, true

from models.claims import Claim
from models.vocabulary import Role
from web.auth.visitor import VENDOR_ROLES, actor, visitor
from web.errors import signed_out
from web.services import reading

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Access:
    """Who may use a route: everyone, or who is signed in with one of the roles (any, where none is named)."""

    everyone: bool = False
    roles: frozenset[Role] = frozenset()


PUBLIC_FILES = frozenset({"static", "bootstrap.static"})
"""Endpoints that Flask makes itself, and that serve files which are the same for everyone."""


def public(view: View) -> View:
    """Declare that everyone may use a route, signed in or not."""
    return _declare(view, Access(everyone=True))


def signed_in(view: View) -> View:
    """Declare that everyone who is signed in may use a route, whatever their role."""
    return _declare(view, Access())


def allow(*roles: Role) -> Callable[[View], View]:
    """Declare that whoever is signed in with one of these roles may use a route."""
    if not roles:
        raise ValueError("allow() names at least one role; @signed_in is for all of them")
    return lambda view: _declare(view, Access(roles=frozenset(roles)))


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
        if access.everyone:
            return None
        who = visitor()
        if who is None:
            return signed_out()
        if access.roles and not access.roles & who.roles:
            abort(403)
        return None


def can_see_claim() -> ColumnElement[bool]:
    """Return the condition on `Claim` that holds for what the signed-in user may see.

    A partner's people see all of their partner's claims. The vendor's people see what was ever submitted, and
    auditors whatever was moved; a draft that nobody submitted is for the programme managers alone, who are
    told what it waits for.
    """
    roles = actor().roles
    if Role.partner in roles:
        return Claim.partner_id == actor().partner_id
    if Role.manager in roles:
        return true()
    if Role.auditor in roles:
        return Claim.moves > 0
    return Claim.number.is_not(None) if roles else false()


def claim_or_404(claim_id: int) -> Claim:
    """Return a claim that the signed-in user may see. Any other is not found, whether it exists or not."""
    found = reading().scalar(select(Claim).where(Claim.id == claim_id, can_see_claim()))
    if found is None:
        abort(404)
    return found


def partner_id_or_404(partner_id: int) -> int:
    """Return a partner's id that the signed-in user may see: their own, or any for the vendor's people."""
    who = actor()
    if not (who.roles & VENDOR_ROLES or (Role.partner in who.roles and who.partner_id == partner_id)):
        abort(404)
    return partner_id


def _declare(view: View, access: Access) -> View:
    view.access = access  # type: ignore[attr-defined] # a mark of ours on a function
    return view
