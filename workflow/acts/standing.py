"""Certificates and performance are recorded. A correction is a new row that names the one it replaces."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from models.money import MAX_CENTS, Cents, plain
from models.people import Partner
from models.programme import Period
from models.standing import Certificate, Performance
from workflow.actors import Actor
from workflow.acts.record import record_act, require_manager
from workflow.proof.chains import append_one
from workflow.refusals import Problem, Refused


def record_certificate(
    connection: Connection,
    actor: Actor,
    now: datetime,
    *,
    partner_id: int,
    valid_from: date,
    valid_until: date,
    revoked_on: date | None = None,
    replaces_id: int | None = None,
    reason: str = "",
    key: str | None = None,
) -> int:
    """Record a certificate, or the correction (or revocation) of an earlier one; return its id."""
    require_manager(connection, actor)
    if valid_until < valid_from:
        raise Refused(Problem("ends_before_start", "valid_until"))
    _check_partner(connection, partner_id)
    _check_replaced(connection, Certificate, partner_id, replaces_id)
    days = {"valid_from": valid_from, "valid_until": valid_until, "revoked_on": revoked_on}
    figures = {name: day.isoformat() if day else None for name, day in days.items()}
    return _record(
        connection,
        actor,
        now,
        Certificate,
        "certificate",
        partner_id,
        days,
        figures,
        replaces_id,
        reason,
        key,
    )


def record_performance(
    connection: Connection,
    actor: Actor,
    now: datetime,
    *,
    partner_id: int,
    period_id: int,
    required: Cents,
    achieved: Cents,
    replaces_id: int | None = None,
    reason: str = "",
    key: str | None = None,
) -> int:
    """Record what a partner had to achieve in a period and did, or correct a record; return its id."""
    require_manager(connection, actor)
    _check_amounts(required=required, achieved=achieved)
    _check_partner(connection, partner_id)
    code = connection.scalar(select(Period.code).where(Period.id == period_id))
    if code is None:
        raise Refused(Problem("no_period", "period_id"))
    _check_replaced(connection, Performance, partner_id, replaces_id)
    values = {"period_id": period_id, "required": required, "achieved": achieved}
    figures = {"period": code, "required": plain(required), "achieved": plain(achieved)}
    return _record(
        connection,
        actor,
        now,
        Performance,
        "performance",
        partner_id,
        values,
        figures,
        replaces_id,
        reason,
        key,
    )


def _record(
    connection: Connection,
    actor: Actor,
    now: datetime,
    model: type[Certificate] | type[Performance],
    word: str,
    partner_id: int,
    values: dict[str, Any],
    figures: dict[str, Any],
    replaces_id: int | None,
    reason: str,
    key: str | None,
) -> int:
    kind = f"{word}_recorded" if replaces_id is None else f"{word}_corrected"
    act_id = record_act(
        connection,
        actor,
        now,
        kind,
        f"partner:{partner_id}",
        {**figures, "replaces": replaces_id},
        partner_id=partner_id,
        reason=reason,
        key=key,
    )
    return append_one(
        connection,
        model,
        partner_id=partner_id,
        replaces_id=replaces_id,
        act_id=act_id,
        recorded_at=now,
        **values,
    )


def _check_amounts(**amounts: Cents) -> None:
    problems = [Problem("amount_negative", name) for name, amount in amounts.items() if amount < 0]
    problems += [Problem("amount_too_large", name) for name, amount in amounts.items() if amount > MAX_CENTS]
    if problems:
        raise Refused(*problems)


def _check_partner(connection: Connection, partner_id: int) -> None:
    if connection.scalar(select(Partner.id).where(Partner.id == partner_id)) is None:
        raise Refused(Problem("no_partner", "partner_id"))


def _check_replaced(
    connection: Connection,
    model: type[Certificate] | type[Performance],
    partner_id: int,
    replaces_id: int | None,
) -> None:
    if replaces_id is None:
        return
    owner = connection.scalar(select(model.partner_id).where(model.id == replaces_id))
    if owner != partner_id:
        raise Refused(Problem("no_such_record", "replaces_id"))
    if connection.scalar(select(model.id).where(model.replaces_id == replaces_id)) is not None:
        raise Refused(Problem("already_replaced", "replaces_id"))
