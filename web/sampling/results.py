"""A sample: how it was drawn, its claims, and what was found of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from models.claims import Claim
from models.history import Act
from models.money import Cents
from models.people import Partner, User
from models.samples import Sample, SampleClaim, SampleFinding
from models.vocabulary import FindingVerdict, Role
from web.access import allow
from web.auth.visitor import actor
from web.names import names_of
from web.sample_words import MEANINGS, METHODS, RISKS, TONES, VERDICTS, chosen_words
from web.sampling.room import room
from web.services import reading
from workflow.sampling.findings import Wrong, projected
from workflow.sampling.sample import MONEY, digest_of


class Interval(NamedTuple):
    """What the claims that are not certainly in held, in cents, and how many of them were taken."""

    held: Cents
    taken: int

    @property
    def width(self) -> Cents:
        """Return what each of them speaks for, rounded half up to the cent."""
        return int(Fraction(self.held, self.taken) + Fraction(1, 2))


@dataclass(frozen=True, slots=True)
class Summary:
    """What was found in a sample so far, and what it projects; `projection` is None where nothing does."""

    looked_at: int
    exceptions: int
    wrong: Cents
    interval: Interval | None
    projection: Cents | None


@room.get("/<int:sample_id>")
@allow(Role.auditor, Role.manager)
def show(sample_id: int) -> ResponseReturnValue:
    """Show a sample."""
    sample = sample_or_404(sample_id)
    rows = _claims(sample_id)
    asking = reading().get_one(Act, sample.act_id)
    return render_template(
        "sampling/show.html",
        sample=sample,
        asking=asking,
        by=reading().get(User, asking.actor_id),
        chosen=chosen_words(sample.asked, names_of(Partner, [sample.asked.get("partner_id")])),
        rows=rows,
        summary=summary_of(sample, rows),
        as_recorded=_as_recorded(sample_id, rows),
        words={
            "methods": METHODS,
            "meanings": MEANINGS,
            "risks": RISKS,
            "verdicts": VERDICTS,
            "tones": TONES,
        },
        audits=Role.auditor in actor().roles,
    )


def sample_or_404(sample_id: int) -> Sample:
    """Return a sample."""
    return reading().get(Sample, sample_id) or abort(404)


def summary_of(sample: Sample, rows: Sequence[Any]) -> Summary:
    """Return what the latest findings of a sample's claims come to."""
    found = [row for row in rows if row.verdict is not None]
    exceptions = [row for row in found if row.verdict is FindingVerdict.exception]
    rest = [row for row in rows if row.hit is not None]
    total = sample.amount - sum(row.amount for row in rows if row.hit is None)
    is_money = sample.asked["method"] == MONEY
    wrongs = [Wrong(row.amount, row.wrong, row.hit is None) for row in exceptions]
    return Summary(
        looked_at=len(found),
        exceptions=len(exceptions),
        wrong=sum(one.wrong for one in wrongs),
        interval=Interval(total, len(rest)) if is_money and rest else None,
        projection=projected(wrongs, total, len(rest)) if is_money and found else None,
    )


def _claims(sample_id: int) -> Sequence[Any]:
    """Return a sample's claims with the latest finding of each, in the order of their ids."""
    latest = (
        select(func.max(SampleFinding.id))
        .where(SampleFinding.sample_id == sample_id)
        .group_by(SampleFinding.claim_id)
    )
    rows = reading().execute(
        select(
            SampleClaim.claim_id,
            SampleClaim.amount,
            SampleClaim.units,
            SampleClaim.hit,
            SampleClaim.risks,
            Claim.number,
            Claim.title,
            Partner.name.label("partner"),
            SampleFinding.verdict,
            SampleFinding.amount.label("wrong"),
            SampleFinding.note,
        )
        .join(Claim, Claim.id == SampleClaim.claim_id)
        .join(Partner, Partner.id == Claim.partner_id)
        .outerjoin(
            SampleFinding, (SampleFinding.claim_id == SampleClaim.claim_id) & SampleFinding.id.in_(latest)
        )
        .where(SampleClaim.sample_id == sample_id)
        .order_by(SampleClaim.claim_id)
    )
    return rows.all()


def _as_recorded(sample_id: int, rows: Sequence[Any]) -> bool:
    """Return whether a sample's list is the one that the act of its drawing bound."""
    drawn = reading().scalar(
        select(Act.figures).where(Act.kind == "sample_drawn", Act.subject == f"sample:{sample_id}")
    )
    listed = [[row.claim_id, row.amount, row.units, row.hit, row.risks] for row in rows]
    return drawn is not None and drawn["digest"] == digest_of(listed)
