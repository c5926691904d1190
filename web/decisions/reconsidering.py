"""A disputed amount: another approver raises it, or lets it stand with a reason."""

from collections.abc import Sequence

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from models.history import Act, Reason
from models.money import Cents
from models.vocabulary import Role, TaskKind, Trigger
from web.access import allow
from web.acting import act_once
from web.auth.visitor import actor
from web.claims.fields import long_text_field
from web.decisions.deciding import LONGEST_REASON
from web.decisions.inbox import next_task
from web.decisions.leaving import gone, leave
from web.decisions.room import room
from web.desk import Desk, desk_of
from web.forms import MoneyField, PageForm
from web.moving import command_for, move, put_at_fields
from web.services import now, read_afresh, reading, today
from web.verdicts import troubles_first, verdict_items
from workflow.acts.disputes import uphold
from workflow.amounts import offered
from workflow.documents import read_document
from workflow.dossier import worth
from workflow.judgement import judge
from workflow.record import document_of
from workflow.refusals import Refused


class ReconsiderForm(PageForm):
    """What a disputed amount becomes."""

    approved = MoneyField(_l("Amount to grant in all"))
    reason = long_text_field(
        _l("Reason"), LONGEST_REASON, _l("Needed to let the amount stand. The partner reads it.")
    )


@room.get("/claims/<int:claim_id>/reconsider")
@allow(Role.approver)
def reconsider(claim_id: int) -> ResponseReturnValue:
    """Show a disputed amount with all that a second look needs."""
    desk = desk_of(claim_id, TaskKind.reconsider)
    if not desk.is_mine:
        return leave(desk)
    return _page(desk, ReconsiderForm(approved=most_for(desk)))


@room.post("/claims/<int:claim_id>/reconsider")
@allow(Role.approver, moves=[Trigger.raise_])
def reconsidered(claim_id: int) -> ResponseReturnValue:
    """Raise the amount, or let it stand, and go on to the next task."""
    desk, form = desk_of(claim_id, TaskKind.reconsider), ReconsiderForm()
    raises = request.form.get("decision") == Trigger.raise_
    if not raises:
        form.approved.process_errors = []
    if not form.validate():
        return _page(desk, form), 422
    answer = _raised(desk, form) if raises else _upheld(desk, form)
    if isinstance(answer, Refused):
        return _refused(claim_id, form, answer)
    read_afresh()
    return redirect(next_task(desk.task) or url_for("decisions.inbox"))


def most_for(desk: Desk) -> Cents:
    """Return the most that may be granted in all, in cents: what the claim holds counts as available."""
    total = worth(desk.dossier, desk.dossier.planned)
    available = desk.available + desk.claim.reserved
    return max(desk.claim.approved or 0, offered(desk.claim.requested or 0, total, available, desk.policy))


def _raised(desk: Desk, form: ReconsiderForm) -> object:
    command = command_for(
        desk.claim, Trigger.raise_, approved=form.approved.data, reason=form.reason.data or ""
    )
    return move(command, desk.claim.number)


def _upheld(desk: Desk, form: ReconsiderForm) -> object:
    claim_id, reason = desk.claim.id, form.reason.data or ""
    return act_once(
        lambda connection, key: uphold(connection, actor(), now(), claim_id, reason, key),
        _("%(number)s: the amount stands, and the partner is told why.", number=desk.claim.number),
    )


def _refused(claim_id: int, form: ReconsiderForm, refused: Refused) -> ResponseReturnValue:
    read_afresh()
    desk = desk_of(claim_id, TaskKind.reconsider)
    if not desk.is_mine:
        return gone(desk, refused, form.reason.data or "")
    problems = put_at_fields(form, refused)
    return _page(desk, form, problems), 409 if refused.why == "stale" else 422


def _page(desk: Desk, form: ReconsiderForm, problems: Sequence[str] = ()) -> str:
    amount = form.approved.data or most_for(desk)
    document = document_of(desk.dossier, today(), approved=amount, held=desk.claim.reserved)
    verdicts = judge(read_document(document, Trigger.approve, desk.policy), desk.policy, Trigger.approve)
    return render_template(
        "decisions/reconsider.html",
        desk=desk,
        form=form,
        most=most_for(desk),
        amount=amount,
        why=_why(desk.claim.id),
        verdicts=troubles_first(verdict_items(verdicts, desk.policy)),
        problems=problems,
        onward=next_task(desk.task),
    )


def _why(claim_id: int) -> str:
    """Return why the partner disputes the amount."""
    text = reading().scalar(
        select(Reason.text)
        .join(Act, Act.reason_hash == Reason.hash)
        .where(Act.kind == "amount_disputed", Act.subject == f"claim:{claim_id}")
        .order_by(Act.id.desc())
        .limit(1)
    )
    return text or str(_("The reason was erased."))
