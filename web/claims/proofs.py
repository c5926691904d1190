"""The evidence that an activity type requires of a report, and what of it is there."""

from collections.abc import Iterable
from dataclasses import dataclass

from models.claims import Claim, Evidence
from web.claims.report_form import activity_of
from workflow.catalogue import Word
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
