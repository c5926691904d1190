"""Users, named by their address. New ones are invited; nobody is deactivated, and no password is touched."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from models.database import Database
from models.people import Partner, User, UserRole
from models.vocabulary import Role
from workflow.accounts import is_address, normal
from workflow.entitlement import calendar_of, entitlement, figures_of_new, on_file, role_problems
from workflow.imports import cells
from workflow.imports.cells import Column, Values, text
from workflow.imports.inviting import Plan, write
from workflow.imports.kinds import Asking, Exported, Kind
from workflow.imports.naming import Partners, at_once, partners_on_file
from workflow.imports.pieces import pieces
from workflow.imports.verdicts import Judged, compared, wrong
from workflow.refusals import Problem

COLUMNS = (
    Column("email", "The address to sign in with.", text(200), needed=True),
    Column("name", "The person’s name. Read of new users alone.", text(200), needed=True),
    Column("roles", "One or more, with commas between. Empty for a partner’s people.", cells.roles),
    Column("partner_number", "Your own number of their partner; empty for your own people.", text(40)),
    Column("partner", "The name of their partner; empty for your own people.", text(200)),
    Column("contact", "yes for whoever is told of decisions on their partner’s claims.", cells.yes_or_no),
    Column("amount_limit", "The most an approver decides on, in USD; empty for no limit.", cells.amount),
)

_COLUMN_OF = {"partner_id": "partner", "is_contact": "contact"}


@dataclass(frozen=True, slots=True)
class Facts:
    """The partners, the users that rows name by address, their roles by id, and who imports."""

    partners: Partners
    users: Mapping[str, Any]
    roles: Mapping[int, frozenset[Role]]
    asking: Asking


def facts(connection: Connection, rows: Sequence[Values], asking: Asking) -> Facts:
    """Gather the users whom the rows name, locked as the pages lock them."""
    users: dict[str, Any] = {}
    roles: dict[int, set[Role]] = {}
    for some in at_once(sorted({normal(values["email"]) for values in rows})):
        named = User.email.in_(some)
        query = select(User.__table__).where(named).order_by(User.id)
        found = connection.execute(query.with_for_update(key_share=True) if asking.lock else query)
        users |= {row.email: row for row in found}
        held = select(UserRole.user_id, UserRole.role).join(User, User.id == UserRole.user_id).where(named)
        for row in connection.execute(held):
            roles.setdefault(row.user_id, set()).add(row.role)
    held_by = {user_id: frozenset(held) for user_id, held in roles.items()}
    return Facts(partners_on_file(connection), users, held_by, asking)


def judge(facts: Facts, line: int, values: Values) -> Judged:
    """Judge a row by the guards of the pages. A file that lacks a column changes nothing in it."""
    email = normal(values["email"])
    user = facts.users.get(email)
    partner = _partner_of(facts.partners, values)
    if isinstance(partner, Problem):
        return wrong(line, email, [partner], (email,))
    before = facts.roles.get(user.id, frozenset()) if user else frozenset[Role]()
    plan = _plan(facts, values, email, user, partner, before)
    problems = [
        Problem(one.code, _COLUMN_OF.get(one.field, one.field), one.figures)
        for one in _problems(facts.asking, plan, user, "partner" in values or "partner_number" in values)
    ]
    if problems:
        return wrong(line, email, problems, (email,))
    stands = None if user is None else on_file(before, user)
    return compared(line, email, (email,), stands and _text(stands), _after(plan), plan)


def _partner_of(partners: Partners, values: Values) -> Any | Problem | None:
    if values.get("partner_number") is None and values.get("partner") is None:
        return None
    return partners.named(values)


def _plan(facts: Facts, values: Values, email: str, user: Any, partner: Any, before: frozenset[Role]) -> Plan:
    own = partner if partner else user and facts.partners.by_id.get(user.partner_id)
    roles = values.get("roles") or (frozenset({Role.partner}) if own else frozenset())
    if "roles" not in values and user is not None:
        roles = before
    contact = values.get("contact", user.is_contact if user else None) or False
    limit = values.get("amount_limit", user.amount_limit if user else None)
    partner_id = own.id if own else None
    figures = (
        figures_of_new(roles, contact, partner_id)
        if user is None
        else {
            "before": on_file(before, user),
            "after": entitlement(roles, contact, limit, calendar_of(user)),
        }
    )
    name = own.name if own else None
    user_id = user.id if user else None
    return Plan(user_id, email, values["name"], partner_id, name, before, roles, contact, limit, figures)


def _problems(asking: Asking, plan: Plan, user: Any, names_partner: bool) -> Iterator[Problem]:
    """Yield what stands against a row: the guards of `add_user` and `change_user`, by their fields."""
    yield from role_problems(plan.roles, plan.partner_id, plan.is_contact)
    if plan.amount_limit is not None and plan.amount_limit <= 0:
        yield Problem("amount_positive", "amount_limit")
    if plan.amount_limit is not None and plan.partner_id is not None:
        yield Problem("limit_needs_vendor", "amount_limit")
    if user is None:
        if not is_address(plan.email):
            yield Problem("email_form", "email")
        return
    if names_partner and user.partner_id != plan.partner_id:
        yield Problem("partner_stays", "partner_id")
    stands, limit = (plan.before, user.amount_limit), (plan.roles, plan.amount_limit)
    if user.id == asking.actor.user_id and stands != limit:
        yield Problem("own_roles", "roles")
    if asking.actor.user_id is None and Role.manager in plan.before - plan.roles:
        # Whoever imports stays a manager; where nobody does, somebody has to be left.
        yield Problem("folder_takes_manager", "roles")


def _text(entitled: Mapping[str, Any]) -> dict[str, str | None]:
    return {
        "roles": ", ".join(entitled["roles"]),
        "contact": "yes" if entitled["contact"] else "no",
        "amount_limit": entitled["limit"],
    }


def _after(plan: Plan) -> dict[str, str | None]:
    after = _text(entitlement(plan.roles, plan.is_contact, plan.amount_limit))
    return after if plan.user_id else {"name": plan.name, "partner": plan.partner, **after}


def export(database: Database) -> Iterator[Sequence[Exported]]:
    """Yield everybody on file, whoever was deactivated too."""
    query = select(User.__table__, Partner.name.label("partner"), Partner.number).outerjoin(
        Partner, Partner.id == User.partner_id
    )
    roles: dict[int, list[str]] = {}
    with database.read() as connection:
        for row in connection.execute(select(UserRole.user_id, UserRole.role)):
            roles.setdefault(row.user_id, []).append(row.role.value)
    for row in pieces(database, query, User.id):
        yield (
            row.email,
            row.name,
            ", ".join(sorted(roles.get(row.id, ()))),
            row.number,
            row.partner,
            "yes" if row.is_contact else "no",
            row.amount_limit,
        )


KIND = Kind(COLUMNS, facts, judge, write, export)
