"""Partners are put on file and corrected."""

import re
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from models.people import Partner
from workflow.actors import Actor
from workflow.acts.record import record_act, require_manager, require_unchanged
from workflow.refusals import Problem, Refused

_COUNTRY = re.compile(r"[A-Z]{2}")


def add_partner(
    connection: Connection,
    actor: Actor,
    now: datetime,
    *,
    name: str,
    partner_type: str,
    country: str,
    key: str | None = None,
) -> int:
    """Put a partner on file and return its id. `country` is an ISO 3166 code of two letters."""
    require_manager(connection, actor)
    _check(connection, name, partner_type, country)
    values = {"name": name.strip(), "partner_type": partner_type.strip(), "country": country}
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
    seen: str | None = None,
) -> None:
    """Correct what is on file of a partner. Nothing is written where nothing changes.

    `seen` is the text of `on_file` as the page showed it: what changed since is not overwritten.
    """
    require_manager(connection, actor)
    row = connection.execute(
        select(Partner.name, Partner.partner_type, Partner.country)
        .where(Partner.id == partner_id)
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise Refused(Problem("no_partner"))
    _check(connection, name, partner_type, country, besides=partner_id)
    before = on_file(row)
    values = {"name": name.strip(), "partner_type": partner_type.strip(), "country": country}
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


def on_file(partner: Any) -> dict[str, str]:
    """Return what is on file of a partner, as its acts record it."""
    return {"name": partner.name, "partner_type": partner.partner_type, "country": partner.country}


def _check(
    connection: Connection, name: str, partner_type: str, country: str, besides: int | None = None
) -> None:
    problems = []
    if not name.strip():
        problems.append(Problem("field_missing", "name"))
    if not partner_type.strip():
        problems.append(Problem("field_missing", "partner_type"))
    if not _COUNTRY.fullmatch(country):
        problems.append(Problem("country_code", "country"))
    taken = connection.scalar(select(Partner.id).where(func.lower(Partner.name) == name.strip().lower()))
    if taken is not None and taken != besides:
        problems.append(Problem("name_taken", "name", {"name": name.strip()}))
    if problems:
        raise Refused(*problems)
