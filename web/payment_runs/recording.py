"""Recording that a run was paid: one form, and a line of result for each claim."""

from collections.abc import Iterator, Sequence

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from models.vocabulary import Role
from web.access import allow
from web.auth.visitor import actor
from web.finance.paying import LONGEST_REFERENCE
from web.forms import sent_number
from web.moving import put_at_fields, sent_key, try_act, words_of
from web.payment_runs.one_run import PaidForm, run_or_404, run_page, unpaid_of
from web.payment_runs.room import room
from web.services import now, read_afresh, services
from workflow.moves import Done
from workflow.payment_runs.settling import settle
from workflow.readable import one_line
from workflow.refusals import Refused


@room.post("/<int:run_id>/paid")
@allow(Role.finance)
def record_paid(run_id: int) -> ResponseReturnValue:
    """Record the payments of a run, each as a move of its own."""
    run_or_404(run_id)
    form, references = PaidForm(), dict(_numbered("reference-"))
    wrong = {
        claim_id: str(_("Use at most %(most)s characters.", most=LONGEST_REFERENCE))
        for claim_id, text in references.items()
        if len(text) > LONGEST_REFERENCE
    }
    if not form.validate() or wrong:
        return run_page(run_id, paying=form, typed=references, wrong=wrong), 422
    versions = {
        claim_id: version
        for claim_id, text in _numbered("version-")
        if (version := sent_number(text)) is not None
    }
    answer = try_act(
        lambda: settle(
            services().database,
            actor(),
            now(),
            run_id,
            paid_on=form.paid_on.data,
            references=references,
            versions=versions,
            key=sent_key(),
        )
    )
    if isinstance(answer, Refused):
        return run_page(run_id, put_at_fields(form, answer), paying=form, typed=references), 409
    _tell([line.outcome for line in answer if isinstance(line.outcome, Done)])
    refused = {
        line.claim_id: (line.number, line.outcome) for line in answer if isinstance(line.outcome, Refused)
    }
    if not refused:
        return redirect(url_for("payment_runs.show", run_id=run_id))
    read_afresh()
    fields = unpaid_of(run_id)
    words = {key: " ".join(map(words_of, outcome.problems)) for key, (_number, outcome) in refused.items()}
    elsewhere = [
        str(_("%(number)s was not recorded. %(why)s", number=number, why=words[key]))
        for key, (number, _outcome) in refused.items()
        if key not in fields
    ]
    return run_page(run_id, elsewhere, paying=form, typed=references, wrong=words), 409


def _tell(done: Sequence[Done]) -> None:
    """Say how many payments are recorded, and how many this very form had recorded before."""
    again = sum(one.repeated for one in done)
    new = len(done) - again
    if new:
        flash(ngettext("One payment is recorded.", "%(num)s payments are recorded.", new), "success")
    if again:
        flash(
            ngettext(
                "One payment had been recorded already.", "%(num)s payments had been recorded already.", again
            ),
            "info",
        )


def _numbered(prefix: str) -> Iterator[tuple[int, str]]:
    """Yield, of the fields whose names end in a claim's id, the id and what was typed."""
    for name, value in request.form.items():
        claim_id = sent_number(name.removeprefix(prefix))
        if name.startswith(prefix) and claim_id is not None:
            yield claim_id, one_line(value)
