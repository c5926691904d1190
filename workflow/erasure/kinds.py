"""Which kind of personal data each kind of evidence is. A new kind of evidence joins as a row."""

from collections.abc import Mapping

from models.vocabulary import Personal

OF_EVIDENCE: Mapping[str, Personal] = {
    "attendee_list": Personal.people_files,
    "attendee_report": Personal.people_files,
    "call_report": Personal.people_files,
    "delivery_report": Personal.people_files,
    "distribution_list": Personal.people_files,
    "installation_photo": Personal.people_files,
    "partner_list": Personal.people_files,
    "photos": Personal.people_files,
    "recording": Personal.people_files,
    "visitor_list": Personal.people_files,
    "invoice": Personal.receipts,
    "organiser_contract": Personal.receipts,
    "proof_of_delivery": Personal.receipts,
    "sponsorship_contract": Personal.receipts,
}
"""What names or shows people, and what the books need; all else is Personal.other_files."""


def kind_of(evidence_kind: str) -> Personal:
    """Return the kind of personal data that a kind of evidence is; a file keeps that of its first day."""
    return OF_EVIDENCE.get(evidence_kind, Personal.other_files)
