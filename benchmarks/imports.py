"""A file of new partners on its whole way, against the same rows inserted by hand.

The product reads the file, judges every row for the preview and again when it is applied, keeps the preview,
and writes partners and acts. The floor inserts what came of that as fast as the driver can (COPY on
PostgreSQL); it reads and judges nothing. Before anything is measured, both must leave the very same rows.
"""

import gc
import tempfile
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.contest import Contest
from benchmarks.grounds import Driver, Ground, rows_of
from benchmarks.scene import make_scene
from models.database import Database
from models.file_store.local import LocalFiles
from tests.support.imports import Importer, table
from tests.support.world import World

BOUND = 20.0
SECONDS = 60
"""How long the whole way may take, for 50,000 rows."""

WRITTEN = {
    "partner": "id, name, number, partner_type, country, created_at",
    "act": 'id, kind, actor_id, role, at, partner_id, subject, figures, reason_hash, "key"',
}
"""What is written of each partner, in an order that references allow."""

Rows = dict[str, list[tuple[Any, ...]]]


def contest(ground: Ground, number: int, rounds: int) -> Contest:
    """Return how the import of so many new partners does on this database."""
    result = Contest(f"{ground.name}: import of {number:,}", BOUND)
    content = table(
        ("partner_number", "name", "type", "country"),
        *((f"N-{one}", f"Partner {one}", "distributor", "DE") for one in range(number)),
    )
    with ground.copy() as seed, tempfile.TemporaryDirectory() as folder:
        world = make_scene(Database(seed))
        world.database.dispose()
        ground.ready(seed)
        rows = _same_rows(ground, world, Path(folder), content)
        for _ in range(rounds):
            with ground.copy() as ours, ground.copy() as theirs, ground.driver(theirs) as driver:
                importer = _importer(world, ours, Path(folder))
                gc.collect()
                result.round(
                    partial(importer.put, "partners", content), partial(_by_hand, ground, driver, rows)
                )
                importer.world.database.dispose()
    assert max(result.product) < SECONDS, f"an import took {max(result.product):.0f} seconds"
    result.notes = f"{number / min(result.product):,.0f} rows a second"
    return result


def _importer(world: World, url: str, folder: Path) -> Importer:
    return Importer(replace(world, database=Database(url)), LocalFiles(folder))


def _same_rows(ground: Ground, world: World, folder: Path, content: str) -> Rows:
    """Return what an import adds; raise AssertionError where the floor leaves anything else."""
    with ground.copy() as ours, ground.copy() as theirs, ground.driver(theirs) as driver:
        importer, floor = _importer(world, ours, folder), Database(theirs)
        product = importer.world.database
        before = {name: rows_of(product, name, columns) for name, columns in WRITTEN.items()}
        importer.put("partners", content)
        rows = {
            name: sorted(rows_of(product, name, columns) - before[name]) for name, columns in WRITTEN.items()
        }
        _by_hand(ground, driver, rows)
        for name, columns in WRITTEN.items():
            assert rows_of(product, name, columns) == rows_of(floor, name, columns), name
        product.dispose()
        floor.dispose()
    return rows


def _by_hand(ground: Ground, driver: Driver, rows: Rows) -> None:
    """Insert rows in one transaction."""
    if ground.name == "PostgreSQL":
        with driver.cursor() as cursor:
            for name, columns in WRITTEN.items():
                with cursor.copy(f"COPY {name} ({columns}) FROM STDIN") as copy:
                    for row in rows[name]:
                        copy.write_row(row)
        driver.commit()
        return
    driver.execute("BEGIN IMMEDIATE")
    for name, columns in WRITTEN.items():
        places = ", ".join("?" for _ in columns.split(","))
        driver.executemany(f"INSERT INTO {name} ({columns}) VALUES ({places})", rows[name])
    driver.execute("COMMIT")
