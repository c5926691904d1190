"""The ways in which people of the world let each other in."""

from datetime import timedelta

from models.vocabulary import Role
from tests.support.factories import HASHED
from tests.support.world import World
from workflow.accounts import let_in
from workflow.actors import Actor
from workflow.acts.users import add_user, change_user, deactivate, invite, reactivate
from workflow.entitlement import THE_PROGRAMMES
from workflow.working_days import Calendar


def user_id(world: World, name: str) -> int:
    found = world.people[name].user_id
    assert found is not None
    return found


def invited(world: World, by: str, name: str, *roles: Role, partner_id: int | None = None) -> None:
    """Let somebody in."""
    now = world.clock.now()
    with world.database.write() as connection:
        who = add_user(
            connection,
            world.people[by],
            now,
            email=f"{name}@people.example",
            name=name.title(),
            roles=roles,
            partner_id=partner_id,
        )
        let_in(connection, who, HASHED, f"joined:{who}", now)
    world.people[name] = Actor(who, frozenset(roles), partner_id)


def changed(world: World, by: str, name: str, *roles: Role, calendar: Calendar = THE_PROGRAMMES) -> None:
    """Change what somebody may do."""
    who, now = user_id(world, name), world.clock.now()
    with world.database.write() as connection:
        change_user(connection, world.people[by], now, who, roles=roles, is_contact=False, calendar=calendar)
    world.people[name] = Actor(who, frozenset(roles))


def linked(world: World, by: str, name: str) -> None:
    """Send somebody a link to set a password."""
    with world.database.write() as connection:
        invite(connection, world.people[by], world.clock.now(), user_id(world, name), timedelta(hours=72))


def shut_out_and_in(world: World, by: str, name: str) -> None:
    """Deactivate somebody, and let them in again."""
    with world.database.write() as connection:
        deactivate(connection, world.people[by], world.clock.now(), user_id(world, name))
    with world.database.write() as connection:
        reactivate(connection, world.people[by], world.clock.now(), user_id(world, name))
