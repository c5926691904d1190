"""History is verified when somebody asks, and what was found each time can be read."""

from functools import partial

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models.links import Verification
from models.vocabulary import Role
from web.access import allow
from web.audit.proof import proof_page
from web.audit.room import room
from web.long_work import ask_for
from web.moving import words_of
from web.services import reading
from workflow.proof.asking import ask_verification
from workflow.refusals import Refused


@room.post("/proof/verifications")
@allow(Role.auditor, Role.manager)
def verification_asked() -> ResponseReturnValue:
    """Have history verified: the whole where that is asked for, else what is new; show how far it is."""
    answer = ask_for(partial(ask_verification, whole=request.form.get("what") == "whole"))
    if isinstance(answer, Refused):
        return proof_page(verified_problem=words_of(answer.problems[0])), 422
    return redirect(url_for("audit.proof", _anchor="verified"))


@room.get("/proof/verifications/<int:verification_id>")
@allow(Role.auditor, Role.manager)
def verification(verification_id: int) -> ResponseReturnValue:
    """Show what was verified, and every finding that was kept."""
    found = reading().get(Verification, verification_id) or abort(404)
    return render_template("audit/verification.html", look=found)
