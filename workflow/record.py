"""Writes a dossier as the check document that is judged and that history keeps."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from models.money import Cents, plain
from workflow.dossier import AnyRow, Dossier
from workflow.exchange import USD


def document_of(
    dossier: Dossier,
    today: date,
    *,
    approved: Cents | None = None,
    number: str | None = None,
    held: Cents = 0,
) -> dict[str, Any]:
    """Return the check document of a claim as it stands, judged on a programme day.

    `approved` is the amount about to be granted, `number` the one about to be given; else the claim's own
    stand. What the claim has `held` of the fund already counts as available to it. Beside what the rules
    read, it names the claim, what binds the bytes of its evidence and its texts, which a check ignores. A
    partner without a fund has nothing available.
    """
    claim = dossier.claim
    granted = approved if approved is not None else claim.approved
    return _filled(
        {
            "today": today.isoformat(),
            "texts": claim.texts_hash,
            "partner": _partner(dossier),
            "period": period_document(claim),
            "fund": {"available": plain((dossier.fund.available if dossier.fund else 0) + held)},
            "claim": _filled(
                {
                    "number": number or claim.number,
                    "title": claim.title,
                    "place": claim.place,
                    "activity_type": claim.activity_type,
                    "starts_on": _day(claim.starts_on),
                    "ends_on": _day(claim.ends_on),
                    "submitted_on": _day(claim.submitted_on),
                    "organiser": _filled({"kind": claim.organiser_kind, "name": claim.organiser_name}),
                    "expected_attendees": claim.expected_attendees,
                    "exchange": _exchange(claim),
                    "requested": _amount(claim.requested),
                    "approved": _amount(granted),
                    "details": _filled(claim.details),
                    "lines": [_filled(_line(row)) for row in dossier.planned],
                    "actual_lines": [_filled(_actual_line(row)) for row in dossier.actual],
                    "evidence": [_evidence(row) for row in dossier.evidence],
                    "checklist": claim.checklist,
                }
            ),
        }
    )


def judged_on(claim: AnyRow, today: date) -> date:
    """Return the day that the rules take for today: of a claim that was accepted before, that day.

    The work was done and accepted then, so what lapsed since is not held against it.
    """
    day: date | None = claim.accepted_on
    return day or today


def _partner(dossier: Dossier) -> dict[str, Any]:
    claim = dossier.claim
    return _filled(
        {
            "id": claim.partner_id,
            "partner_type": claim.partner_type,
            "country": claim.country,
            "certificates": [_filled(certificate_document(row)) for row in dossier.certificates],
            "performance": [performance_document(row) for row in dossier.performance],
        }
    )


def _exchange(claim: AnyRow) -> dict[str, Any] | None:
    """Return what the amounts of the lines go by, with its source; None in US dollars."""
    if claim.currency == USD:
        return None
    return _filled(
        {
            "currency": claim.currency,
            "usd": claim.rate_usd,
            "local": claim.rate_local,
            "day": _day(claim.rate_day),
            "source": claim.rate_source,
        }
    )


def _evidence(row: AnyRow) -> dict[str, Any]:
    return _filled({"kind": row.kind, "meets_standard": row.meets_standard, "commitment": row.commitment})


def expiry_document(dossier: Dossier, today: date) -> dict[str, Any]:
    """Return what an expiry is judged on: the certificates and the claim's own days."""
    claim = dossier.claim
    return {
        "today": today.isoformat(),
        "partner": {
            "id": claim.partner_id,
            "certificates": _certificates(dossier.certificates),
        },
        "claim": {
            "number": claim.number,
            "starts_on": _day(claim.starts_on),
            "ends_on": _day(claim.ends_on),
            "submitted_on": _day(claim.submitted_on),
        },
    }


@lru_cache(maxsize=1024)
def _certificates(rows: tuple[AnyRow, ...]) -> list[dict[str, Any]]:
    """Return a partner's certificates, written once for all its claims in a sweep."""
    return [certificate_document(row) for row in rows]


def certificate_document(row: AnyRow) -> dict[str, Any]:
    """Return one certificate as a check document holds it."""
    return {
        "valid_from": _day(row.valid_from),
        "valid_until": _day(row.valid_until),
        "revoked_on": _day(row.revoked_on),
    }


def performance_document(row: AnyRow) -> dict[str, Any]:
    """Return one record of performance as a check document holds it."""
    return {"period": row.period, "required": plain(row.required), "achieved": plain(row.achieved)}


def period_document(claim: AnyRow) -> dict[str, Any] | None:
    """Return the claim's JMF period, or None while it has none."""
    if claim.period_id is None:
        return None
    return {
        "code": claim.period_code,
        "first_day": _day(claim.first_day),
        "last_day": _day(claim.last_day),
    }


def _line(row: AnyRow) -> dict[str, Any]:
    return {
        "category": row.category,
        "description": row.description,
        "product_model": row.product_model,
        "quantity": row.quantity,
        "unit_value": _amount(row.unit_value),
        "amount": _amount(row.amount),
    }


def _actual_line(row: AnyRow) -> dict[str, Any]:
    return {
        **_line(row),
        "supplier": row.supplier,
        "invoice_number": row.invoice_number,
        "accepted": row.accepted,
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _amount(cents: Cents | None) -> str | None:
    return None if cents is None else plain(cents)


def _filled(members: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members that say anything: null is the same as left out, and so is empty text."""
    return {name: value for name, value in members.items() if value is not None and value != ""}
