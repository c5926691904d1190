"""Claims of two partners in every state and on many ways there, for the figures of dashboards."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import update

from models.people import Partner
from models.vocabulary import Role
from tests.support.world import PLAN_FILE, World, bill
from workflow.acts.outcomes import report_outcomes
from workflow.attaching import attach
from workflow.deductions import CHOSEN

MAY = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
"""After every activity of the world."""

EARLY = ("", "return", "reject", "withdraw", "return submit approve", "approve", "less")
LATE = (
    "report",
    "report rework report",
    "report reject",
    "report accept",
    "report accept part",
    "report accept pay",
    "report accept pay fail",
    "report told accept pay",
    "report accept pay told told",
)
"""What happens to claims after their submission: before their activity, and after it."""

EXHIBITION = {
    "activity_type": "exhibition",
    "organiser_kind": "third_party",
    "organiser_name": "Hamburg Messe",
}


def another_partner(world: World, name: str = "Isar Networks", by: str = "olga") -> int:
    """Make a partner in France that may claim, and somebody of it."""
    partner_id = world.partner(name, country="FR")
    world.certify(partner_id, date(2025, 1, 1), date(2026, 12, 31))
    world.performed(partner_id)
    world.fund(partner_id, 50_000_000)
    world.person(by, Role.partner, partner_id=partner_id, contact=True)
    return partner_id


def two_partners_with_many_claims(world: World) -> None:
    """Let `anna` and `olga` each have a claim that went every way."""
    another_partner(world)
    world.fund(world.partner_id, 50_000_000)
    many_claims(world, "anna", "olga")


def many_claims(world: World, *by: str) -> None:
    """Let claims of these people go every way; `bob` decides, `dan` pays."""
    draw, late = Random(7), list[tuple[int, str, str]]()
    for who in by:
        world.draft(who)
        for way in (*EARLY, *LATE):
            claim_id = _sent(world, draw, who)
            steps = f"{draw.choice(('approve', 'less'))} {way}" if way in LATE else way
            early, _report, rest = steps.partition("report")
            _go(world, draw, claim_id, who, early)
            if rest or _report:
                late.append((claim_id, who, _report + rest))
        _rejected_for_a_rule(world, draw, who)
    world.clock.set(max(MAY, world.clock.now()))
    world.confirm(world.account(by[0], bic="COBADEFF", currency="EUR"), "mia")
    for claim_id, who, steps in late:
        _go(world, draw, claim_id, who, steps)


def _sent(world: World, draw: Random, who: str) -> int:
    requested = draw.randrange(100_001, 400_000)
    kind: dict[str, Any] = draw.choice(({}, EXHIBITION, {"currency": "EUR"}))
    claim_id = world.draft(who, requested=requested, **kind)
    _later(world, draw)
    world.rate("EUR", "1.0856")
    world.move(claim_id, "submit", who)
    return claim_id


def _rejected_for_a_rule(world: World, draw: Random, who: str) -> None:
    claim_id, partner = _sent(world, draw, who), world.people[who].partner_id
    for partner_type in ("reseller", "distributor"):
        with world.database.write() as connection:
            connection.execute(update(Partner).where(Partner.id == partner).values(partner_type=partner_type))
        if partner_type == "reseller":
            _go(world, draw, claim_id, who, "reject")


def _go(world: World, draw: Random, claim_id: int, who: str, steps: str) -> None:
    for step in steps.split():
        _later(world, draw)
        _STEPS.get(step, _move)(world, draw, claim_id, who, step)


def _later(world: World, draw: Random) -> None:
    world.clock.advance(timedelta(minutes=draw.randrange(5, 600)))


def _move(world: World, draw: Random, claim_id: int, who: str, step: str) -> None:
    by = who if step in ("submit", "withdraw") else "bob"
    said = {} if by == who else {"reason": "So it is.", "reason_code": draw.choice(CHOSEN)}
    world.move(claim_id, step, by, **said)


def _approve(world: World, draw: Random, claim_id: int, who: str, step: str) -> None:
    granted = world.claim(claim_id).requested - (50_000 if step == "less" else 0)
    said = {"reason": "Less.", "reason_code": draw.choice(CHOSEN)} if step == "less" else {}
    world.move(claim_id, "approve", "bob", approved=granted, **said)


def _report(world: World, draw: Random, claim_id: int, who: str, step: str) -> None:
    world.bill(claim_id, bill(amount=draw.randrange(600_000, 900_000)), bill(amount=12_345), by=who)
    contract = {**PLAN_FILE, "kind": "organiser_contract", "name": "contract.pdf"}
    version, now = world.claim(claim_id).version, world.clock.now()
    attach(world.database, world.people[who], claim_id, version, contract, now)
    world.move(claim_id, "report", who)


def _accept(world: World, draw: Random, claim_id: int, who: str, step: str) -> None:
    world.review(claim_id, "bob")
    world.move(claim_id, "accept", "bob")


def _pay(world: World, draw: Random, claim_id: int, who: str, step: str) -> None:
    world.clock.advance(timedelta(days=draw.choice((0, 0, 25))))
    world.rate("EUR", "1.0856")
    paid_on = world.clock.now().date()
    said = {"payment_reference": f"{step}-{claim_id}", "paid_on": paid_on}
    if step == "part":
        world.move(claim_id, "pay_part", "dan", amount=30_000, **said)
    else:
        world.move(claim_id, "reimburse", "dan", **said)


def _fail(world: World, draw: Random, claim_id: int, who: str, step: str) -> None:
    came_back = {"payment_reference": f"pay-{claim_id}", "reason": "It came back."}
    world.move(claim_id, "payment_failed", "dan", **came_back)


def _told(world: World, draw: Random, claim_id: int, who: str, step: str) -> None:
    told: dict[str, Any] = {
        name: draw.randrange(most) for name, most in (("leads", 40), ("meetings", 9), ("revenue", 10**7))
    }
    with world.database.write() as connection:
        report_outcomes(connection, world.people[who], world.clock.now(), claim_id, **told)


_STEPS = {
    "approve": _approve,
    "less": _approve,
    "report": _report,
    "accept": _accept,
    "part": _pay,
    "pay": _pay,
    "fail": _fail,
    "told": _told,
}
