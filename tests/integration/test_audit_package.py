"""An untouched audit package always passes; whatever was tampered with is found, and the row is named."""

import io
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from models.database import Database
from tests.support.databases import Sqlite
from tests.support.stages import approved, draft, reimbursed, rejected
from tests.support.tampering import (
    Files,
    bit_flip,
    checkpoint_surgery,
    claim_rewrite,
    kept,
    lines_of,
    link_surgery,
    put,
    row_surgery,
    signed_anew,
    unpacked,
    verified,
)
from tests.support.world import World, make_world
from workflow.clock import SettableClock
from workflow.proof.checkpoints import make_checkpoint, write_outside
from workflow.proof.package import write_package
from workflow.proof.signing import SigningKey, make_key
from workflow.proof.verify import Mark

OF_A_KIND = 300
"""How many random tampers of each kind there are: with the bit flips more than a thousand."""


@dataclass
class Export:
    """A package of a fund with claims in every kind of state, made after three checkpoints."""

    files: Files
    key: SigningKey
    marks: list[Mark]


def export(world: World, folder: Path) -> Export:
    """Let history grow with checkpoints between, and export it."""
    key = make_key(folder / "key.pem")
    world.rate("EUR", "1.0856")
    approved(world)
    make_checkpoint(world.database, key, world.clock.now())
    rejected(world)
    draft(world)
    world.clock.advance(timedelta(hours=1))
    make_checkpoint(world.database, key, world.clock.now())
    claim_id = reimbursed(world)
    reference = f"PAY-{claim_id}"
    world.move(claim_id, "payment_failed", "dan", payment_reference=reference, reason="It came back.")
    files = packed(world, key)
    write_outside(world.database, folder / "checkpoints")
    return Export(files, key, kept(folder / "checkpoints"))


@pytest.fixture
def made(world: World, tmp_path: Path) -> Export:
    return export(world, tmp_path)


def test_an_untouched_package_passes(made: Export) -> None:
    assert verified(made.files, made.key, made.marks) == []
    assert verified(made.files, made.key, made.marks[:1]) == []


Tamper = Callable[[Files, Random], str]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("tamper", [bit_flip, row_surgery, link_surgery, checkpoint_surgery, claim_rewrite])
def test_every_random_tamper_is_found(made: Export, tamper: Tamper) -> None:
    """A flipped bit shows by the manifest; all else was done before the export, which signs it anew."""
    random = Random(8032)
    missed = []
    for _ in range(OF_A_KIND):
        files = dict(made.files)
        what = tamper(files, random)
        if tamper is not bit_flip:
            files = signed_anew(files, made.key)
        if files != made.files and not verified(files, made.key, made.marks[-1:]):
            missed.append(what)
    assert missed == []


def test_the_row_is_named(made: Export) -> None:
    files = dict(made.files)
    lines = lines_of(files, "move.jsonl")
    move = json.loads(lines[0])
    lines[0] = json.dumps({**move, "requested": move["requested"] + 1}).encode()
    put(files, "move.jsonl", lines)

    (finding,) = verified(signed_anew(files, made.key), made.key, [])

    assert finding == (
        f"move 1 of claim {move['claim_id']}",
        f"requested is {move['requested'] + 1}, but {move['requested']} was hashed",
    )


def packed(world: World, key: SigningKey) -> Files:
    """Return the package of a world, after a checkpoint."""
    make_checkpoint(world.database, key, world.clock.now())
    data = io.BytesIO()
    with world.database.snapshot() as connection:
        write_package(connection, key, world.clock.now(), data)
    return unpacked(data.getvalue())


def test_history_that_goes_on_holds_every_earlier_checkpoint(world: World, made: Export) -> None:
    approved(world)
    assert verified(packed(world, made.key), made.key, made.marks) == []


def test_history_written_anew_is_found_by_an_older_checkpoint_alone(
    made: Export, clock: SettableClock, tmp_path: Path, sqlite: Sqlite
) -> None:
    """Whoever has database, product and key can write everything anew; whoever kept a checkpoint sees it."""
    (tmp_path / "anew").mkdir()
    with sqlite.copy(tmp_path / "anew") as url:
        database = Database(url)
        anew = make_world(database, clock)
        rejected(anew)
        files = packed(anew, made.key)
        database.dispose()

    assert verified(files, made.key, []) == []
    assert verified(files, made.key, made.marks[:1]) == [
        ("checkpoint 1 from outside", "is not the one that is here: what it covers was changed")
    ]
    assert verified(files, made.key, made.marks[1:2]) == [
        ("checkpoint 2 from outside", "is unknown here: what it covers was cut off")
    ]


def test_it_verifies_where_the_product_was_never_seen(made: Export, tmp_path: Path) -> None:
    """Isolated, without site packages, in a folder that holds nothing but what was unpacked."""
    away = tmp_path / "away"
    away.mkdir()
    for name, content in made.files.items():
        (away / name).write_bytes(content)
    checkpoint = tmp_path / "checkpoints" / "checkpoint-00000001.txt"

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", "-S", str(away / "verify.py"), *arguments]
        return subprocess.run(command, cwd=away, capture_output=True, text=True, check=False)

    good = run("--key", made.key.public, "--checkpoint", str(checkpoint))
    assert (good.returncode, good.stderr) == (0, good.stderr)
    assert "Everything agrees" in good.stdout
    assert "newer than checkpoint 1, which you gave" in good.stdout

    assert run("--key", "00" * 32).returncode == 1
    assert run().returncode == 2
    (away / "reason.jsonl").write_bytes(b"")
    bad = run("--key", made.key.public)
    assert bad.returncode == 1
    assert "has lost its reason" in bad.stdout
