"""Measures a move and a sweep against the same written by hand, on both databases.

    python -m benchmarks [--rounds N] [--claims N] [--sweeps N]

Ends with an error where the product takes more times the floor than it may.
"""

import argparse
import sys
from collections.abc import Iterator

from benchmarks import approve, sweep
from benchmarks.contest import Contest
from benchmarks.grounds import grounds


def contests(rounds: int, claims: int, sweeps: int) -> Iterator[Contest]:
    """Yield each contest once it is over."""
    with grounds() as both:
        for ground in both:
            yield approve.contest(ground, rounds)
            yield sweep.contest(ground, claims, sweeps)


def main() -> int:
    """Print what was measured; return an exit status."""
    parser = argparse.ArgumentParser(description="What a move and a sweep cost, against the same by hand.")
    parser.add_argument("--rounds", type=int, default=300, help="how many approvals of each are timed")
    parser.add_argument("--claims", type=int, default=10_000, help="how many claims expire")
    parser.add_argument("--sweeps", type=int, default=5, help="how many sweeps of each are timed")
    chosen = parser.parse_args()
    print(f"{'median of each':<36}{'product':>13}{'by hand':>13}{'ratio':>8}")
    all_hold = True
    for contest in contests(chosen.rounds, chosen.claims, chosen.sweeps):
        print(contest.line(), flush=True)
        all_hold = all_hold and contest.holds
    return 0 if all_hold else 1


if __name__ == "__main__":
    sys.exit(main())
