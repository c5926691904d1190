"""A bank's answers: a file is read, looked at once more, and recorded by a job, payment by payment."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from models.money import Cents, written
from models.payment_runs import BankFile, run_reference
from models.vocabulary import JobKind, Role
from web.access import allow
from web.auth.visitor import actor
from web.formats import BLANK, day
from web.jobs import start_job
from web.moving import try_act, words_of
from web.payment_runs.one_run import run_or_404, run_page
from web.payment_runs.room import room
from web.services import now, read_afresh, reading, services
from workflow.file_types import clean_name
from workflow.moves import in_transaction
from workflow.payment_runs.answers import DONE, Deed, Planned
from workflow.payment_runs.bank_files import LARGEST
from workflow.payment_runs.contents import ordered
from workflow.payment_runs.importing import items_of, keep_file, planned_of
from workflow.refusals import Refused

TONES = {Deed.pay: "done", Deed.reject: "stopped", Deed.fail: "stopped", Deed.differs: "waiting"}

SENTENCES: dict[Deed, str] = {
    Deed.pay: _l("Is recorded as paid on %(day)s, with the reference %(reference)s."),
    Deed.reject: _l(
        "Was rejected, so nothing left the bank: leaves the run and is owed as before. %(reason)s"
    ),
    Deed.fail: _l("Came back: the payment %(reference)s is recorded as failed. %(reason)s"),
    Deed.recorded: _l("Is recorded already."),
    Deed.not_yours: _l("You accepted this claim, or somebody did on your behalf: a colleague records it."),
    Deed.differs: _l("Is another amount or currency than the %(ordered)s that was ordered: look into it."),
    Deed.no_day: _l("The bank names no day of payment: record it by hand."),
    Deed.not_paid: _l("Came back, and is not on record as paid: record the payment first."),
    Deed.paid_already: _l("Was rejected, and is on record as paid: look into it."),
    Deed.gone: _l("Is in this run no more: look into it."),
    Deed.open: _l("Nothing final: %(status)s."),
    Deed.unknown: _l("No payment of this run has this end-to-end reference."),
}
"""What is done with an answer, or why nothing is."""


@dataclass(frozen=True, slots=True)
class Line:
    """An answer of the bank, with what is done with it, in words."""

    planned: Planned
    amount: str
    sentence: str
    tone: str


@room.post("/<int:run_id>/bank-files")
@allow(Role.finance)
def read_file(run_id: int) -> ResponseReturnValue:
    """Read a file of the bank's answers, and go on to what would be done with them."""
    run_or_404(run_id)
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return run_page(run_id, file_problem=_("Choose the file that your bank gave you.")), 422
    name, content = clean_name(sent.filename), sent.stream.read(LARGEST + 1)
    answer = try_act(
        lambda: in_transaction(
            services().database,
            lambda connection: keep_file(connection, actor(), now(), run_id, name, content),
        )
    )
    if isinstance(answer, Refused):
        return run_page(run_id, file_problem=words_of(answer.problems[0])), 422
    return redirect(url_for("payment_runs.show_file", run_id=run_id, file_id=answer))


@room.get("/<int:run_id>/bank-files/<int:file_id>")
@allow(Role.finance)
def show_file(run_id: int, file_id: int) -> ResponseReturnValue:
    """Show each answer of a file with what will be done with it."""
    return _page(_file_or_404(run_id, file_id))


@room.post("/<int:run_id>/bank-files/<int:file_id>")
@allow(Role.finance)
def record_file(run_id: int, file_id: int) -> ResponseReturnValue:
    """Have done what was shown, one payment after the other."""
    file = _file_or_404(run_id, file_id)
    planned = _planned(file)
    if isinstance(planned, Refused):
        return _page(file), 409
    if request.form.get("seen") != _digest_of(planned):
        return _page(file, changed=True), 409
    begun = start_job(JobKind.record_answers, {"run": run_id, "file": file_id}, items_of(planned))
    if isinstance(begun, Refused):
        return _page(file, [words_of(problem) for problem in begun.problems]), 422
    return redirect(begun)


def _file_or_404(run_id: int, file_id: int) -> BankFile:
    run_or_404(run_id)
    which = select(BankFile).where(BankFile.id == file_id, BankFile.run_id == run_id)
    return reading().scalar(which) or abort(404)


def _planned(file: BankFile) -> list[Planned] | Refused:
    return try_act(lambda: planned_of(reading().connection(), actor(), file))


def _page(file: BankFile, problems: Sequence[str] = (), *, changed: bool = False) -> str:
    read_afresh()
    planned = _planned(file)
    refused = planned.problems if isinstance(planned, Refused) else ()
    lines = [] if isinstance(planned, Refused) else [_line(one) for one in planned]
    return render_template(
        "payment_runs/bank_file.html",
        file=file,
        reference=run_reference(file.run_id),
        problems=[*problems, *(words_of(problem) for problem in refused)],
        changed=changed,
        able=[line for line in lines if line.planned.deed in DONE],
        unable=[line for line in lines if line.planned.deed not in DONE],
        seen="" if isinstance(planned, Refused) else _digest_of(planned),
    )


def _line(one: Planned) -> Line:
    answer = one.answer
    figures = {
        "day": day(answer.day),
        "reference": one.reference,
        "reason": answer.reason,
        "ordered": _amount(*ordered(one.payment)) if one.deed is Deed.differs else "",
        "status": answer.status,
    }
    sentence = (str(SENTENCES[one.deed]) % figures).strip()
    return Line(one, _amount(answer.amount, answer.currency), sentence, TONES.get(one.deed, "quiet"))


def _amount(cents: Cents | None, currency: str) -> str:
    return BLANK if cents is None else written(cents, currency)


def _digest_of(planned: Sequence[Planned]) -> str:
    """Return what tells whether the same is still to be done as the page showed."""
    shown = [(one.answer, one.deed, one.payment and one.payment.id, one.reference) for one in planned]
    return sha256(repr(shown).encode()).hexdigest()
