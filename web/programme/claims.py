"""The programme managers' search for claims."""

from flask import render_template
from flask.typing import ResponseReturnValue

from models.vocabulary import Role
from web.access import allow
from web.claim_search import ClaimSearch, find_claims
from web.policies import policy_of
from web.programme.room import room
from workflow.table import TURN_OF

AT_PARTNER = frozenset(state for state, role in TURN_OF.items() if role is Role.partner)
"""States in which a claim waits for its partner."""


@room.get("/claims")
@allow(Role.manager)
def claims() -> ResponseReturnValue:
    """Search claims."""
    form = ClaimSearch()
    page = find_claims(form)
    labels = policy_of(None).catalogue.labels["activity_type"]
    answer = render_template(
        "programme/claims.html", form=form, page=page, labels=labels, at_partner=AT_PARTNER
    )
    return answer, 422 if form.errors else 200
