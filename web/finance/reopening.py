"""Having the report of an accepted claim checked once more."""

from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from models.vocabulary import Role, Trigger
from web.access import allow
from web.claims.fields import long_text_field
from web.finance.asking import Ask, send, show
from web.finance.room import room
from web.forms import PageForm

LONGEST_REASON = 4000

ASK = Ask(
    Trigger.reopen,
    "finance.reopened",
    _l("Reopen"),
    _l("An approver checks the report once more. The reserve stays, and no more than that can be accepted."),
    _l("Reopen"),
)


class ReopenForm(PageForm):
    """Why the report is to be checked once more."""

    reason = long_text_field(_l("Reason"), LONGEST_REASON, _l("The partner and the approver read it."))


@room.get("/claims/<int:claim_id>/reopen")
@allow(Role.finance)
def reopen(claim_id: int) -> ResponseReturnValue:
    """Show what reopening an accepted claim would do."""
    return show(claim_id, ASK, ReopenForm())


@room.post("/claims/<int:claim_id>/reopen")
@allow(Role.finance, moves=[Trigger.reopen])
def reopened(claim_id: int) -> ResponseReturnValue:
    """Reopen the claim."""
    form = ReopenForm()
    return send(claim_id, ASK, form, reason=form.reason.data or "")
