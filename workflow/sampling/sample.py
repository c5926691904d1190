#!/usr/bin/env python3
"""Draws samples of a Joint Marketing Fund's claims again. Needs Python 3.10 or later and nothing else.

    python3 sample.py [PACKAGE]

PACKAGE is the ZIP file or the folder; without it, the folder of this file. Run verify.py first: it proves the
rows that samples are drawn from, and those that say what was asked for and what was drawn.

Every sample that was asked for is drawn once more, from what was asked alone, and held to the recorded one.
Ends with 0 where all agree, with 1 where one does not, with 2 where there is nothing to draw from.
"""

from __future__ import annotations

import hashlib
import json
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import count, groupby
from pathlib import Path
from typing import Any, NamedTuple, Protocol

ACTS = 0
MONEY, RISK = "money", "risk"
DRAFT = "draft"

AFTER_TRIGGER = {
    "return": "returned",
    "rework": "reworked",
    "amend": "amended",
    "raise": "raised",
    "reopen": "reopened",
    "reinstate": "reinstated",
    "dispute": "disputed",
    "payment_failed": "payment_failed",
    "claw_back": "clawed_back",
}
WEIGHTS = {
    "returned": 1,
    "amended": 1,
    "reworked": 2,
    "raised": 2,
    "payment_failed": 2,
    "substitute": 2,
    "near_cap": 2,
    "files_added": 2,
    "reopened": 3,
    "reinstated": 3,
    "disputed": 3,
    "clawed_back": 3,
    "new_account": 3,
}
"""What each fact adds to a claim's weight, which is 1 without any. Each act that asks holds its own."""

STAFF = ("approver", "finance")
PAYS = ("pay_part", "reimburse")
GRANTS = ("approve", "raise")
NEW_FOR = timedelta(days=30)
NEAR = 95
"""Per cent of the most that a policy lets an activity have."""

Row = dict[str, Any]
Tell = Callable[[int], None]


class Source(Protocol):
    """Where history is read from: the database, or a package."""

    def rows(self, table: str) -> Iterable[Row]:
        """Yield the rows of a table; moves by claim and number."""

    def marks(self) -> Iterable[Any]:
        """Yield the checkpoints, each with `number` and the `text` that was signed."""

    def heads(self) -> Iterable[tuple[int, int, int]]:
        """Yield checkpoint, chain and length, in that order, for chains that had grown."""

    def links(self) -> Iterable[Any]:
        """Yield the links, those of the acts first, each with `chain`, `position` and `subject` as bytes."""


class Claim(NamedTuple):
    """A claim as it stood at the checkpoint. `amount` is what it holds, reserved and paid, in cents."""

    id: int
    number: str
    partner: int
    period: str
    state: str
    day: str
    amount: int
    risks: tuple[str, ...]


class Known(NamedTuple):
    """What else shows risks: when accounts of each partner were confirmed, and each policy's cap in cents."""

    confirmed: dict[int, list[datetime]]
    caps: dict[int, int]


class Pick(NamedTuple):
    """A claim that was taken, by the unit that was hit, counted from 1; None where it is in for certain."""

    claim: int
    hit: int | None


class Taken(NamedTuple):
    """A claim of a sample: what it holds in cents, its units, and why it was taken."""

    claim: int
    number: str
    amount: int
    units: int
    hit: int | None
    risks: tuple[str, ...]


class Sample(NamedTuple):
    """What was drawn: by which checkpoint and seed, out of how many claims with what in all, in cents."""

    checkpoint: int
    seed: str
    claims: int
    amount: int
    taken: tuple[Taken, ...]

    def digest(self) -> str:
        """Return the SHA-256 of the list as JSON: claim, cents, units, unit hit and risks of each."""
        return digest_of([[one.claim, one.amount, one.units, one.hit, list(one.risks)] for one in self.taken])


class NotCovered(Exception):
    """No checkpoint covers yet that a sample was asked for."""


def digest_of(listed: list[list[Any]]) -> str:
    """Return the SHA-256 of a sample's list."""
    return hashlib.sha256(json.dumps(listed, separators=(",", ":")).encode()).hexdigest()


# --- Chance ----------------------------------------------------------------------------------------------


def seed_of(text: str, checkpoint: str) -> str:
    """Return the seed: SHA-256 of the auditor's text, a line's end, and the SHA-256 of the checkpoint."""
    return hashlib.sha256(f"{text}\n{hashlib.sha256(checkpoint.encode()).hexdigest()}".encode()).hexdigest()


