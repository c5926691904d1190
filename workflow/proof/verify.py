#!/usr/bin/env python3
"""Verifies the history of a Joint Marketing Fund. Needs Python 3.10 or later and nothing else.

    python3 verify.py --key KEY [--checkpoint FILE ...] [PACKAGE]

KEY is the fund's public key, 64 hexadecimal digits, which has to reach you by another way than the package.
Where the fund has changed its key, give each, with --key before it.
FILE is a checkpoint that you were given earlier: what it covers is then proved to be unchanged since.
PACKAGE is the ZIP file or the folder; without it, the folder of this file is verified.

Ends with 0 where everything agrees, with 1 where something does not, with 2 where there is nothing to verify.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import re
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

ACTS = 0
GENESIS = "0" * 64
FOLDED = ("ledger_entry", "payment", "payment_failure")
RECORDED = (
    "act",
    "certificate",
    "exchange_rate",
    "ledger_entry",
    "performance",
    "policy_version",
    "policy_withdrawal",
)
BUCKETS = ("available", "reserved", "paid")
MOST_NAMED = 50
SALTED = 64
STANDS = ("approved", "paid", "reimbursable", "requested", "reserved")
ERASED, FORGOTTEN, HELD, FREED = "erased", "user_erased", "hold_set", "hold_lifted"
UNSIGNED = "is not signed with a key that was given"
UNLINKED = "has no link: it was put in, or its link was taken away"
OUT_OF_ORDER = "stands out of order: a chain is there once, after those with a lower id"
GONE = "is gone, or is linked twice: its link is there, the row is not"
TROUBLE = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RuntimeError)
"""What reading fails with where a text or a value is none that history has."""

Row = dict[str, Any]
Point = tuple[int, int, int, int]
Tell = Callable[[int], None]


class Findings(list[tuple[str, str]]):
    """What does not agree: the row that it is about, and what is wrong with it, in printable texts."""

    def add(self, row: str, what: str) -> None:
        """Remember that something is wrong with a row."""
        self.append((printable(row), printable(what)))

    def unread(self, row: str, error: Exception) -> None:
        """Remember that something was read as far as it could be, and no further."""
        self.add(row, f"cannot be read to its end ({type(error).__name__}: {error})")

    def compare(self, row: str, what: str, found: Any, expected: Any) -> None:
        """Remember a value that is not what it must be."""
        if told(found) != told(expected):
            self.add(row, f"{what} is {shown(found)}, but must be {shown(expected)}")


def told(value: Any) -> str:
    """Return a value as JSON. What JSON tells apart is another value, though 1 == 1.0 == True in Python."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def read(line: bytes) -> Any:
    """Return the value of a JSON text in UTF-8. Raises ValueError where an object names something twice."""
    return json.loads(line.decode(), object_pairs_hook=once)


def once(pairs: list[tuple[str, Any]]) -> Row:
    """Return an object by its pairs. Raises ValueError for a name that is there twice."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError(f"an object names something twice: {shown(found)}")
    return found


def digits(text: str) -> bytes:
    """Return the bytes of hexadecimal digits in their one form. Raises ValueError."""
    data = bytes.fromhex(text)
    if data.hex() != text:
        raise ValueError(f"{shown(text)} is not in lower case")
    return data


def shown(value: Any) -> str:
    """Return a value as a short text."""
    text = value if isinstance(value, str) else told(value)
    return text if len(text) <= 80 else text[:77] + "..."


def printable(text: str) -> str:
    """Return a text that can be stored, and cannot steer what shows it.

    Control characters, odd blanks and halves of a character (surrogates) are spelled out.
    """
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)


def ordinal(value: Any) -> int:
    """Return a place, a length or a checkpoint's number: whole, of 31 bits. Raises ValueError."""
    if type(value) is not int or not 0 <= value < 1 << 31:
        raise ValueError(f"{shown(value)} is no place, length or number of a checkpoint")
    return value


# --- Ed25519 (RFC 8032, section 5.1) ---------------------------------------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_1 = pow(2, (P - 1) // 4, P)


