"""The evidence that an activity type requires of a report, and what of it is there."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from flask_babel import gettext as _

from models.claims import Claim, Evidence
from web.claims.report_form import activity_of
from web.formats import cost
from workflow.catalogue import Word
from workflow.coverage import unproven
from workflow.demands.granting import takes_invoices
from workflow.dossier import AnyRow, Dossier
from workflow.policies import Policy


@dataclass(frozen=True, slots=True)
class Proof:
    """A kind of evidence that the activity type requires, and the files that are there for it."""

    kind: Word
    files: list[Evidence]

    @property
    def good(self) -> list[Evidence]:
        """Return the files that no approver found wanting."""
        return [file for file in self.files if file.meets_standard is not False]


def proofs_of(claim: Claim, policy: Policy) -> list[Proof]:
    """Return the kinds of evidence that a claim's activity type requires, each with its files."""
    activity = activity_of(claim, policy)
    words = {one.code: one for one in policy.catalogue.evidence_kinds}
    return [
        Proof(words[code], [file for file in claim.evidence if file.kind == code])
        for code in (activity.evidence if activity else ())
    ]


def lacking(proofs: Iterable[Proof]) -> list[str]:
    """Return the labels of the kinds that have no file yet, or none but refused ones."""
    return [proof.kind.label for proof in proofs if not proof.good]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What of a report lacks proof: its cost lines in words, and the required kinds of evidence."""

    lines: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)


def coverage_of(dossier: Dossier, policy: Policy) -> Coverage:
    """Return each cost line without proof and each required kind of evidence without a good file."""
    activity = policy.catalogue.types.get(dossier.claim.activity_type)
    there = {file.kind for file in dossier.evidence if file.meets_standard is not False}
    missing = [kind for kind in (activity.evidence if activity else ()) if kind not in there]
    lines = takes_invoices(policy, dossier.claim.activity_type) and unproven(dossier.actual, dossier.evidence)
    return Coverage(
        [_line(number, line, dossier, policy) for number, line in (lines or {}).items()],
        [policy.catalogue.label("evidence_kind", kind) for kind in missing],
    )


def _line(number: int, line: AnyRow, dossier: Dossier, policy: Policy) -> str:
    """Return how a cost line is named: its number, what it is, and its amount."""
    what = line.description or policy.catalogue.label("category", line.category or "")
    amount = "" if line.amount is None else cost(line.amount, dossier.claim)
    return ", ".join(part for part in (_("Line %(number)s", number=number), what, amount) if part)
