"""The programme managers' search for claims."""

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from models.vocabulary import Role
from web.access import allow
from web.claim_search import ClaimSearch, find_claims
from web.claims.turns import whose_turn
from web.policies import policy_of
from web.programme.room import room


@room.get("/claims")
@allow(Role.manager)
def claims() -> ResponseReturnValue:
    """Search claims."""
    form = ClaimSearch()
    page = find_claims(form)
    labels = policy_of(None).catalogue.labels["activity_type"]
    answer = render_template("programme/claims.html", form=form, page=page, labels=labels, turn_of=_turn_of)
    return answer, 422 if form.errors else 200


def _turn_of(row: Any) -> str:
    """Return whose turn it is with a claim that was found."""
    return whose_turn(
        row.state,
        partner=row.partner,
        assignee=row.assignee,
        assignee_id=row.assignee_id,
        unassigned=row.unassigned_why is not None,
    )