def recover_x(y: int, sign: int) -> int | None:
    """Return x of a point by its y and the sign of x; None where there is no such point."""
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_1 % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    return P - x if x & 1 != sign else x


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE_X = recover_x(BASE_Y, 0) or 0
BASE: Point = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)
ZERO: Point = (0, 1, 1, 0)


def plus(one: Point, other: Point) -> Point:
    """Add two points, each (X, Y, Z, T) with x = X/Z, y = Y/Z, x*y = T/Z."""
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c = 2 * one[3] * other[3] * D % P
    d = 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def decoded(data: bytes) -> Point | None:
    """Return the point of 32 bytes, or None."""
    number = int.from_bytes(data, "little")
    y, sign = number & ((1 << 255) - 1), number >> 255
    x = recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


def encoded(point: Point) -> bytes:
    """Return the 32 bytes of a point."""
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def is_signed(key: bytes, text: bytes, signature: bytes) -> bool:
    """Return whether the owner of a public key of 32 bytes made a signature of 64 bytes over a text."""
    if len(key) != 32 or len(signature) != 64:
        return False
    public = decoded(key)
    scalar = int.from_bytes(signature[32:], "little")
    if public is None or scalar >= ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + key + text).digest(), "little") % ORDER
    minus = (P - public[0], public[1], 1, P - public[3])
    both, total = plus(BASE, minus), ZERO
    for bit in range(max(scalar.bit_length(), challenge.bit_length()) - 1, -1, -1):
        total = plus(total, total)
        if scalar >> bit & 1:
            total = plus(total, both if challenge >> bit & 1 else BASE)
        elif challenge >> bit & 1:
            total = plus(total, minus)
    return encoded(total) == signature[:32]


# --- Merkle tree -----------------------------------------------------------------------------------------


class Tree:
    """A Merkle tree whose leaves can be put and replaced; nodes are hashed as in RFC 6962."""

    def __init__(self) -> None:
        self.levels: list[list[bytes]] = [[]]

    def put(self, index: int, chain: int, length: int, head: str) -> None:
        """Put a chain's head at a leaf, which may be the first one that is free."""
        node = hashlib.sha256(b"\0" + f"{chain} {length} {head}".encode()).digest()
        for depth in range(len(self.levels) + 1):
            if depth == len(self.levels):
                self.levels.append([])
            level = self.levels[depth]
            if index == len(level):
                level.append(node)
            else:
                level[index] = node
            if len(level) == 1:
                del self.levels[depth + 1 :]
                return
            left = level[index & ~1]
            right = level[index | 1] if (index | 1) < len(level) else None
            node = hashlib.sha256(b"\1" + left + right).digest() if right is not None else left
            index >>= 1

    def root(self) -> str:
        """Return the hash over all leaves, in hexadecimal digits."""
        return self.levels[-1][0].hex() if self.levels[0] else GENESIS


# --- What is verified ------------------------------------------------------------------------------------


class Link(NamedTuple):
    """A link of a chain, as bytes: its place, its hash, the row that it is about, the text of that row."""

    chain: bytes
    position: bytes
    hash: bytes
    subject: bytes
    text: bytes


class Mark(NamedTuple):
    """A checkpoint: its number, what was signed, and the signature in hexadecimal digits."""

    number: int
    text: str
    signature: str


class Source:
    """Where history is read from. Each gives rows without their empty columns."""

    def apart(self) -> AbstractContextManager[None]:
        """Return in what a part is read, so that what fails in it leaves others to be read."""
        return nullcontext()

    def marks(self) -> Iterable[Mark]:
        """Yield the checkpoints in their order."""
        raise NotImplementedError

    def heads(self) -> Iterable[tuple[int, int, int]]:
        """Yield checkpoint, chain and length, in that order, for chains that had grown."""
        raise NotImplementedError

    def links(self) -> Iterable[Link]:
        """Yield the links by chain and position."""
        raise NotImplementedError

    def rows(self, table: str) -> Iterable[Row]:
        """Yield the rows of a table, moves and what they caused by claim and number, others by id."""
        raise NotImplementedError

    def sums(self) -> Counter[tuple[int, str]]:
        """Return what the ledger moved into each bucket of each fund, less what it moved out, in cents."""
        sums: Counter[tuple[int, str]] = Counter()
        for entry in self.rows("ledger_entry"):
            sums[entry["fund_id"], entry["target"]] += entry["amount"]
            sums[entry["fund_id"], entry["source"]] -= entry["amount"]
        return sums


