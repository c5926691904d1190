"""Users, named by their address. New ones are invited; nobody is deactivated, and no password is touched."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from models.database import Database
from models.money import Cents
from models.people import Partner, User, UserRole
from models.vocabulary import Role
from workflow.accounts import is_address, normal
from workflow.entitlement import (
    calendar_of,
    contact_problems,
    entitlement,
    figures_of_new,
    on_file,
    role_problems,
)
from workflow.imports import cells
from workflow.imports.cells import Column, Values, text
from workflow.imports.inviting import Plan, write
from workflow.imports.kinds import Asking, Becomes, Exported, Finding, Kind
from workflow.imports.naming import PARTNER, PARTNER_ON_FILE, Partners, at_once, partners_on_file
from workflow.imports.pieces import pieces
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
    for some in at_once(sorted({normal(values["email"]) for values in rows if "email" in values})):
        named = User.email.in_(some)
        query = select(User.__table__).where(named).order_by(User.id)
        found = connection.execute(query.with_for_update(key_share=True) if asking.lock else query)
        users |= {row.email: row for row in found}
        held = select(UserRole.user_id, UserRole.role).join(User, User.id == UserRole.user_id).where(named)
        for row in connection.execute(held):
            roles.setdefault(row.user_id, set()).add(row.role)
    held_by = {user_id: frozenset(held) for user_id, held in roles.items()}
    return Facts(partners_on_file(connection), users, held_by, asking)


def _user(facts: Facts, values: Values) -> Any | None:
    return facts.users.get(normal(values["email"])) if "email" in values else None


def _before(facts: Facts, user: Any | None) -> frozenset[Role]:
    return facts.roles.get(user.id, frozenset()) if user else frozenset()


def _own(facts: Facts, values: Values) -> Any | None:
    """Return the partner whose somebody is: the one that the row names, else the one on file."""
    user = _user(facts, values)
    return facts.partners.named(values) or (user and facts.partners.by_id.get(user.partner_id))


def _roles(facts: Facts, values: Values) -> frozenset[Role]:
    """Return the roles of somebody after a row. A file that lacks a column changes nothing in it."""
    user = _user(facts, values)
    if "roles" not in values and user is not None:
        return _before(facts, user)
    return values.get("roles") or (frozenset({Role.partner}) if _own(facts, values) else frozenset())


def _contact(facts: Facts, values: Values) -> bool:
    user = _user(facts, values)
    return values.get("contact", user.is_contact if user else None) or False


def _limit(facts: Facts, values: Values) -> Cents | None:
    user = _user(facts, values)
    limit: Cents | None = values.get("amount_limit", user.amount_limit if user else None)
    return limit


def _address(facts: Facts, values: Values) -> Iterator[Problem]:
    if _user(facts, values) is None and not is_address(normal(values["email"])):
        yield Problem("email_form", "email")


def _roles_fit(facts: Facts, values: Values) -> Iterable[Problem]:
    own = _own(facts, values)
    return role_problems(_roles(facts, values), own.id if own else None, False)


def _contact_fits(facts: Facts, values: Values) -> Iterator[Problem]:
    own = _own(facts, values)
    for one in contact_problems(own.id if own else None, _contact(facts, values)):
        yield Problem(one.code, "contact", one.figures)


def _limit_positive(_facts: Facts, values: Values) -> Iterator[Problem]:
    limit = values.get("amount_limit")
    if limit is not None and limit <= 0:
        yield Problem("amount_positive", "amount_limit")


def _limit_fits(facts: Facts, values: Values) -> Iterator[Problem]:
    if _limit(facts, values) is not None and _own(facts, values):
        yield Problem("limit_needs_vendor", "amount_limit")


def _partner_stays(facts: Facts, values: Values) -> Iterator[Problem]:
    user, named = _user(facts, values), facts.partners.named(values)
    if user and named and user.partner_id != named.id:
        yield Problem("partner_stays", "partner")


def _own_roles_stay(facts: Facts, values: Values) -> Iterator[Problem]:
    user = _user(facts, values)
    if user and user.id == facts.asking.actor.user_id and _roles(facts, values) != _before(facts, user):
        yield Problem("own_roles", "roles")


def _own_limit_stays(facts: Facts, values: Values) -> Iterator[Problem]:
    user = _user(facts, values)
    if user and user.id == facts.asking.actor.user_id and _limit(facts, values) != user.amount_limit:
        yield Problem("own_roles", "roles")


def _managers_stay(facts: Facts, values: Values) -> Iterator[Problem]:
    """Whoever imports stays a manager; where nobody does, somebody has to be left."""
    lost = _before(facts, _user(facts, values)) - _roles(facts, values)
    if facts.asking.actor.user_id is None and Role.manager in lost:
        yield Problem("folder_takes_manager", "roles")


def _whoever(find: Callable[[Facts, Values], Iterable[Problem]]) -> Callable[..., Iterable[Problem]]:
    """Return what is found of a row that names a partner: that holds whoever has the address."""
    return lambda facts, values: find(facts, values) if facts.partners.named(values) else ()


def becomes(facts: Facts, values: Values) -> Becomes:
    """Return what somebody is entitled to before and after a row."""
    user, own = _user(facts, values), _own(facts, values)
    before, roles = _before(facts, user), _roles(facts, values)
    contact, limit = _contact(facts, values), _limit(facts, values)
    partner_id, partner = (own.id, own.name) if own else (None, None)
    stands = None if user is None else on_file(before, user)
    figures = (
        figures_of_new(roles, contact, partner_id)
        if user is None
        else {"before": stands, "after": entitlement(roles, contact, limit, calendar_of(user))}
    )
    user_id, email, name = user.id if user else None, normal(values["email"]), values["name"]
    plan = Plan(user_id, email, name, partner_id, partner, before, roles, contact, limit, figures)
    return Becomes(stands and _text(stands), _after(plan), plan)


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


_ADDRESS = Finding(("email",), lambda _facts, values: [normal(values["email"])])

KIND = Kind(
    columns=COLUMNS,
    facts=facts,
    called=_ADDRESS,
    keys=(_ADDRESS,),
    meanings=PARTNER_ON_FILE,
    guards=(
        Finding(("email",), _address),
        Finding(("email", "roles", *PARTNER), _roles_fit),
        Finding(("roles", *PARTNER), _whoever(_roles_fit)),
        Finding(("email", "contact", *PARTNER), _contact_fits),
        Finding(("amount_limit",), _limit_positive),
        Finding(("email", "amount_limit", *PARTNER), _limit_fits),
        Finding(("amount_limit", *PARTNER), _whoever(_limit_fits)),
        Finding(("email", *PARTNER), _partner_stays),
        Finding(("email", "roles", *PARTNER), _own_roles_stay),
        Finding(("email", "amount_limit"), _own_limit_stays),
        Finding(("email", "roles", *PARTNER), _managers_stay),
    ),
    becomes=becomes,
    write=write,
    export=export,
)
