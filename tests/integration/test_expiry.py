"""Claims expire on the first day that certification lapses, whenever the sweep runs; nothing else does."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from models.claims import Claim
from models.database import Database
from models.history import Move
from models.messages import Message
from models.programme import Programme
from models.tasks import Task
from models.vocabulary import MessageKind, Role, State, Trigger
from tests.integration.test_money import assert_ledger_agrees
from tests.support.stages import correct_certificate
from tests.support.world import World
from workflow import expiry
from workflow.acts.funds import reduce_fund
from workflow.consequences import Consequences
from workflow.expiry import dry_run, sweep
from workflow.refusals import Refused
from workflow.writer import write

MAY_1 = date(2026, 5, 1)
MAY_2 = datetime(2026, 5, 2, 12, 0, tzinfo=UTC)
"""The first day without a certificate where it ends on 1 May."""


def submitted(world: World, **plan: Any) -> int:
    claim_id = world.draft(**plan)
    world.move(claim_id, "submit", "anna")
    return claim_id


def approved(world: World, **plan: Any) -> int:
    claim_id = submitted(world, **plan)
    world.move(claim_id, "approve", "bob", approved=400_000)
    return claim_id


def executed(world: World) -> int:
    claim_id = approved(world, starts_on=date(2026, 3, 1), ends_on=date(2026, 3, 1))
    world.bill(claim_id)
    world.move(claim_id, "report", "anna")
    return claim_id


def accepted(world: World) -> int:
    claim_id = executed(world)
    world.review(claim_id, "bob")
    world.move(claim_id, "accept", "bob")
    return claim_id


def move_to(world: World, zone: str) -> None:
    """Have the programme run in another time zone."""
    with world.database.write() as connection:
        connection.execute(update(Programme).values(time_zone=zone))


def last_move(world: World, claim_id: int) -> Any:
    with world.database.read() as connection:
        return connection.execute(
            select(Move.__table__).where(Move.claim_id == claim_id).order_by(Move.number.desc()).limit(1)
        ).one()


def states(world: World, claims: Sequence[int]) -> list[State]:
    return [world.claim(claim_id).state for claim_id in claims]


@pytest.mark.parametrize("make", [submitted, approved, executed])
def test_a_claim_in_hand_expires_with_the_certificate_and_its_reserve_is_released(
    world: World, make: Any
) -> None:
    claim_id = make(world)
    before = world.claim(claim_id)
    correct_certificate(world, MAY_1)

    assert sweep(world.database, MAY_2).expired == 1

    claim = world.claim(claim_id)
    assert (claim.state, claim.expired_from, claim.reserved) == (State.expired, before.state, 0)
    assert (claim.version, claim.moves) == (before.version + 1, before.moves + 1)
    assert claim.approved == before.approved
    move = last_move(world, claim_id)
    assert (move.trigger, move.role, move.actor_id) == (Trigger.expire, Role.scheduler, None)
    assert move.figures == {"expired_by": "certification", "missing_from": "2026-05-02"}
    assert move.document["partner"]["certificates"][0]["valid_until"] == "2026-05-01"
    assert move.key == f"expire:{claim_id}:{before.version}"
    assert world.fund_row().available == 5_000_000
    assert_ledger_agrees(world)
    with world.database.read() as connection:
        open_tasks = connection.scalars(select(Task.id).where(Task.closed_at.is_(None))).all()
        key = f"move:{claim_id}:{claim.moves}:%"
        told = connection.execute(select(Message.user_id, Message.figures).where(Message.key.like(key))).all()
    assert open_tasks == []
    assert [(row.user_id, row.figures["expired_by"]) for row in told] == [
        (world.people["anna"].user_id, "certification")
    ]


def test_neither_a_draft_nor_an_accepted_claim_expires(world: World) -> None:
    claims = [world.draft(), accepted(world)]
    correct_certificate(world, MAY_1)
    assert dry_run(world.database, MAY_2) == []
    assert sweep(world.database, MAY_2) == expiry.Summary(expired=0, failed=0)
    assert states(world, claims) == [State.draft, State.accepted]


@pytest.mark.parametrize(
    ("zone", "first_moment"),
    [
        ("UTC", datetime(2026, 5, 2, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 5, 1, 22, tzinfo=UTC)),
        ("Pacific/Auckland", datetime(2026, 5, 1, 12, tzinfo=UTC)),
        ("America/Los_Angeles", datetime(2026, 5, 2, 7, tzinfo=UTC)),
        ("Asia/Kathmandu", datetime(2026, 5, 1, 18, 15, tzinfo=UTC)),
    ],
)
def test_a_claim_expires_at_midnight_in_the_programmes_zone(
    world: World, zone: str, first_moment: datetime
) -> None:
    claim_id = submitted(world)
    correct_certificate(world, MAY_1)
    move_to(world, zone)

    sweep(world.database, first_moment - timedelta(seconds=1))
    assert world.claim(claim_id).state is State.submitted
    sweep(world.database, first_moment)
    assert world.claim(claim_id).state is State.expired
    assert last_move(world, claim_id).day == date(2026, 5, 2)


def test_a_gap_that_passed_while_nothing_was_running_is_found(world: World) -> None:
    claim_id = submitted(world)
    correct_certificate(world, MAY_1)
    world.certify(world.partner_id, date(2026, 5, 3), date(2027, 12, 31))

    sweep(world.database, datetime(2026, 9, 1, tzinfo=UTC))

    assert world.claim(claim_id).state is State.expired
    assert last_move(world, claim_id).figures["missing_from"] == "2026-05-02"


def test_a_gap_before_the_submission_harms_nobody(world: World) -> None:
    correct_certificate(world, date(2026, 2, 1))
    world.certify(world.partner_id, date(2026, 2, 10), date(2026, 12, 31))
    claim_id = submitted(world)
    sweep(world.database, MAY_2)
    assert world.claim(claim_id).state is State.submitted


def test_a_renewal_from_the_next_day_on_leaves_no_gap(world: World) -> None:
    claim_id = submitted(world)
    correct_certificate(world, MAY_1)
    world.certify(world.partner_id, date(2026, 5, 2), date(2027, 12, 31))
    assert sweep(world.database, MAY_2).expired == 0
    assert world.claim(claim_id).state is State.submitted


def test_a_revoked_certificate_lapses_on_the_day_of_its_revocation(world: World) -> None:
    claim_id = submitted(world)
    correct_certificate(world, date(2026, 12, 31), revoked_on=date(2026, 4, 20))
    assert sweep(world.database, datetime(2026, 4, 19, 12, tzinfo=UTC)).expired == 0
    assert sweep(world.database, datetime(2026, 4, 20, 12, tzinfo=UTC)).expired == 1
    assert last_move(world, claim_id).figures["missing_from"] == "2026-04-20"


def test_an_overdue_report_expires_an_approved_claim_and_no_other(world: World) -> None:
    world.demand(report_within_days=10)
    claims = [approved(world), submitted(world)]

    assert sweep(world.database, datetime(2026, 4, 21, 12, tzinfo=UTC)).expired == 0
    assert sweep(world.database, datetime(2026, 4, 22, 12, tzinfo=UTC)).expired == 1

    assert states(world, claims) == [State.expired, State.submitted]
    assert last_move(world, claims[0]).figures == {
        "expired_by": "report_within_days",
        "deadline": "2026-04-21",
    }


def test_a_reinstated_claim_expires_once_more_when_its_new_deadline_passes(world: World) -> None:
    world.demand(report_within_days=10)
    claim_id = approved(world)
    world.clock.set(datetime(2026, 4, 22, 12, tzinfo=UTC))
    sweep(world.database, world.clock.now())
    with pytest.raises(Refused) as refused:
        world.move(claim_id, "reinstate", "mia", reason="They asked in time.")
    assert refused.value.why == "deadline_needed"

    world.move(claim_id, "reinstate", "mia", reason="They asked in time.", report_by=date(2026, 5, 10))
    assert (world.claim(claim_id).state, world.claim(claim_id).reserved) == (State.approved, 400_000)
    assert sweep(world.database, datetime(2026, 5, 10, 12, tzinfo=UTC)).expired == 0
    assert sweep(world.database, datetime(2026, 5, 11, 12, tzinfo=UTC)).expired == 1
    assert_ledger_agrees(world)


@pytest.mark.parametrize("make", [submitted, approved, executed])
def test_reinstating_restores_the_state_before_and_the_reserve(world: World, make: Any) -> None:
    claim_id = make(world)
    before, fund = world.claim(claim_id), world.fund_row()
    correct_certificate(world, MAY_1)
    sweep(world.database, MAY_2)
    world.clock.set(MAY_2)
    correct_certificate(world, date(2026, 12, 31))

    world.move(claim_id, "reinstate", "mia", reason="The certificate came late.")

    claim = world.claim(claim_id)
    assert (claim.state, claim.reserved, claim.expired_from) == (before.state, before.reserved, None)
    assert (claim.submitted_on, claim.policy_version_id) == (before.submitted_on, before.policy_version_id)
    assert world.fund_row() == fund
    assert sweep(world.database, MAY_2).expired == 0
    assert_ledger_agrees(world)


def test_reinstating_is_refused_while_the_gap_is_open(world: World) -> None:
    claim_id = approved(world)
    correct_certificate(world, MAY_1)
    sweep(world.database, MAY_2)
    world.clock.set(MAY_2)
    with pytest.raises(Refused) as refused:
        world.move(claim_id, "reinstate", "mia", reason="Please.")
    assert [problem.code for problem in refused.value.problems] == ["gap_open"]
    assert refused.value.problems[0].figures == {"first": "2026-05-02", "last": "2026-05-02"}


def test_reinstating_is_refused_where_the_fund_no_longer_holds_the_money(world: World) -> None:
    claim_id = approved(world)
    correct_certificate(world, MAY_1)
    sweep(world.database, MAY_2)
    world.clock.set(MAY_2)
    correct_certificate(world, date(2026, 12, 31))
    with world.database.write() as connection:
        reduce_fund(
            connection,
            world.people["mia"],
            world.clock.now(),
            fund_id=world.fund_row().id,
            amount=4_600_001,
        )
    with pytest.raises(Refused) as refused:
        world.move(claim_id, "reinstate", "mia", reason="The certificate came late.")
    assert [problem.code for problem in refused.value.problems] == ["fund_too_small"]
    assert world.claim(claim_id).state is State.expired


def test_a_claim_that_fails_does_not_stop_the_sweep(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    claims = [approved(world) for _ in range(5)]
    correct_certificate(world, MAY_1)
    bad = claims[2]

    def fails_for_one(connection: Connection, batch: Sequence[Consequences]) -> None:
        if any(one.claim_id == bad for one in batch):
            raise RuntimeError("this one cannot be written")
        write(connection, batch)

    monkeypatch.setattr(expiry, "write", fails_for_one)
    assert sweep(world.database, MAY_2, batch=4) == expiry.Summary(expired=4, failed=1)
    assert f"Claim {bad} is due, but could not expire" in caplog.text
    assert states(world, claims) == [
        State.approved if claim_id == bad else State.expired for claim_id in claims
    ]
    assert_ledger_agrees(world)

    monkeypatch.undo()
    assert sweep(world.database, MAY_2) == expiry.Summary(expired=1, failed=0)


def test_two_sweeps_at_once_expire_each_claim_once(world: World) -> None:
    claims = [approved(world) for _ in range(6)]
    correct_certificate(world, MAY_1)
    together = Barrier(2)

    def start(_: int) -> expiry.Summary:
        together.wait()
        return sweep(world.database, MAY_2, batch=2)

    with ThreadPoolExecutor(2) as pool:
        summaries = list(pool.map(start, range(2)))
    assert sum(summary.expired for summary in summaries) == len(claims)
    assert sum(summary.failed for summary in summaries) == 0
    assert set(states(world, claims)) == {State.expired}
    assert_ledger_agrees(world)


def test_a_claim_that_moved_since_it_was_found_is_left_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    claims = [approved(world), approved(world)]
    correct_certificate(world, MAY_1)
    found = expiry.candidates

    def withdrawn_meanwhile(connection: Connection, now: datetime) -> list[int]:
        due = found(connection, now)
        connection.rollback()
        world.move(claims[0], "withdraw", "anna")
        return due

    monkeypatch.setattr(expiry, "candidates", withdrawn_meanwhile)
    assert sweep(world.database, MAY_2) == expiry.Summary(expired=1, failed=0)
    assert states(world, claims) == [State.withdrawn, State.expired]


def test_the_dry_run_lists_what_tonights_sweep_then_expires_and_changes_nothing(world: World) -> None:
    world.demand(report_within_days=5)
    by_deadline, in_hand = approved(world), submitted(world)
    world.draft()
    accepted(world)
    evening = datetime(2026, 4, 16, 20, tzinfo=UTC)
    assert [(due.claim_id, due.because, due.day) for due in dry_run(world.database, evening)] == [
        (by_deadline, "report_within_days", date(2026, 4, 16))
    ]
    correct_certificate(world, date(2026, 4, 16))
    listed = dry_run(world.database, evening)
    assert [(due.claim_id, due.number, due.state, due.because, due.day) for due in listed] == [
        (by_deadline, "2026H1-00001", State.approved, "certification", date(2026, 4, 17)),
        (in_hand, "2026H1-00002", State.submitted, "certification", date(2026, 4, 17)),
    ]
    assert sweep(world.database, evening).expired == 0

    sweep(world.database, datetime(2026, 4, 16, 22, tzinfo=UTC))
    with world.database.read() as connection:
        expired = connection.scalars(select(Claim.id).where(Claim.state == State.expired)).all()
    assert sorted(expired) == [due.claim_id for due in listed]
    assert dry_run(world.database, evening) == []


def test_a_state_that_the_policy_leaves_out_does_not_expire(world: World) -> None:
    world.demand(expirable_states=["approved", "executed"])
    claims = [submitted(world), approved(world)]
    correct_certificate(world, MAY_1)
    assert [due.claim_id for due in dry_run(world.database, MAY_2)] == [claims[1]]
    assert sweep(world.database, MAY_2) == expiry.Summary(expired=1, failed=0)
    assert states(world, claims) == [State.submitted, State.expired]


def test_before_the_programme_is_set_up_nothing_expires(database: Database) -> None:
    assert sweep(database, MAY_2) == expiry.Summary(expired=0, failed=0)
    assert dry_run(database, MAY_2) == []


def test_who_hears_of_an_expiry_is_the_partner_alone(world: World) -> None:
    world.person("rolf", Role.partner, partner_id=world.partner("Rhine Networks"), contact=True)
    submitted(world)
    correct_certificate(world, MAY_1)
    sweep(world.database, MAY_2)
    with world.database.read() as connection:
        told = connection.scalars(select(Message.user_id).where(Message.kind == MessageKind.decision)).all()
    assert told == [world.people["anna"].user_id]
