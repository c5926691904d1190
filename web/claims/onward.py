"""Where a partner goes on once a plan or a report was saved: the same way when it was saved before."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from models.vocabulary import Trigger

WRITTEN_ON: dict[Trigger, str] = {Trigger.submit: "claims.plan", Trigger.report: "claims.report"}
"""The page of the form that a move sends."""


def saved_onward(claim_id: int, wish: str, sends: Trigger, *, again: bool = False) -> ResponseReturnValue:
    """Return the way on from the form that a move `sends`, as the button wishes: to that move, or back.

    `again` says that the same request came before and all of it stood already.
    """
    if wish == sends:
        return redirect(url_for("claims.confirm", claim_id=claim_id, trigger=sends.value))
    if again:
        flash(_("This was saved already; nothing was changed a second time."), "info")
    else:
        flash(_("Saved."), "success")
    seen_at = "files" if wish.startswith(("attach", "detach")) else None
    return redirect(url_for(WRITTEN_ON[sends], claim_id=claim_id, _anchor=seen_at))
