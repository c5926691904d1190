"""A programme to measure in: one claim made by the moves that people make, and any number of its like."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from models.base import Base
from models.claims import Claim, ClaimLine, Evidence
from models.database import Database
from models.funds import Fund, LedgerEntry
from models.history import Move
from models.links import Link
from models.tasks import Task
from models.vocabulary import Role
from tests.support.world import World, line, make_world
from workflow.clock import SettableClock

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LARGE = 10**12
"""Cents enough in a fund for every claim that is made."""

LINES = [line("venue", 500_000), line("catering", 200_000), line("speaker", 100_000)]


def make_scene(database: Database) -> World:
    """Return a programme with a second approver."""
    world = make_world(database, SettableClock(START))
    world.person("cora", Role.approver)
    return world


def add_claimant(world: World, name: str) -> str:
    """Add a partner that may claim, with an author and a contact apart; return the author's name."""
    partner_id = world.partner(f"{name.title()} Networks", "vap")
    world.certify(partner_id, date(2025, 1, 1), date(2026, 6, 30))
    world.certify(partner_id, date(2026, 7, 1), date(2026, 12, 31))
    world.performed(partner_id)
    world.fund(partner_id, LARGE)
    world.person(name, Role.partner, partner_id=partner_id)
    world.person(f"{name}-contact", Role.partner, partner_id=partner_id, contact=True)
    return name


def submitted(world: World, by: str) -> int:
    """Return a claim that waits for its approval by `bob`."""
    claim_id = world.draft(by, lines=LINES, starts_on=date(2026, 3, 2), ends_on=date(2026, 3, 2))
    world.move(claim_id, "submit", by)
    with world.database.write() as connection:
        connection.execute(
            update(Task).where(Task.claim_id == claim_id).values(assignee_id=world.people["bob"].user_id)
        )
    return claim_id


def approved(world: World, by: str) -> int:
    """Return a claim with a reserve."""
    claim_id = submitted(world, by)
    world.move(claim_id, "approve", "bob", approved=400_000)
    return claim_id


def executed(world: World, by: str) -> int:
    """Return a claim with a reserve, a report and evidence that waits for its acceptance."""
    claim_id = approved(world, by)
    world.bill(claim_id, by=by)
    world.move(claim_id, "report", by)
    return claim_id


def copies(world: World, claim_id: int, count: int) -> list[int]:
    """Return the ids of as many claims as this one, with all its rows; its reserve is theirs, too."""
    with world.database.write() as connection:
        first = (connection.scalar(select(func.max(Claim.id))) or 0) + 1
        ids = list(range(first, first + count))
        (claim,) = _rows(connection, Claim, Claim.id == claim_id)
        connection.execute(
            insert(Claim), [{**claim, "id": new, "number": f"{claim['number']}-{new}"} for new in ids]
        )
        for model in (ClaimLine, Evidence, Move, Task, LedgerEntry):
            rows = _rows(connection, model, model.__table__.c.claim_id == claim_id)
            for row in rows:
                del row["id"]
            if rows:
                connection.execute(insert(model), [{**row, "claim_id": new} for new in ids for row in rows])
        links = _rows(connection, Link, Link.chain == claim_id)
        connection.execute(insert(Link), [{**link, "chain": new} for new in ids for link in links])
        reserved = claim["reserved"] * count
        connection.execute(
            update(Fund)
            .where(Fund.partner_id == claim["partner_id"])
            .values(available=Fund.available - reserved, reserved=Fund.reserved + reserved)
        )
        _count_on(connection, first + count)
    return ids


def _rows(connection: Connection, model: type[Base], which: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(select(model.__table__).where(which)).mappings()]


def _count_on(connection: Connection, next_id: int) -> None:
    """Have the database count its next claim from here."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.setval("claim_id_seq", next_id)))
