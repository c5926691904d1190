"""What was known by one moment of a claim and its partner at another.

The same function says what was known then and what is known today: what differs was learned since.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from models.money import Cents
from workflow.as_of.claim import CHECKPOINT_OF
from workflow.as_of.people import Away, away_on
from workflow.as_of.records import known_by, paid_until, version_on
from workflow.certification import covered, last_certified_day
from workflow.documents import read_document
from workflow.dossier import AnyRow
from workflow.judgement import judge, judge_partial
from workflow.policies import Policy
from workflow.reading import FormError
from workflow.record import certificate_document, performance_document
from workflow.verdicts import Verdict


class Records(NamedTuple):
    """All records that bear when they were recorded: see `gathering.py`."""

    certificates: Sequence[AnyRow]
    performance: Sequence[AnyRow]
    versions: Sequence[AnyRow]
    payments: Sequence[AnyRow]
    absences: Sequence[AnyRow]


class Known(NamedTuple):
    """What counted on a day, by what was on file.

    `certified` is whether on that very day, `certified_until` the last day without a gap from then on.
    `paid` is what had left the bank by then, in cents.
    """

    certificates: Sequence[AnyRow]
    certified: bool
    certified_until: date | None
    performance: Sequence[AnyRow]
    version: AnyRow | None
    paid: Cents
    away: Sequence[Away]


def known(records: Records, at: datetime, day: date, by: datetime) -> Known:
    """Return what was known by a moment of another, which lies on a programme day."""
    certificates = known_by(records.certificates, by)
    return Known(
        certificates=certificates,
        certified=covered(certificates, day, day),
        certified_until=last_certified_day(certificates, day),
        performance=known_by(records.performance, by),
        version=version_on(records.versions, day, by),
        paid=paid_until(records.payments, day, by),
        away=away_on(records.absences, day, at, by),
    )


def judged_by(move: AnyRow, policy: Policy, found: Known) -> tuple[Verdict, ...]:
    """Return what the rules of a move say of its document, with the partner's standing as it was known."""
    checkpoint = CHECKPOINT_OF[move.trigger]
    assert checkpoint is not None
    standing: dict[str, Any] = {
        "certificates": list(map(certificate_document, found.certificates)),
        "performance": list(map(performance_document, found.performance)),
    }
    document = {**move.document, "partner": {**move.document["partner"], **standing}}
    try:
        facts = read_document(document, checkpoint, policy)
    except FormError:  # written before the product demanded what it reads today
        return judge_partial(document, policy, checkpoint)
    return judge(facts, policy, checkpoint)
