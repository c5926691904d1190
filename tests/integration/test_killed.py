"""A process that is killed in the middle of its work leaves every move whole, or not there at all."""

import random
import signal
import subprocess
import sys
from pathlib import Path

from sqlalchemy import func, select, text

from models.claims import Claim
from models.database import Database
from models.history import Move
from models.tasks import Task
from models.vocabulary import State
from tests.integration.test_money import assert_ledger_agrees
from tests.support.world import World

PRODUCT = Path(__file__).parents[2]

WORKER = """
import sys
from datetime import datetime
from models.database import Database
from models.vocabulary import Role, Trigger
from workflow.actors import Actor
from workflow.attempt import Command
from workflow.moves import perform

url, now, approver, *claims = sys.argv[1:]
database = Database(url)
actor = Actor(int(approver), frozenset({Role.approver}))
for claim in claims:
    print("next", flush=True)
    perform(
        database,
        Command(int(claim), Trigger.approve, actor, key="once", approved=400_000),
        datetime.fromisoformat(now),
    )
"""


def start_worker(world: World, url: str, claims: list[int]) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [
            sys.executable,
            "-c",
            WORKER,
            url,
            world.clock.now().isoformat(),
            str(world.people["bob"].user_id),
            *map(str, claims),
        ],
        cwd=PRODUCT,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_a_killed_process_leaves_every_move_whole_or_not_there(
    world: World, database: Database, database_url: str
) -> None:
    claims = [world.draft() for _ in range(10)]
    for claim_id in claims:
        world.move(claim_id, "submit", "anna")
    rng = random.Random(7)
    for _ in range(6):
        worker = start_worker(world, database_url, claims)
        assert worker.stdout is not None
        assert worker.stdout.readline() == "next\n"
        for _ in range(rng.randrange(4)):
            worker.stdout.readline()
        # Somewhere within the next move: a little work of our own makes the moment vary.
        for _ in range(rng.randrange(60)):
            with database.read() as connection:
                connection.execute(text("SELECT 1"))
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        worker.stdout.close()
        assert_every_move_is_whole(world)


def assert_every_move_is_whole(world: World) -> None:
    with world.database.read() as connection:
        approved = connection.scalar(select(func.count()).where(Claim.state == State.approved))
        history = connection.scalar(select(func.count()).where(Move.trigger == "approve"))
        open_tasks = connection.scalar(select(func.count()).where(Task.closed_at.is_(None)))
        submitted = connection.scalar(select(func.count()).where(Claim.state == State.submitted))
    assert approved == history
    assert open_tasks == submitted
    assert world.fund_row().reserved == (approved or 0) * 400_000
    assert_ledger_agrees(world)
