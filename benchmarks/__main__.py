"""Measures a move, a sweep and an import against the same written by hand, on both databases.

    python -m benchmarks [--rounds N] [--claims N] [--sweeps N] [--rows N] [--imports N]

Ends with an error where the product takes more times the floor than it may.
"""

import argparse
import sys
from collections.abc import Iterator

from benchmarks import approve, imports, sweep
from benchmarks.contest import Contest
from benchmarks.grounds import grounds


def contests(rounds: int, claims: int, sweeps: int, rows: int, times: int) -> Iterator[Contest]:
    """Yield each contest once it is over."""
    with grounds() as both:
        for ground in both:
            yield approve.contest(ground, rounds)
            yield sweep.contest(ground, claims, sweeps)
            yield imports.contest(ground, rows, times)


def main() -> int:
    """Print what was measured; return an exit status."""
    parser = argparse.ArgumentParser(description="What the product costs, against the same by hand.")
    parser.add_argument("--rounds", type=int, default=300, help="how many approvals of each are timed")
    parser.add_argument("--claims", type=int, default=10_000, help="how many claims expire")
    parser.add_argument("--sweeps", type=int, default=5, help="how many sweeps of each are timed")
    parser.add_argument("--rows", type=int, default=50_000, help="how many partners are imported")
    parser.add_argument("--imports", type=int, default=3, help="how many imports of each are timed")
    chosen = parser.parse_args()
    print(f"{'median of each':<36}{'product':>13}{'by hand':>13}{'ratio':>8}")
    all_hold = True
    for contest in contests(chosen.rounds, chosen.claims, chosen.sweeps, chosen.rows, chosen.imports):
        print(contest.line(), flush=True)
        all_hold = all_hold and contest.holds
    return 0 if all_hold else 1


if __name__ == "__main__":
    sys.exit(main())
