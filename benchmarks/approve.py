"""One `approve` with all it writes, against the same statements written by hand for the bare driver.

Both take claims of the same kind, in turns, in one database. By hand nothing is decided or worked out: the
rows are copied from an approval that the product made. What is read is fetched, and conditions are looked at.
"""

import re
from dataclasses import replace
from functools import partial
from typing import Any

from benchmarks.approve_by_hand import AN_APPROVAL, CLAIM, FACTS, LOCK, WRITES
from benchmarks.contest import Contest
from benchmarks.grounds import Driver, Ground, rows_of
from benchmarks.scene import add_claimant, copies, make_scene, submitted
from models.database import Database
from models.vocabulary import Trigger
from tests.support.statements import statements
from tests.support.world import World
from workflow.attempt import Command
from workflow.moves import perform

BOUND = 2.0
WARM_UP = 20

WRITTEN = {
    "claim": ("state = 'approved'", "version, moves, state_since, approved, reserved, paid"),
    "move": (
        "\"trigger\" = 'approve'",
        "number, partner_id, source, target, actor_id, role, at, day, policy_version_id, requested, "
        "approved, reimbursable, reserved, paid, figures, reason_hash, length(verdicts) > 1000",
    ),
    "link": ("chain <> 0 AND position = 2", "subject, length(text) > 1000, length(hash)"),
    "ledger_entry": ("kind = 'reserve'", "fund_id, source, target, amount, move_number, at"),
    "task": ("closed_at IS NOT NULL", "kind, assignee_id, opened_at, closed_at"),
    "message": ("kind = 'decision'", "created_at, delivery, due_at, attempts"),
}
"""Which rows an approval writes, and the columns that are then the same for every claim."""


def contest(ground: Ground, rounds: int) -> Contest:
    """Return how an approval does on this database."""
    result = Contest(f"{ground.name}: approve", BOUND)
    with ground.copy() as url, ground.driver(url) as driver:
        database = Database(url)
        world = make_scene(database)
        first = submitted(world, add_claimant(world, "p"))
        claims = copies(world, first, 2 * (rounds + WARM_UP) + 4)
        version = world.claim(first).version
        _approve(world, first, version)
        hand = ByHand(ground, driver, first)
        result.notes = _costs(ground, url, world, first, [claims.pop() for _ in range(4)])
        for ours, theirs in zip(claims[::2], claims[1::2], strict=True):
            result.round(partial(_approve, world, ours, version), partial(hand.approve, theirs))
        del result.product[:WARM_UP], result.floor[:WARM_UP]
        _check(database, len(claims) + 5)
        database.dispose()
    return result


class ByHand:
    """The statements of an approval on a bare connection."""

    def __init__(self, ground: Ground, driver: Driver, example: int) -> None:
        self.driver, self.is_sqlite = driver, ground.name == "SQLite"
        reads = (CLAIM, *FACTS) if self.is_sqlite else (LOCK, CLAIM, *FACTS)
        self.claim, *self.facts = (self._text(read) for read in reads[-len(FACTS) - 1 :])
        self.writes = [self._text(write) for write in WRITES]
        self.statements = [*reads, *WRITES]
        cursor = driver.execute(self._text(AN_APPROVAL), {"claim": example})
        names = [column[0] for column in cursor.description]
        self.values: dict[str, Any] = dict(zip(names, cursor.fetchone(), strict=True))
        driver.commit()

    def approve(self, claim_id: int) -> None:
        """Make one approval, in one transaction."""
        values, run = self._values(claim_id), self.driver.execute
        run("BEGIN IMMEDIATE" if self.is_sqlite else self._text(LOCK), () if self.is_sqlite else values)
        values["task"] = run(self.claim, values).fetchone()[0]
        for fact in self.facts:
            run(fact, values).fetchall()
        for write in self.writes:
            assert run(write, values).rowcount > 0
        self.driver.commit()

    def _values(self, claim_id: int) -> dict[str, Any]:
        key = f"move:{claim_id}:{self.values['number']}"
        return {
            **self.values,
            "claim": claim_id,
            "key": f"approve-{claim_id}",
            "first_key": f"{key}:{self.values['author_id']}",
            "second_key": f"{key}:{self.values['contact_id']}",
        }

    def _text(self, statement: str) -> str:
        if self.is_sqlite:
            return statement.replace(" FOR UPDATE", "")
        return re.sub(r":(\w+)", r"%(\1)s", statement)


def _costs(ground: Ground, url: str, world: World, first: int, claims: list[int]) -> str:
    """Return how many statements and, where there is a server, round trips an approval takes."""
    version = world.claim(claims[0]).version
    with ground.relayed(url) as (address, trips), ground.driver(address) as driver:
        there, by_hand = replace(world, database=Database(address)), ByHand(ground, driver, first)
        _approve(there, claims[0], version)  # connects
        by_hand.approve(claims[1])
        before = trips.count
        with statements(there.database) as sent:
            _approve(there, claims[2], version)
        between = trips.count
        by_hand.approve(claims[3])
        told = f"{len(sent)} statements, {len(by_hand.statements)} by hand"
        if trips.count:
            told += f"; {between - before} round trips, {trips.count - between} by hand"
        there.database.dispose()
    return told


def _approve(world: World, claim_id: int, version: int) -> None:
    bob, key = world.people["bob"], f"approve-{claim_id}"
    perform(
        world.database,
        Command(claim_id, Trigger.approve, bob, key, version, approved=400_000),
        world.clock.now(),
    )


def _check(database: Database, claims: int) -> None:
    """Raise AssertionError where the rows of any approval differ from those of another."""
    for table, (which, columns) in WRITTEN.items():
        found = rows_of(database, table, columns, which)
        assert len(found) == 1, (table, found)
    with database.read() as connection:
        counts = connection.exec_driver_sql(
            "SELECT (SELECT count(*) FROM move WHERE \"trigger\" = 'approve'), "
            "(SELECT count(*) FROM message WHERE kind = 'decision')"
        ).one()
    assert tuple(counts) == (claims, 2 * claims), counts
