"""The blueprint of the dashboards, who reads which, and the way between them."""

from typing import Any

from flask import Blueprint, request
from flask_babel import lazy_gettext as _l

from models.vocabulary import Role
from web.auth.visitor import actor
from web.services import reading
from workflow.dashboards.facets import Asking

room = Blueprint("dashboards", __name__, url_prefix="/dashboard")

OF_CLAIMS = (Role.partner, Role.auditor, Role.manager)
"""Who reads the dashboards of claims: a partner of its own, the others of all."""

EVERYBODY = (*OF_CLAIMS, Role.approver, Role.finance)

TABS: tuple[tuple[str, str, tuple[Role, ...]], ...] = (
    ("dashboards.money", _l("Money"), OF_CLAIMS),
    ("dashboards.times", _l("Times"), OF_CLAIMS),
    ("dashboards.reasons", _l("Reasons"), OF_CLAIMS),
    ("dashboards.returns", _l("Returns"), OF_CLAIMS),
    ("dashboards.decisions", _l("Your decisions"), (Role.approver,)),
    ("dashboards.payments", _l("Payments"), (Role.finance,)),
)
"""The pages, and whose they are."""

STARTS = ("dashboards.money", "dashboards.decisions", "dashboards.payments")
"""The pages that stand in the navigation."""


@room.context_processor
def tabs() -> dict[str, Any]:
    """Offer the visitor's pages to the templates of this room, and the one that the navigation shows."""
    mine = [(endpoint, label) for endpoint, label, roles in TABS if actor().roles & set(roles)]
    here = request.endpoint if request.endpoint in STARTS else mine[0][0] if mine else ""
    return {"tabs": mine, "here": here}


def asking() -> Asking:
    """Return who asks, and of which database."""
    return Asking(reading().connection(), actor())