def hashed(
    links: Iterable[Link],
    findings: Findings,
    starts: dict[int, tuple[int, str]],
    tell: Tell,
) -> Iterator[tuple[int, int, Link]]:
    """Yield each link with its place once its hash was worked out from its text and the hash before it.

    `starts` are the chains that do not begin here: their length and the hash of their last link so far.
    """
    chain: int | None = None
    position, previous, done = 0, b"", 0
    digest = hashlib.sha256
    for link in links:
        here = int(link.chain)
        if here != chain:
            if here < (chain or ACTS):
                findings.add(place(here, int(link.position), link.subject), OUT_OF_ORDER)
            chain = here
            position, start = starts.get(here, (0, GENESIS))
            previous = start.encode()
        position += 1
        if int(link.position) != position:
            findings.add(place(chain, position), f"is missing: after it comes number {int(link.position)}")
            position = ordinal(int(link.position))
        worked_out = digest(b"%s %s %s %s" % (link.chain, link.position, previous, link.text)).hexdigest()
        previous = link.hash
        if worked_out.encode() != previous:
            findings.add(place(chain, position), "does not hash to what its link says")
        done += 1
        if not done % 10_000:
            tell(done)
        yield chain, position, link
    tell(done)


def place(chain: int, position: int, subject: bytes = b"-") -> str:
    """Return the name of a row by its place in a chain."""
    if chain != ACTS:
        return f"move {position} of claim {chain}"
    return subject.decode("utf-8", "replace") if subject != b"-" else f"link {position} of the acts"


class Moves:
    """The moves with the money that each moved, read in step with their links."""

    def __init__(self, source: Source) -> None:
        self.moves = source.rows("move")
        self.folded = {table: Ahead(by_move(source.rows(table))) for table in FOLDED}

    def __iter__(self) -> Iterator[tuple[int, int, Row]]:
        for move in self.moves:
            at = (move["claim_id"], move["number"])
            row = {name: value for name, value in move.items() if name != "id"}
            for table, ahead in self.folded.items():
                found = ahead.take(at)
                if found is not None:
                    row[table] = found
            yield (*at, {"table": "move", **row})


def by_move(rows: Iterable[Row]) -> Iterator[tuple[tuple[int, int], Row]]:
    """Yield the rows that a move caused, each as it stands in the text of the move."""
    for row in rows:
        if "move_number" in row:
            kept = {k: v for k, v in row.items() if k not in ("id", "claim_id", "move_number")}
            yield (row["claim_id"], row["move_number"]), kept


class Ahead:
    """Rows in order, of which those at a place are taken; what nobody took is left over."""

    def __init__(self, rows: Iterable[tuple[tuple[int, int], Row]]) -> None:
        self.rows = iter(rows)
        self.next = next(self.rows, None)
        self.left: list[tuple[int, int]] = []

    def take(self, at: tuple[int, int]) -> Row | None:
        """Return the row at a place, or None."""
        self.skip(at)
        if self.next is None or self.next[0] != at:
            return None
        row = self.next[1]
        self.next = next(self.rows, None)
        return row

    def skip(self, at: tuple[int, int] | None) -> None:
        """Leave over what comes before a place, or all that is left."""
        while self.next is not None and (at is None or self.next[0] < at):
            self.left.append(self.next[0])
            self.next = next(self.rows, None)


def differences(text: bytes, row: Row) -> list[str]:
    """Return what a row says otherwise than the text that was hashed."""
    if told(row).encode() == text:
        return []
    was = read(text)
    return [
        f"{name} is {shown(row.get(name))}, but {shown(was.get(name))} was hashed"
        for name in sorted(was.keys() | row.keys())
        if told(was.get(name)) != told(row.get(name))
    ]


