"""Acts and moves drawn at random, as people do them one after the other. What is refused changes nothing."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.exc import NoResultFound

from models.claims import Claim
from models.people import Absence
from models.routing import ApproverGroup
from models.standing import Performance
from models.vocabulary import Role, State
from tests.support.routing import rule
from tests.support.world import INSTALLER, World, checked_policy
from workflow.acts import users
from workflow.acts.absences import Planned, call_off, record_absence
from workflow.acts.disputes import dispute_amount, uphold
from workflow.acts.funds import reduce_fund
from workflow.acts.groups import save_group
from workflow.acts.policy import load_policy
from workflow.acts.standing import record_performance
from workflow.acts.tasks import give_back, take
from workflow.amending import CORRECTABLE, correct
from workflow.clock import programme_today
from workflow.refusals import Refused

Step = Callable[[World, int, Connection, Random], object]


def _mia(world: World) -> Any:
    return world.people["mia"]


def change_somebody(world: World, claim_id: int, connection: Connection, draw: Random) -> None:
    """Give an approver other roles and another limit."""
    name, limit = draw.choice(("bob", "cora", "zoe")), draw.choice((None, 300_000, 900_000))
    roles = draw.choice(([Role.approver], [Role.approver, Role.auditor], [Role.finance], [Role.approver]))
    user_id = world.people[name].user_id or 0
    now = world.clock.now()
    users.change_user(
        connection, _mia(world), now, user_id, roles=roles, is_contact=False, amount_limit=limit
    )


def shut_out_or_let_in(world: World, claim_id: int, connection: Connection, draw: Random) -> None:
    """Deactivate an approver, or let them in again."""
    user_id = world.people[draw.choice(("bob", "cora", "zoe"))].user_id or 0
    act = users.deactivate if draw.random() < 0.5 else users.reactivate
    act(connection, _mia(world), world.clock.now(), user_id)


def invite_somebody(world: World, claim_id: int, connection: Connection, draw: Random) -> None:
    """Put another approver on file."""
    address = f"n{draw.getrandbits(40)}@people.example"
    users.add_user(
        connection, _mia(world), world.clock.now(), email=address, name="New", roles=[Role.approver]
    )


def go_away(world: World, claim_id: int, connection: Connection, draw: Random) -> None:
    """Record an absence of an approver, with or without a substitute."""
    name, deputy = draw.sample(("bob", "cora", "zoe"), k=2)
    today = programme_today(connection, world.clock.now())
    first = today + timedelta(days=draw.choice((-2, 0, 1)))
    substitute = draw.choice((None, world.people[deputy].user_id))
    planned = Planned(first, today + timedelta(days=2), substitute, draw.choice((None, 200_000)))
    user_id = world.people[name].user_id or 0
    record_absence(connection, _mia(world), world.clock.now(), user_id, planned)


def come_back(world: World, claim_id: int, connection: Connection, draw: Random) -> None:
    """Call an absence off."""
    for absence_id in connection.scalars(select(Absence.id).where(Absence.called_off_at.is_(None))).all():
        call_off(connection, _mia(world), world.clock.now(), absence_id)


def take_it(world: World, claim_id: int, connection: Connection, draw: Random) -> None:
    """Take the task over."""
    take(connection, world.people[draw.choice(("bob", "cora", "zoe"))], world.clock.now(), claim_id)


def hand_it_back(world: World, claim_id: int, connection: Connection, draw: Random) -> None:
    """Give the task back."""
    who = world.people[draw.choice(("bob", "cora", "zoe"))]
    give_back(connection, who, world.clock.now(), claim_id, "Not mine.")


def correct_performance(world: World, claim_id: int, connection: Connection, draw: Random) -> None:
    """Correct what the partner achieved."""
    latest = connection.scalar(select(Performance.id).order_by(Performance.id.desc()).limit(1))
    record_performance(
        connection,
        INSTALLER,
        world.clock.now(),
        partner_id=world.partner_id,
        period_id=world.period_id,
        required=25_000_000,
        achieved=draw.randint(25_000_000, 30_000_000),
        replaces_id=latest,
    )


def take_money_back(world: World, claim_id: int, connection: Connection, draw: Random) -> None:
    """Take some of the fund back."""
    reduce_fund(connection, _mia(world), world.clock.now(), fund_id=1, amount=draw.randint(1, 900))


def renew_policy(world: World, claim_id: int, connection: Connection, draw: Random) -> None:
    """Load a policy for a day to come, with a routing rule or without one."""
    today = programme_today(connection, world.clock.now())
    first = today + timedelta(days=draw.randint(1, 3))
    group_id = connection.scalar(select(ApproverGroup.id).limit(1))
    tiers: tuple[dict[str, int], ...] = ({"group": group_id} if group_id else {},)
    tiers = draw.choice((tiers, (*tiers, {})))
    routing = draw.choice(([], [rule(*tiers, above=draw.choice((0, 9)))]))
    document = checked_policy(routing=routing)
    load_policy(connection, INSTALLER, world.clock.now(), document=document, first_day=first, today=today)


def correct_title(world: World, claim_id: int, connection: Connection, draw: Random) -> None:
    """Correct what no rule reads."""
    version = connection.scalar(select(Claim.version).where(Claim.id == claim_id)) or 0
    plan = dict.fromkeys(CORRECTABLE, f"New {draw.randint(1, 99)}")
    correct(connection, world.people["anna"], world.clock.now(), claim_id, version, plan)


def save_a_group(world: World, claim_id: int, connection: Connection, draw: Random) -> None:
    """Make a group of approvers, or give it other members."""
    members = frozenset(world.people[name].user_id or 0 for name in draw.sample(("bob", "cora", "zoe"), k=2))
    group_id = connection.scalar(select(ApproverGroup.id).limit(1))
    save_group(connection, _mia(world), world.clock.now(), group_id, name="North", members=members)


def dispute_it(world: World, claim_id: int, connection: Connection, draw: Random) -> None:
    """Dispute what was granted, or let it stand."""
    version = connection.scalar(select(Claim.version).where(Claim.id == claim_id)) or 0
    now = world.clock.now()
    if draw.random() < 0.5:
        dispute_amount(connection, world.people["anna"], now, claim_id, version, "It costs more.")
    else:
        uphold(connection, world.people[draw.choice(("bob", "cora", "zoe"))], now, claim_id, "It stands.")


STEPS: tuple[Step, ...] = (
    *(change_somebody, shut_out_or_let_in, invite_somebody, go_away, come_back, take_it, hand_it_back),
    *(correct_performance, take_money_back, renew_policy, correct_title),
    *(save_a_group, renew_policy, dispute_it, dispute_it, dispute_it),
)


def do_something(world: World, claim_id: int, draw: Random) -> None:
    """Do an act that is drawn: of those that are refused, the next that is not."""
    for step in draw.sample(STEPS, k=len(STEPS)):
        with suppress(Refused), world.database.write() as connection:
            step(world, claim_id, connection, draw)
            return


def go_on(world: World, claim_id: int, draw: Random) -> None:
    """Make the next move of a claim, or one that leads back, where whoever holds the task may."""
    state = world.claim(claim_id).state
    with suppress(Refused, NoResultFound):
        MOVES[state](world, claim_id, draw)


def _holder(world: World, claim_id: int) -> str:
    name = world.holder(claim_id)[0]
    return name if name in world.people else "bob"


def _decide(world: World, claim_id: int, draw: Random) -> None:
    trigger = draw.choice(("approve", "approve", "endorse", "endorse", "return", "reject"))
    amount = {} if trigger in ("return", "reject") else {"approved": draw.choice((400_000, 200_000))}
    world.move(claim_id, trigger, _holder(world, claim_id), reason="Because.", **amount)


def _report(world: World, claim_id: int, draw: Random) -> None:
    if draw.random() < 0.5:
        world.move(claim_id, "raise", _holder(world, claim_id), approved=400_000)
        return
    world.clock.set(max(world.clock.now(), AFTER_IT))
    world.bill(claim_id)
    world.move(claim_id, "report", "anna")


def _check(world: World, claim_id: int, draw: Random) -> None:
    world.review(claim_id, _holder(world, claim_id))
    world.move(
        claim_id, draw.choice(("accept", "accept", "rework")), _holder(world, claim_id), reason="Because."
    )


def _pay(world: World, claim_id: int, draw: Random) -> None:
    paid = {"payment_reference": f"P-{draw.getrandbits(40)}", "paid_on": world.clock.now().date()}
    if draw.random() < 0.5:
        world.move(claim_id, "pay_part", "dan", amount=10_000, **paid)
    else:
        world.move(claim_id, "reimburse", "dan", **paid)


AFTER_IT = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
MOVES: dict[State, Callable[[World, int, Random], object]] = {
    State.draft: lambda world, claim_id, _: world.move(claim_id, "submit", "anna"),
    State.submitted: _decide,
    State.approved: _report,
    State.executed: _check,
    State.accepted: _pay,
    State.rejected: lambda world, claim_id, _: world.move(claim_id, "dispute", "anna", reason="No."),
    State.reimbursed: lambda *_: None,
}
