"""How many rows of history one core verifies in a second, by the file that every audit package holds.

    python -m benchmarks.verify [--rows N]

The floor of hashes and links is hashing the same bytes with nothing around it, that of the comparison with
the columns is reading both as JSON. Fails where hashes and links are verified slower than was promised.
"""

import argparse
import hashlib
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.check import exhaust, seconds
from benchmarks.scene import add_claimant, approved, make_scene
from models.base import canonical
from models.database import Database
from models.links import linked, row_text
from tests.support.databases import Sqlite
from workflow.proof import verify
from workflow.proof.live import Live
from workflow.proof.verify import Findings, History, Package, Row

PROMISE = 100_000


class Copies(Package):
    """One claim's moves as often as it takes, each time as another claim: links and rows, nothing else."""

    def __init__(self, moves: list[Row], claims: int) -> None:
        self.files = {"link.txt": [], "move.jsonl": [], "claim.jsonl": []}  # type: dict[str, list[bytes]]
        for claim_id in range(1, claims + 1):
            mine = [{**move, "claim_id": claim_id} for move in moves]
            texts = [(None, row_text("move", {k: v for k, v in row.items() if k != "id"})) for row in mine]
            self.files["link.txt"] += map(_line, linked(claim_id, 0, None, texts))
            self.files["move.jsonl"] += [canonical(row).encode() for row in mine]
            last = mine[-1]
            claim = {"id": claim_id, "moves": len(mine), "state": last["target"]}
            amounts = {name: last[name] for name in verify.STANDS if name in last}
            self.files["claim.jsonl"].append(canonical({**claim, **amounts}).encode())

    def lines(self, name: str) -> Iterator[bytes]:
        """Yield the lines of a file, of which most are empty."""
        return iter(self.files.get(name, []))


def _line(link: dict[str, Any]) -> bytes:
    return b"%d %d %s - %s" % (link["chain"], link["position"], link["hash"].encode(), link["text"].encode())


def moves_of_an_approval() -> list[Row]:
    """Return the moves of a claim that was approved, without the money and the texts beside them."""
    with tempfile.TemporaryDirectory() as folder, Sqlite(Path(folder)).copy(Path(folder)) as url:
        database = Database(url)
        world = make_scene(database)
        approved(world, add_claimant(world, "p"))
        with database.read() as connection:
            moves = list(Live(connection).rows("move"))
        for move in moves:
            move.pop("reason_hash", None)
            move["document"].pop("texts", None)
        database.dispose()
    return moves


def main(rows: int) -> int:
    """Print rates and ratios; return an exit status."""
    moves = moves_of_an_approval()
    package = Copies(moves, rows // len(moves))
    lines = package.files["link.txt"]
    size = sum(map(len, lines)) / len(lines)

    def links() -> None:
        exhaust(verify.hashed(package.links(), Findings(), {}, lambda _: None))

    def whole() -> None:
        found = History(package, []).verify()
        assert found == [], found[:3]

    def bare() -> None:
        for line in lines:
            hashlib.sha256(line).hexdigest()

    def read() -> None:
        for name in ("link.txt", "move.jsonl"):
            for line in package.files[name]:
                json.loads(line.split(b" ", 4)[-1] if name == "link.txt" else line)

    floor, hashed, reading, all_of_it = map(seconds, (bare, links, read, whole))
    compared, count = all_of_it - hashed, len(lines)
    print(f"rows                  {count:>12,} of {size:,.0f} bytes")
    print(f"hashes and links      {count / hashed:>12,.0f} a second")
    print(f"  to bare hashing     {hashed / floor:>12.1f} times the time")
    print(f"compared with columns {count / compared:>12,.0f} a second")
    print(f"  to reading JSON     {compared / reading:>12.1f} times the time")
    print(f"all of it             {count / all_of_it:>12,.0f} a second")
    return 0 if len(lines) / hashed >= PROMISE else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Rows of history verified in a second, on one core.")
    parser.add_argument("--rows", type=int, default=100_000, help="how many rows are verified")
    sys.exit(main(parser.parse_args().rows))
