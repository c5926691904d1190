"""Stages of a policy version: drafted, proposed, published, and withdrawn again. `mia` and `ines` manage."""

from datetime import date
from typing import Any

from sqlalchemy import select

from models.policies import PolicyDraft
from models.vocabulary import Role
from tests.support.pages import Browser, Page
from tests.support.world import World, checked_policy
from workflow.acts import policy_publishing as publishing
from workflow.acts.policy_drafts import make_draft

NEXT = date(2026, 7, 1)
"""A first day that is still to come."""

NEWS = {"pay_within_days": 21}
"""What a draft changes of the checked policy where a test does not care."""

POLICY = "/programme/policy"
DRAFTS = f"{POLICY}/drafts"


def second_manager(world: World) -> None:
    """Let there be a second programme manager."""
    if "ines" not in world.people:
        world.person("ines", Role.manager)


def drafted(world: World, by: str = "mia", name: str = "Autumn", **changed: Any) -> int:
    """Make a draft of the checked policy with other parameters, `NEWS` if none are named; return its id."""
    with world.database.write() as connection:
        document = checked_policy(**(changed or NEWS))
        return make_draft(connection, world.people[by], world.clock.now(), name=name, document=document)


def version_of(world: World, draft_id: int) -> int:
    """Return the version of a draft as it stands."""
    with world.database.read() as connection:
        return int(connection.scalars(select(PolicyDraft.version).where(PolicyDraft.id == draft_id)).one())


def proposed(world: World, draft_id: int, first_day: date = NEXT, by: str = "mia") -> int:
    """Propose a draft as it stands; return the proposal's id."""
    version, now = version_of(world, draft_id), world.clock.now()
    with world.database.write() as connection:
        return publishing.propose_draft(
            connection, world.people[by], now, draft_id, version, first_day=first_day, today=now.date()
        )


def published(world: World, first_day: date = NEXT, **changed: Any) -> int:
    """Publish a version of two people; return its id."""
    second_manager(world)
    proposal_id, now = proposed(world, drafted(world, **changed), first_day), world.clock.now()
    with world.database.write() as connection:
        return publishing.publish(connection, world.people["ines"], now, proposal_id, today=now.date())


def to_be_withdrawn(world: World, version_id: int, by: str = "mia") -> int:
    """Propose to withdraw a version; return the proposal's id."""
    now = world.clock.now()
    with world.database.write() as connection:
        return publishing.propose_withdrawal(
            connection, world.people[by], now, version_id, reason="A slip.", today=now.date()
        )


def withdrawn(world: World, first_day: date = NEXT) -> int:
    """Publish a version, and withdraw it; return its id."""
    version_id = published(world, first_day)
    proposal_id, now = to_be_withdrawn(world, version_id), world.clock.now()
    with world.database.write() as connection:
        return publishing.withdraw(connection, world.people["ines"], now, proposal_id, today=now.date())


def edit(browser: Browser, draft_id: int, part: str, **typed: object) -> Page:
    """Change a part of a draft on its page."""
    path = f"{DRAFTS}/{draft_id}/parts/{part}"
    return browser.open(path).submit(path, do="save", **typed)
