"""Partners are put on file and corrected."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from models.people import Partner
from workflow.actors import Actor
from workflow.acts.record import record_act, require_manager, require_unchanged
from workflow.refusals import Problem, Refused
from workflow.working_days import countries

Values = dict[str, str | None]
"""What is on file of a partner, by the names of its columns."""


def add_partner(
    connection: Connection,
    actor: Actor,
    now: datetime,
    *,
    name: str,
    partner_type: str,
    country: str,
    number: str = "",
    key: str | None = None,
) -> int:
    """Put a partner on file and return its id. `country` is an ISO 3166 code of two letters."""
    require_manager(connection, actor)
    values = values_of(name, partner_type, country, number)
    _check(connection, values)
    partner_id = int(
        connection.execute(
            insert(Partner).values(**values, created_at=now).returning(Partner.id)
        ).scalar_one()
    )
    record_act(
        connection,
        actor,
        now,
        "partner_added",
        f"partner:{partner_id}",
        values,
        partner_id=partner_id,
        key=key,
    )
    return partner_id


def change_partner(
    connection: Connection,
    actor: Actor,
    now: datetime,
    partner_id: int,
    *,
    name: str,
    partner_type: str,
    country: str,
    number: str = "",
    seen: str | None = None,
) -> None:
    """Correct what is on file of a partner. Nothing is written where nothing changes.

    `seen` is the text of `on_file` as the page showed it: what changed since is not overwritten.
    """
    require_manager(connection, actor)
    row = connection.execute(
        select(Partner.name, Partner.partner_type, Partner.country, Partner.number)
        .where(Partner.id == partner_id)
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise Refused(Problem("no_partner"))
    values = values_of(name, partner_type, country, number)
    _check(connection, values, besides=partner_id)
    before = on_file(row)
    if values == before:
        return
    require_unchanged(seen, before)
    connection.execute(update(Partner).where(Partner.id == partner_id).values(**values))
    record_act(
        connection,
        actor,
        now,
        "partner_changed",
        f"partner:{partner_id}",
        {"before": before, "after": values},
        partner_id=partner_id,
    )


def on_file(partner: Any) -> Values:
    """Return what is on file of a partner, as its acts record it."""
    return values_of(partner.name, partner.partner_type, partner.country, partner.number or "")


def values_of(name: str, partner_type: str, country: str, number: str) -> Values:
    """Return what is kept of a partner; a number that is empty is none."""
    return {
        "name": name.strip(),
        "partner_type": partner_type.strip(),
        "country": country,
        "number": number.strip() or None,
    }


def problems_of(values: Values) -> list[Problem]:
    """Return what is wrong with what would be on file of a partner, whoever else is."""
    problems = [Problem("field_missing", name) for name in ("name", "partner_type") if not values[name]]
    return problems + country_problems(values["country"] or "")


def country_problems(country: str) -> list[Problem]:
    """Return what is wrong with the code of a country: `UK` is none, and no rule finds a limit for it."""
    return [] if country in countries() else [Problem("country_code", "country")]


def _check(connection: Connection, values: Values, besides: int | None = None) -> None:
    problems, name, number = problems_of(values), values["name"] or "", values["number"]
    taken = connection.scalar(select(Partner.id).where(func.lower(Partner.name) == name.lower()))
    if taken is not None and taken != besides:
        problems.append(Problem("name_taken", "name", {"name": name}))
    if number is not None:
        taken = connection.scalar(select(Partner.id).where(Partner.number == number))
        if taken is not None and taken != besides:
            problems.append(Problem("name_taken", "number", {"name": number}))
    if problems:
        raise Refused(*problems)
