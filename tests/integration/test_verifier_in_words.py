"""Whatever a package or a checkpoint's file holds, the verifier ends in words, and says the right ones."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.integration.test_audit_package import Export, export
from tests.support.tampering import Files, lines_of, put, signed_anew
from tests.support.world import World
from workflow.proof.package import PROVED
from workflow.proof.verify import main

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Capsys = pytest.CaptureFixture[str]

ODD: tuple[Any, ...] = (
    "x",
    "\ud800",
    "",
    -1,
    True,
    1.5,
    1e999,
    10**400,
    2**63,
    [],
    [[]],
    {},
    {"a": [1]},
    None,
)
"""What JSON can say where history has another kind of value."""

VALUES = 400
"""How many random values are put into rows: what is proved never passes, nothing ends otherwise."""


@pytest.fixture
def made(world: World, tmp_path: Path) -> Export:
    return export(world, tmp_path)


@pytest.fixture
def ends(made: Export, tmp_path: Path, capsys: Capsys) -> Callable[..., tuple[int, str, str]]:
    """Run the verifier on files as an export would sign them; return its status and what it says."""

    def run(files: Files, *arguments: str, key: str = made.key.public) -> tuple[int, str, str]:
        file = tmp_path / "package.zip"
        with zipfile.ZipFile(file, "w") as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        status = main(["--key", key, *arguments, str(file)])
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


Ends = Callable[..., tuple[int, str, str]]


def written(row: Any) -> bytes:
    """Return a row as JSON, with everything that JSON's readers take."""
    return json.dumps(row).encode()


def with_values(files: Files, table: str, at: int, /, **values: Any) -> Files:
    """Return files where a row of a table has other values, signed by whoever has the key."""
    changed = dict(files)
    lines = lines_of(files, f"{table}.jsonl")
    lines[at] = written({**json.loads(lines[at]), **values})
    put(changed, f"{table}.jsonl", lines)
    return changed


def test_odd_values_anywhere_are_a_failure_in_words(made: Export, ends: Ends) -> None:
    random = Random(25)
    tables = sorted(name[:-6] for name in made.files if name.endswith(".jsonl") and made.files[name])
    for _ in range(VALUES):
        table = random.choice(tables)
        lines = lines_of(made.files, f"{table}.jsonl")
        at = random.randrange(len(lines))
        row = json.loads(lines[at])
        member, value = random.choice(sorted(row)), random.choice(ODD)
        if row[member] == value or (value is None and member not in row):
            continue
        files = with_values(made.files, table, at, **{member: value})
        status, said, _ = ends(signed_anew(files, made.key))
        proved = table in PROVED and table != "reason" and member != "id"
        assert (status, "FAILED: " in said) in ([(1, True)] if proved else [(1, True), (0, False)]), (
            table,
            member,
            value,
        )


def test_amounts_beyond_all_measure_are_a_failure_in_words(made: Export, ends: Ends) -> None:
    files = with_values(made.files, "ledger_entry", 0, amount=10**400)
    files = with_values(files, "ledger_entry", 1, amount=1.5)
    status, said, _ = ends(signed_anew(files, made.key))
    assert (status, "FAILED: " in said) == (1, True)
    assert "OverflowError" in said


def test_a_checkpoint_with_a_number_in_words_is_named(made: Export, ends: Ends) -> None:
    files = with_values(made.files, "checkpoint", -1, number="x")
    status, said, _ = ends(signed_anew(files, made.key))
    assert status == 1
    assert "checkpoint x: its number is x, but must be 3" in said


BROKEN: dict[str, Callable[[bytes], bytes]] = {
    "a place that no number tells": lambda links: links.replace(b" 1 ", b" " + b"9" * 4300 + b" "),
    "places beyond all": lambda links: links.replace(b" 2 ", b" " + b"9" * 4300 + b" "),
    "no links": lambda _: b"",
    "half a line": lambda links: links[:-200],
    "blanks": lambda _: b" " * 1000,
    "texts nested too deep": lambda links: links.replace(b'{"', b'{"a":' + b"[" * 100_000 + b',"'),
    "bytes that are no text": lambda links: links.replace(b'"', b"\xff"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_links_are_a_failure_in_words(made: Export, ends: Ends, name: str) -> None:
    files = {**made.files, "link.txt": BROKEN[name](made.files["link.txt"])}
    status, said, _ = ends(signed_anew(files, made.key))
    assert (status, "FAILED: " in said) == (1, True)


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_archive_that_is_damaged_is_a_failure_in_words(
    made: Export, tmp_path: Path, capsys: Capsys, method: int
) -> None:
    file = tmp_path / "packed.zip"
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in made.files.items():
            archive.writestr(name, content)
    whole, random = file.read_bytes(), Random(method)
    for _ in range(150):
        data = bytearray(whole)
        for at in random.sample(range(len(data)), 3):
            data[at] ^= 1 << random.randrange(8)
        file.write_bytes(data)
        status = main(["--key", made.key.public, str(file)])
        said = capsys.readouterr()
        assert status in (0, 1, 2)
        assert ("FAILED: " in said.out) == (status == 1)
        assert ("There is nothing to verify: " in said.err) == (status == 2)


NO_CHECKPOINTS = {
    "numbers of two kinds": '{"checkpoint":"x"}\nS\n{"checkpoint":1}\nS\n',
    "a number beyond all": f'{{"checkpoint":{10**30}}}\nS\n',
    "a number that is a truth": '{"checkpoint":true}\nS\n',
    "nested too deep": f'{{"checkpoint":{"[" * 100_000}}}\nS\n',
    "no checkpoint": "Dear auditor, there is none.",
    "nothing": "",
}


@pytest.mark.parametrize("name", NO_CHECKPOINTS)
def test_a_file_that_holds_no_checkpoint_is_named(
    made: Export, ends: Ends, tmp_path: Path, name: str
) -> None:
    file = tmp_path / "kept.txt"
    file.write_text(NO_CHECKPOINTS[name].replace("S", "0" * 128))
    status, _, said = ends(made.files, "--checkpoint", str(file))
    assert (status, f"There is nothing to verify: {file} cannot be read as a checkpoint" in said) == (2, True)


@pytest.mark.parametrize("key", ["abc", "00", "", "0" * 63, "0" * 65, "g" * 64, "\u0660" * 64])
def test_what_is_no_key_is_called_so_with_its_argument(
    made: Export, ends: Ends, capsys: Capsys, key: str
) -> None:
    with pytest.raises(SystemExit) as end:
        ends(made.files, key=key)
    assert end.value.code == 2
    said = capsys.readouterr().err
    assert "argument --key: " in said
    assert "is no public key: one has 64 hexadecimal digits" in said


def test_a_key_is_taken_with_blanks_around_and_in_capitals(made: Export, ends: Ends) -> None:
    assert ends(made.files, key=f" {made.key.public.upper()}\n")[0] == 0


def test_one_thing_and_one_row_are_told_as_one(made: Export, ends: Ends) -> None:
    status, said, _ = ends({**made.files, "more.txt": b""})
    assert (status, "FAILED: 1 thing does not agree." in said) == (1, True)

    files = with_values(made.files, "fund", 0, available=1, reserved=1)
    status, said, _ = ends(signed_anew(files, made.key))
    assert (status, "FAILED: 2 things do not agree." in said) == (1, True)
