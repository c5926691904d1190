"""A released run as a file to take to the bank. History keeps who had it."""

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import NamedTuple

from flask import abort, request, send_file
from flask.typing import ResponseReturnValue

from models.payment_runs import run_reference
from models.vocabulary import Role
from web.access import allow
from web.auth.visitor import actor
from web.moving import try_act, words_of
from web.payment_runs.one_run import run_or_404, run_page
from web.payment_runs.room import room
from web.services import now, programme, services
from workflow.moves import in_transaction
from workflow.payment_runs.files import Payer, PaymentFile
from workflow.payment_runs.iso20022 import xml_of
from workflow.payment_runs.releasing import export
from workflow.payment_runs.tables import csv_of, xlsx_of
from workflow.refusals import Refused


class Format(NamedTuple):
    """A kind of file: what writes it, and its media type."""

    write: Callable[[PaymentFile], bytes]
    media_type: str


FORMATS: Mapping[str, Format] = {
    "csv": Format(csv_of, "text/csv"),
    "xlsx": Format(xlsx_of, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "xml": Format(xml_of, "application/xml"),
}
"""The kinds of file by the end of their names."""


@room.post("/<int:run_id>/export")
@allow(Role.finance)
def export_run(run_id: int) -> ResponseReturnValue:
    """Give the run's file of the kind that the form names."""
    run_or_404(run_id)
    kind, payer = request.form.get("kind", ""), _payer()
    if kind not in FORMATS or (kind == "xml" and not payer.account):
        abort(400)
    answer = try_act(
        lambda: in_transaction(
            services().database, lambda connection: export(connection, actor(), now(), run_id, kind)
        )
    )
    if isinstance(answer, Refused):
        return run_page(run_id, [words_of(problem) for problem in answer.problems]), 409
    run, payments = answer
    running, reference = programme(), run_reference(run.id)
    file = PaymentFile(
        payer, running.name if running else "", reference, run.due_on, run.released_at, payments
    )
    content = BytesIO(FORMATS[kind].write(file))
    return send_file(
        content, FORMATS[kind].media_type, as_attachment=True, download_name=f"{reference}.{kind}", etag=False
    )


def _payer() -> Payer:
    running, settings = programme(), services().settings
    return Payer(running.owner if running else "", settings.payer_account, settings.payer_bic)
