"""What somebody can forge who owns the database and the key is found by an older checkpoint alone."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.base import canonical
from models.links import GENESIS, link_hash
from tests.integration.test_audit_package import Export, export
from tests.support.tampering import Files, Held, lines_of, put, signed_anew, verified
from tests.support.world import World
from workflow.proof.verify import History, Mark, report

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def made(world: World, tmp_path: Path) -> Export:
    return export(world, tmp_path)


Row = dict[str, Any]


def rows(files: Files, table: str) -> list[Row]:
    """Return the rows of a table."""
    return [json.loads(line) for line in lines_of(files, f"{table}.jsonl")]


def write(files: Files, table: str, content: list[Row]) -> None:
    """Replace the rows of a table."""
    put(files, f"{table}.jsonl", [canonical(row).encode() for row in content])


def a_reason_without_its_beginning(files: Files) -> None:
    """Salt and text are hashed without a mark between: what leaves the one can join the other."""
    reasons = rows(files, "reason")
    reason = next(one for one in reasons if one["text"].startswith("Not "))
    write(
        files,
        "reason",
        [
            {**one, "salt": one["salt"] + "Not ", "text": one["text"][4:]} if one == reason else one
            for one in reasons
        ],
    )


def an_act_in_a_chain_of_acts_of_its_own(files: Files) -> None:
    """Chain 0 is there twice, and only its second part is what checkpoints cover."""
    lines, acts = lines_of(files, "link.txt"), rows(files, "act")
    act = {**acts[0], "id": 777}
    text = canonical({"table": "act", **act})
    link = f"0 1 {link_hash(0, 1, GENESIS, text)} act:777 {text}".encode()
    first = [line for line in lines if line.startswith(b"1 ")]
    write(files, "act", [*acts, act])
    put(files, "link.txt", [link, *first, *(line for line in lines if line not in first)])


def a_number_that_became_a_truth(files: Files) -> None:
    """In Python 1 == True, but not to everybody who reads the file."""
    moves = rows(files, "move")
    moves[0]["number"] = True
    write(files, "move", moves)


def an_amount_that_became_a_fraction(files: Files) -> None:
    """In Python 400000 == 400000.0."""
    moves = rows(files, "move")
    moves[0]["requested"] = float(moves[0]["requested"])
    write(files, "move", moves)


def a_row_that_says_two_amounts(files: Files) -> None:
    """What reads JSON may take the first or the last of two."""
    lines = lines_of(files, "move.jsonl")
    put(files, "move.jsonl", [b'{"requested":999,' + lines[0][1:], *lines[1:]])


def a_claim_that_was_paid_without_a_move(files: Files) -> None:
    """A claim that has no history is a draft without money."""
    claims = rows(files, "claim")
    paid = {**claims[0], "id": 999, "moves": 0, "state": "reimbursed", "paid": 500}
    write(files, "claim", [*claims, paid])


def a_claim_that_stands_on_the_chain_of_acts(files: Files) -> None:
    """Acts are no moves: a claim with the id of their chain has none."""
    acts = sum(line.startswith(b"0 ") for line in lines_of(files, "link.txt"))
    claims = rows(files, "claim")
    paid = {**claims[0], "id": 0, "moves": acts, "state": "reimbursed", "paid": 500}
    write(files, "claim", [paid, *claims])


def a_draft_that_was_granted_something(files: Files) -> None:
    """Only what a draft requests is not held to history."""
    claims = rows(files, "claim")
    write(files, "claim", [{**one, "approved": 5} if one["state"] == "draft" else one for one in claims])


def a_fund_that_vanished(files: Files) -> None:
    """Its ledger still says that money was in it."""
    write(files, "fund", rows(files, "fund")[1:])


def a_claim_with_a_negative_id(files: Files) -> None:
    """Ids count up from 1."""
    lines, moves, claims = lines_of(files, "link.txt"), rows(files, "move"), rows(files, "claim")
    move = {name: value for name, value in moves[0].items() if name != "id"} | {"claim_id": -1}
    text = canonical({"table": "move", **move})
    link = f"-1 1 {link_hash(-1, 1, GENESIS, text)} - {text}".encode()
    put(files, "link.txt", [link, *lines])
    write(files, "move", [move, *moves])
    write(files, "claim", [{**claims[0], "id": -1, "moves": 1, "state": move["target"]}, *claims])


def a_failure_of_another_payment(files: Files) -> None:
    """The ids of payments are in no text, but a failure names one."""
    write(files, "payment", [{**one, "id": 555} for one in rows(files, "payment")])


FORGERIES: dict[Callable[[Files], None], str] = {
    a_reason_without_its_beginning: "move 2 of claim 2",
    an_act_in_a_chain_of_acts_of_its_own: "act:1",
    a_number_that_became_a_truth: "move 1 of claim 1",
    an_amount_that_became_a_fraction: "move 1 of claim 1",
    a_row_that_says_two_amounts: "history",
    a_claim_that_was_paid_without_a_move: "claim 999",
    a_claim_that_stands_on_the_chain_of_acts: "claim 0",
    a_draft_that_was_granted_something: "claim 3",
    a_fund_that_vanished: "fund 1",
    a_claim_with_a_negative_id: "move 1 of claim -1",
    a_failure_of_another_payment: "payment_failure of move 6 of claim 4",
}
"""What is forged, and how the row is named that it was done to."""


@pytest.mark.parametrize("forge", FORGERIES, ids=lambda forge: forge.__name__)
def test_a_forgery_is_found_and_its_row_is_named(made: Export, forge: Callable[[Files], None]) -> None:
    files = dict(made.files)

    forge(files)

    found = verified(signed_anew(files, made.key), made.key, made.marks[-1:])
    assert FORGERIES[forge] in [row for row, _ in found]


def test_each_checkpoint_that_was_given_counts_also_where_two_have_one_number(made: Export) -> None:
    """Whoever has the key can sign another checkpoint of a number; the older one stays what it was."""
    genuine = made.marks[0]
    signed = canonical({**json.loads(genuine.text), "root": GENESIS})
    other = Mark(genuine.number, signed, made.key.sign(signed))

    for given in ([genuine, other], [other, genuine]):
        assert "checkpoint 1 from outside" in [row for row, _ in verified(made.files, made.key, given)]


def test_what_is_found_cannot_steer_the_screen_that_shows_it(made: Export) -> None:
    """Else a forged value could wipe the line that says that it was found, and write another."""
    files = dict(made.files)
    moves = rows(files, "move")
    moves[0]["key"] = "\x1b[2J\nEverything agrees: \u202e"
    write(files, "move", moves)
    history, said = History(Held(files), [bytes.fromhex(made.key.public)]), list[str]()

    report(history, history.verify(), said.append)

    assert any("\\x1b[2J\\nEverything agrees: \\u202e" in line for line in said)
    assert all(line.isprintable() for line in said)
