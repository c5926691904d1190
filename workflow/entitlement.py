"""What a user may do: the roles that go together, up to what amount, and by which calendar."""

from collections.abc import Collection
from typing import Any

from models.money import Cents, plain
from models.vocabulary import Role
from workflow.refusals import Problem
from workflow.working_days import Calendar

THE_PROGRAMMES = Calendar()
"""No calendar of somebody's own: they work by the programme's."""


def figures_of_new(roles: Collection[Role], is_contact: bool, partner_id: int | None) -> dict[str, Any]:
    """Return what an act records of somebody who is put on file."""
    return {"roles": sorted(role.value for role in roles), "contact": is_contact, "partner": partner_id}


def on_file(roles: Collection[Role], user: Any) -> dict[str, Any]:
    """Return the entitlement that a user has now."""
    return entitlement(roles, user.is_contact, user.amount_limit, calendar_of(user))


def calendar_of(user: Any) -> Calendar:
    """Return the calendar of a user's own, which may be empty."""
    return Calendar(user.holiday_country, user.holiday_region)


def entitlement(
    roles: Collection[Role],
    is_contact: bool,
    amount_limit: Cents | None = None,
    calendar: Calendar = THE_PROGRAMMES,
) -> dict[str, Any]:
    """Return what a user may do, up to what amount (in cents), and by which calendar, as acts record it."""
    limit = None if amount_limit is None else plain(amount_limit)
    can = {"roles": sorted(role.value for role in roles), "contact": is_contact, "limit": limit}
    return {**can, **calendar._asdict()}


def role_problems(roles: Collection[Role], partner_id: int | None, is_contact: bool) -> list[Problem]:
    """Return what is wrong with the roles of somebody of a partner, or of nobody's where that is None."""
    problems = []
    if not roles:
        problems.append(Problem("no_role", "roles"))
    if partner_id is None and Role.partner in roles:
        problems.append(Problem("role_needs_partner", "roles"))
    if partner_id is not None and set(roles) - {Role.partner}:
        problems.append(Problem("role_needs_vendor", "roles"))
    return problems + contact_problems(partner_id, is_contact)


def contact_problems(partner_id: int | None, is_contact: bool) -> list[Problem]:
    """Return what is wrong with somebody of a partner, or of nobody's, being its contact."""
    wrong = partner_id is None and is_contact
    return [Problem("contact_needs_partner", "is_contact")] if wrong else []
