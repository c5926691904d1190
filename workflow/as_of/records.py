"""Which records were known by a moment: certificates, performance, policy versions, payments."""

from collections.abc import Iterable
from datetime import date, datetime

from models.money import Cents
from workflow.dossier import AnyRow


def known_by(rows: Iterable[AnyRow], by: datetime) -> list[AnyRow]:
    """Return the records that were on file by a moment, and that no other on file by then replaced.

    A row bears `id`, `recorded_at` and `replaces_id`.
    """
    recorded = [row for row in rows if row.recorded_at <= by]
    replaced = {row.replaces_id for row in recorded}
    return [row for row in recorded if row.id not in replaced]


def version_on(versions: Iterable[AnyRow], day: date, by: datetime) -> AnyRow | None:
    """Return the policy version in force on a day, of those that were on file by a moment."""
    begun = [row for row in versions if row.first_day <= day and row.recorded_at <= by]
    return max(begun, key=lambda row: row.first_day, default=None)


def paid_until(payments: Iterable[AnyRow], day: date, by: datetime) -> Cents:
    """Return what had left the bank by the end of a day, in cents, as it was recorded by a moment.

    A payment bears `amount`, `paid_on`, `recorded_at` and `failed_at`, when it was recorded that it never
    arrived.
    """
    return sum(
        row.amount
        for row in payments
        if row.paid_on <= day and row.recorded_at <= by and (row.failed_at is None or row.failed_at > by)
    )
