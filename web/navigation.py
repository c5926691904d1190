"""The way around: one row per page that stands in the navigation."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import groupby

from flask_babel import lazy_gettext as _l

from models.vocabulary import Role
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
    Place(Role.partner, "dashboards.money", _l("Dashboard"), "chart"),
    Place(Role.partner, "banking.own", _l("Bank account"), "bank"),
    Place(Role.partner, "claims.shared", _l("Shared invoices"), "copy"),
    Place(Role.partner, "policy.rules", _l("Rules"), "info"),
    Place(Role.approver, "decisions.inbox", _l("Inbox"), "inbox"),
    Place(Role.approver, "dashboards.decisions", _l("Dashboard"), "chart"),
    Place(Role.approver, "absences.index", _l("Out of office"), "suitcase"),
    Place(Role.approver, "policy.rules", _l("Rules"), "info"),
    Place(Role.finance, "finance.payments", _l("Payments"), "coins"),
    Place(Role.finance, "dashboards.payments", _l("Dashboard"), "chart"),
    Place(Role.finance, "payment_runs.index", _l("Payment runs"), "tasks"),
    Place(Role.finance, "banking.index", _l("Bank accounts"), "bank"),
    Place(Role.finance, "rates.index", _l("Exchange rates"), "exchange"),
    Place(Role.finance, "absences.index", _l("Out of office"), "suitcase"),
    Place(Role.finance, "policy.rules", _l("Rules"), "info"),
    Place(Role.auditor, "audit.index", _l("Claims"), "search"),
    Place(Role.auditor, "dashboards.money", _l("Dashboard"), "chart"),
    Place(Role.auditor, "audit.moves", _l("Moves"), "arrow"),
    Place(Role.auditor, "audit.acts", _l("Administrative acts"), "file"),
    Place(Role.auditor, "audit.refused", _l("Refused attempts"), "cross"),
    Place(Role.auditor, "audit.funds", _l("Funds"), "coins"),
    Place(Role.auditor, "searches.exports", _l("Exports"), "download"),
    Place(Role.auditor, "policy.versions", _l("Policy"), "book"),
    Place(Role.auditor, "policy.rules", _l("Rules"), "info"),
    Place(Role.auditor, "audit.proof", _l("Proof of history"), "lock"),
    Place(Role.auditor, "sampling.index", _l("Samples"), "check"),
    Place(Role.auditor, "what_if.index", _l("What if"), "question"),
    Place(Role.auditor, "rule_counts.index", _l("What rules did"), "bars"),
    Place(Role.auditor, "erasure.index", _l("Personal data"), "shield"),
    Place(Role.auditor, "forecast.index", _l("Forecast"), "trend"),
    Place(Role.manager, "programme.overview", _l("Programme"), "gauge"),
    Place(Role.manager, "dashboards.money", _l("Dashboard"), "chart"),
    Place(Role.manager, "forecast.index", _l("Forecast"), "trend"),
    Place(Role.manager, "programme.waiting", _l("Waiting tasks"), "tasks"),
    Place(Role.manager, "programme.claims", _l("Claims"), "claim"),
    Place(Role.manager, "programme.partners", _l("Partners"), "building"),
    Place(Role.manager, "banking.index", _l("Bank accounts"), "bank"),
    Place(Role.manager, "rates.index", _l("Exchange rates"), "exchange"),
    Place(Role.manager, "programme.funds", _l("Funds"), "coins"),
    Place(Role.manager, "programme.periods", _l("JMF periods"), "calendar"),
    Place(Role.manager, "programme.users", _l("Users"), "people"),
    Place(Role.manager, "imports.index", _l("Import and export"), "file"),
    Place(Role.manager, "programme.routing", _l("Routing"), "fork"),
    Place(Role.manager, "programme.deadlines", _l("Deadlines"), "clock"),
    Place(Role.manager, "absences.index", _l("Out of office"), "suitcase"),
    Place(Role.manager, "policy.versions", _l("Policy"), "book"),
    Place(Role.manager, "policy.rules", _l("Rules"), "info"),
    Place(Role.manager, "audit.proof", _l("Proof of history"), "lock"),
    Place(Role.manager, "sampling.index", _l("Samples"), "check"),
    Place(Role.manager, "what_if.index", _l("What if"), "question"),
    Place(Role.manager, "rule_counts.index", _l("What rules did"), "bars"),
    Place(Role.manager, "erasure.index", _l("Personal data"), "shield"),
    Place(Role.manager, "messages.outbox", _l("Outbox"), "mail"),
)
"""In the order shown. The first of a role is where its people start."""


def places_of(roles: Collection[Role]) -> list[tuple[str, list[Place]]]:
    """Return the navigation of whoever has these roles: pages grouped by role, each group with its name.

    A page of several of their roles stands once.
    """
    first = {place.endpoint: place for place in reversed(PLACES) if place.role in roles}
    mine = [place for place in PLACES if first.get(place.endpoint) is place]
    return [(role_label(role), list(group)) for role, group in groupby(mine, key=lambda place: place.role)]


def start_of(roles: Collection[Role]) -> str:
    """Return the endpoint where whoever has these roles starts; the account page for someone without one."""
    return next((place.endpoint for place in PLACES if place.role in roles), "account.show")