def below(seed: str, limit: int) -> int:
    """Return a number from 0 up to below a limit, each as likely as any other.

    It is the first of SHA-256("seed:0"), SHA-256("seed:1") and so on that lies below the largest multiple of
    the limit, by the remainder.
    """
    space = 1 << 256
    for counter in count():
        number = int.from_bytes(hashlib.sha256(f"{seed}:{counter}".encode()).digest(), "big")
        if number < space - space % limit:
            return number % limit
    raise AssertionError("unreachable")


# --- Selection -------------------------------------------------------------------------------------------


def picked(units: Sequence[tuple[int, int]], size: int, seed: str) -> list[Pick]:
    """Return which of some claims with units are taken: as many as `size`, or all that have any.

    A claim that has as many units as the interval is in for certain; the others share the rest of the size.
    """
    certain, rest, left = apart(units, size)
    picks = [Pick(claim, None) for claim in certain]
    if rest:
        total = sum(number for _, number in rest)
        picks += systematic(rest, left, below(seed, total))
    return sorted(picks, key=lambda pick: pick.claim)


def apart(units: Sequence[tuple[int, int]], size: int) -> tuple[list[int], list[tuple[int, int]], int]:
    """Return the claims that are in for certain, the others with their units, and how many of these to take.

    Without the certain ones the interval (all units by the claims to take) is another: until none reaches it.
    """
    certain, rest, left = list[int](), [(claim, number) for claim, number in units if number > 0], size
    while True:
        total = sum(number for _, number in rest)
        sure = {claim for claim, number in rest if number * left >= total}
        if not sure:
            return certain, rest, left
        certain += sure
        rest = [(claim, number) for claim, number in rest if claim not in sure]
        left -= len(sure)


