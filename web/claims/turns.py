"""Whose turn it is with a claim, in the words of who reads it."""

from datetime import datetime
from typing import NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from models.claims import Claim
from models.vocabulary import Role, State
from web.auth.visitor import actor
from web.formats import claw_back
from web.labels import role_label
from web.services import reading
from workflow.payments import open_claw_back
from workflow.table import ENDS, TURN_OF
from workflow.wording import in_sentence

UNASSIGNED: dict[Role, str] = {
    Role.approver: _l("the programme managers: nobody may decide on it yet"),
    Role.finance: _l("the programme managers: nobody may pay it yet"),
}
"""Whose turn it is while nobody is entitled to a role's task."""


def whose_turn(
    state: State, *, partner: str, assignee: str | None, assignee_id: int | None, unassigned: bool
) -> str:
    """Return whose turn it is, as it stands within a sentence; empty where the claim has come to an end.

    `unassigned` says that nobody is entitled to the open task, so that it waits at the programme managers.
    """
    if state in ENDS:
        return ""
    if state is State.expired:
        return str(_("the programme managers, if it should go on"))
    role = TURN_OF[state]
    if role is Role.partner:
        return str(_("You")) if Role.partner in actor().roles else partner
    if assignee_id is not None:
        return str(_("You")) if assignee_id == actor().user_id else str(assignee)
    return str(UNASSIGNED[role]) if unassigned else in_sentence(role_label(role))


class Decision(NamedTuple):
    """What waits to be decided on a claim that has come to its end: by whom, since when, and what it is."""

    whose: str
    since: datetime
    explanation: str


def claw_back_to_decide(claim: Claim) -> Decision | None:
    """Return the claw-back that waits for a second person. The partner hears of it once it is released."""
    if claim.state is not State.reimbursed or Role.partner in actor().roles:
        return None
    proposal = open_claw_back(reading().connection(), claim.id)
    if proposal is None:
        return None
    figures = {"who": proposal.proposed_by, "amount": claw_back(proposal)}
    return Decision(
        str(_("somebody in finance other than %(who)s", who=proposal.proposed_by)),
        proposal.proposed_at,
        str(
            _(
                "%(who)s proposed to claw back %(amount)s. A colleague releases it, or turns it down.",
                **figures,
            )
        ),
    )
