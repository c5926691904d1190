"""Clawing back what was paid: one person of finance proposes it, another releases it or turns it down."""

from collections.abc import Sequence

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from models.vocabulary import Role, State, TaskKind, Trigger
from web.access import allow
from web.acting import act_once
from web.auth.visitor import actor
from web.claims.fields import long_text_field
from web.desk import Desk, desk_of
from web.finance.room import room
from web.formats import money
from web.forms import MoneyField, PageForm
from web.moving import command_for, move, put_at_fields, sent_version
from web.services import now, read_afresh, reading
from workflow.acts.claw_backs import propose, turn_down
from workflow.payments import open_claw_back, payments_of
from workflow.refusals import Refused

LONGEST_REASON = 4000


class ProposalForm(PageForm):
    """What is to be clawed back, and why."""

    amount = MoneyField(_l("Amount"), description=_l("At most what is paid."))
    reason = long_text_field(_l("Reason"), LONGEST_REASON, _l("Whoever releases it reads it."))


class ReleaseForm(PageForm):
    """Why the proposal is released, or turned down."""

    reason = long_text_field(
        _l("Reason"), LONGEST_REASON, _l("If you release it, the partner reads it: say what they have to do.")
    )


@room.get("/claims/<int:claim_id>/claw-back")
@allow(Role.finance)
def claw_back(claim_id: int) -> ResponseReturnValue:
    """Show the form to propose a claw-back, or the one to decide on what is proposed."""
    return _page(desk_of(claim_id, TaskKind.pay))


@room.post("/claims/<int:claim_id>/claw-back")
@allow(Role.finance)
def propose_claw_back(claim_id: int) -> ResponseReturnValue:
    """Propose a claw-back. No money moves yet."""
    desk, form, version = desk_of(claim_id, TaskKind.pay), ProposalForm(), sent_version()
    if not form.validate():
        return _page(desk, form), 422
    amount, reason = form.amount.data or 0, form.reason.data or ""
    answer = act_once(
        lambda connection, key: propose(
            connection, actor(), now(), claim_id, version, amount=amount, reason=reason, key=key
        ),
        _("You proposed to claw back %(amount)s. A colleague has to release it.", amount=money(amount)),
    )
    return _after(claim_id, form, answer)


@room.post("/claims/<int:claim_id>/claw-back/release")
@allow(Role.finance, moves=[Trigger.claw_back])
def release_claw_back(claim_id: int) -> ResponseReturnValue:
    """Claw back what a colleague proposed."""
    desk, form = desk_of(claim_id, TaskKind.pay), ReleaseForm()
    if not form.validate():
        return _page(desk, form), 422
    command = command_for(desk.claim, Trigger.claw_back, reason=form.reason.data or "")
    answer = move(command, desk.claim.number)
    return _after(claim_id, form, answer)


@room.post("/claims/<int:claim_id>/claw-back/turn-down")
@allow(Role.finance)
def turn_claw_back_down(claim_id: int) -> ResponseReturnValue:
    """Turn a colleague's proposal down."""
    desk, form, version = desk_of(claim_id, TaskKind.pay), ReleaseForm(), sent_version()
    if not form.validate():
        return _page(desk, form), 422
    reason = form.reason.data or ""
    answer = act_once(
        lambda connection, key: turn_down(
            connection, actor(), now(), claim_id, version, reason=reason, key=key
        ),
        _("You turned the claw-back down."),
    )
    return _after(claim_id, form, answer)


def _after(claim_id: int, form: PageForm, answer: object) -> ResponseReturnValue:
    """Lead to the claim, or show a refusal on the page."""
    if not isinstance(answer, Refused):
        return redirect(url_for("claims.show", claim_id=claim_id))
    read_afresh()
    problems = put_at_fields(form, answer)
    return _page(desk_of(claim_id, TaskKind.pay), form, problems), 409 if problems else 422


def _page(desk: Desk, form: PageForm | None = None, problems: Sequence[str] = ()) -> str:
    connection = reading().connection()
    proposal = open_claw_back(connection, desk.claim.id)
    wanted = ProposalForm if proposal is None else ReleaseForm
    if not isinstance(form, wanted):
        form = wanted()
    return render_template(
        "finance/claw_back.html",
        desk=desk,
        form=form,
        problems=problems,
        proposal=proposal,
        mine=proposal is not None and proposal.proposed_by_id == actor().user_id,
        can_propose=desk.claim.state is State.reimbursed and desk.claim.paid > 0,
        can_release=desk.claim.state is State.reimbursed,
        payments=payments_of(connection, desk.claim.id),
    )
