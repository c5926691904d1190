"""The evidence that an activity type requires of a report, what of it is there, and what lacks proof."""

from dataclasses import dataclass, field

from flask_babel import gettext as _

from web.formats import cost, file_kind
from workflow.attaching import ATTACHMENT
from workflow.coverage import unproven
from workflow.demands.granting import takes_invoices
from workflow.dossier import AnyRow, Dossier
from workflow.policies import Policy


@dataclass(frozen=True, slots=True)
class Proof:
    """A required kind of evidence, by its label, and the files that are there for it."""

    label: str
    files: list[AnyRow]

    @property
    def good(self) -> list[AnyRow]:
        """Return the files that no approver found wanting."""
        return [file for file in self.files if file.meets_standard is not False]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What proves a report: each required kind of evidence, and in words the cost lines without proof."""

    lines: list[str] = field(default_factory=list)
    proofs: list[Proof] = field(default_factory=list)

    @property
    def lacking(self) -> list[str]:
        """Return the labels of the kinds that have no file yet, or none but refused ones."""
        return [proof.label for proof in self.proofs if not proof.good]


def coverage_of(dossier: Dossier, policy: Policy) -> Coverage:
    """Return each required kind of evidence with its files, and each cost line without a good invoice."""
    activity_type = dossier.claim.activity_type
    lines = takes_invoices(policy, activity_type) and unproven(dossier.actual, dossier.evidence)
    return Coverage(
        [_line(number, line, dossier, policy) for number, line in (lines or {}).items()],
        [
            Proof(label, [file for file in dossier.evidence if file.kind == kind])
            for kind, label in _required(activity_type, policy).items()
        ],
    )


def kinds_of_files(activity_type: str, policy: Policy) -> dict[str, str]:
    """Return what a file of a report may show, by kind: what is required, or nothing in particular."""
    return {**_required(activity_type, policy), ATTACHMENT: file_kind(ATTACHMENT, policy)}


def _required(activity_type: str, policy: Policy) -> dict[str, str]:
    activity = policy.catalogue.types.get(activity_type)
    kinds = activity.evidence if activity else ()
    return {kind: policy.catalogue.label("evidence_kind", kind) for kind in kinds}


def _line(number: int, line: AnyRow, dossier: Dossier, policy: Policy) -> str:
    """Return how a cost line is named: its number, what it is, and its amount."""
    what = line.description or policy.catalogue.label("category", line.category or "")
    amount = "" if line.amount is None else cost(line.amount, dossier.claim)
    return ", ".join(part for part in (_("Line %(number)s", number=number), what, amount) if part)
