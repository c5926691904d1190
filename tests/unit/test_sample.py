"""The law of samples: the same seed takes the same, and each claim as likely as its units say, exactly."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.sampling import sample
from workflow.sampling.sample import (
    AFTER_TRIGGER,
    WEIGHTS,
    NotCovered,
    apart,
    below,
    covering,
    picked,
    seed_of,
    systematic,
)

UNITS = st.lists(st.integers(0, 40), min_size=1, max_size=12).map(lambda found: list(enumerate(found, 1)))
SIZE = st.integers(1, 14)
SEED = st.text(min_size=1, max_size=8)


@given(UNITS, SIZE)
def test_over_all_starts_each_claim_is_taken_as_often_as_its_units_say(
    units: list[tuple[int, int]], size: int
) -> None:
    certain, rest, left = apart(units, size)
    total = sum(number for _, number in rest)
    taken = Counter(pick.claim for start in range(total) for pick in systematic(rest, left, start))
    # Of `total` starts, equally likely, `units * left` take a claim: its chance is units * left / total.
    assert taken == {claim: number * left for claim, number in rest}
    assert not set(certain) & set(taken)


@given(UNITS, SIZE, SEED)
def test_as_many_claims_are_taken_as_asked_for_or_all_that_have_units(
    units: list[tuple[int, int]], size: int, seed: str
) -> None:
    taken = [pick.claim for pick in picked(units, size, seed)]
    assert len(taken) == len(set(taken)) == min(size, sum(number > 0 for _, number in units))
    assert taken == sorted(taken)


@given(UNITS, SIZE, SEED)
def test_a_claim_with_as_many_units_as_the_interval_is_always_taken_and_says_so(
    units: list[tuple[int, int]], size: int, seed: str
) -> None:
    total = sum(number for _, number in units)
    picks = {pick.claim: pick for pick in picked(units, size, seed)}
    for claim, number in units:
        if number and number * size >= total:
            assert picks[claim].hit is None


@given(UNITS, SIZE, SEED)
def test_a_hit_lies_within_the_units_of_its_claim(units: list[tuple[int, int]], size: int, seed: str) -> None:
    _, rest, _ = apart(units, size)
    hits = {pick.claim: pick.hit for pick in picked(units, size, seed) if pick.hit is not None}
    end = 0
    for claim, number in rest:
        if claim in hits:
            assert end < hits[claim] <= end + number
        end += number


@given(UNITS, SIZE, SEED)
def test_the_same_seed_takes_the_same(units: list[tuple[int, int]], size: int, seed: str) -> None:
    assert picked(units, size, seed) == picked(units, size, seed)


def test_another_seed_takes_others() -> None:
    units = [(claim, 1 + claim % 7) for claim in range(1, 200)]
    assert len({tuple(picked(units, 5, str(seed))) for seed in range(50)}) > 25


@given(st.integers(1, 50), SEED)
def test_a_number_lies_below_its_limit(limit: int, seed: str) -> None:
    assert 0 <= below(seed, limit) < limit


def test_numbers_come_from_the_seed_alone_as_the_text_says() -> None:
    seed = seed_of("lottery of 3 March", "the checkpoint")
    assert seed == "a6ab5472acdbfe002eeac6d925c6844aa7779822b6633750dfe4000a6ae924ce"
    assert below(seed, 1_000_000) == 141_688


def test_a_number_beyond_the_last_multiple_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the first numbers would be a little likelier than the last."""

    class Digest:
        def __init__(self, text: bytes) -> None:
            self.text = text

        def digest(self) -> bytes:
            return b"\xff" * 32 if self.text.endswith(b":0") else (9).to_bytes(32, "big")

    monkeypatch.setattr("workflow.sampling.sample.hashlib.sha256", Digest)
    assert below("seed", 7) == 2


def test_the_checkpoint_is_the_first_that_covers_the_act() -> None:
    heads = [(1, 0, 4), (1, 7, 2), (2, 7, 3), (3, 0, 6), (4, 7, 5)]
    assert covering(heads, 4) == (1, {0: 4, 7: 2})
    assert covering(heads, 5) == (3, {0: 6, 7: 3})
    with pytest.raises(NotCovered):
        covering(heads, 7)


BY_ITSELF = {"substitute", "new_account", "near_cap", "files_added"}


def test_every_risk_that_a_move_can_show_has_a_weight() -> None:
    assert set(AFTER_TRIGGER.values()) | BY_ITSELF == set(WEIGHTS)
    assert all(weight > 0 for weight in WEIGHTS.values())


def test_it_is_one_file_that_needs_nothing(tmp_path: Path) -> None:
    away = tmp_path / "sample.py"
    away.write_bytes(Path(sample.__file__).read_bytes())
    command = [sys.executable, "-I", "-S", str(away)]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("There is nothing to draw from:")