def binds(digest: str, salt: str, text: str) -> bool:
    """Return whether a digest is that of a salt and a text.

    A salt has its one length: otherwise the beginning of a text could be passed off as the end of its salt.
    """
    return len(salt) == SALTED and hashlib.sha256((salt + text).encode()).hexdigest() == digest


def commitments(row: Row) -> Iterator[str]:
    """Yield the hashes by which a row binds what is not in it, and may be erased."""
    document, figures = row.get("document", {}), row.get("figures", {})
    files = document.get("claim", {}).get("evidence", ())
    for found in (
        row.get("reason_hash"),
        document.get("texts"),
        figures.get("commitment"),
        *(file.get("commitment") for file in files),
    ):
        if found:
            yield found


def about(row: Row) -> set[str]:
    """Return what a legal hold stands on where it covers a move or an act."""
    claim = row["claim_id"] if "claim_id" in row else row.get("figures", {}).get("claim")
    return {f"claim:{claim}", f"partner:{row.get('partner_id')}", row.get("subject", "")}


class Stand(NamedTuple):
    """How a claim stood after its last move."""

    state: str
    amounts: tuple[int | None, ...]


class Bound(NamedTuple):
    """What binds a hash: the name of its row, and the claim whose move that is, as acts name it."""

    name: str
    claim: str | None


