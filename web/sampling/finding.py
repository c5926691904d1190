"""What an auditor finds of a claim of a sample: recorded on the sample, never in the claim's history."""

from collections.abc import Sequence
from typing import Any

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Connection, select
from wtforms.validators import InputRequired

from models.people import User
from models.samples import SampleClaim, SampleFinding
from models.vocabulary import FindingVerdict, Role
from web.access import allow, claim_or_404
from web.acting import tell
from web.auth.visitor import actor
from web.claims.fields import RadioField, long_text_field
from web.forms import MoneyField, PageForm, choices
from web.moving import put_at_fields, sent_key, try_act
from web.sample_words import RISKS, TONES, VERDICTS
from web.sampling.results import sample_or_404
from web.sampling.room import room
from web.services import now, reading, services
from workflow.moves import settled
from workflow.refusals import Refused
from workflow.sampling.findings import Finding, record_finding

LONGEST_NOTE = 4000


class FindingForm(PageForm):
    """What was found."""

    verdict = RadioField(_l("Verdict"), [InputRequired(_l("Choose one."))], choices=choices(VERDICTS))
    amount = MoneyField(
        _l("Amount that is wrong"),
        description=_l("An exception needs it; 0 where no money is wrong. At most what the claim held."),
    )
    note = long_text_field(
        _l("Note"), LONGEST_NOTE, _l("What you looked at. An exception needs it: what is wrong.")
    )

    @property
    def found(self) -> Finding:
        """Return the finding."""
        return Finding(FindingVerdict(self.verdict.data), self.amount.data, self.note.data or "")


@room.get("/<int:sample_id>/claims/<int:claim_id>")
@allow(Role.auditor, Role.manager)
def claim(sample_id: int, claim_id: int) -> ResponseReturnValue:
    """Show what was found of a claim so far, and to auditors the form to record more."""
    row = _sampled_or_404(sample_id, claim_id)
    return _page(row, FindingForm())


@room.post("/<int:sample_id>/claims/<int:claim_id>")
@allow(Role.auditor)
def found(sample_id: int, claim_id: int) -> ResponseReturnValue:
    """Record a finding and lead back to the sample."""
    row = _sampled_or_404(sample_id, claim_id)
    form, key = FindingForm(), sent_key()
    if not form.validate():
        return _page(row, form), 422

    def work(connection: Connection) -> bool:
        return record_finding(connection, actor(), now(), sample_id, claim_id, form.found, key)

    answer = try_act(lambda: settled(services().database, work))
    if isinstance(answer, Refused):
        return _page(row, form, put_at_fields(form, answer)), 422
    tell(_("The finding is recorded on the sample."), again=not answer)
    return redirect(url_for("sampling.show", sample_id=sample_id))


def _sampled_or_404(sample_id: int, claim_id: int) -> SampleClaim:
    sample_or_404(sample_id)
    return reading().get(SampleClaim, (sample_id, claim_id)) or abort(404)


def _page(row: SampleClaim, form: FindingForm, problems: Sequence[str] = ()) -> str:
    return render_template(
        "sampling/claim.html",
        row=row,
        claim=claim_or_404(row.claim_id),
        form=form,
        problems=problems,
        findings=_findings(row),
        words={"risks": RISKS, "verdicts": VERDICTS, "tones": TONES},
        audits=Role.auditor in actor().roles,
    )


def _findings(row: SampleClaim) -> Sequence[Any]:
    """Return what was found of a claim, the latest first."""
    of_claim = (SampleFinding.sample_id == row.sample_id) & (SampleFinding.claim_id == row.claim_id)
    rows = reading().execute(
        select(SampleFinding, User.name.label("by"))
        .join(User, User.id == SampleFinding.by_id)
        .where(of_claim)
        .order_by(SampleFinding.id.desc())
    )
    return rows.all()
