"""What one claim holds of persons: until when it is kept, what was erased, its hold, and a request."""

from collections.abc import Sequence

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from models.claims import Claim
from models.erasure import ErasureRequest
from models.vocabulary import Personal, Role
from web.access import allow, claim_or_404
from web.acting import act_once
from web.auth.visitor import actor
from web.erasure.forms import PROPOSED, ReasonForm, RequestForm
from web.erasure.holding import barred, holds_on, taken_off, why_not_confirmed
from web.erasure.room import READERS, room
from web.erasure.told import acts_of_erasure
from web.forms import choices
from web.labels import PERSONAL
from web.moving import put_at_fields
from web.policies import policy_of
from web.services import now, read_afresh, reading
from workflow.acts.erasure import propose_erasure
from workflow.erasure.due import is_over
from workflow.erasure.erasing import counts
from workflow.erasure.retention import retention
from workflow.refusals import Refused

DEEDS = ("hold", "lift", "down")
"""What is done on the page for a reason."""


@room.get("/claims/<int:claim_id>")
@allow(*READERS)
def claim(claim_id: int) -> ResponseReturnValue:
    """Show what a claim holds of persons."""
    return claim_page(claim_or_404(claim_id))


@room.post("/claims/<int:claim_id>/request")
@allow(Role.manager)
def propose(claim_id: int) -> ResponseReturnValue:
    """Propose to erase what somebody asked to be erased."""
    found = claim_or_404(claim_id)
    form = request_form(found)
    if not form.validate():
        return claim_page(found, form), 422
    kinds = form.kinds.data or []
    answer = act_once(
        lambda connection, key: propose_erasure(
            connection, actor(), now(), claim_id, kinds, key=key, **form.said
        ),
        str(PROPOSED),
    )
    if isinstance(answer, Refused):
        return claim_page(found, form, problems=put_at_fields(form, answer)), 422
    return redirect(url_for("erasure.claim", claim_id=claim_id))


def request_form(found: Claim) -> RequestForm:
    """Return the form of a request, offering what the claim holds."""
    form = RequestForm()
    there = counts(reading().connection(), found.id)
    form.kinds.choices = choices({kind: PERSONAL[kind] for kind in Personal if there[kind]})
    return form


def claim_page(
    found: Claim,
    form: RequestForm | None = None,
    why: ReasonForm | None = None,
    problems: Sequence[str] = (),
) -> str:
    """Return the page of a claim, with a form as it was typed."""
    claim_id = found.id
    read_afresh()
    found, connection = claim_or_404(claim_id), reading().connection()
    holds = holds_on(found)
    open_now = reading().scalar(select(ErasureRequest).where(ErasureRequest.claim_id == claim_id))
    return render_template(
        "erasure/claim.html",
        claim=found,
        there=counts(connection, claim_id),
        kept=retention(connection),
        at=now(),
        labels=PERSONAL,
        holds=holds,
        barred=barred(holds),
        taken_off=taken_off(found),
        policy=policy_of(found.policy_version_id),
        request_open=open_now,
        why_not=why_not_confirmed(open_now),
        acts=acts_of_erasure(found),
        form=form or request_form(found),
        why={deed: ReasonForm(deed) for deed in DEEDS} | ({why.deed: why} if why else {}),
        problems=problems,
        is_over=is_over(connection, claim_id, now()),
        may_change=Role.manager in actor().roles,
    )