class History:
    """Verifies the history of a source, and holds it to checkpoints that were kept outside of it.

    `starts` and `since` let it begin at a checkpoint that was verified before: the length and the head of
    each claim's chain there. `tell` is told how many links were hashed.
    """

    def __init__(
        self,
        source: Source,
        keys: Collection[bytes],
        outside: Iterable[Mark] = (),
        *,
        starts: dict[int, tuple[int, str]] | None = None,
        since: int = 1,
        tell: Tell = lambda _: None,
        signed: Callable[[bytes, bytes, bytes], bool] = is_signed,
    ) -> None:
        self.source, self.keys, self.tell, self.signed, self.since = source, keys, tell, signed, since
        self.outside = list(outside)
        self.newest = max((mark.number for mark in self.outside), default=0)
        self.starts = starts or {}
        self.found = Findings()
        self.lengths = {chain: length for chain, (length, _) in self.starts.items()}
        self.hashes = {(chain, length): digest for chain, (length, digest) in self.starts.items()}
        self.stands: dict[int, Stand] = {}
        self.bound: dict[str, Bound] = {}
        self.erased: dict[int, tuple[str, frozenset[str]]] = {}
        self.held: set[str] = set()
        self.parts: dict[str, set[str]] = {}
        self.forgotten: list[tuple[str, str, frozenset[str]]] = []
        self.marks: dict[int, str] = {}
        self.covered: dict[int, int] = {}
        self.proved: dict[int, int] = {}

    def verify(self) -> Findings:
        """Verify everything, reading as far as it can be read; return what does not agree."""
        for part in (
            self.links,
            self.checkpoints,
            self.claims,
            self.failures,
            self.funds,
            self.texts,
            self.names,
        ):
            self.apart(part)
        return self.found

    def apart(self, part: Callable[[], object]) -> None:
        """Do a part as far as it can be read; what fails in it is one finding, and others are done too."""
        try:
            with self.source.apart():
                part()
        except TROUBLE as error:
            self.found.unread("history", error)

    def links(self) -> None:
        """Verify hashes and links, and hold each row to the text that was hashed."""
        wanted = {(chain, length) for _, chain, length in self.source.heads()}
        recorded = self.recorded()
        moves = Moves(self.source)
        waiting = iter(moves)
        move = next(waiting, None)
        for chain, position, link in hashed(self.source.links(), self.found, self.starts, self.tell):
            self.lengths[chain] = position
            if (chain, position) in wanted:
                self.hashes[chain, position] = link.hash.decode("ascii", "replace")
            if chain == ACTS:
                self.act(link, position, recorded)
                continue
            while move is not None and move[:2] < (chain, position):
                self.found.add(place(*move[:2]), UNLINKED)
                move = next(waiting, None)
            if move is None or move[:2] != (chain, position):
                self.found.add(place(chain, position), GONE)
                continue
            self.row(place(chain, position), link.text, move[2])
            self.stands[chain] = stand(move[2])
            move = next(waiting, None)
        while move is not None:
            self.found.add(place(*move[:2]), UNLINKED)
            move = next(waiting, None)
        for subject in recorded:
            self.found.add(subject, UNLINKED)
        for table, ahead in moves.folded.items():
            ahead.skip(None)
            for claim_id, number in ahead.left:
                self.found.add(f"{table} of {place(claim_id, number)}", "belongs to no move")

    def recorded(self) -> dict[str, Row]:
        """Return the rows of the chain of acts by their names."""
        recorded: dict[str, Row] = {}
        for table in RECORDED:
            self.apart(partial(self.record, table, recorded))
        return recorded

    def record(self, table: str, recorded: dict[str, Row]) -> None:
        """Put the rows of a table that no move caused among those of the chain of acts."""
        for row in self.source.rows(table):
            name = f"{table}:{row['id']}"
            if name in recorded:
                self.found.add(name, "is there twice")
            if "move_number" not in row:
                recorded[name] = {"table": table, **row}
            if row.get("kind") == FORGOTTEN:
                self.parts[row["subject"]] = set()

    def act(self, link: Link, position: int, recorded: dict[str, Row]) -> None:
        """Hold an act, or what it recorded, to the text that was hashed."""
        name = place(ACTS, position, link.subject)
        row = recorded.pop(name, None)
        if row is None:
            self.found.add(name, GONE)
            return
        self.row(name, link.text, row)
        try:
            self.erasure(name, row)
        except TROUBLE:
            self.found.add(name, "cannot be read")

    def row(self, name: str, text: bytes, row: Row) -> None:
        """Hold a row to its text, and remember what it binds beside: its reason, texts of a plan, files.

        What somebody had a part in is remembered too, where their name was erased.
        """
        try:
            for difference in differences(text, row):
                self.found.add(name, difference)
            named = list(commitments(row))
            if (parts := self.parts.get(f"user:{row.get('actor_id')}")) is not None:
                parts |= about(row)
        except TROUBLE:
            self.found.add(name, "cannot be read, or its link cannot")
            return
        claim = f"claim:{row['claim_id']}" if row["table"] == "move" else None
        self.bound.update(dict.fromkeys(named, Bound(name, claim)))

    def erasure(self, name: str, act: Row) -> None:
        """Remember what an act erased, or what must not be; nothing is erased while it is held."""
        kind = act["kind"] if act["table"] == "act" else None
        if kind == HELD:
            self.held.add(act["subject"])
        elif kind == FREED:
            self.held.discard(act["subject"])
        elif kind == ERASED:
            self.erased[act["id"]] = act["subject"], frozenset(act["figures"]["commitments"])
            if self.held & about(act):
                self.found.add(name, "erased what a legal hold was to keep")
        elif kind == FORGOTTEN:
            self.parts[act["subject"]] |= about(act)
            self.forgotten.append((name, act["subject"], frozenset(self.held)))

    def checkpoints(self) -> None:
        """Verify that each checkpoint is signed, follows the one before, and has the root that it names."""
        tree = Tree()
        leaves: dict[int, int] = {}
        heads: dict[int, list[tuple[int, int]]] = {}
        for number, chain, length in self.source.heads():
            heads.setdefault(number, []).append((chain, ordinal(length)))
        before: str | None = GENESIS if self.since == 1 else None
        for expected, mark in enumerate(self.source.marks(), self.since):
            name = f"checkpoint {mark.number}"
            self.found.compare(name, "its number", mark.number, expected)
            for chain, length in heads.pop(mark.number, []):
                head = self.hashes.get((chain, length))
                if head is None:
                    self.found.add(place(chain, length), f"is gone, but {name} covers it")
                    head = GENESIS
                tree.put(leaves.setdefault(chain, len(leaves)), chain, length, head)
                self.covered[chain] = length
            self.mark(name, mark, before, tree)
            before = hashlib.sha256(mark.text.encode()).hexdigest()
            self.marks[ordinal(mark.number)] = mark.text
            if mark.number == self.newest:
                self.proved = dict(self.covered)
        for number in heads:
            self.found.add(f"checkpoint {number}", "is gone: the lengths of its chains are still there")
        for mark in self.outside:
            self.hold_to(mark)

    def mark(self, name: str, mark: Mark, before: str | None, tree: Tree) -> None:
        """Verify one checkpoint against what it covers."""
        said = json.loads(mark.text)
        self.found.compare(name, "its own number", said["checkpoint"], mark.number)
        if before is not None:
            self.found.compare(name, "the checkpoint before", said["previous"], before)
        self.found.compare(name, "the number of its chains", said["chains"], len(self.covered))
        self.found.compare(name, "the number of its links", said["links"], sum(self.covered.values()))
        self.found.compare(name, "the root over all chains", tree.root(), said["root"])
        if not self.is_authentic(mark):
            self.found.add(name, UNSIGNED)

    def hold_to(self, mark: Mark) -> None:
        """Hold history to a checkpoint that was kept outside of it."""
        name = f"checkpoint {mark.number} from outside"
        if not self.is_authentic(mark):
            self.found.add(name, UNSIGNED)
        elif mark.number >= self.since and mark.number not in self.marks:
            self.found.add(name, "is unknown here: what it covers was cut off")
        elif mark.number >= self.since and self.marks[mark.number] != mark.text:
            self.found.add(name, "is not the one that is here: what it covers was changed")

    def is_authentic(self, mark: Mark) -> bool:
        """Return whether a checkpoint was signed with one of the keys."""
        try:
            text, signature = mark.text.encode(), digits(mark.signature)
        except TROUBLE:
            return False
        return any(self.signed(key, text, signature) for key in self.keys)

    def claims(self) -> None:
        """Hold each claim as it stands to its last move."""
        chains = set(self.lengths) - {ACTS}
        for claim in self.source.rows("claim"):
            name = f"claim {claim['id']}"
            chains.discard(claim["id"])
            length = self.lengths.get(claim["id"], 0) if claim["id"] != ACTS else 0
            self.found.compare(name, "the number of its moves", claim["moves"], length)
            last = self.stands.get(claim["id"], None if claim["moves"] else UNMOVED)
            if last is None:
                continue
            self.found.compare(name, "its state", claim["state"], last.state)
            for amount, found, expected in zip(STANDS, stand(claim).amounts, last.amounts, strict=True):
                if claim["state"] != "draft" or amount != "requested":
                    self.found.compare(name, amount, found, expected)
        for chain in chains:
            self.found.add(f"claim {chain}", "is gone: its moves are there")

    def failures(self) -> None:
        """Hold each failed payment to be one that its claim made before: no text has the ids of payments."""
        if self.starts:
            return
        paid = {row["id"]: (row["claim_id"], row["move_number"]) for row in self.source.rows("payment")}
        for row in self.source.rows("payment_failure"):
            claim_id, number = paid.get(row["payment_id"], (None, 0))
            if claim_id != row["claim_id"] or number >= row["move_number"]:
                name = f"payment_failure of {place(row['claim_id'], row['move_number'])}"
                self.found.add(name, "is not of a payment that its claim made before")

    def funds(self) -> None:
        """Hold the balances of each fund to its ledger."""
        sums = self.source.sums()
        gone = {fund_id for fund_id, _ in sums}
        for fund in self.source.rows("fund"):
            gone.discard(fund["id"])
            for bucket in BUCKETS:
                found, expected = fund[bucket], sums[fund["id"], bucket]
                self.found.compare(f"fund {fund['id']}", bucket, found, expected)
        for fund_id in sorted(gone):
            self.found.add(f"fund {fund_id}", "is gone: its ledger is there")

    def texts(self) -> None:
        """Verify that each reason is the one that was hashed, and is there unless an act erased it."""
        gone = frozenset[str]().union(*(hashes for _, hashes in self.erased.values()))
        for reason in self.source.rows("reason"):
            name, claim = self.bound.pop(reason["hash"], None) or (f"reason {reason['hash']}", None)
            if not reason["salt"] and not reason["text"]:
                if not self.was_erased(reason, claim):
                    self.found.add(name, "has lost its reason, texts or file, and no act erased them")
            elif reason["hash"] in gone or "erased_by" in reason:
                self.found.add(name, "still has what was erased")
            elif not binds(reason["hash"], reason["salt"], reason["text"]):
                self.found.add(name, "has another reason, texts or file than were hashed")
        for name, _ in self.bound.values():
            self.found.add(name, "has lost its reason, the texts of its plan, or a file's digest")

    def names(self) -> None:
        """Verify that nobody's name was erased while what they had moved, or acted on, was held."""
        for name, user, held in self.forgotten:
            if held & self.parts[user]:
                self.found.add(name, "erased a name that a legal hold was to keep")

    def was_erased(self, reason: Row, claim: str | None) -> bool:
        """Return whether the act that a reason names erased it, one about the claim whose move binds it."""
        act = reason.get("erased_by")
        if not isinstance(act, int):
            return False
        subject, hashes = self.erased.get(act, ("", frozenset()))
        return reason["hash"] in hashes and claim in (None, subject)

    def unsigned(self) -> int:
        """Return how many rows no checkpoint covers yet."""
        return sum(self.lengths.values()) - sum(self.covered.values())

    def unproved(self) -> int:
        """Return how many rows no checkpoint from outside covers."""
        return sum(self.lengths.values()) - sum(self.proved.values())


