"""The decision on a submission: approve (also less), return or reject."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from models.money import Cents, rounded_up
from models.vocabulary import Role, TaskKind, Trigger
from web.access import allow
from web.claims.alike import alike_of
from web.claims.fields import long_text_field
from web.claims.history import disputed
from web.claims.split import splits_in
from web.decisions.inbox import next_task
from web.decisions.leaving import chosen_trigger, gone, leave
from web.decisions.looking_back import look_back
from web.decisions.offer import LeastOf, offer_of
from web.decisions.room import room
from web.desk import Desk, desk_of
from web.forms import MoneyField, PageForm, choices
from web.labels import DEDUCTIONS
from web.moving import command_for, move, put_at_fields
from web.services import read_afresh, today
from web.tiers import tiers_of
from web.verdicts import VerdictItem, troubles_first, verdict_items
from workflow.deductions import CHOSEN, Deduction
from workflow.documents import read_document
from workflow.dossier import worth
from workflow.judgement import judge
from workflow.record import document_of, judged_on
from workflow.refusals import Refused
from workflow.verdicts import Verdict

GRANTS = (Trigger.approve, Trigger.endorse)
"""Decisions that say yes, to an amount."""

TRIGGERS = (*GRANTS, Trigger.return_, Trigger.reject)

LONGEST_REASON = 4000


def code_field(label: str) -> SelectField:
    """Return the field for the code of a reason."""
    words = choices({one: DEDUCTIONS[one] for one in CHOSEN})
    return SelectField(label, choices=words, default=Deduction.other.value)


class DecisionForm(PageForm):
    """What an approver decides with."""

    approved = MoneyField(_l("Amount to grant"))
    reason_code = code_field(_l("Why less or nothing, if so"))
    reason = long_text_field(
        _l("Reason"),
        LONGEST_REASON,
        _l("Needed to grant less, to return and to reject. The partner reads it."),
    )


@dataclass(frozen=True, slots=True)
class Outlook:
    """What granting `amount` would do: the verdicts on it, and the fund before it. Cents.

    `blocked` says that a rule stands against any grant, even of what is offered. `borne` is what the partner
    would then bear: all of it while nothing can be granted.
    """

    offer: LeastOf
    amount: Cents
    borne: Cents
    verdicts: Sequence[VerdictItem]
    blocked: bool
    available: Cents
    reserved: Cents
    paid: Cents


@room.get("/claims/<int:claim_id>/decide")
@allow(Role.approver)
def decide(claim_id: int) -> ResponseReturnValue:
    """Show all that a decision needs."""
    desk = desk_of(claim_id, TaskKind.decide)
    if not desk.is_mine:
        return leave(desk)
    return _page(desk, DecisionForm(approved=offer_of(desk).amount))


@room.post("/claims/<int:claim_id>/decide")
@allow(Role.approver, moves=TRIGGERS)
def decided(claim_id: int) -> ResponseReturnValue:
    """Make the decision and go on to the next task."""
    desk, form, trigger = desk_of(claim_id, TaskKind.decide), DecisionForm(), chosen_trigger(TRIGGERS)
    if trigger not in GRANTS:
        form.approved.process_errors = []
    if not form.validate():
        return _page(desk, form), 422
    approved = form.approved.data if trigger in GRANTS else None
    command = command_for(
        desk.claim,
        trigger,
        approved=approved,
        reason=form.reason.data or "",
        reason_code=Deduction(form.reason_code.data),
    )
    answer = move(command, desk.claim.number)
    if isinstance(answer, Refused):
        return _refused(claim_id, form, answer)
    read_afresh()
    return redirect(next_task(desk.task) or url_for("decisions.inbox"))


@room.post("/claims/<int:claim_id>/decide/outlook")
@allow(Role.approver)
def decision_outlook(claim_id: int) -> ResponseReturnValue:
    """Return what granting the amount that is being typed would do. Changes nothing."""
    desk, form = desk_of(claim_id, TaskKind.decide), DecisionForm()
    if not desk.is_mine:
        abort(409)
    outlook = outlook_of(desk, form.approved.data)
    return render_template("decisions/_live.html", desk=desk, outlook=outlook)


def outlook_of(desk: Desk, amount: Cents | None) -> Outlook:
    """Return what granting an amount would do; without one, of what is offered, or else of what was asked."""
    offer, fund = offer_of(desk), desk.dossier.fund
    best = offer.amount or desk.claim.requested or 0
    granted = amount or best
    verdicts = _verdicts(desk, granted)
    of_best = verdicts if granted == best else _verdicts(desk, best)
    total = rounded_up(worth(desk.dossier, desk.dossier.planned))
    return Outlook(
        offer=offer,
        amount=granted,
        borne=max(0, total - (granted if offer.amount else 0)),
        verdicts=troubles_first(verdict_items(verdicts, desk.policy)),
        blocked=any(verdict.broken for verdict in of_best),
        available=desk.available,
        reserved=fund.reserved if fund else 0,
        paid=fund.paid if fund else 0,
    )


def _verdicts(desk: Desk, amount: Cents) -> Sequence[Verdict]:
    document = document_of(desk.dossier, judged_on(desk.dossier.claim, today()), approved=amount)
    return judge(read_document(document, Trigger.approve, desk.policy), desk.policy, Trigger.approve)


def _refused(claim_id: int, form: DecisionForm, refused: Refused) -> ResponseReturnValue:
    read_afresh()
    desk = desk_of(claim_id, TaskKind.decide)
    if not desk.is_mine:
        return gone(desk, refused, form.reason.data or "")
    problems = put_at_fields(form, refused)
    return _page(desk, form, problems), 409 if refused.why == "stale" else 422


def _page(desk: Desk, form: DecisionForm, problems: Sequence[str] = ()) -> str:
    return render_template(
        "decisions/decide.html",
        desk=desk,
        form=form,
        outlook=outlook_of(desk, form.approved.data),
        tiers=tiers_of(desk.claim),
        dispute=disputed(desk.claim),
        looked=look_back(desk),
        problems=problems,
        onward=next_task(desk.task),
        alike=alike_of(desk.claim),
        splits=splits_in(desk.dossier, desk.policy),
    )