def systematic(units: Sequence[tuple[int, int]], size: int, start: int) -> list[Pick]:
    """Return every claim that one of `size` points hits, which lie an interval apart on all units in a row.

    The interval is total / size; all is counted in parts of 1/size of a unit, so that no point is rounded.
    `start` is the first point, from 0 up to below the total. No claim is as long as the interval.
    """
    total = sum(number for _, number in units)
    picks, point, end = list[Pick](), start, 0
    for claim, number in units:
        end += number * size
        if point < end:
            picks.append(Pick(claim, point // size + 1))
            point += total
    return picks


# --- What is sampled -------------------------------------------------------------------------------------


def claims_of(moves: Iterable[Row], lengths: dict[int, int], known: Known) -> Iterator[Claim]:
    """Yield each claim that was submitted, after the last of its moves that a checkpoint covers.

    One that is a draft again is left out.
    """
    covered = (move for move in moves if move["number"] <= lengths.get(move["claim_id"], 0))
    for claim_id, group in groupby(covered, key=lambda move: move["claim_id"]):
        number = period = day = ""
        files: set[str] | None = None
        risks, last = set[str](), Row()
        for last in group:
            document = last["document"]
            number = document.get("claim", {}).get("number", number)
            period = document.get("period", {}).get("code", period)
            day = last["day"] if last["trigger"] == "submit" else day
            risks.update(risks_of(last, known))
            if last["trigger"] == "report":
                reported = {file["commitment"] for file in document["claim"].get("evidence", ())}
                # Files that were sent stay: what a refused one is replaced by is named beside it.
                risks.update(["files_added"] if files is not None and reported - files else ())
                files = reported
        if day and last["target"] != DRAFT:
            amount = last["reserved"] + last["paid"]
            told = tuple(sorted(risks))
            yield Claim(claim_id, number, last["partner_id"], period, last["target"], day, amount, told)


def risks_of(move: Row, known: Known) -> Iterator[str]:
    """Yield the risks that a move shows by itself."""
    trigger = move["trigger"]
    if trigger in AFTER_TRIGGER:
        yield AFTER_TRIGGER[trigger]
    if "on_behalf_of_id" in move and move["role"] in STAFF:
        yield "substitute"
    cap = known.caps.get(move.get("policy_version_id", 0))
    if trigger in GRANTS and cap is not None and move["approved"] * 100 >= cap * NEAR:
        yield "near_cap"
    if trigger in PAYS:
        at = datetime.fromisoformat(move["at"])
        if any(timedelta(0) <= at - one <= NEW_FOR for one in known.confirmed.get(move["partner_id"], ())):
            yield "new_account"


def is_asked(claim: Claim, asked: Row) -> bool:
    """Return whether a claim is among those that a sample is drawn from."""
    return (
        asked.get("period") in (None, claim.period)
        and asked.get("state") in (None, claim.state)
        and asked.get("partner_id") in (None, claim.partner)
        and (asked.get("first_day") or "") <= claim.day
        and claim.day <= (asked.get("last_day") or "9999-12-31")
        and units_of(claim, asked) > 0
    )


def units_of(claim: Claim, asked: Row) -> int:
    """Return a claim's units: the cents that it holds, or its weight by the risks that it shows."""
    if asked["method"] == MONEY:
        return claim.amount
    weights: dict[str, int] = asked["weights"]
    return 1 + sum(weights.get(risk, 0) for risk in claim.risks)


def draw(source: Source, act: Row, tell: Tell = lambda _: None) -> Sample:
    """Return the sample that an act asked for. Raises NotCovered.

    Its checkpoint is the first one that covers the act: nobody could know it when they chose the seed's text.
    """
    asked, places = act["figures"], places_of(source.links())
    checkpoint, lengths = covering(source.heads(), places[act["id"]])
    text = next(mark.text for mark in source.marks() if mark.number == checkpoint)
    known = Known({}, {})
    for row in source.rows("act"):
        if row["kind"] == "account_confirmed" and places[row["id"]] <= lengths[ACTS]:
            known.confirmed.setdefault(row["partner_id"], []).append(datetime.fromisoformat(row["at"]))
    for row in source.rows("policy_version"):
        known.caps[row["id"]] = int(row["document"]["max_amount_per_activity"].replace(".", ""))
    moves = counted(source.rows("move"), tell)
    claims = {one.id: one for one in claims_of(moves, lengths, known) if is_asked(one, asked)}
    units = [(one.id, units_of(one, asked)) for one in claims.values()]
    seed = seed_of(asked["seed_text"], text)
    taken = []
    for pick in picked(units, asked["size"], seed):
        one = claims[pick.claim]
        risks = tuple(risk for risk in one.risks if risk in asked["weights"])
        taken.append(Taken(one.id, one.number, one.amount, units_of(one, asked), pick.hit, risks))
    return Sample(checkpoint, seed, len(claims), sum(one.amount for one in claims.values()), tuple(taken))


def places_of(links: Iterable[Any]) -> dict[int, int]:
    """Return the place of each act in the chain of acts, by its id."""
    places: dict[int, int] = {}
    for link in links:
        if int(link.chain) != ACTS:
            break
        if link.subject.startswith(b"act:"):
            places[int(link.subject[4:])] = int(link.position)
    return places


def covering(heads: Iterable[tuple[int, int, int]], place: int) -> tuple[int, dict[int, int]]:
    """Return the first checkpoint that covers a place in the chain of acts, and all chains' lengths there."""
    lengths: dict[int, int] = {}
    for checkpoint, group in groupby(heads, key=lambda head: head[0]):
        lengths.update((chain, length) for _, chain, length in group)
        if lengths.get(ACTS, 0) >= place:
            return checkpoint, lengths
    raise NotCovered


def counted(rows: Iterable[Row], tell: Tell) -> Iterator[Row]:
    """Let rows pass and tell now and then how many there were."""
    for done, row in enumerate(rows, 1):
        yield row
        if not done % 1000:
            tell(done)


# --- The package -----------------------------------------------------------------------------------------


class Link(NamedTuple):
    """What is needed of a link."""

    chain: bytes
    position: bytes
    subject: bytes


class Mark(NamedTuple):
    """What is needed of a checkpoint."""

    number: int
    text: str


class Package:
    """A package that was unpacked, or is a ZIP file still."""

    def __init__(self, path: Path) -> None:
        self.folder = path
        self.archive = zipfile.ZipFile(path) if path.is_file() else None

    def lines(self, name: str) -> Iterator[bytes]:
        """Yield the lines of a file."""
        with self.archive.open(name) if self.archive else (self.folder / name).open("rb") as file:
            yield from file

    def rows(self, table: str) -> Iterator[Row]:
        """Yield the rows of a table."""
        return map(json.loads, self.lines(f"{table}.jsonl"))

    def marks(self) -> Iterator[Mark]:
        """Yield the checkpoints."""
        return (Mark(row["number"], row["text"]) for row in self.rows("checkpoint"))

    def heads(self) -> Iterator[tuple[int, int, int]]:
        """Yield the lengths of the chains that had grown at each checkpoint."""
        return ((row["checkpoint"], row["chain"], row["length"]) for row in self.rows("checkpoint_head"))

    def links(self) -> Iterator[Link]:
        """Yield the links."""
        for line in self.lines("link.txt"):
            chain, position, _hash, subject, _text = line.split(b" ", 4)
            yield Link(chain, position, subject)


def recorded(package: Package, act_id: int) -> tuple[Row, Row, list[list[Any]]] | None:
    """Return the act that recorded a drawing, the sample and its list; None where it was never drawn."""
    acts = [row for row in package.rows("act") if row["kind"] == "sample_drawn"]
    act = next((row for row in acts if row["figures"]["asked"] == act_id), None)
    row = next((row for row in package.rows("sample") if row["act_id"] == act_id), None)
    if act is None and row is None:
        return None
    sample_id = row["id"] if row else None
    listed = [
        [one["claim_id"], one["amount"], one["units"], one.get("hit"), one["risks"]]
        for one in package.rows("sample_claim")
        if one["sample_id"] == sample_id
    ]
    return act or {"figures": {}}, row or {}, listed


def differences(package: Package, act: Row, drawn: Sample) -> list[str]:
    """Return what of a recorded sample is not as it is drawn now."""
    found = recorded(package, act["id"])
    if found is None:
        return []
    told, row, listed = found
    expected = {"checkpoint": drawn.checkpoint, "seed": drawn.seed, "claims": drawn.claims}
    of_act = {
        **expected,
        "amount": f"{drawn.amount // 100}.{drawn.amount % 100:02d}",
        "taken": len(drawn.taken),
        "sample": row.get("id"),
    }
    wrong = [name for name, value in of_act.items() if told["figures"].get(name) != value]
    of_row = {**expected, "amount": drawn.amount, "asked": act["figures"], "drawn_at": told.get("at")}
    wrong += [f"{name} of the sample" for name, value in of_row.items() if row.get(name) != value]
    if told["figures"].get("digest") != drawn.digest():
        wrong.append("the digest of its list")
    if digest_of(listed) != drawn.digest():
        wrong.append("its list of claims")
    return wrong


def strays(package: Package, asked: list[Row]) -> list[str]:
    """Return what was put in beside the samples that were asked for: of no asking, or a second time."""
    known = {act["id"] for act in asked}
    found = [
        f"sample {row['id']} was never asked for"
        for row in package.rows("sample")
        if row["act_id"] not in known
    ]
    seen: set[Any] = set()
    for act in package.rows("act"):
        if act["kind"] == "sample_drawn":
            if act["figures"]["asked"] not in known - seen:
                found.append(f"act {act['id']} draws what was never asked for, or was drawn before")
            seen.add(act["figures"]["asked"])
    return found


def dollars(cents: int) -> str:
    """Return an amount as people read it."""
    return f"{cents // 100:,}.{cents % 100:02d} USD"


def report(number: int, act: Row, drawn: Sample, wrong: list[str], say: Callable[[str], None]) -> None:
    """Say what was asked for, and what was drawn."""
    asked = {name: value for name, value in act["figures"].items() if value is not None}
    say(f"Sample {number}, asked for by user {act['actor_id']} at {act['at']}: {json.dumps(asked)}")
    say(f"  checkpoint {drawn.checkpoint}, seed {drawn.seed}")
    say(f"  {drawn.claims} claims, {dollars(drawn.amount)}; {len(drawn.taken)} taken:")
    for one in drawn.taken:
        why = "certainly in" if one.hit is None else f"unit {one.hit} was hit"
        risks = f" ({', '.join(one.risks)})" if one.risks else ""
        say(f"  {one.number}  {dollars(one.amount)}, {one.units} units: {why}{risks}")
    for what in wrong:
        say(f"  FAILED: {what} was recorded otherwise.")


def main(arguments: list[str]) -> int:
    """Draw every sample again; return 0, 1 or 2 as the text at the top says."""
    if len(arguments) > 1 or arguments[:1] == ["--help"]:
        print(__doc__)
        return 2
    try:
        package = Package(Path(arguments[0]) if arguments else Path(__file__).resolve().parent)
        asked = [row for row in package.rows("act") if row["kind"] == "sample_asked"]
    except (OSError, zipfile.BadZipFile, ValueError, KeyError) as error:
        print(f"There is nothing to draw from: {error}", file=sys.stderr)
        return 2
    failed = False
    for number, act in enumerate(asked, 1):
        try:
            drawn = draw(package, act)
        except NotCovered:
            print(f"Sample {number} was asked for after the last checkpoint.")
            continue
        wrong = differences(package, act, drawn)
        report(number, act, drawn, wrong, print)
        if recorded(package, act["id"]) is None:
            print("  It was asked for, and never recorded as drawn.")
        failed = failed or bool(wrong)
    for stray in strays(package, asked):
        print(f"FAILED: {stray}.")
        failed = True
    print(f"{len(asked)} samples were asked for. {'FAILED' if failed else 'All agree.'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