UNMOVED = Stand("draft", tuple(0 if amount in BUCKETS else None for amount in STANDS))
"""How a claim stands that never moved."""


def stand(row: Row) -> Stand:
    """Return how a claim stands, by its own row or after a move."""
    return Stand(row["target"] if "target" in row else row["state"], tuple(row.get(name) for name in STANDS))


# --- The package -----------------------------------------------------------------------------------------


class Package(Source):
    """A package that was unpacked, or is a ZIP file still."""

    def __init__(self, path: Path) -> None:
        self.folder = path
        self.archive = zipfile.ZipFile(path) if path.is_file() else None

    def names(self) -> list[str]:
        """Return the names of its files."""
        if self.archive is not None:
            return self.archive.namelist()
        return [path.name for path in self.folder.iterdir() if path.is_file()]

    def open(self, name: str) -> Any:
        """Open one of its files for reading bytes."""
        if self.archive is not None:
            return self.archive.open(name)
        return (self.folder / name).open("rb")

    def lines(self, name: str) -> Iterator[bytes]:
        """Yield the lines of a file without their ends."""
        with self.open(name) as file:
            for line in file:
                yield line.rstrip(b"\n")

    def rows(self, table: str) -> Iterator[Row]:
        """Yield the rows of a table in the order in which they are in the package."""
        for line in self.lines(f"{table}.jsonl"):
            yield read(line)

    def marks(self) -> Iterator[Mark]:
        """Yield its checkpoints."""
        for row in self.rows("checkpoint"):
            yield Mark(row["number"], row["text"], row["signature"])

    def heads(self) -> Iterator[tuple[int, int, int]]:
        """Yield the lengths of the chains that had grown at each checkpoint."""
        for row in self.rows("checkpoint_head"):
            yield row["checkpoint"], row["chain"], row["length"]

    def links(self) -> Iterator[Link]:
        """Yield its links."""
        for line in self.lines("link.txt"):
            yield Link(*line.split(b" ", 4))

    def verify_files(self, keys: Collection[bytes], findings: Findings) -> None:
        """Hold each file to the manifest, and the manifest to its signature."""
        with self.open("manifest.json") as file:
            text = file.read()
        with self.open("manifest.sig") as file:
            signature = digits(file.read().decode())
        if not any(is_signed(key, text, signature) for key in keys):
            findings.add("manifest.json", UNSIGNED)
        names = Counter(self.names())
        for name, expected in json.loads(text)["files"].items():
            if names.pop(name, 0) != 1:
                findings.add(name, "is missing, or there twice")
            elif self.digest(name) != expected:
                findings.add(name, "is not as it was exported")
        for name in names.keys() - {"manifest.json", "manifest.sig"}:
            findings.add(name, "is not part of what was exported")

    def digest(self, name: str) -> str:
        """Return the SHA-256 of a file, in hexadecimal digits."""
        digest = hashlib.sha256()
        with self.open(name) as file:
            while block := file.read(1 << 20):
                digest.update(block)
        return digest.hexdigest()


