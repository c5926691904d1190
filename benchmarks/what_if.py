"""How many past decisions a what-if judges in a second of one core, against the bare evaluator.

    python -m benchmarks.what_if [--claims N]

Claims like one that was accepted are judged by another policy as the worker does it: read from the database,
judged, kept. The floor judges the same documents, already read, by the same rules. The ratio holds on any
machine, the rate only on this one. Fails where 100,000 claims would take a minute of this core or more.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select

from benchmarks.check import exhaust
from benchmarks.scene import add_claimant, copies, executed, make_scene
from models.database import Database
from models.history import Move
from tests.support.world import World, checked_policy
from workflow.bulk import DOERS
from workflow.documents import read_document
from workflow.jobs import work_off
from workflow.judgement import judge
from workflow.policies import Policy, read_policy
from workflow.verdicts import Verdict
from workflow.what_if.decisions import CHECKPOINT_OF
from workflow.what_if.running import ask

PROMISE = 100_000 / 60
"""Claims a second."""

DRAFT = checked_policy(max_amount_per_activity="3000.00", max_funding_share="0.40")
"""A policy by which every claim comes out otherwise: the most there is to keep."""


def main(claims: int) -> int:
    """Print the rates and their ratio; return an exit status."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'what_if.sqlite'}")
        database.migrate()
        world = make_scene(database)
        decisions = _fill(world, claims)
        bare = _bare(database, decisions)
        start = time.process_time()
        chunks = _ask(world)
        whole = time.process_time() - start
        database.dispose()
    rate = claims / whole
    print(f"claims                    {claims:>12,}")
    print(f"decisions                 {decisions:>12,}")
    print(f"what-if                   {rate:>12,.0f} claims a second")
    print(f"                          {decisions / whole:>12,.0f} decisions a second")
    print(f"bare evaluator            {decisions / bare:>12,.0f} decisions a second")
    print(f"what-if / bare            {whole / bare:>12.1f} times the time")
    print(f"100,000 claims            {100_000 / rate:>12.1f} seconds of this core")
    print(f"chunks                    {chunks:>12,}")
    return 0 if rate >= PROMISE else 1


def _fill(world: World, claims: int) -> int:
    """Make claims with a whole history; return how many decisions they hold."""
    anna = add_claimant(world, "elbe")
    first = executed(world, anna)
    world.review(first, "bob")
    world.move(first, "accept", "bob")
    left = claims - 1
    while left:
        left -= len(copies(world, first, min(left, 2_000)))
    with world.database.read() as connection:
        moves = connection.scalars(select(Move.trigger).where(Move.claim_id == first)).all()
    return claims * sum(trigger in CHECKPOINT_OF for trigger in moves)


def _bare(database: Database, decisions: int) -> float:
    """Return the CPU seconds that reading as many documents into facts and judging them takes."""
    policy = read_policy(DRAFT)
    with database.read() as connection:
        query = select(Move.trigger, Move.document).where(Move.trigger.in_(sorted(CHECKPOINT_OF)))
        rows = connection.execute(query.order_by(Move.id).limit(20_000)).all()
    exhaust(_judged(rows[:100], policy))
    start = time.process_time()
    exhaust(_judged(rows, policy))
    return (time.process_time() - start) * decisions / len(rows)


def _judged(rows: Sequence[Any], policy: Policy) -> Iterator[tuple[Verdict, ...]]:
    for row in rows:
        checkpoint = CHECKPOINT_OF[row.trigger]
        yield judge(read_document(row.document, checkpoint, policy), policy, checkpoint)


def _ask(world: World) -> int:
    """Ask, and work it off; return how many chunks that took."""
    with world.database.write() as connection:
        source = {"file": "draft.json"}
        mia, now = world.people["mia"], world.clock.now()
        ask(connection, mia, now, document=DRAFT, source=source, chosen={}, key="benchmark")
    return work_off(world.database, DOERS, world.clock.now)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Past claims judged by another policy, on one core.")
    parser.add_argument("--claims", type=int, default=25_000, help="how many claims are judged")
    sys.exit(main(parser.parse_args().claims))
