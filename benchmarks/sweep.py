"""The sweep that expires 10,000 claims, against SQL that does the same without asking the product.

The floor is one statement on PostgreSQL. SQLite writes one table in a statement: there it is one for each
table, in one transaction. Before anything is measured, both must leave the very same rows.
"""

import gc
import hashlib
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.contest import Contest
from benchmarks.grounds import Driver, Ground, rows_of
from benchmarks.scene import add_claimant, approved, copies, executed, make_scene, submitted
from models.database import Database
from tests.support.statements import statements
from workflow.expiry import sweep

BOUND = 3.0
PARTNERS = 10
MIX = ((submitted, 4), (approved, 3), (executed, 3))
"""How many tenths of the claims stand in each state that expires."""
LAPSED = datetime(2027, 1, 2, 12, 0, tzinfo=UTC)
TODAY = date(2027, 1, 2)

WRITTEN = {
    "claim": "id, version, moves, state, state_since, expired_from, reserved, paid",
    "fund": "id, available, reserved, paid",
    "move": 'claim_id, number, partner_id, "trigger", source, target, actor_id, role, at, day, '
    "policy_version_id, requested, approved, reimbursable, reserved, paid, verdicts, document, figures, "
    'reason_hash, "key"',
    "link": "chain, position, subject, text, hash",
    "ledger_entry": "fund_id, kind, source, target, amount, claim_id, move_number, at",
    "task": "id, claim_id, closed_at",
    "message": '"key", user_id, kind, claim_id, figures, created_at, delivery, due_at, attempts',
}
"""The columns in which product and floor must agree."""


def contest(ground: Ground, claims: int, rounds: int) -> Contest:
    """Return how the sweep does on this database."""
    result = Contest(f"{ground.name}: sweep of {claims:,}", BOUND)
    with ground.copy() as seed:
        _fill(seed, claims)
        ground.ready(seed)
        result.notes = _same_rows(ground, claims)
        for _ in range(rounds):
            with ground.copy() as ours, ground.copy() as theirs, ground.driver(theirs) as driver:
                database = Database(ours)
                gc.collect()
                result.round(partial(sweep, database, LAPSED), partial(_by_hand, ground, driver))
                database.dispose()
    return result


def _fill(url: str, claims: int) -> None:
    """Write claims of ten partners, in every state that expires and one that does not."""
    database = Database(url)
    world = make_scene(database)
    for number in range(PARTNERS):
        by = add_claimant(world, f"p{number}")
        for make, tenths in MIX:
            copies(world, make(world, by), claims * tenths // 10 // PARTNERS - 1)
        world.draft(by)
    database.dispose()


def _same_rows(ground: Ground, claims: int) -> str:
    """Return how many statements the product sent; raise AssertionError where the floor writes otherwise."""
    with ground.copy() as ours, ground.copy() as theirs, ground.driver(theirs) as driver:
        product, floor = Database(ours), Database(theirs)
        with statements(product) as sent:
            done = sweep(product, LAPSED)
        assert done.expired == claims, done
        _by_hand(ground, driver)
        for table, columns in WRITTEN.items():
            left, right = rows_of(product, table, columns), rows_of(floor, table, columns)
            assert left == right, (table, sorted(left ^ right, key=repr)[:2])
        product.dispose()
        floor.dispose()
    return f"{len(sent)} statements"


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _by_hand(ground: Ground, driver: Driver) -> None:
    text = Path(__file__).with_name(f"sweep_{ground.name.lower()}.sql").read_text()
    if ground.name == "PostgreSQL":
        driver.execute(text, {"now": LAPSED, "moment": LAPSED.isoformat(), "today": TODAY})
        driver.commit()
        return
    driver.create_function("sha256", 1, _sha256, deterministic=True)
    values: dict[str, Any] = {
        "now": LAPSED.strftime("%Y-%m-%d %H:%M:%S.%f"),
        "moment": LAPSED.isoformat(),
        "today": TODAY.isoformat(),
    }
    driver.execute("BEGIN IMMEDIATE")
    for statement in text.split(";\n"):
        if statement.strip():
            driver.execute(statement, values)
    driver.execute("COMMIT")
