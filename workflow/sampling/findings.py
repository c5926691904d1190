"""What auditors find of sampled claims, recorded beside the sample, and what that says of all claims."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple

from sqlalchemy import Connection, insert, select

from models.money import Cents, written
from models.samples import SampleClaim, SampleFinding
from models.vocabulary import FindingVerdict
from workflow.actors import Actor
from workflow.refusals import Problem, Refused
from workflow.sampling.asking import require_auditor


class Finding(NamedTuple):
    """What was found of a claim: in order, or an exception, with what of its amount is wrong, in cents."""

    verdict: FindingVerdict
    amount: Cents | None
    note: str


class Wrong(NamedTuple):
    """A claim with an exception: what it held, what of it is wrong, and whether it was in for certain."""

    held: Cents
    wrong: Cents
    certain: bool


def record_finding(
    connection: Connection,
    actor: Actor,
    now: datetime,
    sample_id: int,
    claim_id: int,
    finding: Finding,
    key: str,
) -> bool:
    """Record what an auditor found of a sampled claim; what was found before stays beneath it.

    Under the same key the same is not recorded a second time: then False is returned. Anything else under it
    is refused, so that nobody takes it for recorded. Raises Refused.
    """
    require_auditor(connection, actor)
    values = {
        "sample_id": sample_id,
        "claim_id": claim_id,
        "by_id": actor.user_id,
        "verdict": finding.verdict,
        "amount": finding.amount or 0,
        "note": finding.note,
    }
    before = connection.execute(select(SampleFinding.__table__).where(SampleFinding.key == key)).one_or_none()
    if before is not None:
        if any(before._mapping[name] != value for name, value in values.items()):
            raise Refused(Problem("sent_before"))
        return False
    held = connection.scalar(
        select(SampleClaim.amount).where(SampleClaim.sample_id == sample_id, SampleClaim.claim_id == claim_id)
    )
    if held is None:
        raise Refused(Problem("not_sampled"))
    if problems := list(_problems(finding, held)):
        raise Refused(*problems)
    connection.execute(insert(SampleFinding).values(**values, at=now, key=key))
    return True


def _problems(finding: Finding, held: Cents) -> Iterator[Problem]:
    """Yield what is wrong with a finding of a claim that held so much."""
    if finding.verdict is FindingVerdict.in_order:
        if finding.amount:
            yield Problem("finding_in_order", "amount")
        return
    if finding.amount is None:
        yield Problem("finding_amount", "amount")
    elif not 0 <= finding.amount <= held:
        yield Problem("finding_above", "amount", {"held": written(held)})
    if not finding.note.strip():
        yield Problem("finding_why", "note")


def projected(wrongs: Iterable[Wrong], total: Cents, size: int) -> Cents:
    """Return what the exceptions of a monetary-unit sample project onto all it was drawn from, in cents.

    A claim that was certain speaks for itself. Any other speaks for its interval, `total / size` of the
    claims that were not certain: of that, the part that is wrong. Rounded once, half up.
    """
    whole = Fraction(0)
    for one in wrongs:
        whole += one.wrong if one.certain else Fraction(one.wrong * total, one.held * size)
    return int(whole + Fraction(1, 2))
