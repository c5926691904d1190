"""How a claim stands for a sample: after the last move that the checkpoint covers, with its risks."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from workflow.sampling.sample import (
    AFTER_TRIGGER,
    NEW_FOR,
    Claim,
    Known,
    Link,
    Mark,
    claims_of,
    draw,
    is_asked,
    seed_of,
    units_of,
)

AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def move(number: int, trigger: str = "approve", claim_id: int = 1, **more: Any) -> dict[str, Any]:
    """Return a move as it stands in a package."""
    return {
        "claim_id": claim_id,
        "number": number,
        "partner_id": 7,
        "trigger": trigger,
        "target": "approved",
        "role": "approver",
        "at": AT.isoformat(),
        "day": f"2026-03-{number:02d}",
        "policy_version_id": 3,
        "approved": 100,
        "reserved": 100 * number,
        "paid": 5,
        "document": {"claim": {"number": "2026H1-00001"}, "period": {"code": "2026H1"}},
        **more,
    }


def claims(*moves: dict[str, Any], covered: int = 9, **more: Any) -> list[Claim]:
    """Return what is made of moves, of a claim that was submitted before them."""
    if moves[0]["trigger"] not in ("submit", "withdraw"):
        moves = move(0, "submit"), *moves
    known = Known(more.get("confirmed", {}), {3: 1_000_000})
    return list(claims_of(moves, {1: covered, 2: covered}, known))


def test_a_claim_stands_as_its_last_covered_move_left_it() -> None:
    moves = move(1, "submit", target="submitted"), move(2), move(3, target="expired", reserved=0)
    assert claims(*moves, covered=2) == [
        Claim(1, "2026H1-00001", 7, "2026H1", "approved", "2026-03-01", 205, ())
    ]
    assert claims(*moves)[0].state == "expired"
    assert claims(*moves, covered=0) == []


def test_what_a_later_document_leaves_out_is_known_from_an_earlier_one() -> None:
    (claim,) = claims(move(1, "submit"), move(2, "expire", document={"claim": {}, "today": "2026-03-02"}))
    assert (claim.number, claim.period) == ("2026H1-00001", "2026H1")


def test_a_draft_that_was_withdrawn_was_never_submitted() -> None:
    assert claims(move(1, "withdraw", target="withdrawn", document={"claim": {}})) == []


def test_the_day_is_that_of_the_last_submission() -> None:
    moves = move(1, "submit"), move(2, "return", target="draft"), move(3, "submit"), move(4)
    assert claims(*moves)[0].day == "2026-03-03"
    assert claims(*moves, covered=2) == []  # it is a draft again


@pytest.mark.parametrize(("trigger", "risk"), AFTER_TRIGGER.items())
def test_what_happened_to_a_claim_is_a_risk(trigger: str, risk: str) -> None:
    assert claims(move(1, "submit"), move(2, trigger), move(3))[0].risks == (risk,)


def test_a_substitute_of_the_owner_is_a_risk() -> None:
    assert claims(move(1, on_behalf_of_id=3))[0].risks == ("substitute",)
    assert claims(move(1, on_behalf_of_id=3, role="finance"))[0].risks == ("substitute",)
    assert claims(move(1, on_behalf_of_id=3, role="partner"))[0].risks == ()


@pytest.mark.parametrize("trigger", ["approve", "raise"])
@pytest.mark.parametrize(("approved", "is_near"), [(949_999, False), (950_000, True)])
def test_a_grant_near_the_cap_is_a_risk(trigger: str, approved: int, is_near: bool) -> None:
    assert ("near_cap" in claims(move(1, trigger, approved=approved))[0].risks) is is_near
    assert "near_cap" not in claims(move(1, "report", approved=approved))[0].risks


@pytest.mark.parametrize(
    ("later", "are_added"), [(("a", "b"), False), (("a", "b", "c"), True), (("b",), False), ((), False)]
)
def test_files_that_the_report_before_lacked_are_a_risk(later: tuple[str, ...], are_added: bool) -> None:
    def report(number: int, *digests: str) -> dict[str, Any]:
        evidence = [{"kind": "invoice", "commitment": one} for one in digests]
        return move(number, "report", document={"claim": {"evidence": evidence}})

    moves = report(1, "a", "b"), move(2, "rework"), report(3, *later)
    assert ("files_added" in claims(*moves)[0].risks) is are_added
    assert claims(report(1, "a"))[0].risks == ()


@pytest.mark.parametrize(
    ("before", "is_new"),
    [(timedelta(0), True), (NEW_FOR, True), (NEW_FOR + timedelta(seconds=1), False), (-NEW_FOR, False)],
)
def test_a_payment_soon_after_an_account_was_confirmed_is_a_risk(before: timedelta, is_new: bool) -> None:
    confirmed = {7: [AT - before]}
    for trigger in ("pay_part", "reimburse"):
        risks = claims(move(1, trigger, role="finance"), confirmed=confirmed)[0].risks
        assert risks == (("new_account",) if is_new else ())
    assert claims(move(1, "reimburse"), confirmed={8: [AT - before]})[0].risks == ()
    assert claims(move(1, "approve"), confirmed=confirmed)[0].risks == ()


@pytest.mark.parametrize(
    ("asked", "fits"),
    [
        ({}, True),
        ({"period": "2026H1"}, True),
        ({"period": "2026H2"}, False),
        ({"state": "approved"}, True),
        ({"state": "expired"}, False),
        ({"partner_id": 7}, True),
        ({"partner_id": 8}, False),
        ({"first_day": "2026-03-01", "last_day": "2026-03-01"}, True),
        ({"first_day": "2026-03-02"}, False),
        ({"last_day": "2026-02-28"}, False),
    ],
)
def test_a_claim_is_among_those_that_are_asked_for(asked: dict[str, Any], fits: bool) -> None:
    (claim,) = claims(move(1, "submit"))
    assert is_asked(claim, {"method": "money", **asked}) is fits
    nothing = claim._replace(amount=0)
    assert not is_asked(nothing, {"method": "money", **asked})
    assert is_asked(nothing, {"method": "risk", "weights": {}, **asked}) is fits


def test_units_are_cents_or_the_weight_by_the_weights_of_the_act() -> None:
    (claim,) = claims(move(1, "dispute"), move(2, "return"))
    assert units_of(claim, {"method": "money"}) == 205
    assert units_of(claim, {"method": "risk", "weights": {"disputed": 3}}) == 4
    assert units_of(claim, {"method": "risk", "weights": {"disputed": 3, "returned": 2, "other": 9}}) == 6


class Held:
    """A history in memory: one paid claim, a sample asked for, an account confirmed before or after."""

    def __init__(self, confirmed_at: int) -> None:
        asked = {"method": "risk", "size": 1, "seed_text": "none", "weights": {"new_account": 3}}
        self.acts = [
            {"id": 5, "kind": "sample_asked", "figures": asked},
            {"id": 6, "kind": "account_confirmed", "partner_id": 7, "at": AT.isoformat()},
        ]
        self.places = {5: 4, 6: confirmed_at}

    def rows(self, table: str) -> list[dict[str, Any]]:
        policy = {"id": 3, "document": {"max_amount_per_activity": "10000.00"}}
        moves = [move(1, "submit"), move(2, "reimburse")]
        return {"act": self.acts, "policy_version": [policy], "move": moves}[table]

    def heads(self) -> list[tuple[int, int, int]]:
        return [(1, 0, 3), (1, 1, 1), (2, 0, 4), (2, 1, 2), (3, 0, 5)]

    def marks(self) -> list[Mark]:
        return [Mark(number, f"checkpoint {number}") for number in (1, 2, 3)]

    def links(self) -> list[Link]:
        order = sorted(self.places.items(), key=lambda one: one[1])
        return [Link(b"0", b"%d" % place, b"act:%d" % act_id) for act_id, place in order]


@pytest.mark.parametrize(("place", "risks"), [(3, ("new_account",)), (5, ())])
def test_an_act_counts_where_the_checkpoint_covers_it(place: int, risks: tuple[str, ...]) -> None:
    source = Held(place)
    drawn = draw(source, source.acts[0])
    assert (drawn.checkpoint, drawn.seed) == (2, seed_of("none", "checkpoint 2"))
    assert [(one.claim, one.units, one.risks) for one in drawn.taken] == [(1, 1 + 3 * len(risks), risks)]
