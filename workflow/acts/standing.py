"""Certificates and performance are recorded. A correction is a new row that names the one it replaces."""

from collections.abc import Mapping
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

Model = type[Certificate] | type[Performance]


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
    if problems := day_problems(valid_from, valid_until):
        raise Refused(*problems)
    _check_partner(connection, partner_id)
    _check_replaced(connection, Certificate, partner_id, replaces_id)
    days = {"valid_from": valid_from, "valid_until": valid_until, "revoked_on": revoked_on}
    return _record(
        connection,
        actor,
        now,
        Certificate,
        partner_id,
        days,
        figures_of_certificate(days),
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
    if problems := amount_problems(required=required, achieved=achieved):
        raise Refused(*problems)
    _check_partner(connection, partner_id)
    code = connection.scalar(select(Period.code).where(Period.id == period_id))
    if code is None:
        raise Refused(Problem("no_period", "period_id"))
    _check_replaced(connection, Performance, partner_id, replaces_id)
    values = {"period_id": period_id, "required": required, "achieved": achieved}
    return _record(
        connection,
        actor,
        now,
        Performance,
        partner_id,
        values,
        figures_of_performance(code, required, achieved),
        replaces_id,
        reason,
        key,
    )


def _record(
    connection: Connection,
    actor: Actor,
    now: datetime,
    model: Model,
    partner_id: int,
    values: dict[str, Any],
    figures: dict[str, Any],
    replaces_id: int | None,
    reason: str,
    key: str | None,
) -> int:
    act_id = record_act(
        connection,
        actor,
        now,
        act_kind(model, replaces_id),
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


def act_kind(model: Model, replaces_id: int | None) -> str:
    """Return the kind of act that records a row, or the one that takes the place of an earlier one."""
    return f"{model.__tablename__}_{'recorded' if replaces_id is None else 'corrected'}"


def figures_of_certificate(days: Mapping[str, date | None]) -> dict[str, str | None]:
    """Return the days of a certificate as its act records them."""
    return {name: day.isoformat() if day else None for name, day in days.items()}


def figures_of_performance(code: str, required: Cents, achieved: Cents) -> dict[str, str]:
    """Return a performance in the period of this code as its act records it."""
    return {"period": code, "required": plain(required), "achieved": plain(achieved)}


def day_problems(valid_from: date, valid_until: date) -> list[Problem]:
    """Return what is wrong with the days of a certificate."""
    return [Problem("ends_before_start", "valid_until")] if valid_until < valid_from else []


def amount_problems(**amounts: Cents) -> list[Problem]:
    """Return what is wrong with amounts that may be nothing, each by the name of its field."""
    problems = [Problem("amount_negative", name) for name, amount in amounts.items() if amount < 0]
    return problems + [
        Problem("amount_too_large", name) for name, amount in amounts.items() if amount > MAX_CENTS
    ]


def _check_partner(connection: Connection, partner_id: int) -> None:
    # Locked: what is recorded of a partner, by hand or by an import, is recorded one after the other.
    locked = select(Partner.id).where(Partner.id == partner_id).with_for_update(key_share=True)
    if connection.scalar(locked) is None:
        raise Refused(Problem("no_partner", "partner_id"))


def _check_replaced(
    connection: Connection,
    model: Model,
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
