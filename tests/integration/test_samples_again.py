"""Whoever has an audit package draws every sample again, and finds what was tampered with."""

import json
import zipfile
from pathlib import Path

import pytest

from models.base import canonical
from models.samples import SampleClaim
from tests.support.samples import ask, drawn, drawn_again, packed, signer_in, some_claims
from tests.support.stages import approved, submitted
from tests.support.tampering import lines_of, put, signed_anew, verified
from tests.support.world import World
from workflow.proof.doing import Signer
from workflow.proof.signing import read_key
from workflow.sampling.sample import main


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    return signer_in(tmp_path)


@pytest.mark.parametrize("method", ["money", "risk"])
def test_anybody_draws_the_same_from_a_package(
    world: World, signer: Signer, tmp_path: Path, method: str
) -> None:
    some_claims(world)
    sample = drawn(world, signer, method=method, size=3)
    ran = drawn_again(packed(world, signer), tmp_path / "away")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.endswith("1 samples were asked for. All agree.\n")
    assert sample.seed in ran.stdout
    for row in world.rows(SampleClaim):
        assert world.claim(row.claim_id).number in ran.stdout


def test_what_moves_later_changes_no_sample(world: World, signer: Signer, tmp_path: Path) -> None:
    claims = some_claims(world)
    drawn(world, signer, size=3)
    world.move(claims[0], "withdraw", "anna")
    approved(world)
    assert drawn_again(packed(world, signer), tmp_path / "away").returncode == 0


def tampered_list(files: dict[str, bytes], *, drop: bool) -> None:
    rows = [json.loads(line) for line in lines_of(files, "sample_claim.jsonl")]
    rows = rows[1:] if drop else [{**rows[0], "amount": rows[0]["amount"] + 1}, *rows[1:]]
    put(files, "sample_claim.jsonl", [canonical(row).encode() for row in rows])


@pytest.mark.parametrize("drop", [True, False])
def test_a_list_that_was_tampered_with_is_found(
    world: World, signer: Signer, tmp_path: Path, drop: bool
) -> None:
    some_claims(world)
    drawn(world, signer, size=3)
    files = packed(world, signer)
    tampered_list(files, drop=drop)
    ran = drawn_again(files, tmp_path / "away")
    assert ran.returncode == 1
    assert "FAILED: its list of claims was recorded otherwise." in ran.stdout


@pytest.mark.parametrize("column", ["seed", "checkpoint", "claims", "amount", "asked", "drawn_at"])
def test_a_sample_that_was_tampered_with_is_found(
    world: World, signer: Signer, tmp_path: Path, column: str
) -> None:
    some_claims(world)
    drawn(world, signer, size=3)
    files = packed(world, signer)
    (row,) = (json.loads(line) for line in lines_of(files, "sample.jsonl"))
    put(files, "sample.jsonl", [canonical({**row, column: 7}).encode()])
    ran = drawn_again(files, tmp_path / "away")
    assert ran.returncode == 1
    assert f"FAILED: {column} of the sample was recorded otherwise." in ran.stdout


def test_a_sample_that_nobody_asked_for_is_found(world: World, signer: Signer, tmp_path: Path) -> None:
    some_claims(world)
    drawn(world, signer, size=3)
    files = packed(world, signer)
    (row,) = (json.loads(line) for line in lines_of(files, "sample.jsonl"))
    rows = [row, {**row, "id": row["id"] + 1, "act_id": 1}]
    put(files, "sample.jsonl", [canonical(one).encode() for one in rows])
    ran = drawn_again(files, tmp_path / "away")
    assert ran.returncode == 1
    assert f"FAILED: sample {row['id'] + 1} was never asked for." in ran.stdout


@pytest.mark.parametrize("asked", ["again", "never"])
def test_a_drawing_that_was_put_in_is_found(world: World, signer: Signer, tmp_path: Path, asked: str) -> None:
    some_claims(world)
    drawn(world, signer, size=3)
    files = packed(world, signer)
    acts = [json.loads(line) for line in lines_of(files, "act.jsonl")]
    (act,) = (one for one in acts if one["kind"] == "sample_drawn")
    figures = act["figures"] if asked == "again" else {**act["figures"], "asked": 1}
    put(
        files,
        "act.jsonl",
        [canonical(one).encode() for one in [*acts, {**act, "id": 999, "figures": figures}]],
    )
    ran = drawn_again(files, tmp_path / "away")
    assert ran.returncode == 1
    assert "FAILED: act 999 draws what was never asked for, or was drawn before." in ran.stdout


def test_a_sample_that_was_taken_away_is_found(world: World, signer: Signer, tmp_path: Path) -> None:
    some_claims(world)
    drawn(world, signer)
    files = packed(world, signer)
    for name in ("sample.jsonl", "sample_claim.jsonl"):
        files[name] = b""
    assert drawn_again(files, tmp_path / "away").returncode == 1


def test_a_sample_is_drawn_again_by_the_weights_of_its_day(
    world: World, signer: Signer, tmp_path: Path
) -> None:
    some_claims(world)
    sent_again = submitted(world)
    world.move(sent_again, "return", "bob", reason="Name the speakers.")
    world.move(sent_again, "submit", "anna")
    drawn(world, signer, method="risk", size=3)
    files = packed(world, signer)
    text = files["sample.py"]
    files["sample.py"] = text.replace(b'"returned": 1', b'"returned": 900')
    assert files["sample.py"] != text
    assert drawn_again(files, tmp_path / "away").returncode == 0


def test_what_was_asked_for_and_not_drawn_is_told(world: World, signer: Signer, tmp_path: Path) -> None:
    approved(world)
    ask(world)
    ran = drawn_again(packed(world, signer), tmp_path / "away")
    assert ran.returncode == 0
    assert "It was asked for, and never recorded as drawn." in ran.stdout


def test_a_package_is_read_as_a_zip_too(
    world: World, signer: Signer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    some_claims(world)
    drawn(world, signer, size=3)
    file = tmp_path / "history.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in packed(world, signer).items():
            archive.writestr(name, content)
    assert main([str(file)]) == 0
    assert capsys.readouterr().out.endswith("1 samples were asked for. All agree.\n")


def test_verify_names_the_act_of_a_drawing_that_was_made_to_fit_another_list(
    world: World, signer: Signer
) -> None:
    some_claims(world)
    drawn(world, signer, size=3)
    files, key = packed(world, signer), read_key(signer.key_file)
    acts = [json.loads(line) for line in lines_of(files, "act.jsonl")]
    act = next(row for row in acts if row["kind"] == "sample_drawn")
    act["figures"]["digest"] = "0" * 64
    put(files, "act.jsonl", [canonical(row).encode() for row in acts])
    ((name, what),) = verified(signed_anew(files, key), key, [])
    assert name == f"act:{act['id']}"
    assert what.startswith("figures is")
