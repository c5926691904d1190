"""An audit package held in memory, and random ways to tamper with it that somebody at the database has."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

from models.base import canonical
from models.links import ACTS, GENESIS, link_hash
from workflow.proof.checkpoints import outside
from workflow.proof.package import PROVED
from workflow.proof.signing import SigningKey
from workflow.proof.verify import Findings, History, Mark, Package, read_marks

Files = dict[str, bytes]


class Held(Package):
    """A package in memory."""

    def __init__(self, files: Files) -> None:
        self.files = files

    def names(self) -> list[str]:
        return list(self.files)

    def open(self, name: str) -> Any:
        return io.BytesIO(self.files[name])


def unpacked(data: bytes) -> Files:
    """Return the files of a ZIP."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def verified(files: Files, key: SigningKey, outside: list[Mark]) -> Findings:
    """Return all that the verifier finds, reading as far as it can."""
    package, keys = Held(files), [bytes.fromhex(key.public)]
    history = History(package, keys, outside)
    try:
        package.verify_files(keys, history.found)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        history.found.add("manifest.json", f"cannot be read: {error}")
    return history.verify()


def signed_anew(files: Files, key: SigningKey) -> Files:
    """Return files as an export would sign them: what was tampered with before it shows in no digest."""
    names = files.keys() - {"manifest.json", "manifest.sig"}
    digests = {name: hashlib.sha256(files[name]).hexdigest() for name in names}
    manifest = canonical({"files": digests})
    return {**files, "manifest.json": manifest.encode(), "manifest.sig": key.sign(manifest).encode()}


def bit_flip(files: Files, random: Random) -> str:
    """Flip one bit of any file; return its name."""
    name = random.choice(sorted(name for name in files if files[name]))
    data = bytearray(files[name])
    data[random.randrange(len(data))] ^= 1 << random.randrange(8)
    files[name] = bytes(data)
    return name


def lines_of(files: Files, name: str) -> list[bytes]:
    """Return the lines of a file."""
    return files[name].splitlines()


def put(files: Files, name: str, lines: list[bytes]) -> None:
    """Replace the lines of a file."""
    files[name] = b"".join(line + b"\n" for line in lines)


def changed_value(value: Any, random: Random) -> Any:
    """Return another value of the same kind."""
    match value:
        case bool():
            return not value
        case int():
            return value + random.choice((-1, 1, 100))
        case str():
            return value + "1" if value else "1"
        case list():
            return [*value, "more"]
        case dict() if value:
            name = random.choice(sorted(value))
            return {**value, name: changed_value(value[name], random)}
    return {"more": 1} if isinstance(value, dict) else 7


def row_surgery(files: Files, random: Random) -> str:
    """Change, drop, double, empty or add a row of a proved table; return the table."""
    table = random.choice([name for name in PROVED if files[f"{name}.jsonl"]])
    name = f"{table}.jsonl"
    lines = lines_of(files, name)
    at = random.randrange(len(lines))
    row = json.loads(lines[at])
    member = random.choice(sorted(row.keys() - {"id"}))
    ways: dict[str, Callable[[], None]] = {
        "change": lambda: lines.__setitem__(
            at, canonical({**row, member: changed_value(row[member], random)}).encode()
        ),
        "empty": lambda: lines.__setitem__(
            at, canonical({k: v for k, v in row.items() if k != member}).encode()
        ),
        "drop": lambda: lines.__delitem__(at),
        "double": lambda: lines.insert(at, lines[at]),
        "put in": lambda: lines.append(canonical({**row, "id": 10**6}).encode()),
    }
    # A reason that nobody names is nobody's: doubling one changes nothing that anybody reads.
    way = random.choice(["change", "drop"] if table == "reason" else sorted(ways))
    ways[way]()
    put(files, name, lines)
    return f"{way} {table} {member}"


def link_surgery(files: Files, random: Random) -> str:
    """Drop, double, swap, cut off or change links; return what was done."""
    lines = lines_of(files, "link.txt")
    at = random.randrange(len(lines))
    way = random.choice(("drop", "double", "swap", "cut off", "change text", "change hash"))
    chain, position, digest, subject, text = lines[at].split(b" ", 4)
    match way:
        case "drop":
            del lines[at]
        case "double":
            lines.insert(at, lines[at])
        case "swap":
            at = at or 1
            lines[at - 1], lines[at] = lines[at], lines[at - 1]
        case "cut off":
            last = max(i for i, line in enumerate(lines) if line.split(b" ", 1)[0] == chain)
            del lines[last]
        case "change text":
            lines[at] = b" ".join((chain, position, digest, subject, text.replace(b"1", b"2", 1) + b" "))
        case "change hash":
            lines[at] = b" ".join((chain, position, digest[::-1], subject, text))
    put(files, "link.txt", lines)
    return f"{way} {chain.decode()}/{position.decode()}"


def checkpoint_surgery(files: Files, random: Random) -> str:
    """Change or drop a checkpoint or what it says of lengths; return what was done."""
    name = random.choice(("checkpoint.jsonl", "checkpoint_head.jsonl"))
    lines = lines_of(files, name)
    at = random.randrange(len(lines))
    row = json.loads(lines[at])
    member = random.choice(sorted(row.keys() - {"at"}))
    if random.random() < 0.5:
        lines[at] = canonical({**row, member: changed_value(row[member], random)}).encode()
    else:
        del lines[at]
    put(files, name, lines)
    return f"{name} {at} {member}"


def claim_rewrite(files: Files, random: Random) -> str:
    """Write a claim's whole history anew, with every hash worked out again; return the claim."""
    moves = [json.loads(line) for line in lines_of(files, "move.jsonl")]
    claim_id = random.choice(sorted({move["claim_id"] for move in moves}))
    member = random.choice(("at", "actor_id", "requested", "day", "key", "document"))
    for move in moves:
        if move["claim_id"] == claim_id and member in move:
            move[member] = changed_value(move[member], random)
    put(files, "move.jsonl", [canonical(move).encode() for move in moves])
    put(files, "link.txt", list(_relinked(files, {(m["claim_id"], m["number"]): m for m in moves}, claim_id)))
    return f"claim {claim_id} {member}"


def _relinked(files: Files, moves: dict[tuple[int, int], dict[str, Any]], claim_id: int) -> Iterator[bytes]:
    previous = GENESIS
    for line in lines_of(files, "link.txt"):
        chain, position, _, subject, text = line.split(b" ", 4)
        if int(chain) != claim_id or int(chain) == ACTS:
            yield line
            continue
        was, now = json.loads(text), moves[claim_id, int(position)]
        told = canonical({**was, **{k: v for k, v in now.items() if k != "id"}})
        previous = link_hash(claim_id, int(position), previous, told)
        yield b" ".join((chain, position, previous.encode(), subject, told.encode()))


def kept(folder: Path) -> list[Mark]:
    """Return the checkpoints in a folder."""
    return read_marks(map(str, outside(folder)))