def marks_of(text: str) -> list[Mark]:
    """Return the checkpoints that a file or mails hold: what was signed, and after it what signs it."""
    found = re.findall(r'(\{[^{}\n]*"checkpoint":[^{}\n]*\})\s.*?\b([0-9a-f]{128})\b', text, re.DOTALL)
    if not found:
        raise ValueError("a file holds no checkpoint")
    return [Mark(ordinal(json.loads(said)["checkpoint"]), said, signature) for said, signature in found]


def read_marks(paths: Iterable[str]) -> list[Mark]:
    """Return the checkpoints of files. Raises OSError, or ValueError for a file that holds none."""
    marks: list[Mark] = []
    for path in paths:
        try:
            marks += marks_of(Path(path).read_text(encoding="utf-8"))
        except TROUBLE as error:
            raise ValueError(f"{path} cannot be read as a checkpoint ({error})") from error
    return marks


def public_key(text: str) -> bytes:
    """Return the bytes of a public key. Raises ArgumentTypeError for what is none."""
    if not re.fullmatch("[0-9a-fA-F]{64}", text.strip()):
        raise argparse.ArgumentTypeError(f"{shown(text)!r} is no public key: one has 64 hexadecimal digits")
    return bytes.fromhex(text.strip())


def counted(number: int, one: str, more: str) -> str:
    """Return a number with the words for one, or for more."""
    return f"{number:,} {one if number == 1 else more}"


