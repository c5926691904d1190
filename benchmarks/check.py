"""How many check documents one core judges in a second.

    python -m benchmarks.check [FILE] [--repeats N]

The floor is what merely reading and writing the same lines as JSON takes, measured in the same run: the ratio
holds on any machine, the rate only on this one. Fails where the rate is under the promise.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from workflow.check import check_stream

CASES = Path(__file__).parent.parent / "tests" / "cases.jsonl"
PROMISE = 4000


def seconds(work: Callable[[], object]) -> float:
    """Return the CPU seconds that some work takes, the best of three runs."""
    runs = []
    for _ in range(3):
        start = time.process_time()
        work()
        runs.append(time.process_time() - start)
    return min(runs)


def exhaust(items: Iterable[object]) -> None:
    """Take all items and keep none."""
    for _ in items:
        pass


def main(file: Path, repeats: int) -> int:
    """Print the rate and its ratio to the floor; return an exit status."""
    lines = file.read_bytes().splitlines(keepends=True) * repeats
    exhaust(check_stream(lines[: len(lines) // repeats]))
    floor = seconds(lambda: exhaust(json.dumps(json.loads(line)) for line in lines))
    checked = seconds(lambda: exhaust(check_stream(lines)))
    rate = len(lines) / checked
    print(f"documents          {len(lines):>12,}")
    print(f"checked            {rate:>12,.0f} a second")
    print(f"JSON alone         {len(lines) / floor:>12,.0f} a second")
    print(f"checked / JSON     {checked / floor:>12.1f} times the time")
    return 0 if rate >= PROMISE else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Check documents judged in a second, on one core.")
    parser.add_argument("file", nargs="?", type=Path, default=CASES, help="check documents, one a line")
    parser.add_argument("--repeats", type=int, default=100, help="how often the file is judged")
    chosen = parser.parse_args()
    sys.exit(main(chosen.file, chosen.repeats))
