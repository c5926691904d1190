"""One run: what is in it, taking claims out, releasing and cancelling it."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import defer

from models.history import Act
from models.money import Cents
from models.payment_runs import BankFile, PaymentRun
from models.people import User
from models.vocabulary import Role, RunState, State
from web.access import allow
from web.acting import act, act_once, acts_page, told_acts
from web.auth.visitor import actor
from web.claims.fields import long_text_field
from web.forms import DayField, PageForm
from web.moving import put_at_fields, words_of
from web.payment_runs.room import room
from web.services import now, read_afresh, reading, services, today
from workflow.payment_runs.contents import (
    left_of,
    paid_of,
    payments_of,
    payouts_of,
    total_of,
    with_another_account,
)
from workflow.payment_runs.leaving import cancel, take_out
from workflow.payment_runs.rejections import rejections_of
from workflow.payment_runs.releasing import by_own_rates, release
from workflow.payment_runs.settling import end_to_end
from workflow.payouts import Payout
from workflow.rates import recorded
from workflow.refusals import Refused
from workflow.second_person import why_not_second

LONGEST_REASON = 4000


class CancelForm(PageForm):
    """Why a run is given up."""

    reason = long_text_field(_l("Reason"), LONGEST_REASON, _l("Auditors read it."))


class PaidForm(PageForm):
    """The day on which a run was paid. Each claim's reference is a field of its own beside it."""

    paid_on = DayField(_l("Day of payment"), description=_l("The day the money left."))


@room.get("/<int:run_id>")
@allow(Role.finance)
def show(run_id: int) -> ResponseReturnValue:
    """Show a run with its claims, and what can be done with it."""
    return run_page(run_id)


@room.post("/<int:run_id>/claims/<int:claim_id>/take-out")
@allow(Role.finance)
def take_claim_out(run_id: int, claim_id: int) -> ResponseReturnValue:
    """Take a claim out of a draft run."""
    run_or_404(run_id)
    answer = act(
        lambda connection: take_out(connection, actor(), now(), run_id, claim_id), _("Taken out of the run.")
    )
    return _answer(run_id, answer)


@room.post("/<int:run_id>/release")
@allow(Role.finance)
def release_run(run_id: int) -> ResponseReturnValue:
    """Let a run be paid."""
    run_or_404(run_id)
    answer = act_once(
        lambda connection, key: release(connection, actor(), now(), run_id, key),
        _("Released. Export the run for your bank, then record that it was paid."),
    )
    return _answer(run_id, answer)


@room.post("/<int:run_id>/cancel")
@allow(Role.finance)
def cancel_run(run_id: int) -> ResponseReturnValue:
    """Give a run up, saying why."""
    run_or_404(run_id)
    form = CancelForm()
    if not form.validate():
        return run_page(run_id, cancelling=form), 422
    answer = act_once(
        lambda connection, key: cancel(connection, actor(), now(), run_id, form.reason.data or "", key),
        _("Cancelled. What was not paid can be collected again."),
    )
    if not isinstance(answer, Refused):
        return redirect(url_for("payment_runs.show", run_id=run_id))
    problems = put_at_fields(form, answer)
    return run_page(run_id, problems, cancelling=form), 409 if problems else 422


def _answer(run_id: int, answer: Any) -> ResponseReturnValue:
    if isinstance(answer, Refused):
        return run_page(run_id, put_at_fields(PaidForm(), answer)), 409
    return redirect(url_for("payment_runs.show", run_id=run_id))


class Order(NamedTuple):
    """What the bank is told to pay in another currency, and by which rate, with who put that on file."""

    instructed: Cents
    rate: Any


def _orders(payments: Sequence[Any], payouts: Mapping[int, Payout | None]) -> Mapping[int, Order]:
    """Return the orders in another currency, by claim id: as pinned, or in a draft as they would be today."""
    told = {one.id: (one.instructed, one.ordered_rate_id) for one in payments if one.instructed is not None}
    for claim_id, paid in payouts.items():
        if paid is not None and paid.instructed is not None:
            told[claim_id] = (paid.instructed, paid.rate_id)
    rates = recorded(reading().connection(), [rate_id for _amount, rate_id in told.values()])
    return {key: Order(amount, rates[rate_id]) for key, (amount, rate_id) in told.items()}


def _why_not_second(run: PaymentRun) -> str:
    """Return why the visitor is no second person beside whoever collected a run; empty where they are."""
    began = [run.collected_by_id]
    problems = why_not_second(reading().connection(), actor(), now(), began, "collected_it")
    return " ".join(map(words_of, problems.values()))


def run_or_404(run_id: int) -> PaymentRun:
    """Return a run; 404 where there is none."""
    return reading().get(PaymentRun, run_id) or abort(404)


def unpaid_of(run_id: int) -> Collection[int]:
    """Return the claims in a run that wait for their payment."""
    payments = payments_of(reading().connection(), run_id)
    return {payment.id for payment in payments if payment.state is State.accepted}


def run_page(
    run_id: int,
    problems: Sequence[str] = (),
    *,
    cancelling: CancelForm | None = None,
    paying: PaidForm | None = None,
    typed: Mapping[int, str] | None = None,
    wrong: Mapping[int, str] | None = None,
    file_problem: str = "",
) -> str:
    """Return the page of a run. `typed` holds references and `wrong` what is wrong with them, by claim id.

    `file_problem` is what is wrong with a file of the bank's answers.
    """
    read_afresh()
    run, connection = run_or_404(run_id), reading().connection()
    payments, is_draft = payments_of(connection, run_id), run.state is RunState.draft
    payouts = payouts_of(connection, payments, today()) if is_draft else {}
    page = acts_page(Act.subject == f"payment_run:{run_id}", at=url_for("payment_runs.show", run_id=run_id))
    return render_template(
        "payment_runs/show.html",
        run=run,
        is_draft=is_draft,
        is_released=run.state is RunState.released,
        collector=reading().get_one(User, run.collected_by_id).name,
        releaser=reading().get_one(User, run.released_by_id).name if run.released_by_id else None,
        payments=payments,
        left=left_of(connection, run_id),
        total=total_of(payments),
        orders=_orders(payments, payouts),
        paid={row.claim_id: row for row in paid_of(connection, payments)},
        unpaid=[payment for payment in payments if payment.state is State.accepted],
        moved={payment.id for payment in with_another_account(connection, payments)},
        why_not=_why_not_second(run) if is_draft else "",
        accepted={
            payment.id
            for payment in payments
            if actor().user_id in (payment.accepted_by_id, payment.accepted_for_id)
        },
        rejections=rejections_of(connection, [one.id for one in payments]) if is_draft else {},
        own_rates=by_own_rates(connection, actor(), payments, payouts),
        references={payment.id: end_to_end(payment) for payment in payments} | dict(typed or {}),
        wrong=wrong or {},
        problems=problems,
        file_problem=file_problem,
        files=_files(run_id),
        cancelling=cancelling or CancelForm(),
        paying=paying or PaidForm(paid_on=min(run.due_on, today())),
        has_payer=bool(services().settings.payer_account),
        told=told_acts(page.rows),
        page=page,
        today=today(),
    )


MOST_FILES = 20
"""How many of the bank's files, the latest, are named on a run's page."""


def _files(run_id: int) -> Sequence[BankFile]:
    which = select(BankFile).where(BankFile.run_id == run_id).options(defer(BankFile.answers))
    return reading().scalars(which.order_by(BankFile.id.desc()).limit(MOST_FILES)).all()