def report(history: History, findings: Findings, say: Callable[[str], None]) -> None:
    """Say what was verified, and what was found."""
    rows = counted(sum(history.lengths.values()), "row", "rows")
    chains = counted(len(history.lengths), "chain", "chains")
    say(f"{rows} in {chains}, {counted(len(history.marks), 'checkpoint', 'checkpoints')}.")
    for name, what in findings[:MOST_NAMED]:
        say(f"  {name}: {what}")
    if len(findings) > MOST_NAMED:
        say(f"  ... and {len(findings) - MOST_NAMED:,} more")
    newest, signed = history.newest, max(history.marks, default=0)
    if findings:
        say(f"FAILED: {counted(len(findings), 'thing does', 'things do')} not agree.")
        return
    say("Everything agrees: no row was changed, dropped, moved, put in or cut off since it was signed.")
    newer = [(history.unsigned(), f"{signed}, the last"), (history.unproved(), f"{newest}, which you gave")]
    for number, mark in newer if newest else newer[:1]:
        if number:
            say(f"Unproven: {counted(number, 'row is', 'rows are')} newer than checkpoint {mark}.")
    if not newest:
        say("Unproven: that nothing was rewritten before this was made. Give a checkpoint from outside.")
    elif not history.unproved():
        say(f"Checkpoint {newest}, which you gave, covers every row.")


def main(arguments: list[str]) -> int:
    """Verify a package; return 0, 1 or 2 as the text at the top says."""
    parser = argparse.ArgumentParser(description="Verifies the history of a Joint Marketing Fund.")
    key_help = "the fund's public key: 64 hexadecimal digits"
    parser.add_argument("--key", action="append", required=True, type=public_key, help=key_help)
    parser.add_argument("--checkpoint", action="append", default=[], help="one that you were given earlier")
    parser.add_argument("package", nargs="?", type=Path, default=Path(__file__).resolve().parent)
    asked = parser.parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        outside = read_marks(asked.checkpoint)
        package = Package(asked.package)
        package.open("manifest.json").close()
    except Exception as error:  # what was given may be anything
        print(printable(f"There is nothing to verify: {error}"), file=sys.stderr)
        return 2
    history = History(package, asked.key, outside, tell=lambda done: print(f"{done:,} rows", file=sys.stderr))
    findings = history.found
    for part in (lambda: package.verify_files(asked.key, findings), history.verify):
        try:
            part()
        except Exception as error:  # whatever a package holds, it must fail in words
            findings.unread("the package", error)
    report(history, findings, print)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
