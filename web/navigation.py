"""The way around: one row per page that stands in the navigation."""

from dataclasses import dataclass
from itertools import groupby

from flask_babel import lazy_gettext as _l

from models.people import User
from models.vocabulary import Role
from web.access import effective_roles
from web.labels import role_label


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the navigation, for whoever has the role. `icon` is a name in `static/icons.svg`."""

    role: Role
    endpoint: str
    label: str
    icon: str


PLACES: tuple[Place, ...] = (
    Place(Role.partner, "claims.index", _l("Claims"), "claim"),
    Place(Role.approver, "decisions.inbox", _l("Inbox"), "inbox"),
    Place(Role.finance, "finance.payments", _l("Payments"), "coins"),
    Place(Role.auditor, "audit.index", _l("Audit"), "search"),
    Place(Role.manager, "programme.overview", _l("Programme"), "gauge"),
)
"""In the order shown. The first of a role is where its people start."""


def places_of(user: User) -> list[tuple[str, list[Place]]]:
    """Return the navigation of a user: pages grouped by role, each group with its name."""
    roles = effective_roles(user)
    mine = [place for place in PLACES if place.role in roles]
    return [(role_label(role), list(group)) for role, group in groupby(mine, key=lambda place: place.role)]


def start_of(user: User) -> str:
    """Return the endpoint where a user starts; the account page for someone without a role."""
    roles = effective_roles(user)
    return next((place.endpoint for place in PLACES if place.role in roles), "account.show")
