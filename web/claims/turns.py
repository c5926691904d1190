"""Whose turn it is with a claim, in the words of who reads it."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from models.vocabulary import Role, State
from web.auth.visitor import actor
from web.labels import role_label
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
